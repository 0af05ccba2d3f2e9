"""A channel as DiscordChatExporter writes it in JSON."""

from __future__ import annotations

import json

from talklike.chat.discord_markup import plain
from tests.chat.writers.writer import LINES, Rows, Writer, time_of

TEXTS = LINES.filter(lambda text: plain(text, {}, {}) == text)
"""Discord's own markup comes back as people see it."""


def write(rows: Rows) -> bytes:
    """Return messages in a file."""
    messages: list[dict[str, object]] = [
        {
            "id": f"{100_000_000_000_000_000 + i}",
            "type": "Default",
            "timestamp": f"{time_of(i):%Y-%m-%dT%H:%M:%S.000}+00:00",
            "timestampEdited": None,
            "isPinned": False,
            "content": text,
            "author": {"id": author, "name": "wren", "discriminator": "0000", "nickname": "Wren", "isBot": False},
            "attachments": [],
            "embeds": [],
            "reactions": [],
            "mentions": [],
        }
        for i, (author, text) in enumerate(rows)
    ]
    channel = {"id": "7", "type": "GuildTextChat", "categoryId": "6", "category": "Talk", "name": "quay", "topic": None}
    document = {"guild": {"id": "5", "name": "Harbour"}, "channel": channel, "messages": messages, "messageCount": len(messages)}
    return json.dumps(document, ensure_ascii=False, indent=2).encode()


WRITER = Writer(write, TEXTS)
