"""A channel as DiscordChatExporter writes it in plain text."""

from __future__ import annotations

from dataclasses import replace

from talklike.chat.formats.discord_text import HEADINGS
from tests.chat.writers.discord import TEXTS
from tests.chat.writers.writer import Rows, Writer, time_of

RULE = "=" * 62

OWN = TEXTS.filter(lambda text: HEADINGS.isdisjoint(text.split("\n")))
"""What looks like the heading of an attachment is one."""


def write(rows: Rows) -> bytes:
    """Return messages in a file."""
    lines = [RULE, "Guild: Harbour", "Channel: Talk / quay", RULE, ""]
    for i, (author, text) in enumerate(rows):
        lines += [f"[{time_of(i):%m/%d/%Y %I:%M %p}] {author}", text, "", ""]
    lines += [RULE, f"Exported {len(rows):,} message(s)", RULE, ""]
    return "\n".join(lines).encode()


WRITER = replace(Writer(write, OWN), authors=("wren", "otter of the quay", "heron"))
