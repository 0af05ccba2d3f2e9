"""Which runs of symbols stand in the text that a voice learnt from: a Bloom filter of all runs of ``LENGTH``, without the text.

A run x_1 … x_k of k = ``LENGTH`` symbols, none of which ends a message, has the fingerprint

    h = mix(Σ_j M^(k−j) · (x_j + 1))   mod 2^64

with M = ``MULTIPLIER`` and SplitMix64's ``mix``, and is known if the ``PROBES`` bits

    (h + i · (⌊h / 2^32⌋ | 1) mod 2^64) mod m,   i = 0 … PROBES − 1

of the filter's m are all set; bit b is bit b mod 8 of byte ⌊b / 8⌋. Every run of the text is known. So is by chance one in
eighteen of all others, which costs a guard little: it asks for several in a row. No multiplier or seed is ever drawn, so equal
texts have equal filters everywhere.

Sources: Bloom (1970); Karp and Rabin (1987), the sum; Kirsch and Mitzenmacher (2008), all probes from one fingerprint; Steele,
Lea and Flood (2014), SplitMix64; Whang, Vander-Zanden and Taylor (1990), the count of different runs.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from talklike.corpus.alphabet import END

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LENGTH = 16
"""k, symbols of a run: of shorter ones too many texts are made that copy nothing, and no shorter copy than k can be forbidden
(docs/decisions/0021-novelty-index.md)."""

PROBES = 4
BITS = 6
"""Bits a different run gets in the filter, for which four probes are the best."""

MOST_BYTES = 1 << 29
"""Largest filter, for some 700 million different runs; of a longer text more runs are known by chance."""

MULTIPLIER = 0x9E3779B97F4A7C15
_MIX_1, _MIX_2 = 0xBF58476D1CE4E5B9, 0x94D049BB133111EB
_64 = (1 << 64) - 1
_POWERS = {length: pow(MULTIPLIER, length, 1 << 64) for length in (LENGTH - 1, LENGTH)}
_NUMBERS = np.arange(PROBES, dtype=np.uint64)[:, None]

_AT_ONCE = 1 << 20  # symbols
_ONES = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1).sum(axis=1, dtype=np.uint8)  # in each byte


class NoveltyIndex:
    """The filter of a voice, ready to be asked.

    Args:
        bits: Its bytes, uint8 or int8, shape (m / 8,).
    """

    def __init__(self, bits: np.ndarray) -> None:
        self._bits = bits.view(np.uint8)
        self._bytes = self._bits.data  # gives Python's own integers, five times faster than the array does
        self._m = 8 * len(self._bits)

    def holds(self, total: int) -> bool:
        """Return whether the run with this sum (``extended``) is known."""
        h = _mixed(total)
        step = h >> 32 | 1
        for _ in range(PROBES):
            at = h % self._m
            if not self._bytes[at >> 3] >> (at & 7) & 1:
                return False
            h = h + step & _64
        return True

    def known_ends(self, total: int, symbols: int) -> np.ndarray:
        """Return for each symbol whether it ends a known run, bool, shape (symbols,); END never does.

        Args:
            total: The sum of the ``LENGTH`` − 1 symbols before it.
            symbols: V.
        """
        ends = np.arange(1, symbols + 1, dtype=np.uint64) + np.uint64(extended(total, -1))
        known = self.known(ends)
        known[END] = False
        return known

    def known(self, totals: np.ndarray) -> np.ndarray:
        """Return for each sum of a run, uint64 (N,), whether the run is known, bool (N,)."""
        # All probes at once, (PROBES, N): of few runs the calls cost more than the work.
        h = _mixed_all(totals)
        at = (_NUMBERS * _step(h) + h) % np.uint64(self._m)
        at = at.view(np.int64)  # NumPy would make indices of them again
        known: np.ndarray = (self._bits[at >> 3] >> (at & 7).astype(np.uint8) & 1).all(axis=0)
        return known


def extended(total: int, symbol: int) -> int:
    """Return the sum of a run with one symbol more."""
    return (total * MULTIPLIER + symbol + 1) & _64


def since(total: int, before: int, length: int) -> int:
    """Return the sum of the last ``length`` symbols of a run, ``LENGTH`` or one less.

    Args:
        total: The sum of the whole run.
        before: The sum of the symbols before those.
        length: How many they are.
    """
    return (total - _POWERS[length] * before) & _64


def index_of(streams: Sequence[np.ndarray]) -> np.ndarray:
    """Return the filter of all runs in some streams of symbols, uint8, shape (m / 8,).

    Args:
        streams: Symbols, uint16, shape (N,) each, with END between messages; they are read twice, a few MB at a time.
    """
    count = max(64, sum(len(stream) for stream in streams))
    sketch = np.zeros(min(count, 8 * MOST_BYTES) // 8 + 1, np.uint8)
    _set(sketch, streams, 1)
    m = 8 * len(sketch)
    empty = m - int(_ONES[sketch].sum(dtype=np.int64))
    different = m * math.log(m / max(1, empty))
    bits = np.zeros(min(MOST_BYTES, max(8, math.ceil(different * BITS / 8))), np.uint8)
    _set(bits, streams, PROBES)
    return bits


def sums(stream: np.ndarray) -> np.ndarray:
    """Return the sum of each run of ``LENGTH`` symbols in which no message ends, uint64, in their order."""
    count = len(stream) - LENGTH + 1
    if count <= 0:
        return np.zeros(0, np.uint64)
    totals = np.zeros(count, np.uint64)
    plus_one = stream.astype(np.uint64) + np.uint64(1)
    for first in range(LENGTH):
        totals *= np.uint64(MULTIPLIER)
        totals += plus_one[first : first + count]
    ends = np.concatenate([[0], np.cumsum(stream == END)])
    whole: np.ndarray = totals[ends[LENGTH:] == ends[:-LENGTH]]
    return whole


def _set(bits: np.ndarray, streams: Sequence[np.ndarray], probes: int) -> None:
    """Set the bits of all runs."""
    for piece in _pieces(streams):
        for at in _places(sums(piece), 8 * len(bits), probes):
            # One bit of the eight at a time: then it doesn't matter that several runs may set the same.
            bit = at & np.uint64(7)
            for number in range(8):
                bits[at[bit == number] >> np.uint64(3)] |= np.uint8(1 << number)


def _pieces(streams: Sequence[np.ndarray]) -> Iterator[np.ndarray]:
    """Yield the streams a piece at a time; each begins with the last symbols of the one before, so that no run is missed."""
    for stream in streams:
        for start in range(0, max(0, len(stream) - LENGTH + 1), _AT_ONCE):
            yield np.asarray(stream[start : start + _AT_ONCE + LENGTH - 1])


def _places(totals: np.ndarray, m: int, probes: int = PROBES) -> Iterator[np.ndarray]:
    """Yield the bits, uint64 (N,), that each probe asks for."""
    h = _mixed_all(totals)
    step = _step(h)
    for _ in range(probes):
        yield h % np.uint64(m)
        h += step


def _step(h: np.ndarray) -> np.ndarray:
    """Return how far each probe is behind the one before, by fingerprint, before the remainder is taken."""
    step: np.ndarray = h >> np.uint64(32) | np.uint64(1)
    return step


def _mixed_all(totals: np.ndarray) -> np.ndarray:
    """Return SplitMix64's mix of each number; a new array."""
    h: np.ndarray = totals ^ totals >> np.uint64(30)
    h *= np.uint64(_MIX_1)
    h ^= h >> np.uint64(27)
    h *= np.uint64(_MIX_2)
    h ^= h >> np.uint64(31)
    return h


def _mixed(total: int) -> int:
    """Return SplitMix64's mix of a number."""
    h = (total ^ total >> 30) * _MIX_1 & _64
    h = (h ^ h >> 27) * _MIX_2 & _64
    return h ^ h >> 31
