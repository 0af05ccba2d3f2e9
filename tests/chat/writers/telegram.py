"""Telegram Desktop's export of one chat."""

from __future__ import annotations

import json

from tests.chat.writers.writer import LINES, Rows, Writer, time_of


def write(rows: Rows) -> bytes:
    """Return messages in a file."""
    messages = [
        {
            "id": i,
            "type": "message",
            "date": f"{time_of(i):%Y-%m-%dT%H:%M:%S}",
            "date_unixtime": f"{time_of(i).timestamp():.0f}",
            "from": "Wren",
            "from_id": author,
            "text": text if i % 2 else [text[:3], {"type": "bold", "text": text[3:]}],
        }
        for i, (author, text) in enumerate(rows)
    ]
    return json.dumps({"name": "Quay", "type": "private_group", "id": 7, "messages": messages}, indent=1).encode()


WRITER = Writer(write, LINES)
