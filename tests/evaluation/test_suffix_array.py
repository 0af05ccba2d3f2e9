"""Matches found by suffix arrays are those that trying everything finds."""

from __future__ import annotations

import random
import sys
from importlib import import_module

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from talklike.errors import MissingExtraError
from talklike.evaluation.suffix_array import SuffixArray

SOME = st.text(alphabet="ab \x00é€😀\ud800", max_size=40)  # characters of one to four bytes, and what no UTF-8 should hold
REPETITIVE = st.text(alphabet="ab", max_size=60)
TEXTS = st.lists(SOME | REPETITIVE, max_size=8)


def longest_by_trying(texts: list[str], query: str) -> list[int]:
    """Return the length of the longest match at each character, by trying all lengths in all texts."""
    found = []
    for start in range(len(query)):
        length = 0
        while start + length < len(query) and any(query[start : start + length + 1] in text for text in texts):
            length += 1
        found.append(length)
    return found


@given(TEXTS, st.lists(SOME | REPETITIVE, max_size=4))
def test_the_longest_matches_are_exact(texts: list[str], queries: list[str]) -> None:
    """At every character of every query the match is as long as can be, and ends where a text or the query ends."""
    asked = [*queries, "".join(texts), *texts[:2]]
    found = SuffixArray(texts).longest(asked)
    assert [lengths.tolist() for lengths in found] == [longest_by_trying(texts, query) for query in asked]


@given(TEXTS, st.data())
def test_the_holders_of_a_part_are_exact(texts: list[str], data: st.DataObject) -> None:
    """A part is found in those texts in which it stands, and in no others."""
    whole = "".join(texts) + "ab"
    cuts = st.tuples(st.integers(0, len(whole)), st.integers(0, len(whole)))
    parts = [whole[a:b] for a, b in data.draw(st.lists(cuts, max_size=5)) if whole[a:b]]
    found = SuffixArray(texts).holders(parts)
    expected = [[number for number, text in enumerate(texts) if part in text] for part in parts]
    assert [numbers.tolist() for numbers in found] == expected


@pytest.mark.parametrize("copies", [1, 2])
def test_long_matches_are_followed_to_their_end(copies: int) -> None:
    """A match of thousands of characters is as long as it is, whether one text holds it or two, and so is every one inside it."""
    draw = random.Random(3)
    text = "".join(draw.choice("abcd é") for _ in range(5000))
    query = "!" + text[100:3100] + "!" + text[50:60]
    (found,) = SuffixArray([text] * copies).longest([query])
    assert found[0] == 0
    np.testing.assert_array_equal(found[1:2900], np.arange(3000, 101, -1))
    assert found[-10:].max() >= 10


def test_no_match_goes_from_one_text_into_the_next() -> None:
    """Two messages in a row are two matches, wherever they stand."""
    texts = ["see you at the harbour tonight", "bring the blue lantern along"]
    (found,) = SuffixArray(texts).longest(["".join(texts)])
    assert found[0] == len(texts[0])
    assert found[len(texts[0])] == len(texts[1])


def test_of_what_stands_everywhere_some_holders_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a part that stands in every message costs no more than so many of them."""
    monkeypatch.setattr(import_module("talklike.evaluation.suffix_array"), "MOST_OCCURRENCES", 10)
    (found,) = SuffixArray(["a b"] * 100).holders(["a b"])
    assert len(found) == 10


def test_without_its_package_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error names the extra."""
    monkeypatch.setitem(sys.modules, "pydivsufsort", None)
    with pytest.raises(MissingExtraError, match=r"talklike\[evaluate\]"):
        SuffixArray(["a"])
