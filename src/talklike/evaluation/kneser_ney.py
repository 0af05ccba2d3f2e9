"""A baseline that costs seconds: an interpolated modified Kneser-Ney model of characters.

Counts of n-grams, discounted, each length falling back on the next shorter one, down to every symbol being equally likely. On one
person's messages it is hard to beat, so a voice is measured against it.

Every n-gram of the training text has a number. The n-grams of length k are numbered in the order of their keys,
``number of the last k - 1 symbols × V + the first symbol``: a text is looked up by one search for each length, and the n-gram to
fall back on and the context to stand after are known by their numbers. Before a text stand as many ENDs as are needed.

Source: Chen and Goodman (1999), An empirical study of smoothing techniques for language modeling, sections 2.7 and 3.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from talklike.corpus.alphabet import END
from talklike.errors import CorpusError, OptionError
from talklike.evaluation.bits import Score

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from talklike.corpus.corpus import Corpus
    from talklike.corpus.encode import Part

MOST_ORDER = 12
"""Longest n-gram [symbol]; the best for 0.1 to 20 MB of chat are shorter."""

FALLBACK_DISCOUNTS = (0.5, 1.0, 1.5)
"""Taken where too few n-grams are rare to estimate discounts, as KenLM's ``--discount_fallback`` does."""

_PATIENCE = 2  # orders tried after the best so far
_AT_ONCE = 1 << 20  # symbols looked up together: less than 100 MB
_COUNTED_AT_ONCE = 1 << 22  # n-grams counted together: 64 MB


@dataclass(frozen=True)
class KneserNey:
    """A character model, ready to score text.

    Attributes:
        levels: What is known of n-grams of length 1 to ``order``.
        symbols: V, the size of the alphabet.
    """

    levels: tuple[_Level, ...]
    symbols: int

    @property
    def order(self) -> int:
        """Length of the longest n-grams: a symbol is predicted from the ``order - 1`` before it."""
        return len(self.levels)

    @classmethod
    def fit(cls, ids: np.ndarray, *, symbols: int, order: int) -> KneserNey:
        """Return the model of one order.

        Args:
            ids: Training text: END, then N symbols, uint16, shape (N + 1,).
            symbols: V; every symbol is less.
            order: Length of the longest n-grams, 1 to 12.

        Raises:
            CorpusError: There is no text, or a symbol is outside the alphabet.
            OptionError: Nobody builds models of this order.
        """
        if not 1 <= order <= MOST_ORDER:
            raise OptionError(f"an n-gram model of order {order} can't be built; choose 1 to {MOST_ORDER}")
        for shorter, longest in _growing(ids, symbols):
            if len(shorter) == order - 1:
                return cls((*shorter, longest()), symbols)
        raise AssertionError("models of every order grow")

    @classmethod
    def fit_best(cls, ids: np.ndarray, validation: np.ndarray, *, symbols: int) -> KneserNey:
        """Return the model whose order predicts ``validation`` best; see ``fit``.

        The orders share all their work, so this takes hardly longer than the largest alone. It ends two orders after the best.

        Raises:
            CorpusError: There is no text in one of the two, or a symbol is outside the alphabet.
        """
        _check(validation, symbols)
        best, least = None, math.inf
        reading = _Reading.begin(validation, symbols)
        for shorter, longest in _growing(ids, symbols):
            if shorter:
                reading = reading.deeper(shorter[-1], symbols)
            level = longest()
            cost = float(-np.log(reading.deeper(level, symbols).probabilities).sum())
            if best is None or cost < least:
                best, least = cls((*shorter, level), symbols), cost
            if len(shorter) + 1 == min(best.order + _PATIENCE, MOST_ORDER):
                return best
        raise AssertionError("models of every order grow")

    def surprisal(self, ids: np.ndarray) -> np.ndarray:
        """Return the cost of each symbol after the ones before it [nat], float64, shape (N,).

        Args:
            ids: A text: END, then N symbols, shape (N + 1,).

        Raises:
            CorpusError: There is no text, or a symbol is outside the alphabet.
        """
        _check(ids, self.symbols)
        costs = np.empty(len(ids) - 1)
        for start in range(0, len(costs), _AT_ONCE):
            before = max(0, start - self.order)  # read again, so that no piece begins without its context
            reading = _Reading.begin(ids[before : start + _AT_ONCE + 1], self.symbols)
            for level in self.levels:
                reading = reading.deeper(level, self.symbols)
            costs[start : start + _AT_ONCE] = -np.log(reading.probabilities[start - before :])
        return costs

    def score(self, part: Part) -> Score:
        """Return how likely the model finds a part of a corpus, read from its beginning.

        Raises:
            CorpusError: The part holds no text.
        """
        bits = float(self.surprisal(part.ids).sum()) / math.log(2)
        return Score(bits / part.characters, bits / part.utf8_bytes, part.characters)


