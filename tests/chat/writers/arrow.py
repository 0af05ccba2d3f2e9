"""An Arrow file."""

from __future__ import annotations

import io

from tests.chat.writers.parquet import table
from tests.chat.writers.writer import LINES, Rows, Writer


def write(rows: Rows) -> bytes:
    """Return messages in a file."""
    buffer = io.BytesIO()
    table(rows).write_ipc(buffer)
    return buffer.getvalue()


WRITER = Writer(write, LINES, whole=True)
