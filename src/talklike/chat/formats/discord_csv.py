"""Discord: channels as DiscordChatExporter writes them in CSV.

Layouts: its versions 2.0 to 2.47, with ``;`` at first, without ``AuthorID`` until 2.21, with a comma at the end of rows in some.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polars as pl

from talklike.chat.discord_dates import common
from talklike.chat.discord_markup import MARKED_UP, NOTICE, plain, untagged
from talklike.chat.discord_tables import header, read_fields, without
from talklike.chat.format import Batch, Match
from talklike.errors import FormatError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talklike.chat.options import ReadOptions
    from talklike.chat.report import ReadReport
    from talklike.chat.source import Head, Source
    from talklike.chat.table import Kind

HEADER = frozenset({"author", "date", "content", "attachments"})
"""Columns that all versions have."""

COLUMNS = {"authorid": "author", "author": "name", "date": "time", "content": "text", "attachments": "attachments"}
"""What to call them."""

_PART = re.compile(r" \[part \d+\]$")
"""What is appended to the names of the files, but for the first, where a channel is written into several."""


class DiscordCsv:
    """Tables of DiscordChatExporter."""

    name = "discord-csv"
    title = "Discord: channels exported by DiscordChatExporter (CSV)"
    rule = "a header with Author, Date, Content, Attachments, mostly AuthorID and Reactions too"
    limits = "the table has no message ids and doesn't tell bots or forwarded messages; the channel is the file's name"
    kind: Kind = "messages"
    has_columns = False

    def detect(self, head: Head) -> Match | None:
        """Say whether the first record is the header."""
        if b"Attachments" not in head.data[:200]:
            return None
        found = header(head, HEADER)
        return None if found is None else Match(0.96, f"the header of DiscordChatExporter's tables, separated by {found.by}")

    def read(self, source: Source, options: ReadOptions, report: ReadReport) -> Iterator[Batch]:  # noqa: ARG002 - as in every format
        """Yield the rows.

        Raises:
            FormatError: The file has another header.
        """
        found = header(source.head, HEADER)
        if found is None:
            raise FormatError(f"{source.name} has no header of DiscordChatExporter; leave out --format to detect what it is")
        people: dict[str, str] = {}
        for batch in read_fields(source, report, found, COLUMNS):
            text = batch.frame["text"].str.strip_chars()
            media = (text == "") & (batch.frame["attachments"].str.strip_chars() != "")
            rows = without(batch, media, "media only", source, report)
            rows = without(rows, rows.frame["text"].str.contains(f"^{NOTICE}$"), "system line", source, report)
            yield Batch(_columns(rows.frame, _PART.sub("", source.stem), people), rows.lines)


def _columns(frame: pl.DataFrame, channel: str, people: dict[str, str]) -> pl.DataFrame:
    """Return a raw batch.

    Args:
        frame: The rows, as they are in the table.
        channel: Where they are from.
        people: Names by ids, for mentions; gets those of these rows.
    """
    names = {name: untagged(name) for name in frame["name"].unique()}
    called = [names[name] for name in frame["name"]]
    author = frame["author"] if "author" in frame.columns else frame["name"]
    people |= dict(zip(author, called, strict=True))
    text = frame["text"]
    marked = text.str.contains(MARKED_UP)
    if marked.any():
        text = text.scatter(marked.arg_true(), [plain(one, people, {}) for one in text.filter(marked)])
    return pl.DataFrame(
        {
            "author": author,
            "name": pl.Series(called, dtype=pl.String),
            "channel": pl.Series([channel] * frame.height, dtype=pl.String),
            "time": pl.Series(list(map(common, frame["time"])), dtype=pl.String),
            "text": text,
        }
    )


DISCORD_CSV = DiscordCsv()
