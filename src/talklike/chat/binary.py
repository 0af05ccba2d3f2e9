"""What a file is that holds no text, and what to do instead."""

from __future__ import annotations

import re

_WHATSAPP = "in WhatsApp open the chat, then More › Export chat (iPhone: the contact's name › Export Chat)"
_ENCRYPTED_BACKUP = re.compile(r"\.crypt\d*$", re.IGNORECASE)

DATABASES: tuple[tuple[tuple[bytes, ...], str], ...] = (
    ((b"message_add_on", b"jid"), f"WhatsApp's database (msgstore.db); {_WHATSAPP}"),
    ((b"ZWAMESSAGE",), f"WhatsApp's database on an iPhone (ChatStorage.sqlite); {_WHATSAPP}"),
    ((b"chat_message_join",), "Apple's database of messages (chat.db); write its messages into a CSV with a tool of your choice"),
    (
        (b"recipient", b"part", b"thread"),
        "Signal's database; write its messages as text or JSON with a tool such as signal-export",
    ),
    ((b"viber",), "Viber's database; in Viber: More › Settings › Account › Viber backup › Email message history"),
)
"""What tables tell of an SQLite database, whose schema stands at its start, and what to do with it."""


def no_text(kind: str, data: bytes, name: str) -> str:
    """Return what a file holds that is no text, and what to do.

    Args:
        kind: What its first bytes say.
        data: These bytes.
        name: Of the file, with its suffix.
    """
    if _ENCRYPTED_BACKUP.search(name):
        return f"it is WhatsApp's encrypted backup, which only WhatsApp can open; {_WHATSAPP}"
    if data.startswith(b"SQLite format 3"):
        database = next((what for tables, what in DATABASES if all(table in data for table in tables)), None)
        return "it is " + (database or f"{kind}; export its messages as JSON, CSV or text")
    if name.lower().endswith(".backup"):
        return "it is a backup that only its app can open (Signal); write its messages as text with a tool such as signal-export"
    if kind.startswith(("a PDF", "an old Office", "a zip archive or")):
        return f"it is {kind}; save it as plain text, a spreadsheet as CSV"
    if "archive" in kind:
        return f"it is {kind}; unpack it and name the folder"
    return f"it is {kind}"
