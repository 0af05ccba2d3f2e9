"""One text being written: what may come next, how that is picked, and what it adds to the text."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from talklike.corpus.alphabet import END
from talklike.errors import OptionError
from talklike.generation.filters import pick, pick_one, plain
from talklike.generation.mirostat import Mirostat
from talklike.generation.novelty import NO_INDEX, Guard
from talklike.generation.penalties import Penalties
from talklike.generation.repeats import Repeats
from talklike.generation.scored import Scored, score
from talklike.generation.stopping import Reason, Text
from talklike.generation.utf8 import START

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from talklike.corpus.alphabet import Alphabet
    from talklike.errors import TalklikeError
    from talklike.generation.novelty import Novelty
    from talklike.generation.pattern import Pattern
    from talklike.generation.request import Request
    from talklike.generation.utf8 import Utf8

_DRAWS_AT_ONCE = 256

FRESH = 8
"""The state of a message with nothing in it yet, after the eight states of ``Utf8``."""

UNENDING = 9
"""How far behind the row of a state the row is of that state in a message that may not end yet."""

GUARDED = 18
"""How far behind these rows the same are of a text that must not copy."""


@dataclass(frozen=True)
class Rules:
    """What holds for all texts of a voice.

    Attributes:
        alphabet: Its alphabet.
        utf8: What may follow which byte, for its symbols.
        masks: What is added to the logits in each state of ``Utf8`` and in ``FRESH``; then the same for a message that may not
            end yet; then, if there is an index, all of these for a text that must not copy, as far as that never changes within a
            state; float32, shape (18 or 36, V).
        masks_by_state: The same, a row each.
        novelty: What keeps texts from copying, if the voice carries an index of its training text.
    """

    alphabet: Alphabet
    utf8: Utf8
    masks: np.ndarray
    masks_by_state: Sequence[np.ndarray]
    novelty: Novelty | None = None

    @classmethod
    def of(cls, alphabet: Alphabet, utf8: Utf8, *, ends: bool, novelty: Novelty | None = None) -> Rules:
        """Return the rules of a voice.

        Args:
            alphabet: Its alphabet.
            utf8: What may follow which byte.
            ends: Whether END ends a message; in a running text it is never written.
            novelty: What keeps texts from copying, if anything.
        """
        masks = np.concatenate([utf8.penalty, utf8.penalty[START : START + 1]])
        masks[FRESH, END] = -np.inf  # an empty message is not a message
        if not ends:
            masks[:, END] = -np.inf
        unending = masks.copy()
        unending[:, END] = -np.inf
        masks = np.concatenate([masks, unending])
        if novelty is not None:
            guarded = masks.copy()
            guarded[[START, FRESH, START + UNENDING, FRESH + UNENDING]] += novelty.always
            masks = np.concatenate([masks, guarded])
        return cls(alphabet, utf8, masks, list(masks), novelty)


class Writing:
    """One text being written.

    Args:
        rules: What holds for all texts of the voice.
        request: What to write.
        number: Which of its texts this is.
        prompt: Symbols of the prompt, (T,); they count as written before where repetition counts.
        pattern: What the text must match, if anything.

    Raises:
        OptionError: It must not copy, but the voice carries no index of its training text.

    Attributes:
        sampling: How symbols are picked; a batch has one object for all that is the same.
        least: How many characters there must be before the message may end.
        guard: What keeps it from copying, if anything.
        simple: Whether a draw and ``filters.pick`` are all that the next symbol takes, but for the guard, so that rows can be
            picked together.
        state: The state of ``Utf8``, or ``FRESH``.
        mask: What may come next, as a row of ``Rules.masks``.
        easy: So many symbols, if each is a character, may be put into ``taken`` instead of ``add``: they only lengthen the text.
        taken: Characters that were.
        rows: At which of those its states begin.
        text: The text.
        symbols: How many were picked.
        error: Why it couldn't go on, if so; it is finished then.
    """

    def __init__(self, rules: Rules, request: Request, number: int, prompt: np.ndarray, pattern: Pattern | None = None) -> None:
        self.request = request
        self.sampling = request.sampling
        self.number = number
        self.text = Text(rules.alphabet, request.most, stops=request.stops, through=request.through)
        self.draws = _draws(request.seed, number)
        self.symbols = 0
        self.error: TalklikeError | None = None
        self._rules = rules
        sampling = request.sampling
        ended = not len(prompt) or prompt[-1] == END
        self.state = FRESH if ended else START
        self.least = 0 if request.through else request.least
        self._bias = _bias(sampling.logit_bias, len(rules.alphabet))
        self._history: list[Penalties | Repeats] = []
        if sampling.looks_back:
            if (sampling.repetition_penalty != 1 or sampling.presence_penalty or sampling.frequency_penalty) and (
                sampling.penalty_last_n
            ):
                self._history.append(Penalties(sampling, len(rules.alphabet)))
            if sampling.counts_runs:
                self._history.append(Repeats(sampling, rules.alphabet.bytes_of))
            for symbol in prompt.tolist():
                for past in self._history:
                    past.add(symbol)
        self._mirostat = Mirostat(sampling) if sampling.mirostat else None
        self._pattern = pattern
        self.guard = _guard(rules, request, prompt) if sampling.novelty else None
        self._unreleased: deque[tuple[int, Scored]] = deque()  # characters up to its end, and the symbol
        self._released = 0
        self.simple = not (self._history or self._mirostat or self._pattern or self._bias is not None or sampling.xtc_probability)
        self._picks_plainly = plain(sampling)
        self.plain = self.simple and self._picks_plainly
        self._light = self.simple and request.logprobs is None
        moves = sampling.temperature_end is not None
        self._lengthens = self._light and not (moves or request.stops or sampling.novelty)  # all that a character does then
        self.easy = 0
        self.taken: list[str] = []
        # What else acts on the logits comes before the guard, which gives way where it would leave nothing.
        self.rows = GUARDED if self.simple and self.guard is not None else 0
        self.mask = self.rows + (self.state + UNENDING if self.least else self.state)

    @property
    def temperature(self) -> float:
        """The temperature of the next symbol."""
        return self.request.sampling.temperature_at(self.text.written)

    def choose(self, logits: np.ndarray) -> int | None:
        """Return the next symbol, or None where nothing may come.

        Args:
            logits: What the voice expects, float32, shape (V,).

        Raises:
            OptionError: The regular expression turns out too complex.
        """
        sampling = self.request.sampling
        allowed = logits + self._rules.masks_by_state[self.mask]
        if self._bias is not None:
            allowed += self._bias
        for past in self._history:
            allowed = past.apply(allowed)
        if self._pattern is not None:
            allowed = self._pattern.apply(allowed)
        if self.guard is not None:  # last
            allowed = self.guard.apply(allowed)
        if not np.isfinite(allowed.max()):
            return None
        if self._mirostat is not None:
            return self._mirostat.pick(allowed, self.temperature, next(self.draws))
        if self._picks_plainly:
            return pick_one(allowed, sampling, next(self.draws))
        draw = np.array([next(self.draws)])
        chances = np.array([next(self.draws)]) if sampling.xtc_probability else None
        temperatures = None if sampling.temperature_end is None else np.array([self.temperature])
        return int(pick(allowed[None], sampling, draw, temperatures=temperatures, chances=chances)[0])

    def add(self, symbol: int | None, logits: np.ndarray, row: int) -> tuple[str, tuple[Scored, ...]]:
        """Take the symbol that was chosen; return the text that is now certain, and its symbols if they were asked for.

        Args:
            symbol: What ``choose`` returned; None ends the text.
            logits: What it was chosen from, before any mask, is a row of these, shape (B, V).
            row: Which.
        """
        if symbol is None:
            return self._finished("end"), self._release()
        told = self.tell()
        self.easy = 0
        self.state = FRESH if symbol == END else self._rules.utf8.after_list[self.state % FRESH][symbol]
        self.symbols += 1
        text = self.text
        piece = text.add(symbol)
        self.mask = self.rows + (self.state + UNENDING if text.written < self.least else self.state)
        if self.guard is not None:
            self.guard.add(symbol)
        if self._light:
            if self._lengthens and self.state == START:
                until = self.least if text.written < self.least else text.most
                self.easy = until - text.written - 1  # with the one after that the mask or the text ends
            return told + piece, ()
        for past in self._history:
            past.add(symbol)
        if self._pattern is not None and symbol != END:
            self._pattern.add(symbol)
        if self.request.logprobs is None:
            return piece, ()
        if symbol != END or self.request.through:
            self._unreleased.append((self.text.written, score(self._rules.alphabet, logits[row], symbol, self.request.logprobs)))
        self._released += len(piece)
        return piece, self._release()

    def tell(self) -> str:
        """Return the characters of ``taken``, and count them."""
        count = len(self.taken)
        if not count:
            return ""
        told = "".join(self.taken)
        self.taken.clear()
        self.symbols += count
        self.text.written += count
        self.easy -= count
        return told

    def _finished(self, reason: Reason) -> str:
        piece = self.text.finish(reason)
        self._released += len(piece)
        return piece

    def _release(self) -> tuple[Scored, ...]:
        """Return the symbols whose text is certain."""
        found = []
        while self._unreleased and self._unreleased[0][0] <= self._released:
            found.append(self._unreleased.popleft()[1])
        return tuple(found)


def _guard(rules: Rules, request: Request, prompt: np.ndarray) -> Guard:
    """Return what keeps a text from copying.

    Raises:
        OptionError: The voice carries no index.
    """
    if rules.novelty is None:
        raise OptionError(NO_INDEX)
    return Guard(rules.novelty, request.sampling.novelty, prompt.tolist(), through=request.through)


def _bias(pairs: Sequence[tuple[int, float]], symbols: int) -> np.ndarray | None:
    """Return what to add to all logits, shape (V,); a bias of −100 bans, as OpenAI says."""
    if not pairs:
        return None
    bias = np.zeros(symbols, np.float32)
    for symbol, added in pairs:
        if symbol < symbols:
            bias[symbol] = -np.inf if added <= -100 else added
    return bias


def _draws(seed: int, number: int) -> Iterator[float]:
    """Yield the uniform numbers that decide text ``number``, the same alone and in any batch."""
    generator = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(number,)))
    while True:
        yield from generator.random(_DRAWS_AT_ONCE).tolist()
