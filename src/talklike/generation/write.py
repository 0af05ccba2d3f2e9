"""Lets a voice write: one text as it comes, or many at once in one batch."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from talklike.corpus.alphabet import END
from talklike.errors import OptionError
from talklike.generation.sampling import Sampling, pick
from talklike.generation.stopping import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from talklike.corpus.alphabet import Alphabet
    from talklike.generation.engine import Engine
    from talklike.generation.utf8 import Utf8

_DRAWS_AT_ONCE = 256


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
        if self.count < 1:
            raise OptionError(f"count is {self.count}, must be 1 or more")
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
    ends = engine.card.kind == "messages"
    texts = [Text(alphabet.bytes_of, request.most, stops=request.stops, through=request.through) for _ in range(request.count)]
    draws = [_draws(request.seed, number) for number in range(request.count)]
    active = list(range(request.count))
    streams = engine.streams(request.count, request.author)
    logits = streams.prime(np.concatenate([[END], alphabet.encode(request.prompt)]))
    decoder = np.zeros(request.count, np.int8)
    fresh = np.full(request.count, not request.prompt)  # an empty message is not a message
    while True:
        allowed = logits + utf8.penalty[decoder]
        if ends:
            if fresh.any():
                allowed[fresh, END] = -np.inf
        else:
            allowed[:, END] = -np.inf
        symbols = pick(allowed, request.sampling, np.array([next(draws[number]) for number in active]))
        decoder = utf8.after[decoder, symbols]
        fresh = symbols == END
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
            symbols, decoder, fresh = symbols[unfinished], decoder[unfinished], fresh[unfinished]
        logits = streams.step(symbols)


def _draws(seed: int, number: int) -> Iterator[float]:
    """Yield the uniform numbers that decide text ``number``, the same alone and in any batch."""
    generator = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(number,)))
    while True:
        yield from generator.random(_DRAWS_AT_ONCE).tolist()
