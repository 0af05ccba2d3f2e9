"""Delimited text → records, as a stream, with the meaning that RFC 4180 and Python's ``csv`` give to quotes.

A block of the file goes to Polars' parser where quotes only enclose whole fields, which ``quoting`` checks. A block that has
quotes elsewhere (``say "hi"`` in chat text) goes through a regular expression: slower, and exact too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from talklike.chat.ahead import ahead
from talklike.chat.lines import BLOCK, LONGEST_CHARACTER, newlines, numbered_blocks
from talklike.chat.quoting import NEWLINE, RETURN, Skeleton, skeleton
from talklike.errors import ChatFileError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from talklike.chat.report import ReadReport
    from talklike.chat.source import Source

    Positions = np.ndarray[Any, np.dtype[np.int64]]


SEPARATOR = re.compile(rb"sep=[^\r\n]\r?\n", re.IGNORECASE)
"""A first line that tells Excel what separates the columns, and is no record."""


@dataclass(frozen=True)
class Layout:
    """How records are written and what is wanted of them.

    Attributes:
        delimiter: One ASCII character.
        width: How many fields a record has.
        columns: The fields that are wanted, from 0, ascending.
        uneven: Whether a record may lack fields that aren't wanted at its end, or have an empty one more there.
        quoted: Whether quotes enclose fields; otherwise they are text.
    """

    delimiter: str
    width: int
    columns: Sequence[int]
    uneven: bool = False
    quoted: bool = True

    @property
    def least(self) -> int:
        """Fields that a record has at least."""
        return max(self.columns) + 1 if self.uneven else self.width


@dataclass(frozen=True)
class Records:
    """Records that were parsed together.

    Attributes:
        fields: Strings; a column for each that is wanted, named by its number; only records of a right width.
        starts: Where each row of ``fields`` begins [byte in ``data``].
        malformed: Where records of another width begin [byte in ``data``]; blank lines are no records.
        data: The bytes they were parsed from.
        line: Number of the first line, from 1.
    """

    fields: pl.DataFrame
    starts: Positions
    malformed: Positions
    data: bytes
    line: int

    def lines(self, positions: Positions) -> Positions:
        """Return the lines at ``positions`` [byte in ``data``], from 1."""
        ends = np.flatnonzero(np.frombuffer(self.data, np.uint8) == NEWLINE)
        return np.asarray(self.line + np.searchsorted(ends, positions), dtype=np.int64)


def read_records(source: Source, report: ReadReport, layout: Layout, block: int = BLOCK) -> Iterator[Records]:
    """Parse a delimited file block by block.

    Args:
        source: The file.
        report: Gets a note about bytes that had to be repaired and about a damaged end.
        layout: How records are written.
        block: Bytes to parse at a time, and the most that one record may have [byte].

    Raises:
        ChatFileError: A quote is never closed, or a record is larger than a block.
    """
    for records in ahead(_parsed(ahead(_split(source, report, layout, block), source), layout), source):
        if isinstance(records, int):  # the end of a damaged file is no end of a record
            report.skip("malformed", 1, [source.place(records)])
        else:
            yield records


@dataclass(frozen=True)
class _Sound:
    """Records whose quotes only enclose whole fields, before they are parsed.

    Attributes:
        data: Their bytes.
        found: Where they are.
        line: Number of the first line, from 1.
    """

    data: bytes
    found: Skeleton
    line: int


def _parsed(blocks: Iterable[_Sound | Records | int], layout: Layout) -> Iterator[Records | int]:
    for block in blocks:
        yield _parse_sound(block, layout) if isinstance(block, _Sound) else block


def _split(source: Source, report: ReadReport, layout: Layout, block: int) -> Iterator[_Sound | Records | int]:
    """Yield the records of each block; and in the end, if half of a record is left of a damaged file, its line."""
    pending, data, number = b"", b"", 1
    for number, data in ahead(numbered_blocks(source, report, block), source):
        if number == 1 and (said := SEPARATOR.match(data)):
            number, data = 2, data[said.end() :]  # noqa: PLW2901 - as if the file began there
        line = number - pending.count(b"\n")
        pending += data
        records = _complete(pending, layout, line)
        if records is not None:
            yield records
            pending = pending[len(records.data) :]
        elif len(pending) > block - LONGEST_CHARACTER:
            raise ChatFileError(
                f"{source.place(line)}: the record that begins here has more than {block >> 20} MiB, "
                "or a quote that is never closed"
            )
    line = number + newlines(data) - pending.count(b"\n")
    if pending and source.damage is None:
        records = _complete(pending + b"\n", layout, line)  # the last line may lack its newline
        if records is None or len(records.data) <= len(pending):
            line += 0 if records is None else records.data.count(b"\n")
            raise ChatFileError(f"{source.place(line)}: the record that begins here has a quote that is never closed")
        yield records
    elif pending:
        yield line


@lru_cache(maxsize=8)  # every format of delimited text asks for the same; a folder has thousands of files
def first_records(data: bytes, delimiter: str, *, complete: bool, quoted: bool = True, most: int = 200) -> list[list[str]]:
    """Return the fields of the first records in the head of a file, for reading only; blank lines are none.

    Args:
        data: The head.
        delimiter: One ASCII character.
        complete: Whether ``data`` is the whole file; otherwise its last record is left out.
        quoted: Whether quotes enclose fields; otherwise they are text.
        most: How many records at most.
    """
    records: list[list[str]] = []
    data = _body(data, complete=complete)
    for _, _, fields in _records(data, delimiter) if quoted else _literal(data, delimiter):
        if fields != [b""]:
            records.append([field.decode("utf-8", "replace") for field in fields])
        if len(records) >= most:
            break
    return records


def _body(data: bytes, *, complete: bool) -> bytes:
    """Return the head of a file from its first record on, the last with its line end."""
    if said := SEPARATOR.match(data):
        data = data[said.end() :]
    return data if not complete or data.endswith(b"\n") else data + b"\n"


@lru_cache(maxsize=8)
def quotes_are_text(data: bytes, delimiter: str, *, complete: bool) -> bool:
    """Return whether the head of a file is a table only if quotes are text, as ``mysql -B`` and PostgreSQL's COPY write them.

    Quotes that enclose fields then make one record of several lines, each of which has as many delimiters as every line.

    Args:
        data: The head.
        delimiter: One ASCII character.
        complete: Whether ``data`` is the whole file.
    """
    opening = delimiter.encode() + b'"'
    if opening not in data and b'\n"' not in data:
        return False
    data = _body(data, complete=complete)
    lines = [fields for _, _, fields in _literal(data, delimiter) if fields != [b""]]
    enclosed = sum(any(len(field) > 1 and field[:1] == field[-1:] == b'"' for field in fields) for fields in lines)
    if len({len(fields) for fields in lines}) != 1 or enclosed * 2 > len(lines):
        return False
    end = 0
    for start, end, _ in _records(data, delimiter):
        if b"\n" in data[start : end - 1]:
            return True
    return b"\n" in data[end:]  # a quote that isn't closed in what is known


def _complete(data: bytes, layout: Layout, line: int) -> _Sound | Records | None:
    """Find the complete records at the start of ``data``; None where there is none."""
    found = skeleton(data, ord(layout.delimiter)) if layout.quoted else None
    if found is None:
        return _parse_any(data, layout, line)
    return _Sound(data[: int(found.ends[-1]) + 1], found, line)


def _parse_sound(block: _Sound, layout: Layout) -> Records:
    """Parse records whose quotes only enclose whole fields."""
    data, ends = block.data, block.found.ends
    starts = np.concatenate(([0], ends[:-1] + 1))
    lengths = ends - starts
    blank = (lengths == 0) | ((lengths == 1) & (np.frombuffer(data, np.uint8)[starts] == RETURN))
    good = (block.found.widths == layout.width) & ~blank
    even = True
    if layout.uneven and not good.all():
        mended = _mended(block, layout) & ~blank
        even, good = not mended.any(), good | mended
    text = data if good.all() else _kept(data, starts, ends + 1, good)
    fields = _polars(text, layout, even=even)
    if fields.height != np.count_nonzero(good):
        records = _parse_any(data, layout, block.line)
        assert records is not None
        return records
    return Records(fields, starts[good], starts[~good & ~blank], data, block.line)


def _parse_any(data: bytes, layout: Layout, line: int) -> Records | None:
    """Parse records with quotes anywhere; None where there is no complete one."""
    rows: list[list[bytes]] = []
    starts: list[int] = []
    malformed: list[int] = []
    size = 0
    for start, end, fields in _records(data, layout.delimiter) if layout.quoted else _literal(data, layout.delimiter):
        size = end
        surplus = layout.uneven and len(fields) == layout.width + 1 and not fields[-1]
        if surplus or (layout.least <= len(fields) <= layout.width and data[start:end] not in (b"\n", b"\r\n")):
            rows.append([fields[column] for column in layout.columns])
            starts.append(start)
        elif data[start:end] not in (b"\n", b"\r\n"):
            malformed.append(start)
    if not size:
        return None
    columns = zip(*rows, strict=True) if rows else [()] * len(layout.columns)
    frame = pl.DataFrame(
        {str(i): [field.decode() for field in column] for i, column in zip(layout.columns, columns, strict=True)},
        schema={str(i): pl.String for i in layout.columns},
    )
    return Records(frame, np.array(starts, np.int64), np.array(malformed, np.int64), data[:size], line)


def _kept(data: bytes, starts: Positions, ends: Positions, keep: np.ndarray[Any, np.dtype[np.bool_]]) -> bytes:
    """Return the records to keep, joined; neighbours are copied in one go."""
    edges = np.flatnonzero(np.diff(keep.astype(np.int8), prepend=0, append=0)).tolist()
    return b"".join(data[starts[a] : ends[b - 1]] for a, b in zip(edges[0::2], edges[1::2], strict=True))


def _mended(block: _Sound, layout: Layout) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Return which records of another width lack nothing that is wanted, or have but an empty field too many."""
    widths = block.found.widths
    mended = (widths >= layout.least) & (widths < layout.width)
    for row in np.flatnonzero(widths == layout.width + 1):
        end = int(block.found.ends[row])
        last = block.data[max(0, end - 4) : end].removesuffix(b"\r").removesuffix(b'""')
        mended[row] = last.endswith(layout.delimiter.encode())
    return np.asarray(mended)


