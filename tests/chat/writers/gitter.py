"""A page of Gitter's API."""

from __future__ import annotations

import json

from tests.chat.writers.writer import LINES, Rows, Writer, time_of


def write(rows: Rows) -> bytes:
    """Return messages in a file."""
    page = [
        {
            "id": f"{i:024x}",
            "text": text,
            "html": "",
            "sent": f"{time_of(i):%Y-%m-%dT%H:%M:%S.000Z}",
            "fromUser": {"id": author, "username": "nick", "displayName": "Nick Name"},
        }
        for i, (author, text) in enumerate(rows)
    ]
    return json.dumps(page, indent=1).encode()


WRITER = Writer(write, LINES)
