"""Holds the message table while it is read: in memory as long as it is small, then in temporary Parquet files."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from pathlib import Path

import polars as pl

from talklike.chat.table import SCHEMA

MOST_IN_MEMORY = 256 << 20
"""A table larger than this goes to disk [byte]."""

PART = 64 << 20
"""About how large a part on disk is before it is packed [byte]."""


class TemporaryFolder:
    """A folder that is removed with this object, at the latest when the program ends."""

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="talklike-"))
        self.remove = weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)


class TableStore:
    """Collects batches of the message table."""

    def __init__(self, most_in_memory: int = MOST_IN_MEMORY, part: int = PART) -> None:
        self._batches: list[pl.DataFrame] = []
        self._size = 0
        self._limit = most_in_memory
        self._part = part
        self._folder: TemporaryFolder | None = None
        self._parts = 0

    def add(self, batch: pl.DataFrame) -> None:
        """Add rows in the columns of ``SCHEMA``."""
        self._batches.append(batch)
        self._size += int(batch.estimated_size())
        if self._size > (self._limit if self._folder is None else self._part):
            self._spill()

    def finish(self) -> tuple[pl.LazyFrame, object]:
        """Return the table, and what must live as long as it."""
        if self._folder is None:
            frame = pl.concat(self._batches) if self._batches else SCHEMA.to_frame()
            self._batches = []
            return frame.lazy(), None
        if self._batches:
            self._spill()
        return pl.scan_parquet(self._folder.path / "*.parquet"), self._folder

    def _spill(self) -> None:
        if self._folder is None:
            self._folder = TemporaryFolder()
        # Numbered at full width: the scan takes them in the order of their names.
        pl.concat(self._batches).write_parquet(self._folder.path / f"{self._parts:08}.parquet", compression="lz4")
        self._parts += 1
        self._batches, self._size = [], 0
