"""Any table as delimited text: CSV, TSV, ``|`` or ``;``, with a header, or with columns that the user names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talklike.chat.columns import ColumnOptions, recognised
from talklike.chat.format import Batch, Match
from talklike.chat.formats.text import JSON_START
from talklike.chat.tabular import DELIMITERS, read_table, tables
from talklike.errors import FormatError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talklike.chat.options import ReadOptions
    from talklike.chat.report import ReadReport
    from talklike.chat.source import Head, Source
    from talklike.chat.table import Kind

SUFFIXES = (".csv", ".tsv", ".psv", ".tab")


class Delimited:
    """Any table as delimited text."""

    name = "delimited"
    title = "delimited text with a header (CSV, TSV, | or ;), or with columns that you name"
    rule = "a header that names an author and a text in words that are known, or columns of one number throughout"
    limits = "a table without a header needs `--author-column` and `--text-column`"
    kind: Kind = "messages"
    has_columns = True

    def detect(self, head: Head) -> Match | None:
        """Say whether the first record names known columns, or at least whether all records have equally many."""
        found = [] if JSON_START.match(head.data) else tables(head, ColumnOptions())
        if found:
            table = found[0]
            by = f"separated by {DELIMITERS[table.delimiter]}"
            if table.header and recognised(table.records[0]) == 2 and table.regular > 0.5:
                return Match(0.8, f"a header with known names, {by}")
            if len(table.records) >= 5 and table.width >= 3 and table.regular > 0.95:
                return Match(0.4, f"{table.width} columns, {by}")
        if head.suffix in SUFFIXES:
            return Match(0.3, f"the file's name ends in {head.suffix}")
        return Match(0.05, f"columns {by}") if found else None  # so little counts only if the user names columns

    def read(self, source: Source, options: ReadOptions, report: ReadReport) -> Iterator[Batch]:
        """Yield the rows.

        Raises:
            FormatError: There are no columns, or those of author and text are not known.
        """
        found = tables(source.head, options.columns)
        if not found:
            raise FormatError(
                f"{source.name} has no columns separated by commas, tabs, | or semicolons, or its first record never ends"
            )
        yield from read_table(source, options.columns, report, found[0])


DELIMITED = Delimited()
