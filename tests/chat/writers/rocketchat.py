"""A page of Rocket.Chat's API."""

from __future__ import annotations

import json

from tests.chat.writers.writer import LINES, Rows, Writer, time_of


def write(rows: Rows) -> bytes:
    """Return messages in a file."""
    messages = [
        {
            "_id": f"m{i}",
            "rid": "GENERAL",
            "msg": text,
            "ts": f"{time_of(i):%Y-%m-%dT%H:%M:%S.000Z}",
            "u": {"_id": author, "username": f"nick.{author}", "name": "Nick Name"},
        }
        for i, (author, text) in enumerate(rows)
    ]
    return json.dumps({"messages": messages, "count": len(rows), "success": True}).encode()


WRITER = Writer(write, LINES)
