"""Hangouts.json with one conversation."""

from __future__ import annotations

import json
from typing import Any

from tests.chat.writers.writer import LINES, Rows, Writer, time_of

AUTHORS = ("101810000000000000001", "101810000000000000002", "101810000000000000003")


def segments(text: str) -> list[dict[str, Any]]:
    """Return a text in pieces, a line break being one."""
    pieces: list[dict[str, Any]] = []
    for line in text.split("\n"):
        pieces += [{"type": "LINE_BREAK", "text": "\n"}, {"type": "TEXT", "text": line, "formatting": {"bold": False}}]
    return pieces[1:]


def person(author: str) -> dict[str, str]:
    """Return the ids of someone."""
    return {"gaia_id": author, "chat_id": author}


def write(rows: Rows) -> bytes:
    """Return messages in a file."""
    events = [
        {
            "conversation_id": {"id": "UgxA"},
            "sender_id": person(author),
            "timestamp": str(round(time_of(i).timestamp() * 1_000_000)),
            "chat_message": {"message_content": {"segment": segments(text)}},
            "event_id": f"event-{i}",
            "event_type": "REGULAR_CHAT_MESSAGE",
        }
        for i, (author, text) in enumerate(rows)
    ]
    people = [{"id": person(author), "fallback_name": "Nick Name"} for author in AUTHORS]
    about = {"conversation_id": {"id": "UgxA"}, "conversation": {"type": "GROUP", "name": "boats", "participant_data": people}}
    return json.dumps({"conversations": [{"conversation": about, "events": events}]}).encode()


WRITER = Writer(write, LINES, authors=AUTHORS)
