"""Mattermost's bulk export."""

from __future__ import annotations

import json

from tests.chat.writers.writer import LINES, Rows, Writer, time_of


def write(rows: Rows) -> bytes:
    """Return messages in a file."""
    lines: list[dict[str, object]] = [{"type": "version", "version": 1}]
    for i, (author, text) in enumerate(rows):
        post = {
            "team": "quay",
            "channel": "general",
            "user": author,
            "message": text,
            "create_at": round(time_of(i).timestamp() * 1000),
        }
        lines.append({"type": "post", "post": post})
    return "\n".join(map(json.dumps, lines)).encode()


WRITER = Writer(write, LINES)
