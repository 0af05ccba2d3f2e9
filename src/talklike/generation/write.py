"""Lets a voice write: one text as it comes, or many at once in one batch."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from talklike.corpus.alphabet import END
from talklike.errors import OptionError
from talklike.generation.sampling import Sampling, pick, pick_one
from talklike.generation.stopping import Text
from talklike.generation.utf8 import START

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from talklike.corpus.alphabet import Alphabet
    from talklike.generation.engine import Engine, Streams
    from talklike.generation.utf8 import Utf8

_DRAWS_AT_ONCE = 256

MOST_TEXTS = 10_000
"""Most texts at once: each carries its state and a row of logits."""

FRESH = 8
"""The state of a message with nothing in it yet, after the eight states of ``Utf8``."""


@dataclass(frozen=True)
class Request:
    """What to write.

    Attributes:
        prompt: What the text begins with; it is read, not written.
        author: Input value of the author to write as.
        count: How many texts.
        most: Most characters of each, without the prompt.
        through: Write on through the ends of messages, as newlines, until ``most`` characters.
        stops: Strings that finish a text.
        seed: Decides every draw. Text i draws the same whatever the count; so with a float32 voice it is the same text, while
            an int8 voice rounds all texts of a step on one scale.
        sampling: How symbols are picked.

    Raises:
        OptionError: A value makes no sense.
    """

    prompt: str = ""
    author: int = 1
    count: int = 1
    most: int = 500
    through: bool = False
    stops: Sequence[str] = ()
    seed: int = 0
    sampling: Sampling = field(default_factory=Sampling)

    def __post_init__(self) -> None:
        if not 1 <= self.count <= MOST_TEXTS:
            raise OptionError(f"count is {self.count}, must be from 1 to {MOST_TEXTS:,}")
        if self.most < 1:
            raise OptionError(f"the number of characters is {self.most}, must be 1 or more")
        if self.seed < 0:
            raise OptionError(f"seed is {self.seed}, must be 0 or more")
        if "" in self.stops:
            raise OptionError("a stop string is empty; it would stop everything")


def write(engine: Engine, alphabet: Alphabet, utf8: Utf8, request: Request) -> Iterator[tuple[int, str]]:
    """Yield the number of a text and its next piece, often one character, until all texts are finished.

    Args:
        engine: The voice.
        alphabet: Its alphabet.
        utf8: What may follow which byte, for its symbols.
        request: What to write.
    """
    texts = [Text(alphabet.bytes_of, request.most, stops=request.stops, through=request.through) for _ in range(request.count)]
    draws = [_draws(request.seed, number) for number in range(request.count)]
    penalties = _penalties(utf8, ends=engine.card.kind == "messages")
    streams = engine.streams(request.count, request.author)
    logits = streams.prime(np.concatenate([[END], alphabet.encode(request.prompt)]))
    beginning = FRESH if not request.prompt else START
    if request.count == 1:
        for piece in _write_one(streams, logits, penalties, utf8, request.sampling, texts[0], draws[0], beginning):
            yield 0, piece
    else:
        yield from _write_many(streams, logits, penalties, utf8, request.sampling, texts, draws, beginning)


def _penalties(utf8: Utf8, *, ends: bool) -> np.ndarray:
    """Return what is added to the logits in each state of ``Utf8``, and in one more, ``FRESH``; shape (9, V).

    Args:
        utf8: What may follow which byte.
        ends: Whether END ends a message; in a running text it is never written.
    """
    penalties = np.concatenate([utf8.penalty, utf8.penalty[START : START + 1]])
    penalties[FRESH, END] = -np.inf  # an empty message is not a message
    if not ends:
        penalties[:, END] = -np.inf
    return penalties


def _write_one(
    streams: Streams,
    logits: np.ndarray,
    penalties: np.ndarray,
    utf8: Utf8,
    sampling: Sampling,
    text: Text,
    draws: Iterator[float],
    state: int,
) -> Iterator[str]:
    """Yield the pieces of one text; what ``_write_many`` does, without what only many need, which would double the time."""
    rows = list(penalties)
    symbol = np.zeros(1, np.int64)
    while not text.finished:
        symbol[0] = chosen = pick_one(logits[0] + rows[state], sampling, next(draws))
        state = FRESH if chosen == END else utf8.after_list[state % FRESH][chosen]
        if piece := text.add(chosen):
            yield piece
        if not text.finished:
            logits = streams.step(symbol)


def _write_many(
    streams: Streams,
    logits: np.ndarray,
    penalties: np.ndarray,
    utf8: Utf8,
    sampling: Sampling,
    texts: list[Text],
    draws: list[Iterator[float]],
    beginning: int,
) -> Iterator[tuple[int, str]]:
    """Yield the numbers and pieces of many texts, written in step; finished ones leave the batch when half are finished."""
    active = list(range(len(texts)))
    states = np.full(len(texts), beginning)
    while True:
        symbols = pick(logits + penalties[states], sampling, np.array([next(draws[number]) for number in active]))
        states = np.where(symbols == END, FRESH, utf8.after[states % FRESH, symbols])
        unfinished = []
        for row, (number, symbol) in enumerate(zip(active, symbols.tolist(), strict=True)):
            text = texts[number]
            if text.finished:
                continue
            if piece := text.add(symbol):
                yield number, piece
            if not text.finished:
                unfinished.append(row)
        if not unfinished:
            return
        if len(unfinished) <= len(active) // 2:
            streams = streams.keep(unfinished)
            active = [active[row] for row in unfinished]
            symbols, states = symbols[unfinished], states[unfinished]
        logits = streams.step(symbols)


def _draws(seed: int, number: int) -> Iterator[float]:
    """Yield the uniform numbers that decide text ``number``, the same alone and in any batch."""
    generator = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(number,)))
    while True:
        yield from generator.random(_DRAWS_AT_ONCE).tolist()
