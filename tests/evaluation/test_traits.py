"""Traits of messages that were written to have them."""

from __future__ import annotations

import json
import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from talklike.evaluation.traits import Trait, divergence, traits, wasserstein
from tests.evaluation.styles import loud, plain

NUMBERS = st.lists(st.integers(-20, 20), min_size=1, max_size=15)
COUNTS = st.dictionaries(st.sampled_from("abcd"), st.integers(1, 9), min_size=1).map(Counter)


def by_name(found: tuple[Trait, ...]) -> dict[str, Trait]:
    """Return traits by their names."""
    return {trait.name: trait for trait in found}


def test_the_same_habits_are_no_farther_than_usual() -> None:
    """Of someone who writes as before, every distance is small, and the plain values agree."""
    found = by_name(traits(plain(900, 1), plain(400, 2), plain(400, 3)))
    for name in ("punctuation", "capitals", "capital first", "emoji", "rare words"):
        trait = found[name]
        assert trait.distance is None or trait.distance < 0.02, name
    assert found["length"].distance == pytest.approx(found["length"].usual, abs=2)
    assert found["length"].real == pytest.approx(np.mean([len(text) for text in plain(400, 2)]))


def test_other_habits_are_far() -> None:
    """Capitals, marks and smiles where there were none are seen, in plain values too."""
    found = by_name(traits(plain(900, 1), plain(400, 2), loud(400, 3)))
    assert (found["capitals"].real, found["capitals"].generated, found["capitals"].distance) == (0, 1, 1)
    assert (found["capital first"].real, found["capital first"].generated) == (0, 1)
    assert (found["emoji"].real, found["emoji"].generated, found["emoji"].usual) == (0, 1, 0)
    assert found["punctuation"].real == 0
    assert found["punctuation"].generated is not None
    assert found["punctuation"].generated > 0.1
    assert found["punctuation"].distance is None, "there are no real marks to compare with"
    assert found["length"].distance is not None
    assert found["length"].usual is not None
    assert found["length"].distance > 8 > found["length"].usual


def test_misspelt_words_are_rare_words() -> None:
    """Of words with two letters swapped nearly all are known to nobody; others' words are known."""
    written = [" ".join(word[1] + word[0] + word[2:] for word in text.split()) for text in plain(300, 3)]
    found = by_name(traits(plain(900, 1), plain(300, 2), written))
    assert found["rare words"].real == 0
    assert found["rare words"].generated == pytest.approx(1, abs=0.1)
    assert by_name(traits(plain(900, 1), plain(300, 2), written, written))["rare words"].generated == 0


def test_small_words_of_english_and_of_any_language() -> None:
    """English is judged by its function words, another language by the author's most frequent ones."""
    english = ["the tide is not at the pier", "we will be there before you"] * 100
    found = by_name(traits(english, english, english))["function words"]
    assert found.real == pytest.approx(11 / 13, abs=0.05)  # all but tide and pier
    german = ["das boot liegt noch im hafen", "wir kommen gleich mit dem boot"] * 100
    assert by_name(traits(german, german, german))["function words"].real == 1
    assert by_name(traits(german, german, english))["function words"].generated == 0


@pytest.mark.parametrize(
    ("text", "has"),
    [("ok 😀", True), ("☺", True), ("fine :-)", True), ("xD", True), ("I <3 it", True), ("^_^", True), (":)", True), ("(;", True),
     ("see: (it)", False), ("http://x/y", False), ("a = b; c", False), ("1:30", False), ("plain", False)],
)  # fmt: skip
def test_what_is_an_emoji(text: str, has: bool) -> None:
    """Pictures, and those that are drawn with signs; not the signs of a web address or a time."""
    found = by_name(traits([text] * 40, [text] * 20, [text] * 20))
    assert found["emoji"].real == float(has)


def test_what_is_not_there_is_none() -> None:
    """Messages without a letter have no capitals and no words, and nothing fails."""
    found = by_name(traits(["?!"] * 40, ["?!"] * 20, ["--"] * 20))
    for name in ("capitals", "capital first", "function words", "rare words"):
        assert (found[name].real, found[name].generated, found[name].distance, found[name].usual) == (None, None, None, None)
    assert found["punctuation"].usual == 0


@pytest.mark.parametrize("texts", [[], ["a"] * 5])
def test_of_a_few_messages_nothing_is_said(texts: list[str]) -> None:
    """Ten of each kind are needed, and of what was learnt twice as many."""
    enough = plain(50)
    for three in ((texts, enough, enough), (enough, texts, enough), (enough, enough, texts)):
        assert traits(*three) == ()


@given(NUMBERS, NUMBERS, st.integers(-5, 5))
def test_the_distance_of_lengths_is_a_distance(a: list[int], b: list[int], shift: int) -> None:
    """Nothing from itself, the same both ways, at least as much as the means differ, and a shift is its size."""
    x, y = np.array(a, float), np.array(b, float)
    assert wasserstein(x, x) == 0
    assert wasserstein(x, y) == pytest.approx(wasserstein(y, x))
    assert wasserstein(x, y) >= abs(x.mean() - y.mean()) - 1e-9
    assert wasserstein(x, x + shift) == pytest.approx(abs(shift))


@given(NUMBERS)
def test_the_distance_of_equally_many_is_between_the_sorted(a: list[int]) -> None:
    """Moving the smallest to the smallest, and so on, is cheapest."""
    x, y = np.array(a, float), np.array(a[::-1], float) ** 2
    assert wasserstein(x, y) == pytest.approx(np.abs(np.sort(x) - np.sort(y)).mean())


@given(COUNTS, COUNTS)
def test_the_divergence_is_that_of_its_definition(a: Counter[str], b: Counter[str]) -> None:
    """The entropy of the mixture less the mean of the entropies; from 0 to 1."""

    def entropy(shares: list[float]) -> float:
        return -sum(share * math.log2(share) for share in shares if share)

    p, q = ([counts[key] / counts.total() for key in "abcd"] for counts in (a, b))
    expected = entropy([(x + y) / 2 for x, y in zip(p, q, strict=True)]) - (entropy(p) + entropy(q)) / 2
    found = divergence(a, b)
    assert found == pytest.approx(expected, abs=1e-9)
    assert divergence(a, Counter()) is None


def test_the_figures_are_json() -> None:
    """By name, with None where there is nothing."""
    (first, *_) = traits(plain(40, 1), plain(20, 2), plain(20, 3))
    read = json.loads(json.dumps(first.to_dict()))
    assert set(read) == {"name", "unit", "measure", "real", "generated", "distance", "usual"}
    assert (read["name"], read["unit"], read["measure"]) == ("length", "characters", "Wasserstein")
