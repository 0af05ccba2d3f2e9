"""Keeps a text from copying: masks what would make a run longer than asked for that also stands in the training text.

A voice may carry an index of all runs of ``LENGTH`` symbols that it learnt from (``talklike.voice.novelty_index``). A copied run
of N + 1 symbols holds N + 2 − ``LENGTH`` of them, each beginning one symbol after the other; so what is masked is the symbol that
would complete as many known ones in a row. No copy longer than N gets through. Masked is also what only looks like one: shorter
pieces of the training text that overlap by ``LENGTH`` − 1 symbols, and runs that the index takes for known by chance.

Symbols count, not characters: a character outside the alphabet is spelt in two to four bytes, so a copy with such characters ends
earlier. A character of the alphabet must be its own symbol, as it was in the training text: its bytes are masked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from talklike.corpus.alphabet import END, FIRST_BYTE
from talklike.generation.utf8 import START
from talklike.voice.novelty_index import LENGTH, extended, shortened

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from talklike.corpus.alphabet import Alphabet
    from talklike.generation.utf8 import Utf8
    from talklike.voice.novelty_index import NoveltyIndex

NO_INDEX = "this voice carries no index of its training text, so nothing can keep it from copying; train with --novelty-index"


class Novelty:
    """What guards the texts of a voice.

    Args:
        index: The index that the voice carries.
        alphabet: Its alphabet.
        utf8: What may follow which byte.
    """

    def __init__(self, index: NoveltyIndex, alphabet: Alphabet, utf8: Utf8) -> None:
        self.index = index
        self.bytes_of = alphabet.bytes_of
        self.spelt = spelt_twice(alphabet, utf8)


class Guard:
    """The run of one text that may be a copy.

    Args:
        novelty: What it has in common with other texts.
        longest: N, symbols of the longest run that may be copied.
        prompt: Symbols of the prompt; a run that begins there goes on in the text. What was said before is other messages.
    """

    def __init__(self, novelty: Novelty, longest: int, prompt: Sequence[int] = ()) -> None:
        self._index = novelty.index
        self._spelt = novelty.spelt
        self._bytes_of = novelty.bytes_of
        self._most = longest + 1 - LENGTH
        self._last: list[int] = []  # at most LENGTH − 1 symbols of the message
        self._total = 0  # their sum
        self._known = 0  # known runs that ended at the last symbols, one after the other
        self._begun = b""  # bytes of a character that is only begun
        for symbol in prompt:
            self.add(symbol)
        self._begun = b""  # a prompt of symbols may end within a character, but no text begins there

    def add(self, symbol: int) -> None:
        """Take the next symbol of the text; the end of a message ends every run."""
        if symbol == END:
            self._last, self._total, self._known, self._begun = [], 0, 0, b""
            return
        self._total = extended(self._total, symbol)
        self._last.append(symbol)
        if len(self._last) == LENGTH:
            self._known = self._known + 1 if self._index.holds(self._total) else 0
            self._total = shortened(self._total, LENGTH, self._last.pop(0))
        if not FIRST_BYTE <= symbol < FIRST_BYTE + 256:
            self._begun = b""
            return
        self._begun += self._bytes_of[symbol]
        if not self._begun[0] & 0x80 or _complete(self._begun):
            self._begun = b""

    def apply(self, logits: np.ndarray) -> np.ndarray:
        """Return the logits, (V,), −inf where a copy would become too long; as they are where nothing else could come.

        Args:
            logits: Of what may come by all other rules; −inf elsewhere. END is never masked.
        """
        allowed = logits
        if (spelt := self._spelt.get(self._begun)) is not None:
            allowed = logits.copy()
            allowed[spelt] = -np.inf
            if allowed.max() == -np.inf:
                allowed = logits
        if self._known < self._most:  # as mostly
            return allowed
        new: np.ndarray = np.where(self._index.known_ends(self._total, len(logits)), np.float32(-np.inf), allowed)
        return allowed if new.max() == -np.inf else new


def spelt_twice(alphabet: Alphabet, utf8: Utf8) -> Mapping[bytes, np.ndarray]:
    """Return which bytes, as symbols, would spell a character that has a symbol of its own, by the bytes of it before.

    Bytes after which nothing else could be spelt are among them.
    """
    spelt: dict[bytes, set[int]] = {}
    for character in alphabet.characters:
        data = character.encode()
        spelt.setdefault(data[:-1], set()).add(data[-1])
    for length in (3, 2, 1):
        for before in [one for one in spelt if len(one) == length]:
            state = START
            for byte in before:
                state = utf8.after_list[state][FIRST_BYTE + byte]
            if len(spelt[before]) == int(np.isfinite(utf8.penalty[state]).sum()):
                spelt.setdefault(before[:-1], set()).add(before[-1])
    return {before: np.array(sorted(bytes_), np.int64) + FIRST_BYTE for before, bytes_ in spelt.items()}


def _complete(data: bytes) -> bool:
    """Return whether bytes that begin a character are all of it."""
    first = data[0]
    return len(data) == (2 if first < 0xE0 else 3 if first < 0xF0 else 4)