@dataclass(frozen=True)
class Baseline:
    """What n-grams make of a corpus.

    Attributes:
        order: The order that the validation part chose.
        validation: How likely the model finds the validation part.
        test: How likely it finds the test part.
    """

    order: int
    validation: Score
    test: Score


def baseline(corpus: Corpus) -> Baseline:
    """Fit on the training part, choose the order on the validation part, and score both held-out parts.

    Raises:
        CorpusError: A part holds no text.
    """
    model = KneserNey.fit_best(corpus.train.ids, corpus.validation.ids, symbols=len(corpus.alphabet))
    return Baseline(model.order, model.score(corpus.validation), model.score(corpus.test))


@dataclass(frozen=True)
class _Level:
    """The n-grams of one length k, G of them, and the C contexts of length k - 1.

    Attributes:
        keys: Keys of the n-grams, int64, shape (G,), ascending; an n-gram's place is its number.
        probabilities: Probability of the last symbol of each after its others, float32, shape (G,).
        backoff: Share that each context leaves to shorter n-grams, float32, shape (C,).
    """

    keys: np.ndarray
    probabilities: np.ndarray
    backoff: np.ndarray


@dataclass(frozen=True)
class _Reading:
    """A text looked up in the levels of length 1 to k.

    Attributes:
        ids: The text, shape (N + 1,).
        length: k.
        grams: Number of the n-gram of length k that ends at each symbol, int64, shape (N + 1,); -1 where training had none.
        probabilities: Probability of every symbol but the first, float64, shape (N,).
    """

    ids: np.ndarray
    length: int
    grams: np.ndarray
    probabilities: np.ndarray

    @classmethod
    def begin(cls, ids: np.ndarray, symbols: int) -> _Reading:
        """Return a text before anything is looked up: every symbol is equally likely."""
        return cls(ids, 0, np.zeros(len(ids), np.int64), np.full(len(ids) - 1, 1 / symbols))

    def deeper(self, level: _Level, symbols: int) -> _Reading:
        """Return the text looked up in one level more."""
        keys = _keys(self.grams, self.ids, self.length + 1, symbols)  # negative where the shorter n-gram is missing
        grams = np.minimum(np.searchsorted(level.keys, keys), len(level.keys) - 1)
        grams[level.keys[grams] != keys] = -1
        contexts = self.grams[:-1]
        left = np.where(contexts < 0, 1.0, level.backoff[contexts])
        probabilities = np.where(grams[1:] < 0, left * self.probabilities, level.probabilities[grams[1:]])
        return _Reading(self.ids, self.length + 1, grams, probabilities)


