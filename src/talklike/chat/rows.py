"""Collects the messages that a format finds one at a time into raw batches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from talklike.chat.format import Batch

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from talklike.chat.format import Rows as RowNumbers

ROWS = 50_000
"""Messages in a batch."""

CHARACTERS = 16 << 20
"""Most characters in a batch, but for its last message."""


class Rows:
    """Messages on their way into batches.

    A format adds messages and now and then yields what ``full`` gives; at the end, what ``rest`` gives::

        rows = Rows()
        for … in …:
            rows.add(line, author, text)
            yield from rows.full()
        yield from rows.rest()
    """

    def __init__(self) -> None:
        self._clear()

    def add(
        self,
        line: int,
        author: str | None,
        text: str | None,
        *,
        time: str | datetime | None = None,
        name: str | None = None,
        channel: str | None = None,
        id: str | None = None,  # noqa: A002 - the column's name
    ) -> None:
        """Add a message.

        Args:
            line: Where it begins, from 1.
            author: Id of who wrote it; messages without one are skipped as such by the common checks.
            text: What; empty ones are skipped too.
            time: When, as text in any common layout, or a time: with a zone, or without one for that of the options. All times
                of a file are of one kind.
            name: Display name; the id without it.
            channel: Room or conversation.
            id: Tells repeated messages.
        """
        self._lines.append(line)
        for column, value in zip(self._columns.values(), (author, text, name, channel, id), strict=True):
            column.append(value)
        self._times.append(time)
        self._characters += len(text or "")

    def full(self) -> Iterator[Batch]:
        """Yield a batch if there are enough messages for one."""
        if len(self._lines) >= ROWS or self._characters >= CHARACTERS:
            yield from self.rest()

    def rest(self) -> Iterator[Batch]:
        """Yield a batch of all messages that are left, if there are any."""
        if not self._lines:
            return
        frame = pl.DataFrame(
            {
                name: pl.Series(values, dtype=pl.String)
                for name, values in self._columns.items()
                if any(v is not None for v in values)
            }
            | {name: pl.Series(self._columns[name], dtype=pl.String) for name in ("author", "text")}
            | self._time()
        )
        lines = np.array(self._lines, np.int64)
        self._clear()

        def at(rows: RowNumbers) -> RowNumbers:
            return lines[rows]

        yield Batch(frame, at)

    def _time(self) -> dict[str, pl.Series]:
        first = next((time for time in self._times if time is not None), None)
        if first is None:
            return {}
        if isinstance(first, str):
            return {"time": pl.Series(self._times, dtype=pl.String)}
        zoned = first.tzinfo is not None
        return {"time": pl.Series(self._times, dtype=pl.Datetime("us", "UTC" if zoned else None))}

    def _clear(self) -> None:
        self._lines: list[int] = []
        self._columns: dict[str, list[str | None]] = {name: [] for name in ("author", "text", "name", "channel", "id")}
        self._times: list[str | datetime | None] = []
        self._characters = 0


def sound(text: str) -> str:
    """Return text without halves of surrogate pairs, which JSON can spell and UTF-8 can't hold."""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
