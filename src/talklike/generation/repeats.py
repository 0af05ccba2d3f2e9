"""What a symbol loses for repeating a run of symbols: DRY, and no-repeat n-grams.

Both ask the same of a text x_0 … x_{n−1}: for each earlier place j, how many symbols before j are those before the end? That
length m_j follows from the one a symbol before: appending x_n makes m_{j+1} = m_j + 1 where x_j = x_n and 0 elsewhere, one pass
over an array for each symbol.

Source: the DRY sampler of oobabooga's text-generation-webui (p-e-w, 2024) and of llama.cpp.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from talklike.generation.sampling import Sampling

_ROOM = 256  # symbols; doubled when a text outgrows it

_LONGEST_RUN = 1000  # base ** length stays a number
_MOST_LOST = 1e30  # as good as a ban, and still a number in float32


class Repeats:
    """The runs of one text that are being repeated right now.

    Args:
        sampling: DRY's values and the size of n-grams that may not come twice.
        bytes_of: What each symbol adds to the text (``Alphabet.bytes_of``), to find DRY's breakers.
    """

    def __init__(self, sampling: Sampling, bytes_of: Sequence[bytes]) -> None:
        self._sampling = sampling
        self._bytes_of = bytes_of
        self._breakers = [breaker.encode() for breaker in sampling.dry_breakers]
        self._longest = max(map(len, self._breakers), default=0)
        self._tail = b""
        self._symbols = np.zeros(_ROOM, np.int64)
        self._runs = np.zeros(_ROOM + 1, np.int64)  # m_j, for n-grams
        self._unbroken = np.zeros(_ROOM + 1, np.int64)  # the same, but no run goes on through a breaker
        self._count = 0

    def add(self, symbol: int) -> None:
        """Take the next symbol of the text."""
        n = self._count
        if n == len(self._symbols):
            self._symbols = np.concatenate([self._symbols, np.zeros(n, np.int64)])
            self._runs, self._unbroken = (np.concatenate([a, np.zeros(n, np.int64)]) for a in (self._runs, self._unbroken))
        same = self._symbols[:n] == symbol
        for runs in (self._runs, self._unbroken):
            runs[1 : n + 1] = np.where(same, runs[:n] + 1, 0)
        self._symbols[n] = symbol
        self._count = n + 1
        if self._longest:
            self._tail = (self._tail + self._bytes_of[symbol])[-self._longest :]
            if any(self._tail.endswith(breaker) for breaker in self._breakers):
                self._unbroken[: n + 1] = 0

    def apply(self, logits: np.ndarray) -> np.ndarray:
        """Return the logits, (V,), less what repeating costs; −inf where an n-gram would come twice."""
        sampling, n = self._sampling, self._count
        result = logits
        if sampling.dry_multiplier > 0 and sampling.dry_penalty_last_n != 0:
            first = 0 if sampling.dry_penalty_last_n < 0 else max(0, n - sampling.dry_penalty_last_n)
            runs = self._unbroken[first:n]
            places = np.flatnonzero(runs >= sampling.dry_allowed_length)
            if places.size:
                lengths = np.zeros(len(logits), np.int64)
                np.maximum.at(lengths, self._symbols[first + places], runs[places])
                over = np.minimum(lengths - sampling.dry_allowed_length, _LONGEST_RUN)
                with np.errstate(over="ignore"):
                    lost = sampling.dry_multiplier * np.power(sampling.dry_base, np.maximum(over, 0), dtype=np.float64)
                lost = np.minimum(lost, _MOST_LOST)
                result = np.where(over >= 0, logits - lost, logits).astype(np.float32)
        size = sampling.no_repeat_ngram_size
        if 0 < size <= n:
            places = np.flatnonzero(self._runs[:n] >= size - 1)
            if places.size:
                result = result.copy()
                result[self._symbols[places]] = -np.inf
        return result