@dataclass(frozen=True)
class _Grams:
    """The n-grams of one length k in the training text, G of them.

    Attributes:
        keys: Their keys, int64, shape (G,), ascending.
        occurrences: How often each occurs, the one that ends at the first END not counted, int32, shape (G,).
        contexts: Number of the n-gram of length k - 1 that each begins with, int32, shape (G,).
        context_count: C, how many such there are.
    """

    keys: np.ndarray
    occurrences: np.ndarray
    contexts: np.ndarray
    context_count: int

    def level(self, counts: np.ndarray, shorter: np.ndarray, symbols: int) -> _Level:
        """Return the probabilities that discounted counts give.

        Args:
            counts: Count of each n-gram, int32, shape (G,); zero for one that only stands at the beginning.
            shorter: Probability of each n-gram of length k - 1.
            symbols: V.
        """
        taken = discounts(counts).astype(np.float32)[np.minimum(counts, 3).astype(np.uint8)]
        total, backoff = self._after_contexts(counts), self._after_contexts(taken)
        # Nothing follows a context that stands only at the end of the text: all is left to the shorter n-grams.
        unfollowed = total == 0
        backoff[unfollowed] = total[unfollowed] = 1
        backoff /= total
        probabilities = np.subtract(counts, taken, dtype=np.float32)
        for cut in _pieces(len(counts)):
            probabilities[cut] /= total[self.contexts[cut]]
            probabilities[cut] += backoff[self.contexts[cut]] * shorter[self.keys[cut] // symbols]
        return _Level(self.keys, probabilities, backoff)

    def _after_contexts(self, values: np.ndarray) -> np.ndarray:
        """Return the sum of a value of the n-grams over those that begin with each context, float32, shape (C,)."""
        total = np.zeros(self.context_count)
        for cut in _pieces(len(values)):
            total += np.bincount(self.contexts[cut], values[cut], self.context_count)
        return total.astype(np.float32)


def _growing(ids: np.ndarray, symbols: int) -> Iterator[tuple[Sequence[_Level], Callable[[], _Level]]]:
    """Yield for order 1, 2, 3, … the finished levels below the longest n-grams, and what makes the level of those.

    The longest n-grams of a model count as often as they occur; the shorter ones, to which it falls back, as often as they stand
    after different symbols.
    """
    _check(ids, symbols)
    levels: list[_Level] = []
    shorter = np.full(1, 1 / symbols, np.float32)
    grams, at = _longer(np.zeros(len(ids), np.int32), ids, length=1, among=1, symbols=symbols)
    while True:
        yield levels, partial(grams.level, grams.occurrences, shorter, symbols)
        longer, at = _longer(at, ids, length=len(levels) + 2, among=len(grams.keys), symbols=symbols)
        different = np.bincount(longer.keys[longer.occurrences > 0] // symbols, minlength=len(grams.keys)).astype(np.int32)
        levels.append(grams.level(different, shorter, symbols))
        shorter = levels[-1].probabilities
        grams = longer


def _longer(at: np.ndarray, ids: np.ndarray, *, length: int, among: int, symbols: int) -> tuple[_Grams, np.ndarray]:
    """Return the n-grams of one symbol more, and the number of the one that ends at each symbol, int32, shape (N + 1,).

    Args:
        at: The same of the n-grams so far.
        ids: The training text, shape (N + 1,).
        length: Length of the n-grams to be returned.
        among: How many n-grams there are so far.
        symbols: V.
    """
    keys = _keys(at, ids, length, symbols)
    order = np.argsort(keys).astype(np.int32)
    keys = keys[order]
    first = np.flatnonzero(np.append(True, keys[1:] != keys[:-1])).astype(np.int32)
    keys = keys[first]
    # Before the first END stand more ENDs, so that what it stands after is what itself ends.
    contexts = at[np.maximum(order[first] - 1, 0)]
    occurrences = np.diff(first, append=np.int32(len(ids)))
    longer = np.empty(len(ids), np.int32)
    longer[order] = np.repeat(np.arange(len(keys), dtype=np.int32), occurrences)
    occurrences[longer[0]] -= 1
    return _Grams(keys, occurrences, contexts, among), longer


def discounts(counts: np.ndarray) -> np.ndarray:
    """Return what is taken off a count of 0, 1, 2, and 3 or more, float64, shape (4,).

    Args:
        counts: The counts of all n-grams of one length.

    Source: Chen and Goodman (1999), equation 17: D_i = i - (i + 1) Y n_{i+1} / n_i, Y = n_1 / (n_1 + 2 n_2), where n_i n-grams
    have count i. Where one of them can't be told so, or isn't between 0 and i, ``FALLBACK_DISCOUNTS`` are taken.
    """
    _, n1, n2, n3, n4, _ = np.bincount(np.minimum(counts, 5), minlength=6).tolist()
    if not (n1 and n2 and n3):
        return np.array([0, *FALLBACK_DISCOUNTS])
    y = n1 / (n1 + 2 * n2)
    found = (1 - 2 * y * n2 / n1, 2 - 3 * y * n3 / n2, 3 - 4 * y * n4 / n3)
    sensible = all(0 < discount <= i for i, discount in enumerate(found, 1))
    return np.array([0, *(found if sensible else FALLBACK_DISCOUNTS)])


def _pieces(size: int) -> Iterator[slice]:
    """Yield slices of an array of ``size`` n-grams, so that what is computed on the way stays small."""
    for start in range(0, size, _COUNTED_AT_ONCE):
        yield slice(start, start + _COUNTED_AT_ONCE)


def _keys(grams: np.ndarray, ids: np.ndarray, length: int, symbols: int) -> np.ndarray:
    """Return the key of the n-gram of a length that ends at each symbol, int64, shape (N + 1,).

    Args:
        grams: Number of the n-gram one shorter that ends at each symbol, shape (N + 1,).
        ids: The text, shape (N + 1,).
        length: Length of the n-grams.
        symbols: V.
    """
    keys = grams.astype(np.int64)
    keys *= symbols
    before = length - 1
    keys[before:] += ids[: max(0, len(ids) - before)]
    keys[:before] += END
    return keys


def _check(ids: np.ndarray, symbols: int) -> None:
    if len(ids) < 2:
        raise CorpusError("n-grams need text: a part of the corpus holds none; take a longer chat")
    if int(ids.max()) >= symbols:
        raise CorpusError(
            f"symbol {int(ids.max())} is outside an alphabet of {symbols} symbols; encode with the model's alphabet"
        )
