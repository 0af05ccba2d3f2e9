"""Keeps a text from copying: masks what would make a run longer than asked for that also stands in the training text.

A voice may carry an index of all runs of ``LENGTH`` symbols that it learnt from (``talklike.voice.novelty_index``). A copied run
of N + 1 symbols holds N + 2 − ``LENGTH`` of them, each beginning one symbol after the other; so what is masked is the symbol that
would complete as many known ones in a row. No copy longer than N gets through. Masked is also what only looks like one: shorter
pieces of the training text that overlap by ``LENGTH`` − 1 symbols, and runs that the index takes for known by chance.

A text of several messages is read with newlines between them: it copies no message of several lines either. What stood in two
messages is two copies, however near they were: no run in the index goes from one to the next.

Symbols count, not characters: a character outside the alphabet is spelt in two to four bytes, so a copy with such characters ends
earlier. A character of the alphabet must be its own symbol, as it was in the training text: its bytes are masked.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

import numpy as np

from talklike.corpus.alphabet import END, FIRST_BYTE
from talklike.generation.utf8 import START
from talklike.voice.novelty_index import LENGTH, extended, since

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

    Attributes:
        newline: The symbol of a newline within a message.
        always: What is added to the logits of every symbol that begins a character, float32, shape (V,): 0, or −inf.
    """

    def __init__(self, index: NoveltyIndex, alphabet: Alphabet, utf8: Utf8) -> None:
        self.index = index
        self.bytes_of = alphabet.bytes_of
        self.spelt = spelt_twice(alphabet, utf8)
        self.newline = int(alphabet.encode("\n")[0])
        self.always = np.zeros(len(alphabet), np.float32)
        self.always[self.spelt.get(b"", [])] = -np.inf


class Guard:
    """The run of one text that may be a copy.

    Whether a run is known is asked late: after an unknown one there must be ``_most`` known ones before anything is masked, so
    nothing is asked until as many more have come, and then the newest first. Of text that copies nothing few are asked for.

    Args:
        novelty: What it has in common with other texts.
        longest: N, symbols of the longest run that may be copied.
        prompt: Symbols of the prompt; a run that begins there goes on in the text. What was said before is other messages.
        through: Whether the text goes on through the ends of messages, which read as newlines; then they are guarded as such, for
            a message of several lines may be copied in several messages.

    Attributes:
        due: Whether ``acts`` is worth asking; else it is False.
    """

    def __init__(self, novelty: Novelty, longest: int, prompt: Sequence[int] = (), *, through: bool = False) -> None:
        self._index = novelty.index
        self._spelt = novelty.spelt
        self._bytes_of = novelty.bytes_of
        self._end = novelty.newline if through else END
        self._most = longest + 1 - LENGTH  # known runs, one after the other, that must not become more
        self._sums: deque[int] = deque(maxlen=longest + 1)  # of the message up to each of its last symbols
        self._begin()
        for symbol in prompt:
            self.add(symbol)
        self._begun = b""  # a prompt of symbols may end within a character, but no text begins there
        self.due = self._count >= self._early

    def _begin(self) -> None:
        """Begin a message."""
        self._sums.clear()
        self._sums.append(0)
        self._count = 0  # symbols of the message
        self._asked = LENGTH - 1  # up to which symbol it is asked whether the run that ends there is known; the first can't be
        self._early = self._asked + self._most  # before so many symbols there can't be enough known ones
        self._begun = b""  # bytes of a character that is only begun
        self.due = False

    def add(self, symbol: int) -> None:
        """Take the next symbol of the text; the end of a message ends every run, unless it is a newline."""
        if symbol == END:
            symbol = self._end
        if symbol == END:
            self._begin()
            return
        self._sums.append(extended(self._sums[-1], symbol))
        self._count += 1
        if FIRST_BYTE <= symbol < FIRST_BYTE + 256:
            self._begun += self._bytes_of[symbol]
            if not self._begun[0] & 0x80 or _complete(self._begun):
                self._begun = b""
        else:
            self._begun = b""
        self.due = self._count >= self._early or self._begun != b""

    def acts(self) -> bool:
        """Return whether ``apply`` may mask more than ``Novelty.always`` does."""
        return self._begun != b"" or self._near()

    def apply(self, logits: np.ndarray) -> np.ndarray:
        """Return the logits, (V,), −inf where a copy would become too long; as they are where nothing else could come.

        Args:
            logits: Of what may come by all other rules; −inf elsewhere. END is masked only where it reads as a newline.
        """
        allowed = logits
        if (spelt := self._spelt.get(self._begun)) is not None:
            allowed = logits.copy()
            allowed[spelt] = -np.inf
            if allowed.max() == -np.inf:
                allowed = logits
        if not self._near():  # as mostly
            return allowed
        known = self._index.known_ends(since(self._sums[-1], self._sums[-LENGTH], LENGTH - 1), len(logits))
        known[END] = known[self._end]
        new: np.ndarray = np.where(known, np.float32(-np.inf), allowed)
        return allowed if new.max() == -np.inf else new

    def _near(self) -> bool:
        """Return whether the last ``_most`` runs are all known."""
        if self._count < self._early:
            return False
        sums = self._sums
        asked, self._asked = self._asked, self._count
        for back in range(min(self._count - asked, self._most)):
            if not self._index.holds(since(sums[-1 - back], sums[-1 - back - LENGTH], LENGTH)):
                self._early = self._count - back + self._most
                return False
        return True


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
