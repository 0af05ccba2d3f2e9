"""Lets a voice write what a request asks for, one text as it comes or many in one batch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from talklike.corpus.alphabet import END
from talklike.generation.batch import Batch, write_one
from talklike.generation.rows import READ_AT_ONCE, Reading
from talklike.generation.scored import Scored, score
from talklike.generation.writing import Writing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from talklike.corpus.alphabet import Alphabet
    from talklike.generation.engine import Engine
    from talklike.generation.pattern import Pattern
    from talklike.generation.request import Request
    from talklike.generation.writing import Rules

Piece = tuple[int, str, "tuple[Scored, ...]"]
"""Which text, its next piece, and the symbols of that, if they were asked for."""


def write(engine: Engine, rules: Rules, request: Request, pattern: Callable[[], Pattern] | None = None) -> Iterator[Piece]:
    """Yield the number of a text, its next piece (often one character) and its symbols, until all texts are finished.

    With ``best_of`` the texts come whole, the best first, once all are written.

    Args:
        engine: The voice.
        rules: What holds for all its texts.
        request: What to write.
        pattern: Makes a text's regular expression, if the request has one.

    Raises:
        OptionError: A prompt's symbol isn't the alphabet's, or the regular expression turns out too complex.
    """
    symbols, authors = request.context(rules.alphabet)
    reading = Reading(engine, symbols, authors)
    while not reading.done:
        reading.read()
    primed = reading.primed()
    writings = begin(rules, request, pattern)
    if len(writings) == 1 and writings[0].plain and request.logprobs is None:
        for piece in write_one(engine, rules, writings[0], primed):
            yield 0, piece, ()
        return
    batch = Batch(engine, rules)
    batch.join(writings, primed)
    if request.written > request.count:
        found = best(engine, rules, request, finish(batch, writings))
        yield from ((number, text, scored) for number, (_, text, scored) in enumerate(found))
        return
    while len(batch):
        for writing, piece, scored in batch.step():
            if writing.error is not None:
                raise writing.error
            if piece or scored:
                yield writing.number, piece, scored


def begin(rules: Rules, request: Request, pattern: Callable[[], Pattern] | None = None) -> list[Writing]:
    """Return the texts of a request, none of them begun."""
    prompt = request.prompt_symbols(rules.alphabet)
    return [Writing(rules, request, n, prompt, pattern() if pattern else None) for n in range(request.written)]


def finish(batch: Batch, writings: list[Writing]) -> list[tuple[str, tuple[Scored, ...], str]]:
    """Write a batch to its end; return each text, its symbols, and why it is finished."""
    pieces: dict[int, list[str]] = {writing.number: [] for writing in writings}
    symbols: dict[int, list[Scored]] = {writing.number: [] for writing in writings}
    while len(batch):
        for writing, piece, scored in batch.step():
            if writing.error is not None:
                raise writing.error
            pieces[writing.number].append(piece)
            symbols[writing.number].extend(scored)
    return [("".join(pieces[w.number]), tuple(symbols[w.number]), w.text.finished or "length") for w in writings]


def best(engine: Engine, rules: Rules, request: Request, texts: list[tuple[str, tuple[Scored, ...], str]]) -> Iterator[Piece]:
    """Yield which are the ``count`` best of the texts, with text and symbols; the best first, of equals the first written."""
    likeness = Likeness(engine, rules.alphabet, request)
    worth = [likeness.of(text, ended=reason == "end") for text, _, reason in texts]
    order = sorted(range(len(texts)), key=lambda number: -worth[number])
    for chosen in order[: request.count]:
        yield chosen, texts[chosen][0], texts[chosen][1]


class Likeness:
    """How much more a text is the author's than anyone's, after what was said and read before, which is read once.

    The voice is asked twice: how likely is the text if the author writes it, and how likely if "someone" does (Li et al. 2016,
    who choose answers so).

    Args:
        engine: The voice.
        alphabet: Its alphabet.
        request: What was to be written.
    """

    def __init__(self, engine: Engine, alphabet: Alphabet, request: Request) -> None:
        self._engine = engine
        self._alphabet = alphabet
        self._whose = [request.author] if len(engine.card.authors) == 1 or request.author == 0 else [request.author, 0]
        symbols, authors = request.context(alphabet)
        symbols, authors = symbols.astype(np.int64)[None], authors.astype(np.int64)[None]
        before = engine.streams(1, 0)
        for start in range(0, symbols.shape[1] - 1, READ_AT_ONCE):
            piece = slice(start, min(start + READ_AT_ONCE, symbols.shape[1] - 1))
            before.read(symbols[:, piece], authors[:, piece])
        self._state = before.state
        self._last = symbols[0, -1]  # is read with each text, for it depends on who writes that

    def of(self, text: str, *, ended: bool) -> float:
        """Return it for a text, in nats a symbol; without a room, how likely the text is.

        Args:
            text: What was written.
            ended: Whether the message ended there by itself.
        """
        symbols = np.append(self._alphabet.encode(text), END) if ended else self._alphabet.encode(text)
        if not len(symbols):
            return -np.inf
        found = [self._mean_logprob(symbols.astype(np.int64), author) for author in self._whose]
        return found[0] - (found[1] if len(found) > 1 else 0.0)

    def _mean_logprob(self, symbols: np.ndarray, author: int) -> float:
        """Return the mean log-probability [nat] of symbols, (T,), written by ``author``."""
        streams = self._engine.streams(1, author)
        streams.state = self._state
        logits = streams.read(np.append(self._last, symbols[:-1])[None])[0].astype(np.float64)
        relative = logits - logits.max(axis=1, keepdims=True)
        logprobs = relative - np.log(np.exp(relative).sum(axis=1, keepdims=True))
        return float(np.take_along_axis(logprobs, symbols[:, None], axis=1).mean())


def prompt_scores(engine: Engine, alphabet: Alphabet, request: Request) -> tuple[Scored, ...]:
    """Return how likely each symbol of the prompt was."""
    prompt = request.prompt_symbols(alphabet)
    if not len(prompt):
        return ()
    symbols, authors = request.context(alphabet)
    reading = Reading(engine, symbols, authors)
    pieces = []
    while not reading.done:
        pieces.append(reading.read())
    logits = np.concatenate(pieces)[-len(prompt) - 1 : -1]
    return tuple(score(alphabet, row, symbol, request.logprobs or 0) for row, symbol in zip(logits, prompt.tolist(), strict=True))
