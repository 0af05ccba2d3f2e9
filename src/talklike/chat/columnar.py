"""Tables in binary files (Parquet, Arrow) → raw batches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import polars as pl

from talklike.chat import columns
from talklike.chat.encoding import Repairs
from talklike.chat.format import Batch, Match
from talklike.chat.tabular import raw_columns
from talklike.chat.trial import Trial
from talklike.errors import ChatFileError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from talklike.chat.format import Rows
    from talklike.chat.options import ReadOptions
    from talklike.chat.report import ReadReport
    from talklike.chat.source import Head, Source
    from talklike.chat.table import Kind

ROWS = 100_000
"""Rows that are read at a time."""


@dataclass(frozen=True)
class Columnar:
    """A format of binary files that keep a table by columns.

    Attributes:
        name: What ``--format`` takes.
        title: One line for people.
        magic: How its files begin.
        scan: Polars' function that opens one.
    """

    name: str
    title: str
    magic: bytes
    scan: str

    kind: ClassVar[Kind] = "messages"
    has_columns: ClassVar[bool] = True
    limits: ClassVar[str] = ""

    @property
    def rule(self) -> str:
        """What its files are recognised by."""
        return f"the first bytes, `{self.magic.decode()}`"

    def detect(self, head: Head) -> Match | None:
        """Say whether the file begins with the format's magic bytes."""
        return Match(1.0, "its first bytes") if head.data.startswith(self.magic) else None

    def read(self, source: Source, options: ReadOptions, report: ReadReport) -> Iterator[Batch]:
        """Yield the rows; their lines are row numbers.

        Raises:
            FormatError: The columns of author and text are not known.
            ChatFileError: The file is damaged, or no such file.
        """
        damaged = ChatFileError(f"{source.name} can't be read as {self.name}: it is damaged or of another kind")
        trial, file = source.tree.kept(Trial), source.file()
        if not trial.passes(self.scan, file):
            raise damaged
        try:
            frame: pl.LazyFrame = getattr(pl, self.scan)(file, glob=False)
            fields = _fields(frame.collect_schema())
            where = columns.find(list(fields), options.columns, source.name)
            values = list(fields.values())
            picked = [_plain(*values[number]).alias(str(number)) for number in where.used()]
            roots = {name for expression in picked for name in expression.meta.root_names()}
            if not trial.passes(self.scan, file, sorted(roots)):
                raise damaged
            row = 0
            repairs = Repairs()
            for batch in frame.select(picked).collect_batches(chunk_size=ROWS, maintain_order=True):
                texts = [_text(column, row, repairs) for column in batch if column.dtype == pl.Binary]
                yield Batch(raw_columns(batch.with_columns(texts), where), _numbered(row))
                row += batch.height
            report.notes.extend(note for note in (repairs.note(),) if note)
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
            raise damaged from error


def _fields(schema: pl.Schema, parent: pl.Expr | None = None, prefix: str = "") -> dict[str, tuple[pl.Expr, pl.DataType]]:
    """Return every column by its name, those inside structs by dotted names."""
    fields: dict[str, tuple[pl.Expr, pl.DataType]] = {}
    for name, dtype in schema.items():
        expression = pl.col(name) if parent is None else parent.struct.field(name)
        if isinstance(dtype, pl.Struct):
            fields |= _fields(pl.Schema(dtype.to_schema()), expression, f"{prefix}{name}.")
        else:
            fields[prefix + name] = (expression, dtype)
    return fields


def _plain(expression: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    """Return a column as strings; times and bytes as they are, and nothing of what is neither text nor a time."""
    if isinstance(dtype, pl.Datetime | pl.Binary):
        return expression
    if isinstance(dtype, pl.List | pl.Array | pl.Object | pl.Duration):
        return pl.lit(None, pl.String)
    return expression.cast(pl.String, strict=False)


def _text(column: pl.Series, first: int, repairs: Repairs) -> pl.Series:
    """Return bytes as strings; values that are not UTF-8 are read as Windows-1252.

    Args:
        column: The bytes.
        first: Rows before these.
        repairs: Counts such values, by their rows.
    """
    try:
        return column.cast(pl.String)
    except pl.exceptions.PolarsError:
        values = [None if value is None else repairs.value(value, row) for row, value in enumerate(column, first + 1)]
        return pl.Series(column.name, values, dtype=pl.String)


def _numbered(first: int) -> Callable[[Rows], Rows]:
    return lambda rows: rows + first + 1
