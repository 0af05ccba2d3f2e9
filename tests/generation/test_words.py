"""Tests of where a word ends."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from talklike.generation.words import ALONE, BETWEEN, LETTER, breaks, first_word, part


def test_what_makes_a_word() -> None:
    """Letters of any script, digits, marks, apostrophes and emoji do; spaces and signs don't; ideographs are words alone."""
    assert {part(c) for c in "aZéßжअाก7²'’_😀\u0301\ufe0f\u200d🏽각"} == {LETTER}
    assert {part(c) for c in ' \n\t.,!?-—…()"/#@^`$+=\x1b\u202e'} == {BETWEEN}
    assert {part(c) for c in "漢字ひらカタ"} == {ALONE}


def test_words_end_where_something_else_begins() -> None:
    """A word ends before what stands between words and before and after a word by itself; nothing else ends."""
    assert [breaks(a, b) for a, b in ("a ", "a.", "a漢", "漢a", "漢漢", "漢 ")] == [True] * 6
    assert [breaks(a, b) for a, b in ("ab", "a'", "a7", "😀😀", " a", " 漢", "  ", ".a")] == [False] * 8


def test_the_first_word_of_a_text() -> None:
    """It comes with what stands before it, as far as it ends, and no more is read than that needs."""
    pieces = iter([" (so", " they", " say"])
    assert first_word(pieces) == " (so"
    assert list(pieces) == [" say"]
    assert first_word([]) == ""
    assert first_word(["..."]) == "..."
    assert first_word(["it's", " on"]) == "it's"
    assert first_word(["漢字"]) == "漢"
    assert first_word(["a" * 50]) == "a" * 32
    assert first_word(["tide is"], longest=3) == "tid"


@given(st.text(max_size=40))
def test_first_words_make_up_the_text(text: str) -> None:
    """Cut off one after another, they are the whole text."""
    rest, found = text, []
    while rest:
        word = first_word(rest, longest=10)
        assert 1 <= len(word) <= 10
        found.append(word)
        rest = rest[len(word) :]
    assert "".join(found) == text
