"""Texts as sequences of words, ready to be searched: each word is written as one character, and a suffix array does the rest."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from talklike.evaluation.suffix_array import SuffixArray

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

_WORD = re.compile(r"\w+(?:['’]\w+)*")
_CODES = 0x110000  # characters that there are to write words as
_UNKNOWN, _NEVER, _FIRST = 0, 1, 2  # a word too many, a word that no text has, and the first of all others


def words(text: str) -> list[str]:
    """Return the words of a text: runs of letters and digits, apostrophes within them, folded to one case.

    >>> words("It's  the THIRD, isn't it?")
    ["it's", 'the', 'third', "isn't", 'it']
    """
    return _WORD.findall(text.casefold())


class WordIndex:
    """The words of some texts, ready to be searched.

    Args:
        texts: What is searched in. Of more than a million different words the last count as found nowhere.

    Raises:
        MissingExtraError: The package that sorts suffixes isn't installed.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        codes: dict[str, int] = {}

        def spelt(text: str) -> str:
            numbers = [codes.setdefault(word, len(codes) + _FIRST) for word in words(text)]
            return "".join([chr(number) if number < _CODES else chr(_UNKNOWN) for number in numbers])

        self._index = SuffixArray([spelt(text) for text in texts])
        self._codes = codes

    def longest(self, queries: Sequence[str]) -> list[np.ndarray]:
        """Return how many words of each query, from each of its words on, follow each other in some text.

        Args:
            queries: Q texts.

        Returns:
            For each query an int64 array, as long as it has words.
        """

        def spelt(text: str) -> str:
            numbers = [self._codes.get(word, _CODES) for word in words(text)]
            return "".join([chr(number) if number < _CODES else chr(_NEVER) for number in numbers])

        return self._index.longest([spelt(query) for query in queries])
