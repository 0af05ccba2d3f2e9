"""Diversity: known answers, and groups of different sizes made comparable."""

from __future__ import annotations

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from talklike.evaluation.diversity import diversity, repeated_characters


def sentences(count: int, *, vocabulary: int, seed: int) -> list[str]:
    """Return ``count`` sentences of eight words out of so many."""
    draw = random.Random(seed)
    return [" ".join(f"w{draw.randrange(vocabulary)}" for _ in range(8)) for _ in range(count)]


def test_known_answers() -> None:
    """One sentence again and again has few different n-grams; different words have only different ones."""
    same, different = diversity(["a tide of ink"] * 10, ["one two six ten", *[f"x{n} y{n} z{n} o{n}" for n in range(9)]])
    assert same.distinct_words == {1: 4 / 40, 2: 3 / 30, 3: 2 / 20}
    assert same.distinct_characters[8] == pytest.approx(6 / 44)  # the other group has 44
    assert same.self_bleu == pytest.approx(1)
    assert different.distinct_words == {1: 1, 2: 1, 3: 1}
    assert different.self_bleu == 0
    assert same.finished is None


def test_groups_of_any_size_are_measured_on_equally_much() -> None:
    """Ten times as many texts out of the same words are as diverse, which without equal amounts they wouldn't seem to be."""
    few, many = sentences(200, vocabulary=300, seed=1), sentences(2000, vocabulary=300, seed=2)
    one, other = diversity(few, many)
    assert one.texts == other.texts == 200
    assert one.distinct_words[2] == pytest.approx(other.distinct_words[2], rel=0.05)
    assert one.self_bleu == pytest.approx(other.self_bleu, rel=0.1)
    (alone,) = diversity(many)
    assert (alone.distinct_words[1] or 0) < 0.2 * (other.distinct_words[1] or 0)


def test_longer_texts_do_not_seem_less_diverse() -> None:
    """Of texts twice as long only as many n-grams count."""
    draw = sentences(800, vocabulary=300, seed=1)
    short, long = diversity(draw[:400], [f"{a} {b}" for a, b in zip(draw[:400], draw[400:], strict=True)])
    assert short.distinct_words[1] == pytest.approx(long.distinct_words[1], rel=0.1)


def test_the_seed_decides_what_is_drawn() -> None:
    """The same seed gives the same figures."""
    few, many = sentences(50, vocabulary=100, seed=1), sentences(500, vocabulary=100, seed=2)
    assert diversity(few, many, seed=3) == diversity(few, many, seed=3)
    assert diversity(few, many, seed=3) != diversity(few, many, seed=4)


def test_texts_that_were_cut_off_are_not_finished() -> None:
    """A text as long as was allowed hadn't come to its end."""
    (found,) = diversity(["1234", "12345", "123", "12345"], most=5)
    assert found.finished == 0.5


def test_loops_are_found() -> None:
    """A run of sixteen characters that comes twice counts where it comes again."""
    loop = "i went to the shop and i went to the shop"
    assert repeated_characters(loop) == len("i went to the shop")
    assert repeated_characters("ha" * 20) == 38
    (found,) = diversity([loop, "nothing here comes more than once"])
    assert found.repeating == 0.5
    assert found.repeated == pytest.approx(18 / (len(loop) + 33))


@given(st.text(alphabet="ab", max_size=40), st.integers(1, 6))
def test_repeated_characters_are_those_in_runs_seen_before(text: str, run: int) -> None:
    """A character counts if some run of so many around it began earlier too."""
    hits = {
        position
        for start in range(len(text) - run + 1)
        if text.find(text[start : start + run]) < start
        for position in range(start, start + run)
    }
    assert repeated_characters(text, run) == len(hits)


def test_nothing_has_no_diversity() -> None:
    """Without texts there are no shares, and the figures are JSON all the same."""
    found = diversity([], ["a b"], most=10)
    assert [value.to_dict() for value in found] == [found[0].to_dict()] * 2
    assert json.loads(json.dumps(found[0].to_dict()))["distinct_words"] == {"1": None, "2": None, "3": None}
    assert found[0].finished is None
    assert diversity() == ()
