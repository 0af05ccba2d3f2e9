"""What a symbol loses for having been written lately: repetition, presence and frequency penalties over the last symbols.

They count single characters, of which every text repeats most; ``repeats`` counts runs, which is what people mean by repetition.
They are here because clients send them.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from talklike.generation.sampling import Sampling


class Penalties:
    """How often each symbol is among the last of one text.

    Args:
        sampling: The penalties and how far they look back.
        symbols: V.
    """

    def __init__(self, sampling: Sampling, symbols: int) -> None:
        self._sampling = sampling
        self._counts = np.zeros(symbols, np.int64)
        self._last: deque[int] = deque()

    def add(self, symbol: int) -> None:
        """Take the next symbol of the text."""
        self._counts[symbol] += 1
        self._last.append(symbol)
        if 0 <= self._sampling.penalty_last_n < len(self._last):
            self._counts[self._last.popleft()] -= 1

    def apply(self, logits: np.ndarray) -> np.ndarray:
        """Return the logits, (V,), less the penalties."""
        there = self._counts > 0
        factor = self._sampling.repetition_penalty
        scaled = np.where(logits > 0, logits / factor, logits * factor) if factor != 1 else logits
        lost = self._sampling.presence_penalty + self._sampling.frequency_penalty * self._counts
        changed: np.ndarray = np.where(there, scaled - lost, logits).astype(np.float32)
        return changed
