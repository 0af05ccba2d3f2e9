"""A conversation of Google Chat."""

from __future__ import annotations

import json

from tests.chat.writers.writer import LINES, Rows, Writer, time_of

AUTHORS = ("wren@quay.example", "otter@quay.example", "heron@quay.example")


def write(rows: Rows) -> bytes:
    """Return messages in a file."""
    messages = [
        {
            "creator": {"name": "Nick Name", "email": author, "user_type": "Human"},
            "created_date": f"{time_of(i):%A, %B %d, %Y at %I:%M:%S\N{NARROW NO-BREAK SPACE}%p UTC}",
            "text": text,
            "topic_id": "t1",
            "message_id": f"space/t1/{i}",
        }
        for i, (author, text) in enumerate(rows)
    ]
    return json.dumps({"messages": messages}, indent=2).encode()


WRITER = Writer(write, LINES, authors=AUTHORS)
