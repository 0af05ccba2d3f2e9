"""Where the records of delimited text are, found for 64 bytes at a time.

Where a byte is, is held in words of 64 bits, a bit for each byte of the text, the first byte in the lowest bit. Whether a byte is
inside quotes is then the exclusive or of all bits up to its own, six shifts for 64 bytes; and what must stand beside a quote is a
comparison with the bits moved by one. That is four times as fast as to number the quotes, delimiters and line ends and to look
each up among the quotes.

Source: Langdale and Lemire (2019), Parsing Gigabytes of JSON per Second, section 3.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    Bytes = np.ndarray[Any, np.dtype[np.uint8]]
    Positions = np.ndarray[Any, np.dtype[np.int64]]
    Words = np.ndarray[Any, np.dtype[np.uint64]]

QUOTE, NEWLINE, RETURN = b'"\n\r'

PART = 1 << 20
"""How much is looked at in one go [byte], a multiple of 64: little enough to stay in a core's cache with all that is made of it,
whose memory is then used again. Memory from the system costs more than the search: some microseconds for every 4 KiB."""

WORD = np.dtype("<u8")
"""Bits in the order of their bytes on every machine."""

_SHIFTS = tuple(np.uint64(shift) for shift in (1, 2, 4, 8, 16, 32))
_NONE, _ONE, _LAST, _ALL = np.uint64(0), np.uint64(1), np.uint64(63), np.uint64(2**64 - 1)


@dataclass(frozen=True)
class Skeleton:
    """The records of a text whose quotes only enclose whole fields.

    Attributes:
        ends: Where each record's newline is [byte].
        widths: How many fields each record has.
    """

    ends: Positions
    widths: Positions


def skeleton(data: bytes, delimiter: int, part: int = PART) -> Skeleton | None:
    """Find the complete records at the start of a text.

    A byte lies inside quotes exactly where an odd number of quotes precedes it (a doubled quote closes and opens), if quotes
    only enclose whole fields or are doubled inside such. That is checked, up to the end of the last record.

    Args:
        data: Delimited text from the start of a record.
        delimiter: The byte that separates fields.
        part: How much to look at in one go [byte], a multiple of 64.

    Returns:
        None where quotes mean something else, where a carriage return outside quotes is part of a field, or where no record
        is complete.
    """
    search = _Search(delimiter)
    array = np.frombuffer(data, np.uint8)
    for start in range(0, array.size, part):
        search.add(array[start : start + part], returns=data.find(b"\r", start, start + part) >= 0)
        if search.failed:
            return None
    return search.found()


class _Search:
    """Goes through a text part by part."""

    def __init__(self, delimiter: int) -> None:
        self._delimiter = delimiter
        self._start = 0
        self._ends: list[Positions] = []
        self._before: list[Positions] = []  # how many delimiters outside quotes precede each end
        self._delimiters = 0
        self._wrong: int | None = None  # the first byte that breaks a rule
        # Of the byte before the part: whether it is inside quotes (all bits), a separator or closing quote (a text begins as
        # after one), and a closing quote or a carriage return outside quotes, which depend on the byte after.
        self._inside, self._left, self._closing, self._return = _NONE, _ONE, _NONE, _NONE

    @property
    def failed(self) -> bool:
        """Whether a rule is broken inside a record; after its end there may be half of another, which tells nothing."""
        return self._wrong is not None and bool(self._ends) and int(self._ends[-1][-1]) > self._wrong

    def add(self, part: Bytes, *, returns: bool) -> None:
        """Go on with the next bytes.

        Args:
            part: A multiple of 64 bytes, but for the last part.
            returns: Whether there is a carriage return among them.
        """
        quotes = _places(part, QUOTE)
        inside = _odd(quotes)  # an opening quote is inside, a closing one isn't
        inside ^= self._inside
        outside = ~inside
        newlines = _places(part, NEWLINE) & outside
        delimiters = _places(part, self._delimiter) & outside
        separators = newlines | delimiters
        opening, closing = quotes & inside, quotes & outside
        before = separators | closing
        after = separators | opening
        wrong = opening & ~_up(before, self._left)
        if returns or self._return:
            stray = _places(part, RETURN) & outside
            if self._return and not newlines[0] & _ONE:
                self._break(-1)
            self._return = stray[-1] >> _LAST
            after |= stray
            wrong |= stray & ~_down(newlines)
        if self._closing and not after[0] & _ONE:
            self._break(-1)
        wrong |= closing & ~_down(after)
        self._closing = closing[-1] >> _LAST
        if wrong.any():
            self._break(int(_numbers(wrong)[0]))
        self._inside = _ALL if inside[-1] >> _LAST else _NONE
        self._left = before[-1] >> _LAST
        self._note(newlines, delimiters)
        self._start += part.size

    def found(self) -> Skeleton | None:
        """Return the records, after the last part."""
        if self.failed or not self._ends:
            return None
        before = np.concatenate(([0], *self._before))
        return Skeleton(np.concatenate(self._ends), before[1:] - before[:-1] + 1)

    def _break(self, place: int) -> None:
        """Note that byte ``place`` of the part breaks a rule."""
        if self._wrong is None:
            self._wrong = self._start + place

    def _note(self, newlines: Words, delimiters: Words) -> None:
        """Note where records end, and with how many delimiters before."""
        ends = _numbers(newlines)
        each = _ones(delimiters)
        total = np.cumsum(each, dtype=np.int64)
        if ends.size:
            word = ends >> 6
            later = _ALL << (ends & 63).astype(np.uint64)
            self._before.append(self._delimiters + total[word] - _ones(delimiters[word] & later))
            self._ends.append(self._start + ends)
        self._delimiters += int(total[-1])


def _places(part: Bytes, character: int) -> Words:
    """Return where a character is."""
    packed = np.packbits(part == character, bitorder="little")
    if packed.size % 8:
        packed = np.concatenate((packed, np.zeros(-packed.size % 8, np.uint8)))
    return packed.view(WORD)


def _odd(words: Words) -> Words:
    """Return where the number of set bits up to and including this one is odd."""
    odd = words ^ (words << _SHIFTS[0])
    shifted = np.empty_like(odd)
    for shift in _SHIFTS[1:]:
        odd ^= np.left_shift(odd, shift, out=shifted)
    # Whether a word as a whole has an odd number of bits stands in its last bit; sums modulo 256 keep that.
    whole = np.cumsum(odd[:-1] >> _LAST, dtype=np.uint8) & 1
    odd[1:] ^= -whole.astype(np.uint64)  # all bits or none
    return odd


def _up(words: Words, first: np.uint64) -> Words:
    """Return the bits moved to the next byte, with ``first`` for the first."""
    moved = words << _ONE
    moved[1:] |= words[:-1] >> _LAST
    moved[0] |= first
    return moved


def _down(words: Words) -> Words:
    """Return the bits moved to the byte before; the last is set, for it isn't known yet."""
    moved = words >> _ONE
    moved[:-1] |= words[1:] << _LAST
    moved[-1] |= _ONE << _LAST
    return moved


def _numbers(words: Words) -> Positions:
    """Return the bytes whose bits are set, ascending."""
    some = np.flatnonzero(words != 0)
    bits = np.unpackbits(words[some].view(np.uint8), bitorder="little").view(np.bool_)
    places = np.flatnonzero(bits)
    return np.asarray((some[places >> 6] << 6) + (places & 63), np.int64)


def _ones(words: Words) -> Positions:
    """Return how many bits of each word are set."""
    if hasattr(np, "bitwise_count"):  # from NumPy 2 on
        return np.asarray(np.bitwise_count(words), np.int64)
    return np.asarray(np.unpackbits(words.view(np.uint8)).reshape(-1, 64).sum(axis=1), np.int64)
