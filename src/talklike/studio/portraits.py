"""When someone writes and how much at a time, in a few numbers that fit on a page."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Sequence

DRAWN = 60
"""Authors, most active first, of whom there is a portrait."""

EVERYONE = ""
"""Who stands for all of them together."""

LENGTHS = (0, 10, 20, 40, 80, 160, 320, 640, 1280)
"""Shortest messages of each class of lengths [character]."""

UNITS = (("day", "1d", 120), ("week", "1w", 3 * 366), ("month", "1mo", 10**9))
"""What time is divided into, if the chat spans at most so many days."""


def portraits(messages: pl.LazyFrame, rows: pl.DataFrame) -> dict[str, Any]:
    """Return when and how the most active authors write, and everyone together.

    Args:
        messages: The message table.
        rows: Authors, as ``talklike.chat.authors.authors`` gives them.

    Returns:
        ``unit`` (what ``times`` are: day, week, month), ``times`` (their beginnings as ISO dates, none missing), ``lengths`` (the
        shortest message of each class), and ``of``, which has for each author's id, and for everyone as ``""``, ``activity``
        (messages in each time), ``hours`` (messages in each hour of the day, UTC) and ``lengths`` (messages in each class).
    """
    drawn = rows["author"].head(DRAWN).to_list()
    unit, every = _unit(rows)
    size = pl.col("text").str.len_chars()
    sizes = pl.lit(0)
    for number, least in enumerate(LENGTHS):
        sizes = pl.when(size >= least).then(number).otherwise(sizes)
    who = pl.when(pl.col("author").is_in(drawn)).then(pl.col("author")).otherwise(None)
    told = messages.select(
        who=who, start=pl.col("time").dt.truncate(every).dt.date(), hour=pl.col("time").dt.hour(), size=sizes.cast(pl.UInt8)
    )
    starts, hours, classes = (
        told.group_by("who", key).agg(n=pl.len()).collect(engine="streaming") for key in ("start", "hour", "size")
    )
    times = _times(starts["start"].drop_nulls(), unit)
    of = {
        author: {
            "activity": _counts(starts, "start", author, times),
            "hours": _counts(hours, "hour", author, range(24)) if times else [],
            "lengths": _counts(classes, "size", author, range(len(LENGTHS))),
        }
        for author in (EVERYONE, *drawn)
    }
    return {"unit": unit, "times": [time.isoformat() for time in times], "lengths": list(LENGTHS), "of": of}


def _unit(rows: pl.DataFrame) -> tuple[str, str]:
    first, last = rows["first"].min(), rows["last"].max()
    days = (last - first).days if isinstance(first, datetime) and isinstance(last, datetime) else 0
    return next((unit, every) for unit, every, most in UNITS if days <= most)


def _times(starts: pl.Series, unit: str) -> list[Any]:
    """Return every beginning of a time from the first to the last."""
    if starts.is_empty():
        return []
    first, last = starts.min(), starts.max()
    every = {"day": "1d", "week": "1w", "month": "1mo"}[unit]
    return list(pl.date_range(first, last, every, eager=True))  # type: ignore[arg-type]  # dates, which Polars' types don't know


def _counts(table: pl.DataFrame, key: str, author: str, places: Sequence[Any]) -> list[int]:
    """Return how many messages of an author, or of everyone, lie at each place."""
    rows = table if author == EVERYONE else table.filter(pl.col("who") == author)
    found: dict[Any, int] = {}
    for place, number in rows.select(key, "n").iter_rows():
        found[place] = found.get(place, 0) + number
    return [found.get(place, 0) for place in places]
