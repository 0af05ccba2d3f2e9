"""One object a line."""

from __future__ import annotations

import json

from tests.chat.writers.writer import LINES, Rows, Writer, time_of


def write(rows: Rows) -> bytes:
    """Return messages in a file."""
    objects = [{"author": author, "text": text, "time": time_of(i).timestamp()} for i, (author, text) in enumerate(rows)]
    return "\n".join(map(json.dumps, objects)).encode()


WRITER = Writer(write, LINES)
