"""A channel in Discord's data package, which holds only what its owner wrote."""

from __future__ import annotations

import json
from dataclasses import replace

from tests.chat.writers.discord import TEXTS
from tests.chat.writers.writer import Rows, Writer, time_of


def write(rows: Rows) -> bytes:
    """Return messages in a file."""
    messages = [
        {"ID": 100 + i, "Timestamp": f"{time_of(i):%Y-%m-%d %H:%M:%S}", "Contents": text, "Attachments": ""}
        for i, (_, text) in enumerate(rows)
    ]
    return json.dumps(messages).encode()


WRITER = replace(Writer(write, TEXTS), authors=("me",))
