"""A file of Messenger's download: texts and names as mojibake."""

from __future__ import annotations

import json

from tests.chat.writers.writer import LINES, Rows, Writer, time_of


def scrambled(text: str) -> str:
    """Return text as Meta writes it: a character for each byte."""
    return text.encode().decode("latin-1")


def write(rows: Rows) -> bytes:
    """Return messages in a file."""
    messages = [
        {
            "sender_name": scrambled(author),
            "timestamp_ms": round(time_of(i).timestamp() * 1000),
            "content": scrambled(text),
            "type": "Generic",
            "is_unsent": False,
        }
        for i, (author, text) in enumerate(rows)
    ]
    people = [{"name": scrambled(author)} for author in AUTHORS]
    return json.dumps(
        {"participants": people, "messages": messages, "title": "Quay", "thread_path": "inbox/quay_1234567890"}, indent=2
    ).encode()


AUTHORS = ("Wren", "Zoë Quay", "ottér 🦦")
WRITER = Writer(write, LINES, authors=AUTHORS)
