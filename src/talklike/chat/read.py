"""Reads a chat: a file in any known format → one table of messages and a report of what was left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from talklike.chat.columns import ColumnOptions
from talklike.chat.detect import choose
from talklike.chat.duplicates import Duplicates
from talklike.chat.report import ReadReport
from talklike.chat.source import Progress, Source
from talklike.chat.store import TableStore
from talklike.chat.table import SCHEMA, Chat, Kind
from talklike.chat.times import TimeParser
from talklike.errors import ChatFileError

if TYPE_CHECKING:
    from os import PathLike

    from talklike.chat.format import Batch


def read_chat(
    path: str | PathLike[str],
    *,
    format: str | None = None,  # noqa: A002 - the name of the option on the command line too
    author_column: str | None = None,
    text_column: str | None = None,
    time_column: str | None = None,
    progress: Progress | None = None,
) -> Chat:
    """Read a chat.

    Args:
        path: The export; ``-`` is standard input. May be packed with gzip, Zstandard or zip (one file in it).
        format: One of ``talklike.chat.formats.FORMATS`` by its name; None detects it.
        author_column: In a table, the column that says who wrote, by name or by number from 1; None recognises it.
        text_column: The column that says what.
        time_column: The column that says when.
        progress: Called with the bytes read and the bytes in all (None where unknown).

    Returns:
        The messages in the order of the file, with a report.

    Raises:
        ChatFileError: The file is missing, empty, binary, damaged or unreadable, or holds no message.
        FormatError: No format fits, or a column isn't there.
        OptionError: No such format, or options that contradict each other.
    """
    options = ColumnOptions(author_column, text_column, time_column)
    with Source(path, progress) as source:
        chosen, why = choose(source, format, options)
        report = ReadReport(source.name, chosen.name, why)
        table = _Table(source, report, chosen.kind)
        for batch in chosen.read(source, options, report):
            table.add(batch)
        frame, owner = table.finish()
    return Chat(frame, report, chosen.kind, owner)


class _Table:
    """Turns raw batches into the message table: checks rows, parses times, drops repetitions."""

    def __init__(self, source: Source, report: ReadReport, kind: Kind) -> None:
        self._source = source
        self._kind = kind
        self._report = report
        self._store = TableStore()
        self._times = TimeParser()
        self._duplicates = Duplicates()

    def add(self, batch: Batch) -> None:
        frame = batch.frame
        author = frame["author"].str.strip_chars()
        # Blank lines of a book are part of it.
        said = frame["text"] if self._kind == "stream" else frame["text"].str.strip_chars()
        empty = (said.is_null() | (said == "")).to_numpy()
        nobody = (author.is_null() | (author == "")).to_numpy() & ~empty
        reasons = {"empty": empty, "no author": nobody}
        if "id" in frame.columns:
            reasons["duplicate id"] = self._duplicates.repeated(frame) & ~empty & ~nobody
        skipped = np.zeros(frame.height, np.bool_)
        for reason, rows in reasons.items():
            skipped |= rows
            if rows.any():
                self._skip(reason, np.flatnonzero(rows), batch)
        frame = frame.with_columns(author=author)
        kept = frame.filter(pl.Series(~skipped)) if skipped.any() else frame
        if kept.height:
            self._report.kept += kept.height
            self._store.add(self._message_table(kept))

    def finish(self) -> tuple[pl.LazyFrame, object]:
        self._report.notes.extend(self._times.notes())
        if not self._duplicates.trusted:
            self._report.notes.append("the id column repeats too often to tell messages apart; it is not used")
        if not self._report.kept:
            skips = ", ".join(f"{skip.count:,} {reason}" for reason, skip in self._report.skipped.items())
            rows = f"all {self._report.read:,} rows were skipped ({skips})" if skips else "it has no rows"
            raise ChatFileError(f"{self._source.name} holds no message: {rows}; read as {self._report.format}")
        return self._store.finish()

    def _skip(self, reason: str, rows: np.ndarray, batch: Batch) -> None:
        skip = self._report.skipped.get(reason)
        room = max(0, self._report.MOST_PLACES - len(skip.places)) if skip else self._report.MOST_PLACES
        places = [self._source.place(int(line)) for line in batch.lines(rows[:room])] if room else []
        self._report.skip(reason, rows.size, places)

    def _message_table(self, frame: pl.DataFrame) -> pl.DataFrame:
        columns = frame.columns
        if "time" in columns:
            frame = frame.with_columns(self._times.parse(frame["time"]).alias("time"))
        else:
            frame = frame.with_columns(pl.lit(None).cast(SCHEMA["time"]).alias("time"))
        channel = pl.col("channel").replace("", None) if "channel" in columns else pl.lit(None, pl.String)
        name = pl.col("author")
        if "name" in columns:
            display = pl.col("name").str.strip_chars()
            name = pl.when(display != "").then(display).otherwise(name)
        return frame.select("time", "author", name.alias("name"), channel.alias("channel"), "text")
