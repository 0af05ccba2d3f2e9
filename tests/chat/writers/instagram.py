"""Instagram's file of all conversations, as it was until 2020."""

from __future__ import annotations

import json

from tests.chat.writers.writer import LINES, Rows, Writer, time_of


def write(rows: Rows) -> bytes:
    """Return messages in a file."""
    conversation = [
        {"sender": author, "created_at": f"{time_of(i):%Y-%m-%dT%H:%M:%S.000000+00:00}", "text": text}
        for i, (author, text) in enumerate(rows)
    ]
    return json.dumps([{"participants": ["wren", "otter"], "conversation": conversation}], ensure_ascii=False).encode()


WRITER = Writer(write, LINES, authors=("wren", "otter", "heron_9"))
