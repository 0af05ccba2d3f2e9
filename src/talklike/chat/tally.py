"""Who writes in a chat, counted while it is read, so that a large one needn't be kept to be looked at."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from talklike.chat.authors import by_name, united
from talklike.chat.automated import LONGEST, SAMPLE, SPREAD, drawn
from talklike.chat.table import SCHEMA
from talklike.chat.times import DAY_FIRST

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

TOGETHER, TOGETHER_BYTES = 1 << 17, 64 << 20
"""Rows and bytes that are counted together at most, a little more at times."""

FEW = 1 << 17
"""Below this many rows of names or samples they are not gone through again to leave some out."""

IF_DAY_FIRST = "time_if_day_first"
TIMES = ("time", IF_DAY_FIRST)


class Tally:
    """Counts messages by author and draws a sample of each author's, batch by batch.

    Memory grows with the number of authors and names, not with that of messages.

    Attributes:
        settled: Whether all batches have been added.
    """

    def __init__(self, watch: Callable[[pl.DataFrame], None] | None = None) -> None:
        """Begin.

        Args:
            watch: Is shown all messages too, as tables with the columns of ``SCHEMA`` at least.
        """
        nothing = SCHEMA.to_frame().with_row_index("row").with_columns(pl.col("time").alias(IF_DAY_FIRST)).lazy()
        self.settled = False
        self._watch = watch
        self._waiting: list[pl.DataFrame] = []
        self._waiting_rows = self._waiting_bytes = 0
        self._rows = 0
        self._thread = ThreadPoolExecutor(1, "talklike-tally")  # begins a thread when it is first given something to do
        self._counting: Future[None] | None = None
        self._names = _Gathered(by_name(nothing, TIMES).collect(), _added_up)
        self._authors = pl.Series([], dtype=pl.Categorical(pl.Categories.random()))  # numbers them as long as it lives
        self._messages = np.zeros(0, np.int64)  # of each, by their number
        texts = nothing.select("row", "author", "text", number=pl.lit(0, pl.UInt32)).collect()
        self._texts = _Gathered(texts, self._drawn)

    def add(self, batch: pl.DataFrame) -> None:
        """Count rows in the columns of ``SCHEMA``, and maybe ``DAY_FIRST``."""
        self._waiting.append(batch)
        self._waiting_rows += batch.height
        self._waiting_bytes += int(batch.estimated_size())
        if self._waiting_rows >= TOGETHER or self._waiting_bytes >= TOGETHER_BYTES:
            self._counted()
            self._counting = self._thread.submit(self._count, self._waiting)
            self._waiting, self._waiting_rows, self._waiting_bytes = [], 0, 0

    def settle(self, *, day_first: bool | None = None) -> None:
        """Say that there are no more batches, and whether 03/04 turned out to be the 3rd of April."""
        self._counted()
        self._thread.shutdown()
        if self._waiting:
            self._count(self._waiting)
            self._waiting = []
        if day_first:
            first, last = (pl.col(f"{which}{IF_DAY_FIRST.removeprefix('time')}").alias(which) for which in ("first", "last"))
            self._names = _Gathered(self._names.all().with_columns(first, last), _added_up)
        self.settled = True

    def names(self) -> pl.DataFrame:
        """Return how much everyone wrote under each of their names, see ``talklike.chat.authors.by_name``."""
        return self._names.all()

    def count(self) -> pl.DataFrame:
        """Return what ``talklike.chat.authors.count`` does."""
        return united(self.names())

    def sample(self, wanted: pl.DataFrame) -> pl.DataFrame:
        """Return what ``talklike.chat.automated.sample`` does."""
        return drawn(self._texts.all().lazy(), wanted).collect().sort("row")

    def _counted(self) -> None:
        """Wait for the other thread, and raise its error if there was one."""
        if self._counting is not None:
            self._counting.result()

    def _count(self, batches: list[pl.DataFrame]) -> None:
        batch = pl.concat(batches)
        if self._watch is not None:
            self._watch(batch)
        other = pl.coalesce(DAY_FIRST, "time") if DAY_FIRST in batch.columns else pl.col("time")
        number = batch["author"].cast(self._authors.dtype).to_physical()
        so_far, self._messages = self._messages, np.bincount(number.to_numpy(), minlength=self._messages.size)
        self._messages[: so_far.size] += so_far
        rows = batch.with_row_index("row", self._rows).with_columns(other.alias(IF_DAY_FIRST))
        self._rows += batch.height
        self._names.add(by_name(rows.lazy(), TIMES).collect())
        self._texts.add(self._drawn(rows.select("row", "author", "text", number=number)))

    def _drawn(self, texts: pl.DataFrame) -> pl.DataFrame:
        """Return those texts that may still be in the sample, which gets sparser the more an author writes."""
        keep = SAMPLE / np.maximum(self._messages, 1)
        sparse = texts.filter(pl.Series(keep[texts["number"].to_numpy()]) > SPREAD)
        own = sparse.with_columns(pl.col("text").str.slice(0, LONGEST))
        return own[np.arange(own.height)]  # a copy: what was filtered still holds the texts of all rows


class _Gathered:
    """Rows that are gone through again whenever they have doubled.

    Attributes:
        parts: The rows, those that have been gone through first.
    """

    def __init__(self, first: pl.DataFrame, again: Callable[[pl.DataFrame], pl.DataFrame]) -> None:
        self.parts = [first]
        self._again = again
        self._rows = 0
        self._limit = FEW

    def add(self, rows: pl.DataFrame) -> None:
        self.parts.append(rows)
        self._rows += rows.height
        if self._rows >= self._limit:
            self._limit = max(FEW, 2 * self.all().height)

    def all(self) -> pl.DataFrame:
        if len(self.parts) > 1:
            self.parts = [self._again(pl.concat(self.parts))]
            self._rows = self.parts[0].height
        return self.parts[0]


def _added_up(names: pl.DataFrame) -> pl.DataFrame:
    """Return rows of ``by_name`` with one for each author and name."""
    return names.group_by("author", "name").agg(
        pl.col("messages", "characters").sum(), pl.col("row").max(), pl.col("^first.*$").min(), pl.col("^last.*$").max()
    )
