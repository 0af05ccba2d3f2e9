"""The symbols a voice reads and writes: frequent characters, 256 bytes for everything else, and the end of a message.

Ids are fixed: 0 ends a message, 1…256 are the bytes 0x00…0xFF, 257… are the alphabet's characters in their order.
Any Unicode text therefore encodes and decodes without loss, however rare its characters.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

END = 0
"""Ends a message; also stands before the first one, so that a fresh state has something to read."""

FIRST_BYTE = 1
FIRST_CHARACTER = 257

MIN_COUNT = 5
"""A character seen less often than this in the training part is spelt in bytes: too rare to learn a symbol for."""

MAX_CHARACTERS = 8_000
"""Most characters an alphabet may hold; writing systems with more keep their most frequent ones."""

_CODE_POINTS = 0x110000
_REPLACEMENT = 0xFFFD
_SHORT = 100  # characters
_COUNTED_AT_ONCE = 1 << 20  # characters: a count touches a million cells, far too many for one message


class Alphabet:
    """A two-way mapping between text and symbol ids.

    Args:
        characters: The characters that are symbols of their own, each once.

    >>> alphabet = Alphabet("abc ")
    >>> alphabet.encode("cab é").tolist()
    [259, 257, 258, 260, 196, 170]
    >>> alphabet.decode([259, 257, 258, 260, 196, 170])
    'cab é'
    """

    def __init__(self, characters: str) -> None:
        if len(set(characters)) != len(characters):
            raise ValueError("an alphabet holds each character once")
        self.characters = characters

    def __len__(self) -> int:
        """Return V, the number of symbols: end of message, bytes, characters."""
        return FIRST_CHARACTER + len(self.characters)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Alphabet) and other.characters == self.characters

    def __hash__(self) -> int:
        return hash(self.characters)

    def __repr__(self) -> str:
        return f"Alphabet({self.characters!r})"

    @classmethod
    def from_counts(cls, counts: np.ndarray, *, min_count: int = MIN_COUNT) -> Alphabet:
        """Return the alphabet of the characters seen at least ``min_count`` times, most frequent first.

        Args:
            counts: How often each code point was seen, shape (0x110000,); see ``count_characters``.
            min_count: Characters seen less often are spelt in bytes.
        """
        seen = np.flatnonzero(counts >= min_count)
        by_count = seen[np.lexsort((seen, -counts[seen]))][:MAX_CHARACTERS]
        return cls("".join(map(chr, by_count.tolist())))

    @cached_property
    def _id_of(self) -> np.ndarray:
        table = np.zeros(_CODE_POINTS, np.uint16)
        table[_code_points(self.characters)] = np.arange(FIRST_CHARACTER, len(self), dtype=np.uint16)
        return table

    def encode(self, text: str) -> np.ndarray:
        """Return the symbol ids of ``text``, uint16, shape (T,); characters outside the alphabet become bytes."""
        if len(text) <= _SHORT:  # a prompt: the large table of all code points is too cold for a few of them
            ids = [self._id_of_known.get(character) for character in text]
            if None not in ids:
                return np.array(ids, np.uint16)
        return self._encode(text)[0]

    @cached_property
    def _id_of_known(self) -> dict[str, int]:
        return {character: number for number, character in enumerate(self.characters, FIRST_CHARACTER)}

    def encode_messages(self, texts: Sequence[str]) -> np.ndarray:
        """Return the symbol ids of ``texts``, each followed by END, uint16, shape (T,)."""
        ids, starts = self._encode("".join(texts))
        ends = np.cumsum([len(text) for text in texts], dtype=np.int64)
        return np.insert(ids, np.append(starts, len(ids))[ends], END)

    def _encode(self, text: str) -> tuple[np.ndarray, np.ndarray]:
        """Return the ids of ``text``, and where among them each of its characters begins."""
        points = _code_points(text)
        ids: np.ndarray = self._id_of[points]
        unknown = np.flatnonzero(ids == 0)
        if not len(unknown):
            return ids, np.arange(len(ids))
        spelt = [np.frombuffer(chr(point).encode(), np.uint8) for point in points[unknown].tolist()]
        widths = np.ones(len(points), np.int64)
        widths[unknown] = [len(letters) for letters in spelt]
        starts = np.cumsum(widths) - widths
        ids = np.repeat(ids, widths)
        ids[ids == 0] = np.concatenate(spelt).astype(np.uint16) + FIRST_BYTE
        return ids, starts

    def decode(self, ids: Iterable[int]) -> str:
        """Return the text that ``ids`` spell; ends of messages become newlines, invalid UTF-8 becomes U+FFFD."""
        return b"".join(self.bytes_of[i] for i in ids).decode("utf-8", "replace")

    @cached_property
    def bytes_of(self) -> Sequence[bytes]:
        """What each symbol adds to the text, in UTF-8, by id."""
        single = [bytes([b]) for b in range(256)]
        return [b"\n", *single, *(c.encode() for c in self.characters)]

    @cached_property
    def text_of(self) -> Sequence[str]:
        """The character that each symbol is, by id; nothing for bytes, which are part of one."""
        return ["\n", *[""] * 256, *self.characters]


def count_characters(texts: Iterable[str]) -> np.ndarray:
    """Return how often each Unicode code point stands in ``texts``, int64, shape (0x110000,)."""
    counts = np.zeros(_CODE_POINTS, np.int64)
    waiting: list[str] = []
    length = 0
    for text in texts:
        waiting.append(text)
        length += len(text)
        if length >= _COUNTED_AT_ONCE:
            counts += np.bincount(_code_points("".join(waiting)), minlength=_CODE_POINTS)
            waiting, length = [], 0
    return counts + np.bincount(_code_points("".join(waiting)), minlength=_CODE_POINTS)


def _code_points(text: str) -> np.ndarray:
    """Return the code points of ``text``, uint32; lone surrogates, which no UTF-8 can spell, become U+FFFD."""
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    surrogate = (points >= 0xD800) & (points < 0xE000)
    return np.where(surrogate, np.uint32(_REPLACEMENT), points) if surrogate.any() else points
