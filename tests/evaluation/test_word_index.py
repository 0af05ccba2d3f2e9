"""Runs of words are found wherever they stand, and nowhere else."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from talklike.evaluation.word_index import WordIndex, words

if TYPE_CHECKING:
    import pytest

SAID = st.lists(st.sampled_from(["the", "The", "boat", "leaks", "isn't", "😀", ",", "42", "été"]), max_size=12).map(" ".join)


@given(st.lists(SAID, max_size=6), st.lists(SAID, max_size=4))
def test_the_longest_runs_are_exact(texts: list[str], queries: list[str]) -> None:
    """From each word on, a run is as long as it is in the text that holds most of it."""
    known = [words(text) for text in texts]

    def longest(said: list[str], start: int) -> int:
        fits = (
            n
            for one in known
            for s in range(len(one))
            for n in range(len(one) - s + 1)
            if one[s : s + n] == said[start : start + n]
        )
        return max(fits, default=0)

    expected = [[longest(said, start) for start in range(len(said))] for said in map(words, queries)]
    assert [lengths.tolist() for lengths in WordIndex(texts).longest(queries)] == expected


def test_case_and_what_stands_between_do_not_matter() -> None:
    """Words are compared, not how they are set."""
    (found,) = WordIndex(["Well: the BOAT leaks..."]).longest(["well the boat,\nleaks!"])
    assert found.tolist() == [4, 3, 2, 1]


def test_words_beyond_what_can_be_numbered_are_never_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """With more words than there are numbers, the rest count as new rather than as copied."""
    monkeypatch.setattr(import_module("talklike.evaluation.word_index"), "_CODES", 5)
    (found,) = WordIndex(["one two three four five six"]).longest(["one two three four five six"])
    assert found.tolist() == [3, 2, 1, 0, 0, 0]


def test_words_are_runs_of_letters_and_digits() -> None:
    """Apostrophes within a word belong to it, of either kind; nothing else does."""
    assert words("Don’t 'quote' it_is x2 😀 – Straße") == ["don’t", "quote", "it_is", "x2", "strasse"]
