"""The 26 columns of the Kaggle file."""

from __future__ import annotations

from tests.chat.writers.writer import LINES, Rows, Writer, delimited, time_of


def write(rows: Rows) -> bytes:
    """Return messages in a file."""
    lines = []
    for i, (author, text) in enumerate(rows):
        row = [""] * 26
        row[0], row[8], row[15], row[20], row[22] = str(i), author, f"{i:024x}", f"{time_of(i):%Y-%m-%dT%H:%M:%S.000Z}", text
        lines.append(row)
    return delimited(lines, "|")


WRITER = Writer(write, LINES)
