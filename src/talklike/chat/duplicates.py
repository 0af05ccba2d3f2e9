"""Finds messages that an export holds more than once, in memory that grows by 8 bytes a message and has 64 MiB more for many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

if TYPE_CHECKING:
    Hashes = np.ndarray[Any, np.dtype[np.uint64]]
    Mask = np.ndarray[Any, np.dtype[np.bool_]]

IDENTITY = ("id", "channel", "author", "time")
"""What repeated messages have in common. Ids alone may start anew in every channel; texts may have been edited.

Of a row without a time, the text is part of it: ids may start anew in every file, too.
"""

MOST_SINGLE = 100
"""Batches of one message after which the ids are taken for those of messages: some exports have a file for each."""

MANY, TRACES = 200_000, 26
"""After how many messages a table of 2 to the power of ``TRACES`` bytes is kept that spares most searches."""

_TRACE = np.uint64(64 - TRACES)


class Duplicates:
    """Remembers which messages it has seen.

    Two of a billion messages share a 64-bit hash with a probability of 3 %; of ten million, with 0.0003 %.

    Attributes:
        trusted: Whether the id column tells messages apart: False once a first batch has shown that most ids stand for
            several messages (the column then holds something else, such as the author's id).
        undecided: Whether that is still to be found out: one message tells nothing.
    """

    def __init__(self, many: int = MANY) -> None:
        self._many = many
        self.trusted = True
        self.undecided = True
        self._single = 0
        self._seen: list[Hashes] = []  # sorted, each less than half as long as the one before
        self._count = 0
        self._traces: Mask | None = None  # by the first bits of a hash, whether any like it has been seen

    def repeated(self, frame: pl.DataFrame) -> Mask:
        """Return for each row whether its message has been seen before, in this batch or an earlier one.

        Args:
            frame: A raw batch, with a column ``id``; a row without an id is never a repetition.
        """
        ids = frame["id"]
        has_id = (ids.is_not_null() & (ids != "")).to_numpy()
        if self.undecided:
            count = int(has_id.sum())
            self._single += 1
            self.undecided = count < 2 and self._single < MOST_SINGLE
            where, what = ([name for name in names if name in frame.columns] for names in (IDENTITY[:2], (*IDENTITY, "text")))
            told = frame.filter(pl.Series(has_id))
            # An export that lies there twice has each message twice, but no other with the same id.
            self.trusted = count < 2 or told.select(where).n_unique() * 2 > told.select(what).n_unique()
        if not self.trusted:
            return np.zeros(frame.height, np.bool_)
        hashes = _hashes(frame)
        repeated = np.zeros(frame.height, np.bool_)
        if not has_id.all():
            hashes = hashes.filter(pl.Series(has_id))
        fresh = hashes.sort(multithreaded=False).to_numpy()  # NumPy's sort takes thrice as long on Zen 4
        if self._all_new(fresh):
            self._remember(fresh)
            return repeated
        unique, first = np.unique(hashes.to_numpy(), return_index=True)
        repeated[has_id] = True
        repeated[np.flatnonzero(has_id)[first]] = False
        rows = np.flatnonzero(has_id)[first]
        for seen in self._seen:
            place = np.minimum(np.searchsorted(seen, unique), seen.size - 1)
            known = seen[place] == unique
            repeated[rows[known]] = True
            unique, rows = unique[~known], rows[~known]
        self._remember(unique)
        return repeated

    def _all_new(self, hashes: Hashes) -> bool:
        """Return whether all of ``hashes`` are different and none has been seen.

        Args:
            hashes: Sorted.
        """
        if (hashes[1:] == hashes[:-1]).any():
            return False
        if self._traces is not None:
            hashes = hashes[self._traces[hashes >> _TRACE]]
        return not any((seen[np.minimum(np.searchsorted(seen, hashes), seen.size - 1)] == hashes).any() for seen in self._seen)

    def _remember(self, unseen: Hashes) -> None:
        """Remember hashes that aren't known yet, sorted."""
        if unseen.size:
            self._seen.append(unseen)
            self._count += unseen.size
        if self._traces is not None:
            self._traces[unseen >> _TRACE] = True
        elif self._count > self._many:
            self._traces = np.zeros(1 << TRACES, np.bool_)
            for seen in self._seen:
                self._traces[seen >> _TRACE] = True
        while len(self._seen) > 1 and self._seen[-1].size * 2 >= self._seen[-2].size:
            merged = np.concatenate([self._seen.pop(), self._seen.pop()])
            merged.sort(kind="stable")  # which merges runs that are sorted; a union would hash and sort them anew
            self._seen.append(merged)


def _hashes(frame: pl.DataFrame) -> pl.Series:
    """Return what stands for each row's identity, whatever else is in the batch."""
    # A column that is missing here may be there in the next batch.
    identity = [pl.col(name) if name in frame.columns else pl.lit(None, pl.String).alias(name) for name in IDENTITY]
    hashes = frame.select(identity).hash_rows(seed=0)
    untimed = _untimed(frame) if "text" in frame.columns else None
    if untimed is not None and untimed.any():
        rows = untimed.arg_true()
        nothing = pl.lit(None, pl.String).alias("time")  # the same where there is no column
        told = frame.filter(untimed).select(*identity[:-1], nothing, "text")
        hashes = hashes.scatter(rows, told.hash_rows(seed=0))
    return hashes


def _untimed(frame: pl.DataFrame) -> pl.Series | None:
    """Return which rows have no time; None if all have one, as is seen at once where times aren't text."""
    if "time" not in frame.columns:
        return pl.repeat(True, frame.height, eager=True)
    time = frame["time"]
    if time.dtype == pl.String:
        return (time == "").fill_null(value=True) if time.null_count() else time == ""
    return time.is_null() if time.null_count() else None
