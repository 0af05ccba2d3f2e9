"""The n-gram baseline, against the formulas of the paper written out with dictionaries."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from importlib import import_module
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from talklike.corpus.corpus import build_corpus
from talklike.errors import CorpusError, OptionError
from talklike.evaluation.kneser_ney import FALLBACK_DISCOUNTS, MOST_ORDER, KneserNey, baseline, discounts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from talklike.chat.table import Chat

V = 6
Gram = tuple[int, ...]


class Reference:
    """Interpolated modified Kneser-Ney, one n-gram at a time; before a text stand as many ENDs as are needed."""

    def __init__(self, ids: list[int], order: int) -> None:
        padded = [0] * (order + 1) + ids
        begin = order + 2  # the first symbol that is predicted

        def seen(length: int) -> Counter[Gram]:
            return Counter(tuple(padded[t - length + 1 : t + 1]) for t in range(begin, len(padded)))

        self.order = order
        self.counts: list[dict[Gram, int]] = []
        for length in range(1, order):
            after: dict[Gram, set[int]] = defaultdict(set)
            for gram in seen(length + 1):
                after[gram[1:]].add(gram[0])
            self.counts.append({gram: len(symbols) for gram, symbols in after.items()})
        self.counts.append(dict(seen(order)))
        self.taken = [self._discounts(list(counts.values())) for counts in self.counts]

    @staticmethod
    def _discounts(counts: list[int]) -> list[float]:
        n = [0] + [sum(c == i for c in counts) for i in (1, 2, 3, 4)]
        if not (n[1] and n[2] and n[3]):
            return [0, *FALLBACK_DISCOUNTS]
        y = n[1] / (n[1] + 2 * n[2])
        found = [i - (i + 1) * y * n[i + 1] / n[i] for i in (1, 2, 3)]
        return [0, *(found if all(0 < d <= i for i, d in enumerate(found, 1)) else FALLBACK_DISCOUNTS)]

    def probability(self, before: list[int], symbol: int) -> float:
        """Return the probability of a symbol after the symbols before."""
        padded = [0] * self.order + before
        p = 1 / V
        for length in range(1, self.order + 1):
            counts, taken = self.counts[length - 1], self.taken[length - 1]
            context = tuple(padded[len(padded) - length + 1 :])
            follow = {gram[-1]: c for gram, c in counts.items() if gram[:-1] == context}
            if total := sum(follow.values()):
                left = sum(taken[min(c, 3)] for c in follow.values()) / total
                own = follow.get(symbol, 0)
                p = (own - taken[min(own, 3)]) / total + left * p
        return p


texts = st.lists(st.integers(0, V - 1), min_size=3, max_size=60).map(lambda ids: [0, *ids])


@settings(max_examples=60)
@given(texts, texts, st.integers(1, 5))
def test_probabilities_are_those_of_the_paper(train: list[int], test: list[int], order: int) -> None:
    """On any text, seen or not, each symbol costs what the formulas give."""
    model = KneserNey.fit(np.array(train, np.uint16), symbols=V, order=order)
    reference = Reference(train, order)
    expected = [-math.log(reference.probability(test[:t], test[t])) for t in range(1, len(test))]
    np.testing.assert_allclose(model.surprisal(np.array(test, np.uint16)), expected, atol=1e-4)


@settings(max_examples=40)
@given(texts, texts, st.integers(1, 6))
def test_probabilities_sum_to_one(train: list[int], before: list[int], order: int) -> None:
    """Over the alphabet, after any context."""
    model = KneserNey.fit(np.array(train, np.uint16), symbols=V, order=order)
    costs = [model.surprisal(np.array([*before, symbol], np.uint16))[-1] for symbol in range(V)]
    assert sum(math.exp(-cost) for cost in costs) == pytest.approx(1, abs=1e-4)


def test_a_text_read_in_pieces_costs_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a long text is cut leaves no trace."""
    random = np.random.default_rng(0)
    train, test = (np.concatenate([[0], random.integers(0, V, 500)]).astype(np.uint16) for _ in range(2))
    model = KneserNey.fit(train, symbols=V, order=4)
    whole = model.surprisal(test)
    monkeypatch.setattr(import_module("talklike.evaluation.kneser_ney"), "_AT_ONCE", 37)
    np.testing.assert_allclose(model.surprisal(test), whole)


def test_validation_chooses_the_order() -> None:
    """A text whose next symbol follows from the three before wants n-grams of four."""
    random = np.random.default_rng(1)

    def text(count: int) -> np.ndarray:
        ids = [0, 1, 2, 3]
        for _ in range(count):
            ids.append((ids[-1] + 2 * ids[-2] + 3 * ids[-3]) % V if random.random() < 0.9 else int(random.integers(V)))
        return np.array(ids, np.uint16)

    train, validation = text(6000), text(2000)
    best = KneserNey.fit_best(train, validation, symbols=V)
    costs = {n: KneserNey.fit(train, symbols=V, order=n).surprisal(validation).mean() for n in range(1, 7)}
    assert best.order == min(costs, key=lambda n: costs[n]) == 4
    np.testing.assert_allclose(best.surprisal(validation).mean(), costs[4])


def test_discounts_follow_the_counts_of_counts() -> None:
    """Equation 17 of the paper; too few rare n-grams fall back on fixed discounts."""
    counts = np.repeat([1, 2, 3, 4, 7], [100, 40, 20, 10, 5])
    y = 100 / 180
    expected = [0, 1 - 2 * y * 40 / 100, 2 - 3 * y * 20 / 40, 3 - 4 * y * 10 / 20]
    np.testing.assert_allclose(discounts(counts), expected)
    np.testing.assert_allclose(discounts(np.array([1, 1, 5])), [0, *FALLBACK_DISCOUNTS])


def test_a_corpus_has_a_baseline(make_chat: Callable[..., Chat], tmp_path: Path) -> None:
    """Fitted on the training part; what it scores is divided by the characters of each part."""
    corpus = build_corpus(make_chat([f"message {n % 7} of many, {n % 11}" for n in range(300)]), "u1", tmp_path)
    found = baseline(corpus)
    model = KneserNey.fit(corpus.train.ids, symbols=len(corpus.alphabet), order=found.order)
    bits = model.surprisal(corpus.test.ids).sum() / math.log(2)
    assert found.test.bits_per_character == pytest.approx(bits / corpus.test.characters)
    assert found.test.bits_per_character < 2
    assert found.validation.characters == corpus.validation.characters


@pytest.mark.parametrize("order", [0, -1, MOST_ORDER + 1])
def test_other_orders_are_refused(order: int) -> None:
    """The error says which there are."""
    with pytest.raises(OptionError, match=f"choose 1 to {MOST_ORDER}"):
        KneserNey.fit(np.array([0, 1], np.uint16), symbols=V, order=order)


def test_no_text_and_foreign_symbols_are_refused() -> None:
    """Both when fitting and when scoring."""
    model = KneserNey.fit(np.array([0, 1, 2], np.uint16), symbols=V, order=2)
    for bad, message in (([0], "holds none"), ([0, V], "outside an alphabet")):
        ids = np.array(bad, np.uint16)
        with pytest.raises(CorpusError, match=message):
            KneserNey.fit(ids, symbols=V, order=2)
        with pytest.raises(CorpusError, match=message):
            model.surprisal(ids)
        with pytest.raises(CorpusError, match=message):
            KneserNey.fit_best(np.array([0, 1], np.uint16), ids, symbols=V)
