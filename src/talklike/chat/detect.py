"""Which format a file is in: as the user says, or the one that is surest that it is its own."""

from __future__ import annotations

import difflib
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from talklike.chat.columns import ColumnOptions
from talklike.chat.copies import copies
from talklike.chat.formats import FORMATS
from talklike.chat.source import Source
from talklike.chat.tree import printable_name
from talklike.chat.unknown import GUIDE, nothing_inside, unknown
from talklike.errors import ChatFileError, FormatError, OptionError

if TYPE_CHECKING:
    from talklike.chat.format import Format
    from talklike.chat.source import Head
    from talklike.chat.tree import Entry, Tree


LEAST = 0.1
"""The confidence below which a format gets a file only if the user names its columns."""

SURE = 0.5
"""The confidence up to which a file among several is taken for something else than messages.

At it itself, columns that the user names make messages of it; without them, notes of an export in JSON are none.
"""

UNMISTAKABLE = 0.95
"""The confidence from which, of several files, the format of the one before isn't compared with others."""

ONLY_COLUMNS = (
    "no format fits of those with columns, the only ones tried because --author-column or one of its siblings is given; "
    "leave these out"
)
"""Why a file in a format without columns isn't read, and what to do."""

ALSO_CALLED = {"csv": "delimited", "tsv": "delimited", "json": "jsonl", "ndjson": "jsonl", "feather": "arrow", "txt": "text"}
"""What people type who mean one of our formats."""


def named(name: str) -> Format:
    """Return the format that is called ``name``.

    Raises:
        OptionError: None is.
    """
    for form in FORMATS:
        if form.name == name.lower():
            return form
    names = [form.name for form in FORMATS]
    near = difflib.get_close_matches(name.lower(), [*names, *ALSO_CALLED], n=1, cutoff=0.5)
    hint = f"; did you mean {ALSO_CALLED.get(near[0], near[0])}?" if near else ""
    raise OptionError(f"there is no format {name!r}{hint} (formats: {', '.join(names)})")


@dataclass(frozen=True)
class Chosen:
    """A file that is to be read.

    Attributes:
        entry: Which.
        form: In which format.
        why: What told.
    """

    entry: Entry
    form: Format
    why: str


def choose(source: Source, wanted: str | None, options: ColumnOptions) -> tuple[Format, str]:
    """Return the format to read a file in, and what told.

    Args:
        source: The file.
        wanted: The format that the user named; None detects it.
        options: Columns that the user named; they rule out formats without columns.

    Raises:
        OptionError: There is no such format, or it has no columns to name.
        FormatError: No format fits.
    """
    if wanted is not None:
        return _wanted(wanted, options), "as asked for"
    found = _matches(source.head, options)
    found = [one for one in found if options or one[0] >= LEAST]
    if not found:
        if options and (beside := [one for one in _matches(source.head, ColumnOptions()) if one[0] >= LEAST]):
            raise FormatError(f"{source.name}: {ONLY_COLUMNS}, to read it as {max(beside, key=lambda one: one[0])[1].name}")
        raise FormatError(f"{source.name}: {_unknown(source.head.data, str(source.inner))}")
    _, form, why = max(found, key=lambda one: one[0])
    if form.kind == "stream" and (said := unknown(source.head.data, str(source.inner))):
        raise FormatError(f"{source.name}: {said} (or --format {form.name}, if you want to read it as it is)")
    return form, why


def choose_all(tree: Tree, wanted: str | None, options: ColumnOptions) -> tuple[list[Chosen], dict[str, list[str]]]:
    """Return the files of an export of several that hold messages, and the names of those that don't, by reason.

    Args:
        tree: The export.
        wanted: The format that the user named; files in others are not read.
        options: Columns that the user named.

    Raises:
        OptionError: There is no such format, or it has no columns to name.
        FormatError: No file fits a format.
    """
    asked = None if wanted is None else _wanted(wanted, options)
    if not tree.entries:
        raise FormatError(f"{printable_name(tree.name)} holds no file with messages: {nothing_inside(tree.left_out)}")
    chosen: list[Chosen] = []
    others: dict[str, list[str]] = {}
    hints: Counter[str | None] = Counter()
    unread: list[str] = []
    usual: Format | None = None
    again = copies(tree.entries)
    for entry in tree.entries:
        if entry.name in again:
            others.setdefault("copies of others", []).append(entry.name)
            continue
        try:
            with Source(entry, tree) as source:
                head = source.head
        except ChatFileError as error:
            others.setdefault("empty, damaged or no text", []).append(entry.name)
            unread.append(str(error))
            continue
        if asked is not None:
            match = asked.detect(head)
            found = [] if match is None else [(match.confidence, asked, match.why)]
        else:
            found = [one for one in _matches(head, options, usual) if _is_sure(one[0], options) and one[1].kind == "messages"]
        if found:
            _, form, why = max(found, key=lambda one: one[0])
            chosen.append(Chosen(entry, form, why))
            usual = form
        else:
            others.setdefault("no messages", []).append(entry.name)
            hints[unknown(head.data, entry.name)] += 1
    if not chosen:
        name = printable_name(tree.name)
        if asked is not None:
            raise FormatError(f"{name}: none of its {len(tree.entries):,} files looks like the format {asked.name}")
        if options and len(unread) < len(tree.entries):
            raise FormatError(f"{name}: none of its {len(tree.entries):,} files is a table that is known; {ONLY_COLUMNS}")
        said = _of_most(hints) or (
            unread[0] if unread else f"name a format with --format; {GUIDE} says how to get one that is known"
        )
        raise FormatError(f"{name}: none of its {len(tree.entries):,} files is a chat that is known; {said}")
    return chosen, others


def _is_sure(confidence: float, options: ColumnOptions) -> bool:
    return confidence >= SURE if options else confidence > SURE


def _wanted(name: str, options: ColumnOptions) -> Format:
    form = named(name)
    if options and not form.has_columns:
        raise OptionError(f"the format {form.name} has no columns, so --author-column and its siblings make no sense")
    return form


def _matches(head: Head, options: ColumnOptions, usual: Format | None = None) -> list[tuple[float, Format, str]]:
    """Return the formats that may be those of a file; only the usual one, if it is that without a doubt."""
    if usual is not None and (match := usual.detect(head)) is not None and match.confidence >= UNMISTAKABLE:
        return [(match.confidence, usual, match.why)]
    matches = [(form, form.detect(head)) for form in FORMATS if form.has_columns or not options]
    return [(match.confidence, form, match.why) for form, match in matches if match is not None]


def _unknown(data: bytes, name: str) -> str:
    """Return what can be said of a file that no format takes."""
    names = ", ".join(form.name for form in FORMATS)
    said = unknown(data, name)
    return f"{said} (known formats: {names})" if said else f"no format fits; name one with --format (known: {names})"


def _of_most(hints: Counter[str | None]) -> str | None:
    """Return what can be said of most files that no format takes, as far as anything can."""
    del hints[None]
    if not hints:
        return None
    said, count = hints.most_common(1)[0]
    return f"of {count:,} of them: {said}"
