"""WhatsApp's export on an Android phone in English (United Kingdom)."""

from __future__ import annotations

from talklike.chat.whatsapp_clock import MARKS
from talklike.chat.whatsapp_lines import header
from talklike.chat.whatsapp_phrases import is_encryption_notice
from talklike.chat.whatsapp_text import Reader
from tests.chat.writers.writer import LINES, Rows, Writer, time_of


def write(rows: Rows) -> bytes:
    """Return messages in a file."""
    return "".join(f"{time_of(i):%d/%m/%Y, %H:%M} - {author}: {text}\n" for i, (author, text) in enumerate(rows)).encode()


def persons(text: str) -> bool:
    """Return whether a text can only be a person's: the app says nothing of it, and no line looks like a message of its own."""
    return (
        not any(mark in text for mark in MARKS)
        and ": " not in text  # said often enough, it would be taken as part of the name
        and Reader().read(text) == (None, text)
        and not is_encryption_notice(text)
        and not any(header(line) for line in text.split("\n"))
    )


WRITER = Writer(
    write,
    LINES.filter(persons),
    authors=("wren", "otter two", "+44 7700 900123"),
    name="WhatsApp Chat with quay.txt",
)
