"""Cuts a training part into B contiguous streams, read T symbols a step, over and over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

if TYPE_CHECKING:
    from talklike.corpus.encode import Part


@dataclass(frozen=True)
class Batch:
    """What a step reads.

    Attributes:
        read: Symbols read, int64 (T, B).
        following: The symbols that come next, int64 (T, B).
        authors: Input values of those symbols' authors, int64 (T, B).
        windows: The last K symbols at each position, the newest first, counted from 1, int64 (T, B, K); None if K is 0.
    """

    read: torch.Tensor
    following: torch.Tensor
    authors: torch.Tensor
    windows: torch.Tensor | None

    def of(self, streams: slice) -> Batch:
        """Return what some of the streams read."""
        windows = None if self.windows is None else self.windows[:, streams]
        return Batch(self.read[:, streams], self.following[:, streams], self.authors[:, streams], windows)

    def to(self, device: torch.device) -> Batch:
        """Return the batch on a device."""
        windows = None if self.windows is None else self.windows.to(device)
        return Batch(self.read.to(device), self.following.to(device), self.authors.to(device), windows)

    def begun_anew(self, streams: torch.Tensor) -> Batch:
        """Return the batch with some streams' windows as if nothing had been read before it.

        Args:
            streams: Which streams, bool (B,).
        """
        assert self.windows is not None, "only a memory looks back"
        T, _, K = self.windows.shape
        steps, back = (torch.arange(size, device=self.windows.device) for size in (T, K))
        there = (back <= steps[:, None])[:, None] | ~streams[None, :, None]
        return Batch(self.read, self.following, self.authors, self.windows * there)


class TrainingStreams:
    """B streams that start at even distances and each read the whole part, round and round.

    Where a stream stands follows from the step alone, so a resumed run reads exactly what it would have read. The cut into steps
    falls elsewhere each round, because N is rarely a multiple of T.

    Args:
        part: The training part.
        streams: B.
        length: T, symbols a stream reads in a step.
        window: K, how many symbols an n-gram memory looks back; 0 without one.
        mine: Which of the B streams this process reads, where several processes share them; all without it.
    """

    def __init__(self, part: Part, streams: int, length: int, *, window: int = 0, mine: slice = slice(None)) -> None:
        self.part = part
        self.length = length
        self._total = len(part)
        self._starts = (np.arange(streams) * (self._total / streams)).astype(np.int64)[mine]
        self._window = window
        self._one_author = part.authors.strides == (0,)

    def batch(self, step: int) -> Batch:
        """Return what step ``step`` reads."""
        offsets = step * self.length + np.arange(self.length)[:, None]
        at = (self._starts + offsets) % self._total  # (T, B)
        read = torch.from_numpy(self.part.ids[at].astype(np.int64))
        following = torch.from_numpy(self.part.ids[at + 1].astype(np.int64))
        if self._one_author:
            authors = torch.full_like(read, int(self.part.authors[0]))
        else:
            authors = torch.from_numpy(self.part.authors[at + 1].astype(np.int64))
        return Batch(read, following, authors, self._windows(read, step) if self._window else None)

    def _windows(self, read: torch.Tensor, step: int) -> torch.Tensor:
        """Return the windows of the symbols read: views of them and of the K − 1 before, moved by one each."""
        before = (self._starts + step * self.length + np.arange(1 - self._window, 0)[:, None]) % self._total  # (K − 1, B)
        text = torch.cat([torch.from_numpy(self.part.ids[before].astype(np.int64)), read])
        return (text + 1).unfold(0, self._window, 1).flip(-1)
