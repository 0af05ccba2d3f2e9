"""A day of a channel in a Slack export."""

from __future__ import annotations

import json
from dataclasses import replace

from tests.chat.writers.writer import LINES, Rows, Writer, time_of


def write(rows: Rows) -> bytes:
    """Return messages in a file."""
    day = [
        {
            "client_msg_id": f"{i:08x}-0000-4000-8000-000000000000",
            "type": "message",
            "user": author,
            "text": text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"),
            "ts": f"{time_of(i).timestamp():.0f}.000000",
            "team": "T0QUAY",
        }
        for i, (author, text) in enumerate(rows)
    ]
    return json.dumps(day, indent=4).encode()


WRITER = replace(Writer(write, LINES), authors=("U0BMQB6JE", "U0BMYT2FL", "W0QUAY123"))
