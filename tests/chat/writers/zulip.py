"""A page of Zulip's API, in Markdown."""

from __future__ import annotations

import json

from tests.chat.writers.writer import LINES, Rows, Writer, time_of


def write(rows: Rows) -> bytes:
    """Return messages in a file."""
    messages = [
        {
            "id": 100 + i,
            "sender_id": author,
            "sender_full_name": "Nick Name",
            "sender_email": "user7@quay.example",
            "sender_realm_str": "quay",
            "content": text,
            "content_type": "text/x-markdown",
            "timestamp": round(time_of(i).timestamp()),
            "type": "stream",
            "display_recipient": "general",
            "subject": "boats",
            "is_me_message": False,
        }
        for i, (author, text) in enumerate(rows)
    ]
    return json.dumps({"result": "success", "messages": messages, "found_newest": True}).encode()


MARKS = ("(deleted)", "**", "@*", "@_*", "/user_uploads/", "```", "~~~")
"""What is Zulip's own in Markdown, and does not come back."""

WRITER = Writer(write, LINES.filter(lambda text: not any(mark in text for mark in MARKS)))
