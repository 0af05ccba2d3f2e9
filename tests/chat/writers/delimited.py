"""A CSV file with a header."""

from __future__ import annotations

from tests.chat.writers.writer import LINES, Rows, Writer, delimited, time_of


def write(rows: Rows) -> bytes:
    """Return messages in a file."""
    return delimited([("time", "author", "text"), *((time_of(i).isoformat(), *row) for i, row in enumerate(rows))], ",")


WRITER = Writer(write, LINES)
