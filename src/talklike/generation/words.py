"""Where a word ends, so that a voice can be asked for the next word instead of the next character."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

BETWEEN, LETTER, ALONE = 0, 1, 2
"""What a character is to words: something between them, a part of one, or one by itself."""

LONGEST = 32
"""Most characters of a word, with what stands before it: more are cut."""

_INNER = "'’_\u200d"  # the last joins emoji into one
_UNSPACED = ("CJK UNIFIED", "CJK COMPATIBILITY IDEOGRAPH", "HIRAGANA", "KATAKANA")


def part(character: str) -> int:
    """Return what a character is to words: ``BETWEEN`` them, a ``LETTER`` of one, or a word by itself, ``ALONE``.

    Letters, digits, marks, apostrophes and emoji make words. In the scripts of Chinese and Japanese, which put nothing between
    words, each character counts as one.

    >>> [part(character) for character in "a7'é😀 .漢"]
    [1, 1, 1, 1, 1, 0, 0, 2]
    """
    kind = unicodedata.category(character)
    if kind == "Lo" and unicodedata.name(character, "").startswith(_UNSPACED):
        return ALONE
    symbol = kind in ("So", "Sk") and not character.isascii()  # emoji, and the colours of their skin
    return LETTER if kind[0] in "LMN" or character in _INNER or symbol else BETWEEN


def breaks(before: str, after: str) -> bool:
    """Return whether a word ends between two characters.

    >>> breaks("e", " "), breaks("e", "s"), breaks(" ", "s"), breaks("漢", "字")
    (True, False, False, True)
    """
    first = part(before)
    return first == ALONE or (first == LETTER and part(after) != LETTER)


def first_word(pieces: Iterable[str], longest: int = LONGEST) -> str:
    """Return the beginning of a text as far as the end of its first word, what stands before that word included.

    Args:
        pieces: The text, piece by piece; no more of it is read than is needed.
        longest: Most characters to return.

    >>> first_word(iter([" t", "he", " tide"]))
    ' the'
    """
    found = ""
    for piece in pieces:
        for character in piece:
            if len(found) >= longest or (found and breaks(found[-1], character)):
                return found
            found += character
    return found
