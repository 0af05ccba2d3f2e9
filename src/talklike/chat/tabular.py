"""Delimited text → raw batches: finds the delimiter, the header and the columns, then streams the records."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import polars as pl

from talklike.chat import columns
from talklike.chat.columns import ColumnOptions, Columns, canonical, recognised
from talklike.chat.format import Batch, Match
from talklike.chat.records import Layout, Records, first_records, quotes_are_text, read_records
from talklike.chat.times import TimeParser
from talklike.errors import FormatError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from talklike.chat.format import Rows
    from talklike.chat.options import ReadOptions
    from talklike.chat.report import ReadReport
    from talklike.chat.source import Head, Source
    from talklike.chat.table import Kind

DELIMITERS = {",": "commas", "\t": "tabs", "|": "|", ";": "semicolons"}
"""What may separate columns, and what we call it."""

LOOKED_AT = 20
"""Rows of a batch that tell which of its columns hold times."""

LONGEST_NAME = 60
"""A header has no longer column names [character]."""

_WHOLE = r"\d{4}.*:\d\d|:\d\d.*\d{4}|\d{9}"  # a year beside a clock, or a number since 1970


@dataclass(frozen=True)
class Table:
    """What the head of a delimited file tells.

    Attributes:
        delimiter: What separates the columns.
        records: Fields of the first records, the header included.
        header: Whether the first record names the columns.
        quoted: Whether quotes enclose fields; otherwise they are text.
    """

    delimiter: str
    records: list[list[str]]
    header: bool
    quoted: bool = True

    @property
    def width(self) -> int:
        """How many columns there are."""
        return len(self.records[0])

    @property
    def regular(self) -> float:
        """Share of records that have all columns and at most an empty one more, 0 to 1."""
        even = sum(len(fields) == self.width or (len(fields) == self.width + 1 and not fields[-1]) for fields in self.records)
        return even / len(self.records)

    @property
    def rows(self) -> list[list[str]]:
        """Records that are no header and have all columns."""
        return [record for record in self.records[self.header :] if len(record) == self.width]


def tables(head: Head, options: ColumnOptions) -> list[Table]:
    """Return every way to see a table in the head of a file, the most convincing first.

    Args:
        head: The beginning of the file.
        options: Columns that the user named; one of them in the first record makes that a header.
    """
    found = []
    for delimiter in DELIMITERS:
        quoted = delimiter != "\t" or not quotes_are_text(head.data, delimiter, complete=head.complete)
        records = first_records(head.data, delimiter, complete=head.complete, quoted=quoted)
        if records and len(records[0]) > 1:
            found.append(Table(delimiter, records, _is_header(records, options), quoted))
    return sorted(found, key=lambda t: (t.header, recognised(t.records[0]) if t.header else 0, t.regular, t.width), reverse=True)


def read_table(
    source: Source, options: ColumnOptions, report: ReadReport, table: Table, known: Columns | None = None
) -> Iterator[Batch]:
    """Yield the rows of a delimited file.

    Args:
        source: The file.
        options: Columns that the user named.
        report: Gets the records that have the wrong number of fields.
        table: What its head told.
        known: Where the columns are, if the table has no header; a table that is known has all its columns in every row.
    """
    if table.header:
        where = columns.find(table.records[0], options, source.name)
    else:
        where = columns.number(table.width, options, source.name, known)
    header = table.header
    layout = Layout(table.delimiter, table.width, where.used(), uneven=known is None, quoted=table.quoted)
    for records in read_records(source, report, layout):
        if records.malformed.size:
            lines = records.lines(records.malformed[: report.MOST_PLACES])
            report.skip("malformed", records.malformed.size, [source.place(int(line)) for line in lines])
        batch = _batch(records, where, skip=int(header))
        header = header and not records.starts.size
        yield batch


def _batch(records: Records, where: Columns, skip: int) -> Batch:
    def lines(rows: Rows) -> Rows:
        return records.lines(records.starts[rows + skip])

    return Batch(raw_columns(records.fields.slice(skip), where), lines)


def raw_columns(fields: pl.DataFrame, where: Columns) -> pl.DataFrame:
    """Return a raw batch from a frame whose columns are named by their numbers."""
    picked = {"author": where.author, "text": where.text, "name": where.name, "channel": where.channel, "id": where.id}
    expressions = [pl.col(str(number)).alias(name) for name, number in picked.items() if number is not None]
    if len(where.time) == 1:
        expressions.append(pl.col(str(where.time[0])).alias("time"))
    elif where.time:
        expressions.append(_joined(fields, where.time).alias("time"))
    return fields.select(expressions)


def _joined(fields: pl.DataFrame, times: tuple[int, ...]) -> pl.Expr:
    """Return the time of a date and a clock in columns of their own; one of these alone, where it is whole."""
    date, clock = (pl.col(str(number)) for number in times)
    both = pl.concat_str([date, clock], separator=" ")
    few = fields.head(LOOKED_AT)
    whole = few.select(clock.cast(pl.String).str.contains(_WHOLE)).to_series().any()
    each = (clock, both, date) if whole else (both, date)
    return next((time for time in each if TimeParser().parse(few.select(time).to_series()).count()), both)


def _is_header(records: list[list[str]], options: ColumnOptions) -> bool:
    """Return whether a file's first record names the columns; a message's words must not pass for names."""
    record = records[0]
    if any(len(field) > LONGEST_NAME or "\n" in field for field in record):
        return False
    names = {canonical(field) for field in record} - {""}
    wanted = {canonical(value) for value in (options.author, options.text, options.time) if value and not value.isdecimal()}
    if names & wanted or recognised(record) == 2:
        return True
    if not all(re.fullmatch(r"[^\W\d][\w .-]*|", field) for field in record):
        return False
    return recognised(record) == 1 or _above_numbers(records)


def _above_numbers(records: list[list[str]]) -> bool:
    """Return whether in some column all values but the first begin with a digit (a date, an id)."""
    rows = [row for row in records[1:] if len(row) == len(records[0])]
    return len(rows) > 1 and any(name and all(row[i][:1].isdigit() for row in rows) for i, name in enumerate(records[0]))


@dataclass(frozen=True)
class Shape:
    """A format of delimited text with a fixed layout, with a header or without.

    Attributes:
        name: What ``--format`` takes.
        title: One line for people.
        width: How many columns it has.
        known: Where they are.
        patterns: By column number from 0, what the fields of a row look like.
        header: Names that its header has, as ``canonical`` writes them.
        limits: What is not read of it.
    """

    name: str
    title: str
    width: int
    known: Columns
    patterns: Mapping[int, str]
    header: frozenset[str]
    limits: str = ""

    kind: ClassVar[Kind] = "messages"
    has_columns: ClassVar[bool] = True

    @property
    def rule(self) -> str:
        """What its files are recognised by."""
        return f"a header with {', '.join(sorted(self.header))}, or {self.width} columns without one that hold what these do"

    def detect(self, head: Head) -> Match | None:
        """Say whether the first records have the layout."""
        if head.data.lstrip()[:1] in (b"{", b"["):  # JSON, which is larger than most tables and would take long
            return None
        table = self._table(head)
        if table is None:
            return None
        how = "names its columns" if table.header else f"has its {self.width} columns, and no header"
        return Match(0.95, f"{how}, separated by {DELIMITERS[table.delimiter]}")

    def read(self, source: Source, options: ReadOptions, report: ReadReport) -> Iterator[Batch]:
        """Yield the rows.

        Raises:
            FormatError: The file has another layout.
        """
        table = self._table(source.head)
        if table is None:
            raise FormatError(
                f"{source.name} doesn't have the layout of {self.name} ({self.width} columns); leave out --format to detect it"
            )
        yield from read_table(source, options.columns, report, table, self.known)

    def _table(self, head: Head) -> Table | None:
        for table in tables(head, ColumnOptions()):
            if table.header and self.header <= {canonical(name) for name in table.records[0]}:
                return table
            headless = replace(table, header=False)  # a first message of one word ("text") may look like a column's name
            if table.width == self.width and headless.rows:
                fit = [all(re.fullmatch(p, row[i]) for i, p in self.patterns.items()) for row in headless.rows]
                if np.mean(fit) > 0.9 and (fit[0] or not table.header):
                    return headless
        return None
