"""A channel as DiscordChatExporter writes it in CSV."""

from __future__ import annotations

import csv
import io

from tests.chat.writers.discord import TEXTS
from tests.chat.writers.writer import Rows, Writer, time_of


def write(rows: Rows) -> bytes:
    """Return messages in a file; all fields but those of the header are in quotes."""
    buffer = io.StringIO(newline="")
    buffer.write("AuthorID,Author,Date,Content,Attachments,Reactions\n")
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL, lineterminator="\n")
    for i, (author, text) in enumerate(rows):
        writer.writerow([author, "wren", f"{time_of(i):%Y-%m-%dT%H:%M:%S.0000000}+00:00", text, "", ""])
    return buffer.getvalue().encode()


WRITER = Writer(write, TEXTS)
