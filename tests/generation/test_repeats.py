"""DRY and no-repeat n-grams, against slow definitions that compare strings."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from talklike.generation.repeats import Repeats
from talklike.generation.sampling import Sampling

LETTERS = "abc\n"
BYTES = [letter.encode() for letter in LETTERS]


def apply(text: str, logits: np.ndarray, **values: Any) -> np.ndarray:
    """Return the logits after a text."""
    repeats = Repeats(Sampling(**values), BYTES)
    for letter in text:
        repeats.add(LETTERS.index(letter))
    return repeats.apply(logits)


def longest_run(text: str, letter: str, first: int) -> int:
    """Return how many letters at the end of the text, with ``letter`` after them, have come before, from place ``first`` on."""
    longest = 0
    for place in range(first, len(text)):
        if text[place] == letter:
            length = 0
            while length < place and text[place - 1 - length] == text[len(text) - 1 - length] != "\n":
                length += 1
            longest = max(longest, length)
    return longest


@given(st.text(LETTERS, max_size=30), st.integers(1, 4), st.sampled_from([-1, 5, 12]))
def test_dry_is_what_its_definition_says(text: str, allowed: int, last: int) -> None:
    """A symbol loses multiplier × base^(run − allowed) if the run that it repeats is long enough; no run crosses a newline."""
    logits = np.array([0.5, -1.0, 2.0, 0.0], np.float32)
    found = apply(text, logits, dry_multiplier=0.8, dry_base=1.5, dry_allowed_length=allowed, dry_penalty_last_n=last)
    for symbol, letter in enumerate(LETTERS):
        run = longest_run(text, letter, 0 if last < 0 else max(0, len(text) - last))
        lost = 0.8 * 1.5 ** (run - allowed) if run >= allowed else 0.0
        assert found[symbol] == pytest.approx(logits[symbol] - lost, rel=1e-5, abs=1e-5)


@given(st.text(LETTERS, max_size=40), st.integers(1, 5))
def test_no_ngram_comes_twice(text: str, size: int) -> None:
    """Exactly the symbols that would complete an n-gram that stands in the text already are forbidden."""
    found = apply(text, np.zeros(len(LETTERS), np.float32), no_repeat_ngram_size=size)
    end = text[len(text) - size + 1 :] if size > 1 else ""
    for symbol, letter in enumerate(LETTERS):
        twice = len(text) >= size and end + letter in text
        assert (found[symbol] == -np.inf) == twice


def test_breakers_may_be_words() -> None:
    """A run ends where the text ends in a breaker of several letters."""
    values = {"dry_multiplier": 1.0, "dry_allowed_length": 2}
    assert apply("abcabcab", np.zeros(4, np.float32), **values)[2] < 0
    assert apply("abcabcab", np.zeros(4, np.float32), dry_breakers=("ab",), **values)[2] == 0


def test_long_texts_and_long_runs_are_no_trouble() -> None:
    """A run of thousands overflows no power, and the arrays grow."""
    found = apply("a" * 3000, np.zeros(4, np.float32), dry_multiplier=5.0, dry_base=50.0, dry_allowed_length=1)
    assert -np.inf < found[0] < -1e29
    assert found[1:].tolist() == [0, 0, 0]
