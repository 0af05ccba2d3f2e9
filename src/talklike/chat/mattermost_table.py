"""Mattermost's tables: a channel that its plugin Channel Export wrote, and the server's compliance export (CSV).

Layouts: the plugin's versions 0.1 to 2, first with milliseconds, then with times as Go shows them, of the server's zone, then of
UTC; ``posts.csv`` of the compliance export, with columns for the channel and, since version 10, for what became of a post.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from talklike.chat.discord_tables import header, read_fields, without
from talklike.chat.format import Batch
from talklike.chat.mattermost_notices import ACTION, BY_PEOPLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talklike.chat.discord_tables import Header
    from talklike.chat.report import ReadReport
    from talklike.chat.source import Head, Source

HEADER = frozenset({"postcreationtime", "userid", "postid", "postmessage", "posttype"})
"""Columns that all versions have."""

COLUMNS = {
    "userid": "author", "username": "name", "postcreationtime": "time", "postmessage": "text", "postid": "id",
    "posttype": "type", "postupdatetype": "update", "usertype": "by", "channelname": "short", "channeldisplayname": "channel",
}  # fmt: skip
"""What to call them and some that not all have."""

FILES = ["attachment", "deleted attachment"]
"""Types of rows of the compliance export that stand for a file of a post."""

POSTS = [*BY_PEOPLE, "message"]
"""Types of rows that someone wrote; all others tell what happened."""

GONE = ["Deleted", "FileDeleted"]
"""What became of a post: the row repeats it as it is deleted."""

EDITED = ["EditedOriginalMsg"]
"""What became of a post: the row has the text before an edit."""

GO_TIME = r"^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?) ([+-]\d{4}) \S+$"
"""A time, the offset of its zone and that zone's name, which the common parser doesn't take."""


def table_header(head: Head) -> Header | None:
    """Return the header, if a file is one of Mattermost's tables; else None."""
    return header(head, HEADER) if b"Post Message" in head.data[:1000] else None


def read_table(source: Source, found: Header, report: ReadReport) -> Iterator[Batch]:
    """Yield the rows.

    Args:
        source: The file.
        found: What ``table_header`` returned.
        report: Gets what is left out, and who is a program.
    """
    for batch in read_fields(source, report, found, COLUMNS):
        rows = without(batch, batch.frame["type"].is_in(FILES), "media only", source, report)
        rows = without(rows, ~rows.frame["type"].is_in(POSTS), "system line", source, report)
        if "update" in rows.frame.columns:
            rows = without(rows, rows.frame["update"].is_in(GONE), "deleted", source, report)
            rows = without(rows, rows.frame["update"].is_in(EDITED), "old version", source, report)
        if "by" in rows.frame.columns:
            report.bots.update(rows.frame.filter(pl.col("by") == "bot")["author"].unique())
        yield Batch(_columns(rows.frame, source.stem), rows.lines)


def _columns(frame: pl.DataFrame, stem: str) -> pl.DataFrame:
    """Return a raw batch; the channel is called as the table says, else as the file is."""
    waves = pl.col("text").str.replace(r"(?s)^\*(.+)\*$", "$1")
    called = [pl.col(name).replace("", None) for name in ("channel", "short") if name in frame.columns]
    return frame.select(
        pl.col("author"),
        *(pl.col("name") for name in ("name",) if name in frame.columns),
        pl.coalesce(*called, pl.lit(stem)).alias("channel"),
        pl.col("time").str.replace(GO_TIME, "$1 $2"),
        pl.when(pl.col("type") == ACTION).then(waves).otherwise(pl.col("text")).alias("text"),
        pl.col("id"),
    )
