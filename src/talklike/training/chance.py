"""Random numbers for some of a batch's streams, the same however the streams are shared among threads and processes."""

from __future__ import annotations

import math

import torch


class Chance:
    """Draws for some streams of a batch.

    Whoever shares a batch draws the numbers of the whole batch, from a generator in the same state, and uses those of their own
    streams, so that how many share it changes nothing.

    Args:
        first: First stream of these.
        last: The stream behind the last.
        every: How many streams the batch has.
        generator: Draws; None is torch's global one.
    """

    def __init__(self, first: int, last: int, every: int, generator: torch.Generator | None = None) -> None:
        self.first, self.last, self.every = first, last, every
        self.generator = generator

    @property
    def whole(self) -> bool:
        """Whether these are all streams of the batch."""
        return self.last - self.first == self.every

    def uniform(self, shape: tuple[int, ...], device: torch.device) -> torch.Tensor:
        """Return numbers from 0 to 1, float32.

        Args:
            shape: (…, B, …) with B in the second place.
            device: Where to draw.
        """
        return torch.rand(self._shape(shape), generator=self.generator, device=device)[:, self.first : self.last]

    def bytes(self, shape: tuple[int, ...], device: torch.device) -> torch.Tensor:
        """Return numbers from 0 to 255, uint8; on a processor eight times as fast as ``uniform``.

        Args:
            shape: (…, B, …) with B in the second place.
            device: Where to draw.
        """
        wide = self._shape(shape)
        count = math.prod(wide)
        words = torch.empty(-(-count // 8), dtype=torch.int64, device=device)
        words.random_(-(2**63), None, generator=self.generator)
        return words.view(torch.uint8)[:count].view(wide)[:, self.first : self.last]

    def _shape(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        return shape[0], self.every, *shape[2:]


def all_of(streams: int) -> Chance:
    """Return the draws of a whole batch, from torch's global generator."""
    return Chance(0, streams, streams)
