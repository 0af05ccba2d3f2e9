"""Running text."""

from __future__ import annotations

from tests.chat.writers.writer import Rows, Writer


def write(rows: Rows) -> bytes:
    """Return texts, each in a line."""
    return "\n".join(text for _, text in rows).encode()


WRITER = Writer(write, authors=(), times=False)
