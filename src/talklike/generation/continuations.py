"""How a text is likeliest to go on: the next words, each with its probability, found by a search that misses none likelier."""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from talklike.corpus.alphabet import END, FIRST_BYTE, FIRST_CHARACTER
from talklike.errors import OptionError
from talklike.generation.rows import Primed, Reading, Rows
from talklike.generation.utf8 import START
from talklike.generation.words import ALONE, BETWEEN, LETTER, LONGEST, part
from talklike.generation.writing import FRESH

if TYPE_CHECKING:
    from talklike.corpus.alphabet import Alphabet
    from talklike.generation.engine import Engine
    from talklike.generation.request import Request
    from talklike.generation.writing import Rules

MOST = 100
"""Most continuations that may be asked for."""

PATIENCE = 1024
"""Beginnings that are looked into, at most; a trained voice needs some fifty for five words, a voice that knows nothing would
never be done."""

AT_ONCE = 16
"""Beginnings that are looked into in one step."""


class Continuation(NamedTuple):
    """How a text may go on.

    Attributes:
        text: What would be added: what stands before the next word, and the word.
        probability: How likely that is: that just this word comes, and ends there.
        ends: Whether the message ends here, without another word.
    """

    text: str
    probability: float
    ends: bool = False


@dataclass(frozen=True)
class _Beginning:
    """What a continuation may begin with.

    Attributes:
        logprob: Its log-probability [nat].
        symbols: Its symbols.
        text: Its characters.
        data: Bytes of a character that is only begun.
        state: The state of ``Utf8`` after it.
        last: What its last character is to words.
        before: What the voice knew before its last symbol.
    """

    logprob: float
    symbols: tuple[int, ...]
    text: str
    data: bytes
    state: int
    last: int
    before: Primed


def continuations(
    engine: Engine, rules: Rules, request: Request, count: int = 5, *, longest: int = LONGEST
) -> list[Continuation]:
    """Return how a request's prompt is likeliest to go on, the likeliest first: words, or the end of the message.

    A continuation is what stands before the next word, and the word as far as its end; in the middle of a word it is the rest of
    that. Its probability is the product of those of its symbols, times the sum of those of everything that ends the word: no two
    continuations can both come true, and all together have the probability 1 (less what the voice gives to bytes that spell
    nothing). It is the voice's own, before any temperature or filter. What the alphabet lacks counts as a part of a word.

    The likeliest beginning is always looked into first, so nothing likelier is missed unless ``PATIENCE`` runs out.

    Args:
        engine: The voice.
        rules: What holds for all its texts.
        request: Its prompt, conversation and authors count.
        count: How many.
        longest: Most characters of one; a longer word is cut there, and then has the probability of its beginning.

    Raises:
        OptionError: A number makes no sense.
    """
    if not 1 <= count <= MOST:
        raise OptionError(f"the number of continuations is {count}, must be from 1 to {MOST}")
    if longest < 1:
        raise OptionError(f"the longest continuation is {longest} characters, must be 1 or more")
    symbols, authors = request.context(rules.alphabet)
    reading = Reading(engine, symbols, authors)
    while not reading.done:
        reading.read()
    prompt = request.prompt_symbols(rules.alphabet)
    fresh = not len(prompt) or prompt[-1] == END
    return _Search(engine, rules, request.author, count, longest).run(reading.primed(), FRESH if fresh else START)


