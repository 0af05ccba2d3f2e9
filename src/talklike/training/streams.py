"""Cuts a training part into B contiguous streams, read T symbols a step, over and over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

if TYPE_CHECKING:
    from talklike.corpus.encode import Part


class TrainingStreams:
    """B streams that start at even distances and each read the whole part, round and round.

    Where a stream stands follows from the step alone, so a resumed run reads exactly what it would have read. The cut into steps
    falls elsewhere each round, because N is rarely a multiple of T.

    Args:
        part: The training part.
        streams: B.
        length: T, symbols a stream reads in a step.
    """

    def __init__(self, part: Part, streams: int, length: int) -> None:
        self.part = part
        self.length = length
        self._total = len(part)
        self._starts = (np.arange(streams) * (self._total / streams)).astype(np.int64)
        self._one_author = part.authors.strides == (0,)

    def batch(self, step: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Return what step ``step`` reads, the symbols that come next, and those symbols' authors; each int64 (T, B)."""
        offsets = step * self.length + np.arange(self.length)[:, None]
        at = (self._starts + offsets) % self._total  # (T, B)
        read = torch.from_numpy(self.part.ids[at].astype(np.int64))
        following = torch.from_numpy(self.part.ids[at + 1].astype(np.int64))
        if self._one_author:
            return read, following, torch.full_like(read, int(self.part.authors[0]))
        return read, following, torch.from_numpy(self.part.authors[at + 1].astype(np.int64))
