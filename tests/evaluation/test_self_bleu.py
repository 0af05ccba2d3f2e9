"""Self-BLEU, against sacreBLEU's figures and against BLEU written from its definition."""

from __future__ import annotations

import math
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from talklike.evaluation.self_bleu import self_bleu, tokens


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["the tide is late again", "the tide is early", "is the tide late, again?"], 0.360012311),
        (["ok", "ok", "no"], 0.666666667),
        (["i moor at the north jetty :)", "i moor at the north jetty :)", "nobody moors there"], 0.666666667),
        (["a a a a b", "a a b b", "b a a a a a"], 0.613753032),
        (["one two", "three four"], 0.0),
    ],
)
def test_the_figures_are_sacrebleus(texts: list[str], expected: float) -> None:
    """The mean of sacreBLEU 2.6.0's ``sentence_score`` against all others (effective order, exponential smoothing)."""
    assert self_bleu(texts) == pytest.approx(expected, abs=1e-8)


def bleu_from_its_definition(said: list[str], others: list[list[str]]) -> float:
    """Return the smoothed BLEU of one sentence against references, each n-gram counted in each reference."""
    logs, halved = [], 1.0
    for n in range(1, min(4, len(said)) + 1):
        grams = Counter(tuple(said[s : s + n]) for s in range(len(said) - n + 1))
        allowed = [Counter(tuple(other[s : s + n]) for s in range(len(other) - n + 1)) for other in others]
        hits = sum(min(count, max(counted[gram] for counted in allowed)) for gram, count in grams.items())
        if n == 1 and not hits:
            return 0.0
        halved *= 1 if hits else 2
        logs.append(math.log(hits / grams.total() if hits else 1 / (halved * grams.total())))
    reference = min((abs(len(other) - len(said)), len(other)) for other in others)[1]
    return math.exp(min(0.0, 1 - reference / len(said)) + sum(logs) / len(logs))


@given(st.lists(st.lists(st.sampled_from("abcd"), min_size=1, max_size=9), min_size=2, max_size=6))
def test_all_references_count(said: list[list[str]]) -> None:
    """The short cut over the two most frequent uses gives what counting in every reference gives."""
    expected = [bleu_from_its_definition(one, said[:n] + said[n + 1 :]) for n, one in enumerate(said)]
    assert self_bleu([" ".join(one) for one in said]) == pytest.approx(sum(expected) / len(expected))


def test_the_same_text_every_time_scores_one() -> None:
    """Nothing is less diverse."""
    assert self_bleu(["it leaks again!"] * 5) == pytest.approx(1)


@pytest.mark.parametrize("texts", [[], ["alone"], ["alone", "  "]])
def test_one_text_has_no_others(texts: list[str]) -> None:
    """Below two texts with a token in them there is no figure."""
    assert self_bleu(texts) is None


def test_everything_but_white_space_is_a_token() -> None:
    """Emoji and punctuation count, each for itself."""
    assert tokens("héllo😀😀  (x_1)\n") == ["héllo", "😀", "😀", "(", "x_1", ")"]
