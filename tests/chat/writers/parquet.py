"""A Parquet file."""

from __future__ import annotations

import io

import polars as pl

from tests.chat.writers.writer import LINES, Rows, Writer, time_of


def table(rows: Rows) -> pl.DataFrame:
    """Return messages as a frame."""
    return pl.DataFrame([(time_of(i), *row) for i, row in enumerate(rows)], schema=["time", "author", "text"], orient="row")


def write(rows: Rows) -> bytes:
    """Return messages in a file."""
    buffer = io.BytesIO()
    table(rows).write_parquet(buffer)
    return buffer.getvalue()


WRITER = Writer(write, LINES, whole=True)
