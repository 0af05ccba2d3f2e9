"""Delimited text as programs around Discord write it, which doesn't always have as many fields in its rows as in its header."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from talklike.chat.columns import ColumnOptions, canonical
from talklike.chat.format import Batch
from talklike.chat.records import Layout, read_records
from talklike.chat.tabular import DELIMITERS, tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import polars as pl

    from talklike.chat.format import Rows
    from talklike.chat.report import ReadReport
    from talklike.chat.source import Head, Source


@dataclass(frozen=True)
class Header:
    """The first record of a table.

    Attributes:
        names: Of the columns, as ``canonical`` writes them.
        delimiter: What separates them.
        width: How many fields most records have.
    """

    names: tuple[str, ...]
    delimiter: str
    width: int

    @property
    def by(self) -> str:
        """What separates the columns, in words."""
        return DELIMITERS[self.delimiter]


def header(head: Head, wanted: frozenset[str]) -> Header | None:
    """Return the header of a table that has all ``wanted`` columns; None if it has others."""
    for table in tables(head, ColumnOptions()):
        names = tuple(map(canonical, table.records[0]))
        if wanted <= set(names):
            widths = Counter(len(record) for record in table.records[1:])
            width = widths.most_common(1)[0][0] if widths else len(names)
            # Some versions end each row, but not the header, with a comma.
            return Header(names, table.delimiter, width if width == len(names) + 1 else len(names))
    return None


def read_fields(source: Source, report: ReadReport, found: Header, columns: dict[str, str]) -> Iterator[Batch]:
    """Yield the rows; their frames have the columns that the caller names.

    Args:
        source: The file.
        report: Gets the records that have the wrong number of fields.
        found: What ``header`` returned.
        columns: What to call a column, by its ``canonical`` name; those that aren't there are left out.
    """
    where = {found.names.index(name): called for name, called in columns.items() if name in found.names}
    layout = Layout(found.delimiter, found.width, sorted(where))
    uneven = found.width != len(found.names)
    first = True
    for records in read_records(source, report, layout):
        wrong = records.malformed[1:] if first and uneven else records.malformed
        skip = int(first and not uneven)
        first = first and not (records.starts.size or records.malformed.size)
        if wrong.size:
            lines = records.lines(wrong[: report.MOST_PLACES])
            report.skip("malformed", wrong.size, [source.place(int(line)) for line in lines])
        frame = records.fields.slice(skip).rename({str(number): called for number, called in where.items()})
        starts = records.starts[skip:]

        def lines_at(rows: Rows, starts: Rows = starts, at: Callable[[Rows], Rows] = records.lines) -> Rows:
            return at(starts[rows])

        yield Batch(frame, lines_at)


def without(batch: Batch, rows: pl.Series, reason: str, source: Source, report: ReadReport) -> Batch:
    """Return a batch without some rows, which are counted.

    Args:
        batch: The batch.
        rows: Whether each row is left out.
        reason: Why.
        source: The file.
        report: Gets the count and the places.
    """
    if not rows.any():
        return batch
    out, kept = (mask.arg_true().to_numpy().astype("int64") for mask in (rows, ~rows))
    places = [source.place(int(line)) for line in batch.lines(out[: report.MOST_PLACES])]
    report.skip(reason, out.size, places)
    return Batch(batch.frame.filter(~rows), lambda numbers: batch.lines(kept[numbers]))