class _Search:
    """A search for the likeliest continuations, best first."""

    def __init__(self, engine: Engine, rules: Rules, author: int, count: int, longest: int) -> None:
        self._rules = rules
        self._rows = Rows(engine, AT_ONCE)
        self._author = author
        self._count = count
        self._longest = longest
        self._parts = _parts(rules.alphabet)
        self._twice = _spelt_twice(rules.alphabet)
        self._open: list[tuple[float, int, _Beginning]] = []
        self._pushed = 0
        self._found: list[tuple[float, int, Continuation]] = []  # a heap of the best, the worst of them first

    def run(self, primed: Primed, state: int) -> list[Continuation]:
        """Return the likeliest after what was read."""
        self._look(_Beginning(0.0, (), "", b"", state, BETWEEN, primed), primed)
        looked = 0
        while self._open and looked < PATIENCE and -self._open[0][0] > self._worst:
            several = [heapq.heappop(self._open)[2] for _ in range(min(AT_ONCE, len(self._open)))]
            looked += len(several)
            for beginning, after in self._read(several):
                self._look(beginning, after)
        return [one for _, _, one in sorted(self._found, key=lambda found: (-found[0], found[1]))]

    @property
    def _worst(self) -> float:
        """The log-probability that a beginning must exceed to be of use."""
        return self._found[0][0] if len(self._found) == self._count else -math.inf

    def _read(self, several: list[_Beginning]) -> list[tuple[_Beginning, Primed]]:
        """Read the last symbol of each beginning, in one step."""
        self._rows.count = 0
        for one in several:
            self._rows.add(one.before, self._author)
        self._rows.step(np.array([one.symbols[-1] for one in several], np.int64))
        return [(one, self._rows.take(row)) for row, one in enumerate(several)]

    def _look(self, beginning: _Beginning, after: Primed) -> None:
        """Take what a beginning is complete as, and put aside what it may go on with."""
        logits = after.logits.astype(np.float64)
        relative = logits - logits.max()
        logprobs = relative - np.log(np.exp(relative).sum()) + self._rules.masks_by_state[beginning.state]
        if beginning.state in (START, FRESH):
            logprobs[self._twice] = -np.inf
            if beginning.last == LETTER:
                between = self._parts != LETTER
                self._complete(beginning.text, beginning.logprob + _log_sum(logprobs[between]))
                logprobs[between] = -np.inf
            else:
                self._complete(beginning.text, beginning.logprob + float(logprobs[END]), ends=True)
                logprobs[END] = -np.inf
        logprobs += beginning.logprob
        likely = np.flatnonzero(logprobs > self._worst)
        if len(likely) > PATIENCE:  # of more, the others would never be looked into
            likely = likely[np.argpartition(-logprobs[likely], PATIENCE)[:PATIENCE]]
        for symbol in likely.tolist():
            self._push(beginning, after, symbol, float(logprobs[symbol]))

    def _push(self, beginning: _Beginning, after: Primed, symbol: int, logprob: float) -> None:
        """Put aside a beginning with one more symbol, or take it if it is complete as it is."""
        state = self._rules.utf8.after_list[beginning.state % FRESH][symbol]
        data = beginning.data + self._rules.alphabet.bytes_of[symbol]
        text, last = beginning.text, LETTER
        if state == START:
            character = data.decode()
            if len(data) > 1 and symbol < FIRST_CHARACTER and character in self._rules.alphabet.characters:
                return  # the same text is found by the character's own symbol
            text, data, last = text + character, b"", int(self._parts[symbol])
            if last == ALONE or len(text) >= self._longest:
                self._complete(text, logprob)
                return
        self._pushed += 1
        one = _Beginning(logprob, (*beginning.symbols, symbol), text, data, state, last, after)
        heapq.heappush(self._open, (-logprob, self._pushed, one))

    def _complete(self, text: str, logprob: float, *, ends: bool = False) -> None:
        """Take a continuation, if it is among the best so far."""
        if logprob <= self._worst:
            return
        self._pushed += 1
        found = (logprob, -self._pushed, Continuation(text, math.exp(logprob), ends))
        if len(self._found) < self._count:
            heapq.heappush(self._found, found)
        else:
            heapq.heapreplace(self._found, found)


def _parts(alphabet: Alphabet) -> np.ndarray:
    """Return what each symbol is to words, shape (V,): bytes, which are part of a rare character, count as letters."""
    parts = np.full(len(alphabet), LETTER, np.int8)
    parts[END] = BETWEEN
    parts[FIRST_CHARACTER:] = [part(character) for character in alphabet.characters]
    return parts


def _spelt_twice(alphabet: Alphabet) -> np.ndarray:
    """Return the single bytes that are a character of the alphabet, which has a symbol of its own."""
    return np.array([FIRST_BYTE + ord(character) for character in alphabet.characters if character.isascii()], np.int64)


def _log_sum(logprobs: np.ndarray) -> float:
    """Return the logarithm of the sum of probabilities."""
    largest = logprobs.max()
    return float(largest + np.log(np.exp(logprobs - largest).sum())) if np.isfinite(largest) else -math.inf
