"""Which format a file is in: as the user says, or the one that is surest that it is its own."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from talklike.chat.formats import FORMATS
from talklike.chat.formats.text import JSON_START, looks_like_log
from talklike.errors import FormatError, OptionError

if TYPE_CHECKING:
    from talklike.chat.columns import ColumnOptions
    from talklike.chat.format import Format
    from talklike.chat.source import Source


LEAST = 0.1
"""The confidence below which a format gets a file only if the user names its columns."""

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
        form = named(wanted)
        if options and not form.has_columns:
            raise OptionError(f"the format {form.name} has no columns, so --author-column and its siblings make no sense")
        return form, "as asked for"
    matches = [(form, form.detect(source.head)) for form in FORMATS if form.has_columns or not options]
    found = [(match.confidence, form, match.why) for form, match in matches if match is not None]
    found = [one for one in found if options or one[0] >= LEAST]
    if not found:
        raise FormatError(f"{source.name}: {_unknown(source.head.data)}")
    _, form, why = max(found, key=lambda one: one[0])
    return form, why


def _unknown(data: bytes) -> str:
    """Return what can be said of a file that no format takes."""
    names = ", ".join(form.name for form in FORMATS)
    if JSON_START.match(data):
        return f"this is JSON in a layout that nobody here knows; write one object a line (known formats: {names})"
    if looks_like_log(data):
        return "this looks like a chat log in a layout that nobody here knows; --format text would read it as one author's book"
    return f"no format fits; name one with --format (known: {names})"
