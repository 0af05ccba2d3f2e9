"""Signal's own export of chats."""

from __future__ import annotations

import json

from tests.chat.writers.writer import LINES, Rows, Writer, time_of

AUTHORS = ("q6urq6urq6urq6urq6urqw==", "zc3Nzc3Nzc3Nzc3Nzc3NzQ==", "7+/v7+/v7+/v7+/v7+/v7w==")


def write(rows: Rows) -> bytes:
    """Return messages in a file."""
    frames: list[dict[str, object]] = [{"version": "1", "backupTimeMs": "1482374240000"}, {"account": {"givenName": "Wren"}}]
    for i, author in enumerate(AUTHORS):
        frames.append({"recipient": {"id": str(i + 1), "contact": {"aci": author, "profileGivenName": f"Name {i}"}}})
    frames.append({"chat": {"id": "1", "recipientId": "2"}})
    for i, (author, text) in enumerate(rows):
        said = {"text": {"body": text}}
        sent = f"{time_of(i).timestamp() * 1000:.0f}"
        item = {
            "chatId": "1",
            "authorId": str(AUTHORS.index(author) + 1),
            "dateSent": sent,
            "incoming": {},
            "standardMessage": said,
        }
        frames.append({"chatItem": item})
    return "\n".join(json.dumps(frame, ensure_ascii=False) for frame in frames).encode()


WRITER = Writer(write, LINES, authors=AUTHORS)
