"""freeCodeCamp's archive of Gitter rooms: tab-separated, CRLF."""

from __future__ import annotations

from tests.chat.writers.writer import LINES, Rows, Writer, delimited, time_of

ROOM = "56120120d33f749381a847aa"


def write(rows: Rows) -> bytes:
    """Return messages in a file."""
    lines = [
        (ROOM, "FCC/Casual", f"{time_of(i):%Y-%m-%dT%H:%M:%S.000Z}", author, "nick", f"{i:024x}", text)
        for i, (author, text) in enumerate(rows)
    ]
    return delimited(lines, "\t", "\r\n")


WRITER = Writer(write, LINES)
