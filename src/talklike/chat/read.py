"""Reads a chat: an export in any known format → one table of messages and a report of what was left out."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from talklike.chat.columns import ColumnOptions
from talklike.chat.detect import Chosen, choose, choose_all
from talklike.chat.duplicates import Duplicates
from talklike.chat.encoding import Repairs, sound_name
from talklike.chat.options import ReadOptions, zone
from talklike.chat.people import checked, followed, merged
from talklike.chat.report import ReadReport
from talklike.chat.source import Progress, Source
from talklike.chat.store import TableStore
from talklike.chat.table import SCHEMA, Chat, Kind
from talklike.chat.times import DAY_FIRST, TimeParser
from talklike.chat.tree import Tree, open_tree, printable_name
from talklike.errors import ChatFileError, FormatError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from os import PathLike

    from talklike.chat.format import Batch, Format
    from talklike.chat.tally import Tally

MOST_NAMED = 5
"""How many files of a kind a note names."""

SEVERAL = "the files are in several formats: "
"""How the note begins that names them."""

TOGETHER, TOGETHER_BYTES = 20_000, 32 << 20
"""Rows and bytes up to which small files are checked together: some exports have 100,000 files with ten messages each."""


def read_chat(
    path: str | PathLike[str],
    *,
    format: str | None = None,  # noqa: A002 - the name of the option on the command line too
    author_column: str | None = None,
    text_column: str | None = None,
    time_column: str | None = None,
    timezone: str | None = None,
    day_first: bool | None = None,
    with_quotes: bool = False,
    merge: Sequence[str] = (),
    follow_nicks: bool = True,
    progress: Progress | None = None,
) -> Chat:
    """Read a chat.

    Args:
        path: The export: a file (also packed with gzip or Zstandard), a folder, a zip or a tar archive; ``-`` is standard input.
        format: One of ``talklike.chat.formats.FORMATS`` by its name; None detects it, for each file of several.
        author_column: In a table, the column that says who wrote, by name or by number from 1; None recognises it.
        text_column: The column that says what.
        time_column: The column that says when.
        timezone: Where times that name no zone were written, such as ``Europe/Berlin``; None takes them as UTC.
        day_first: Whether 03/04 is the 3rd of April; None infers it from all dates of a file.
        with_quotes: Keep what an author didn't write themselves: forwarded and relayed messages; and learn from quoted lines.
        merge: Pairs ``A=B`` of ids or names: everything of A becomes B's.
        follow_nicks: Unite the nicks of one person where an IRC log shows the changes.
        progress: Called with the bytes read and the bytes in all (None where unknown).

    Returns:
        The messages in the order of the files, these in the order of their names, with a report.

    Raises:
        ChatFileError: The file is missing, empty, binary, damaged or unreadable, or holds no message.
        FormatError: No format fits, or a column isn't there.
        OptionError: No such format or time zone, or options that contradict each other.
        AuthorNotFoundError: Nobody, or more than one, is called like one of ``merge``.
    """
    columns = ColumnOptions(author_column, text_column, time_column)
    checked(merge)  # before a long reading
    chat = _read(path, format, ReadOptions(columns, zone(timezone), day_first, with_quotes), progress)
    return merged(followed(chat) if follow_nicks else chat, merge)


def tally_chat(
    path: str | PathLike[str],
    tally: Tally,
    *,
    format: str | None = None,  # noqa: A002 - as in read_chat
    columns: ColumnOptions | None = None,
    timezone: str | None = None,
    day_first: bool | None = None,
    with_quotes: bool = False,
    merge: Sequence[str] = (),
    follow_nicks: bool = True,
    progress: Progress | None = None,
    counting: Progress | None = None,
) -> Chat:
    """Read a chat and count who writes in it, without keeping the messages where that can be done in one go.

    Args:
        path: The export, and the other options, as in ``read_chat``.
        tally: Gets the messages.
        format: See ``read_chat``.
        columns: The columns of a table, as the user names them.
        timezone: See ``read_chat``.
        day_first: See ``read_chat``.
        with_quotes: See ``read_chat``.
        merge: See ``read_chat``.
        follow_nicks: See ``read_chat``.
        progress: See ``read_chat``.
        counting: Called with the messages counted and those in all, where they are counted after all have been read.

    Returns:
        The chat; its table is empty if the messages weren't kept.

    Raises:
        TalklikeError: As ``read_chat``.
    """
    checked(merge)
    options = ReadOptions(columns or ColumnOptions(), zone(timezone), day_first, with_quotes)
    chat = _read(path, format, options, progress, None if merge else tally)
    if tally.settled:
        return chat
    chat = merged(followed(chat) if follow_nicks else chat, merge)
    done = 0
    for batch in chat.frame.collect_batches(maintain_order=True):
        tally.add(batch)
        done += batch.height
        if counting is not None:
            counting(done, chat.report.kept)
    tally.settle()
    return chat


def _read(
    path: str | PathLike[str], wanted: str | None, options: ReadOptions, progress: Progress | None, tally: Tally | None = None
) -> Chat:
    """Return the chat with each author as the export has them; tables go to ``tally``, if that is given."""
    with open_tree(path) as tree:
        tree.name = sound_name(tree.name)
        if len(tree.entries) == 1:
            with Source(tree.entries[0], tree, progress) as source:
                form, why = choose(source, wanted, options.columns)
                report = ReadReport(tree.name, form.name, why, files={form.name: 1})
                _tell_left_out(tree, report)
                table = _Table(tree, report, form.kind, options, tally if form.has_columns else None)
                table.read(form, source)
                frame, owner = table.finish()
            return Chat(frame, report, form.kind, owner, options.quotes)
        chosen, others = choose_all(tree, wanted, options.columns)
        report = _report(tree, chosen, others)
        tables = all(one.form.has_columns for one in chosen)  # in which nobody changes their name
        table = _Table(tree, report, chosen[0].form.kind, options, tally if tables else None)
        steps = _Steps(progress, [one.entry.size for one in chosen])
        strange: list[tuple[Chosen, FormatError]] = []
        for one in chosen:
            before = table.batches
            with Source(one.entry, tree, steps) as source:
                try:
                    table.read(one.form, source)
                except FormatError as error:  # a table of something else, which only its columns tell
                    if table.batches > before:
                        raise
                    strange.append((one, error))
            steps.next()
        if strange:
            _tell_strange(tree, report, chosen, strange)
        frame, owner = table.finish()
    return Chat(frame, report, chosen[0].form.kind, owner, options.quotes)


def _report(tree: Tree, chosen: list[Chosen], others: dict[str, list[str]]) -> ReadReport:
    """Return the report of an export of several files, as far as it is known before they are read."""
    report = ReadReport(tree.name, "", "")
    _tell_formats(tree, report, chosen)
    for reason, names in others.items():
        _tell_others(report, reason, names)
    _tell_left_out(tree, report)
    return report


def _tell_formats(tree: Tree, report: ReadReport, chosen: list[Chosen]) -> None:
    files = Counter(one.form.name for one in chosen)
    report.format, count = files.most_common(1)[0]
    why = next(one.why for one in chosen if one.form.name == report.format)
    report.why = f"{count:,} of {len(tree.entries):,} files: {why}"
    report.files = dict(files)
    report.notes[:] = [note for note in report.notes if not note.startswith(SEVERAL)]
    if len(files) > 1:
        report.notes.insert(0, SEVERAL + ", ".join(f"{n:,} {name}" for name, n in files.most_common()))


def _tell_others(report: ReadReport, reason: str, names: list[str]) -> None:
    more = ", …" if len(names) > MOST_NAMED else ""
    named = ", ".join(printable_name(sound_name(name)) for name in names[:MOST_NAMED]) + more
    report.notes.append(f"files that are not read ({reason}): {len(names):,} ({named})")


def _tell_left_out(tree: Tree, report: ReadReport) -> None:
    for reason, count in tree.left_out.items():
        report.notes.append(f"files that are not looked at ({reason}): {count:,}")


def _tell_strange(tree: Tree, report: ReadReport, chosen: list[Chosen], strange: list[tuple[Chosen, FormatError]]) -> None:
    """Take files out of the report that turned out to be of another kind while they were read."""
    names = {one.entry.name for one, _ in strange}
    rest = [one for one in chosen if one.entry.name not in names]
    if not rest:
        raise strange[0][1]
    _tell_formats(tree, report, rest)
    _tell_others(report, "no columns that are known", [one.entry.name for one, _ in strange])


class _Steps:
    """Progress over several files, as if they were one."""

    def __init__(self, progress: Progress | None, sizes: list[int | None]) -> None:
        self._progress = progress
        self._sizes = [size or 0 for size in sizes]
        self._all = sum(self._sizes)
        self._done = 0
        self._file = 0

    def __call__(self, done: int, total: int | None) -> None:  # noqa: ARG002 - the size of the file is known
        if self._progress is not None:
            self._progress(self._done + done, self._all)

    def next(self) -> None:
        """Go on to the next file."""
        self._done += self._sizes[self._file]
        self._file += 1


class _Table:
    """Turns raw batches into the message table: checks rows, parses times, drops repetitions.

    Attributes:
        batches: How many were read.
    """

    def __init__(self, tree: Tree, report: ReadReport, kind: Kind, options: ReadOptions, tally: Tally | None) -> None:
        self._tree = tree
        self._kind = kind
        self._report = report
        self._options = options
        self._tally = tally
        self._store = TableStore()
        self._times = TimeParser(options.timezone, day_first=options.day_first)
        self._duplicates = Duplicates()
        self.batches = 0
        self._forget()

    def _forget(self) -> None:
        self._waiting: list[tuple[Batch, str]] = []  # each with the file that it is from, as reports name it
        self._rows = self._bytes = 0
        self._time_kind: pl.DataType | None = None

    def read(self, form: Format, source: Source) -> None:
        """Add what a file holds."""
        told = len(self._report.notes)
        for batch in form.read(source, self._options, self._report):
            self.batches += 1
            kind = batch.frame.schema.get("time")
            if kind is not None and self._time_kind not in (None, kind):
                self._check()
            self._waiting.append((batch, source.shown))
            self._time_kind = kind or self._time_kind
            self._rows += batch.frame.height
            self._bytes += len(source.head.data)
            alone = not source.head.complete or ("id" in batch.frame.columns and self._duplicates.undecided)
            if alone or self._rows >= TOGETHER or self._bytes >= TOGETHER_BYTES:
                self._check()
        self._report.notes.extend(source.notes)
        # Whoever decodes the bytes of a file says what was wrong with them, and leaves it to us to name it.
        self._report.notes[told:] = [
            source.about(note) if note == source.damage or note in source.notes or Repairs.NOTED in note else note
            for note in self._report.notes[told:]
        ]

    def _check(self) -> None:
        """Add the rows that wait for it to the table, but for those that are no messages."""
        waiting = self._waiting
        self._forget()
        if not waiting:
            return
        frame = waiting[0][0].frame
        if len(waiting) > 1:
            frame = pl.concat([batch.frame for batch, _ in waiting], how="diagonal")
        author = frame["author"].str.strip_chars()
        # Blank lines of a book are part of it.
        empty = frame["text"].fill_null("").eq("").to_numpy() if self._kind == "stream" else _blank(frame["text"])
        nobody = author.fill_null("").eq("").to_numpy() & ~empty
        reasons = {"empty": empty, "no author": nobody}
        if "id" in frame.columns:
            reasons["duplicate id"] = self._duplicates.repeated(frame) & ~empty & ~nobody
        skipped = np.zeros(frame.height, np.bool_)
        for reason, rows in reasons.items():
            skipped |= rows
            if rows.any():
                self._skip(reason, np.flatnonzero(rows), waiting)
        frame = frame.with_columns(author)
        kept = frame.filter(pl.Series(~skipped)) if skipped.any() else frame
        if kept.height:
            self._report.kept += kept.height
            (self._store if self._tally is None else self._tally).add(self._message_table(kept))

    def finish(self) -> tuple[pl.LazyFrame, object]:
        self._check()
        self._report.notes.extend(self._times.notes())
        if not self._duplicates.trusted:
            self._report.notes.append("the id column repeats too often to tell messages apart; it is not used")
        if not self._report.kept:
            skips = ", ".join(f"{skip.count:,} {reason}" for reason, skip in self._report.skipped.items())
            rows = f"all {self._report.read:,} rows were skipped ({skips})" if skips else "it has no rows"
            raise ChatFileError(f"{printable_name(self._tree.name)} holds no message: {rows}; read as {self._report.format}")
        if self._tally is not None:
            self._tally.settle(day_first=self._times.day_first)
            return SCHEMA.to_frame().lazy(), None
        frame, owner = self._store.finish()
        if self._times.day_first:  # for batches that came before the date that told
            frame = frame.with_columns(time=pl.coalesce(DAY_FIRST, "time"))
        return frame.drop(DAY_FIRST), owner

    def _skip(self, reason: str, rows: np.ndarray, waiting: list[tuple[Batch, str]]) -> None:
        skip = self._report.skipped.get(reason)
        room = max(0, self._report.MOST_PLACES - len(skip.places)) if skip else self._report.MOST_PLACES
        places: list[str] = []
        starts = np.cumsum([0] + [batch.frame.height for batch, _ in waiting])
        for number in np.unique(np.searchsorted(starts, rows[:room], side="right") - 1):
            batch, shown = waiting[number]
            own = rows[(rows >= starts[number]) & (rows < starts[number + 1])] - starts[number]
            places += [f"{shown}:{line}" for line in batch.lines(own[:room])]
        self._report.skip(reason, rows.size, places)

    def _message_table(self, frame: pl.DataFrame) -> pl.DataFrame:
        columns = frame.columns
        day_first: pl.Series | None = None
        if "time" in columns:
            times, day_first = self._times.both(frame["time"])
            frame = frame.with_columns(times.alias("time"))
        else:
            frame = frame.with_columns(pl.lit(None).cast(SCHEMA["time"]).alias("time"))
        frame = frame.with_columns(
            pl.lit(None, SCHEMA["time"]).alias(DAY_FIRST) if day_first is None else day_first.alias(DAY_FIRST)
        )
        channel = pl.col("channel").replace("", None) if "channel" in columns else pl.lit(None, pl.String)
        name = pl.col("author")
        if "name" in columns:
            frame = frame.with_columns(pl.col("name").str.strip_chars())
            name = pl.when(pl.col("name") != "").then("name").otherwise(name)
        return frame.select("time", "author", name.alias("name"), channel.alias("channel"), "text", DAY_FIRST)


def _blank(texts: pl.Series) -> np.ndarray:
    """Return which texts are white space only, or nothing."""
    begun = (texts >= "!") & (texts < "\x7f")  # with a visible character
    blank = (~begun).fill_null(value=True).to_numpy(writable=True)
    rest = np.flatnonzero(blank)
    blank[rest] = texts.gather(rest).str.strip_chars().fill_null("").eq("").to_numpy()
    return blank