def _polars(text: bytes, layout: Layout, *, even: bool = True) -> pl.DataFrame:
    if not text:
        return pl.DataFrame(schema={str(i): pl.String for i in layout.columns})
    if not even:  # the first record tells Polars how many columns there are
        text = layout.delimiter.encode() * (layout.width - 1) + b"\n" + text
    frame = pl.read_csv(
        text,
        has_header=False,
        separator=layout.delimiter,
        columns=list(layout.columns),
        infer_schema=False,
        truncate_ragged_lines=not even,
    )
    frame = frame.rename(dict(zip(frame.columns, map(str, layout.columns), strict=True))).fill_null("")
    return frame if even else frame.slice(1)


def _records(data: bytes, delimiter: str) -> Iterator[tuple[int, int, list[bytes]]]:
    """Yield start, end [byte] and fields of every record that ends with a newline."""
    d = re.escape(delimiter.encode())
    # Possessive, so that a missing end is found in linear time and never mended by giving back a doubled quote.
    field = re.compile(rb'(?:"((?:[^"]++|"")*+)"([^%b\n]*+)|((?:[^"%b\n][^%b\n]*+)?))(%b|\n)' % (d, d, d, d))
    start = position = 0
    fields: list[bytes] = []
    while match := field.match(data, position):
        quoted, rest, plain, end = match.groups()
        position = match.end()
        value = plain if quoted is None else quoted.replace(b'""', b'"') + rest
        if end != b"\n":
            fields.append(value)
            continue
        if data[position - 2 : position - 1] == b"\r" and (rest or plain):
            value = value[:-1]
        fields.append(value)
        yield start, position, fields
        start, fields = position, []


def _literal(data: bytes, delimiter: str) -> Iterator[tuple[int, int, list[bytes]]]:
    """Yield what ``_records`` does where quotes are text."""
    start = 0
    while (end := data.find(b"\n", start) + 1) > 0:
        yield start, end, data[start : end - 1].removesuffix(b"\r").split(delimiter.encode())
        start = end
