"""Where texts stand in other texts, exactly: the longest match at each of their characters, by a suffix array.

The texts lie one after the other in UTF-8, each followed by eight bytes 0xFF, which UTF-8 never holds. Searches compare eight
bytes at a time, as whole numbers whose order is that of the bytes: a chunk that begins inside a text never reaches the next one.
What is searched for ends in 0xFE, so that no match goes beyond an end on either side.

Source: Manber and Myers (1993), Suffix arrays: a new method for on-line string searches; sorted by libdivsufsort (Mori 2008).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from talklike.errors import MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MOST_OCCURRENCES = 100_000
"""Of a part that stands more often in the texts, so many occurrences are looked at."""

_CHUNK = 8  # bytes compared at once
_TEXT_END = b"\xff" * _CHUNK
_QUERY_END = b"\xfe" * _CHUNK
_WIDEST = 4  # bytes of a character
_BYTE_STEPS = np.uint64(1) << (8 * np.arange(_CHUNK, dtype=np.uint64))  # 1, 256, …: a number of k bytes is at least the k-th


class SuffixArray:
    """Texts, ready to be searched. It holds five bytes for each byte of UTF-8.

    Args:
        texts: What is searched in; any Unicode text, lone surrogates too.

    Raises:
        MissingExtraError: The package that sorts suffixes isn't installed.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        try:
            from pydivsufsort import divsufsort
        except ImportError as error:
            raise MissingExtraError("pydivsufsort", "evaluate") from error
        self._bytes = _laid_out(texts, _TEXT_END)
        self._chunks = _chunks(self._bytes)
        ends = np.flatnonzero(self._bytes == _TEXT_END[0])[:: len(_TEXT_END)]
        self._starts = np.concatenate([[0], ends + len(_TEXT_END)])[:-1]
        # The suffixes that begin with an end are the last, and are no part of any text.
        self._suffixes = divsufsort(self._bytes)[: len(self._bytes) - len(ends) * len(_TEXT_END)]

    def longest(self, queries: Sequence[str]) -> list[np.ndarray]:
        """Return how far each query, from each of its characters on, stands in some text.

        Args:
            queries: Q texts.

        Returns:
            For each query, an int64 array of its length: the number of characters of the longest match that begins there.
        """
        data = _laid_out(queries, _QUERY_END)
        continues = (data & 0xC0) == 0x80
        begins = ~continues & (data != _QUERY_END[0])
        at = np.flatnonzero(begins)
        ends = at + self._matched(_chunks(data), at)
        before = np.concatenate([[0], np.cumsum(begins)])  # characters that begin before each byte
        lengths = before[ends] - before[at] - continues[ends]  # a character of which only some bytes match isn't matched
        return np.split(lengths, np.cumsum([len(query) for query in queries])[:-1]) if queries else []

    def holders(self, parts: Sequence[str]) -> list[np.ndarray]:
        """Return for each part the numbers of the texts in which it stands, increasing; see ``MOST_OCCURRENCES``.

        Args:
            parts: Texts to find as a whole; none is empty.
        """
        data = _laid_out(parts, b"\0" * _CHUNK)
        sizes = np.array([len(_encoded(part)) for part in parts], np.int64)
        starts = np.cumsum(sizes + _CHUNK) - (sizes + _CHUNK)
        chunks = _chunks(data)
        low, high = np.zeros(len(parts), np.int64), np.full(len(parts), len(self._suffixes))
        for depth in range(0, int(sizes.max(initial=0)), _CHUNK):
            which = np.flatnonzero((depth < sizes) & (low < high))
            least = chunks[starts[which] + depth].astype(np.uint64)
            unknown = 8 * np.maximum(0, _CHUNK - (sizes[which] - depth)).astype(np.uint64)  # bits behind the part
            most = least | ((np.uint64(1) << unknown) - np.uint64(1))
            first = self._bound(least, low[which], high[which], depth, "left")
            low[which], high[which] = first, self._bound(most, first, high[which], depth, "right")
        found = (self._suffixes[a : min(b, a + MOST_OCCURRENCES)] for a, b in zip(low.tolist(), high.tolist(), strict=True))
        return [np.unique(np.searchsorted(self._starts, places, "right") - 1) for places in found]

    def _matched(self, chunks: np.ndarray, at: np.ndarray) -> np.ndarray:
        """Return how many bytes match from each place on, int64, shape (P,).

        Args:
            chunks: The eight bytes from each byte of the queries on.
            at: P places in the queries, increasing.
        """
        matched = np.zeros(len(at), np.int64)
        only = np.full(len(at), -1, np.int64)  # the one place where the match can go on, once it is one
        low, high = np.zeros(len(at), np.int64), np.full(len(at), len(self._suffixes))
        left, depth = np.arange(len(at)), 0
        while len(left):
            wanted = chunks[at[left] + depth].astype(np.uint64)
            first = self._bound(wanted, low[left], high[left], depth, "left")
            last = self._bound(wanted, first, high[left], depth, "right")
            missed = first == last
            nearest = np.zeros(len(left), np.int64)
            for neighbour in (first - 1, first):  # what is most like the query stands beside where it would stand
                there = np.flatnonzero(missed & (neighbour >= low[left]) & (neighbour < high[left]))
                beside = self._chunks[self._suffixes[neighbour[there]] + depth].astype(np.uint64)
                nearest[there] = np.maximum(nearest[there], _common(wanted[there], beside))
            depth += _CHUNK
            matched[left] += np.where(missed, nearest, _CHUNK)
            low[left], high[left] = first, last
            alone = last - first == 1
            only[left[alone]] = self._suffixes[first[alone]]
            left = left[last - first > 1]
        return self._followed(chunks, at, matched, only)

    def _followed(self, chunks: np.ndarray, at: np.ndarray, matched: np.ndarray, only: np.ndarray) -> np.ndarray:
        """Return ``matched`` where the matches that can go on in one place only are followed to their end.

        The match of the next character, if it can go on only there too, ends where this one does: a long one is read once.
        """
        step = np.diff(at)
        same = (only[1:] >= 0) & (only[:-1] >= 0) & (np.diff(only) == step) & (step <= _WIDEST)
        begins = np.concatenate([[True], ~same])[: len(at)]
        left = np.flatnonzero(begins & (only >= 0))
        while len(left):
            here, there = at[left] + matched[left], only[left] + matched[left]
            more = _common(chunks[here].astype(np.uint64), self._chunks[there].astype(np.uint64))
            matched[left] += more
            left = left[more == _CHUNK]
        head = np.maximum.accumulate(np.where(begins, np.arange(len(at)), 0))
        return np.where(only >= 0, at[head] + matched[head] - at, matched)

    def _bound(
        self, wanted: np.ndarray, low: np.ndarray, high: np.ndarray, depth: int, side: Literal["left", "right"]
    ) -> np.ndarray:
        """Return where each chunk belongs among the suffixes from ``low`` to ``high``, which are alike up to ``depth`` bytes.

        Args:
            wanted: Chunks, uint64, shape (P,).
            low: First suffix of each range.
            high: The one after its last.
            depth: How many bytes into the suffixes the chunks stand.
            side: Before or after equal ones.
        """
        low, high = low.copy(), high.copy()
        left = np.flatnonzero(low < high)
        while len(left):
            middle = (low[left] + high[left]) >> 1
            found = self._chunks[self._suffixes[middle] + depth].astype(np.uint64)
            later = found < wanted[left] if side == "left" else found <= wanted[left]
            low[left[later]] = middle[later] + 1
            high[left[~later]] = middle[~later]
            left = left[low[left] < high[left]]
        return low


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _laid_out(texts: Iterable[str], end: bytes) -> np.ndarray:
    """Return texts in UTF-8, one after the other, each followed by ``end``, uint8; and one end where there are none."""
    encoded = bytearray(end.join(map(_encoded, texts)))
    encoded += end
    return np.frombuffer(encoded, np.uint8)


def _chunks(data: np.ndarray) -> np.ndarray:
    """Return the eight bytes from each byte on as a whole number, a view of big-endian uint64."""
    return np.ndarray((len(data) - _CHUNK + 1,), ">u8", data, strides=(1,))


def _common(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return how many leading bytes two arrays of chunks share."""
    different: np.ndarray = np.searchsorted(_BYTE_STEPS, one ^ other, "right")
    return _CHUNK - different
