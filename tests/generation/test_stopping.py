"""From symbols to text, and when a text is finished."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from talklike.corpus.alphabet import END, Alphabet
from talklike.generation.stopping import Reason, Text

if TYPE_CHECKING:
    from collections.abc import Sequence

ALPHABET = Alphabet("abc \n")


def written(
    text: str, most: int = 1000, stops: Sequence[str] = (), *, through: bool = False, end: bool = False
) -> tuple[list[str], Reason | None]:
    """Return the pieces that come of adding ``text`` symbol by symbol until it is finished, and why it is."""
    state = Text(ALPHABET, most, stops=stops, through=through)
    pieces = []
    for symbol in [*ALPHABET.encode(text).tolist(), *([END] if end else [])]:
        pieces.append(state.add(symbol))
        if state.finished:
            break
    return pieces, state.finished


def test_each_character_comes_at_once() -> None:
    """Without stop strings nothing is held back; a character spelt in bytes comes with its last byte."""
    assert written("ab")[0] == ["a", "b"]
    assert written("a😀é")[0] == ["a", "", "", "", "😀", "", "é"]


@given(st.text("abcé😀 \n"), st.integers(1, 30))
def test_a_text_is_as_long_as_asked(text: str, most: int) -> None:
    """Length is counted in characters, whether they are symbols or bytes."""
    pieces, finished = written(text, most)
    assert "".join(pieces) == text[:most]
    assert finished == ("length" if len(text) >= most else None)


def test_the_end_of_a_message_finishes_it() -> None:
    """The end isn't part of the text."""
    assert written("ab", end=True) == (["a", "b", ""], "end")


def test_writing_through_turns_ends_into_newlines() -> None:
    """With ``through`` the end of a message is a newline, counted like any character."""
    assert written("ab", through=True, end=True) == (["a", "b", "\n"], None)
    assert written("ab", 3, through=True, end=True) == (["a", "b", "\n"], "length")


TEXTS = st.text("abé😀", max_size=30)
STOPS = st.lists(st.text("abé😀", min_size=1, max_size=4), min_size=1, max_size=3)


@given(TEXTS, STOPS, st.integers(1, 30), st.booleans())
def test_a_text_ends_before_the_first_stop_string(text: str, stops: list[str], most: int, end: bool) -> None:
    """The pieces join to the text up to the earliest moment at which a stop string is complete, or to all that was asked."""
    shown = text[:most]
    complete = [n for n in range(1, len(shown) + 1) if any(shown[:n].endswith(stop) for stop in stops)]
    pieces, finished = written(text, most, stops, end=end)
    found = "".join(pieces)
    if complete:
        upto = shown[: complete[0]]
        assert found == upto[: min(at for stop in stops if (at := upto.find(stop)) >= 0)]
        assert finished == "stop"
    elif len(text) >= most or end:
        assert found == shown
        assert finished == ("length" if len(text) >= most else "end")
    else:
        assert shown.startswith(found)
        assert finished is None
    assert not any(stop in found for stop in stops)


@given(TEXTS, STOPS)
def test_what_is_shown_is_never_taken_back(text: str, stops: list[str]) -> None:
    """Only what may be the beginning of a stop string is held back, and no more of it than that."""
    state = Text(ALPHABET, 1000, stops=stops)
    shown = ""
    read = ""
    for character in text:
        for symbol in ALPHABET.encode(character).tolist():
            shown += state.add(symbol)
        read += character
        if state.finished:
            return
        held = read[len(shown) :]
        assert read == shown + held
        assert state.written == len(read)
        assert not held or any(stop.startswith(held) for stop in stops)


@pytest.mark.parametrize(
    ("text", "stops", "pieces", "finished"),
    [
        ("abcab", ["ca"], ["a", "b", "", ""], "stop"),
        ("abcb", ["ca"], ["a", "b", "", "cb"], None),
        ("aab", ["ab"], ["", "a", ""], "stop"),
        ("abc", ["abcc", "bc"], ["", "", "a"], "stop"),
        ("a😀b", ["😀"], ["a", "", "", "", ""], "stop"),
        ("ab\nc", ["\n"], ["a", "b", ""], "stop"),
    ],
)
def test_a_stop_string_in_pieces_is_caught(text: str, stops: list[str], pieces: list[str], finished: Reason | None) -> None:
    """A stop string comes symbol by symbol, and what turns out not to be one is shown after all."""
    assert written(text, 1000, stops) == (pieces, finished)


def test_what_is_held_is_shown_at_the_end() -> None:
    """A beginning of a stop string that the end of the message, or the length, leaves unfinished belongs to the text."""
    assert written("ab", 1000, ["bc"], end=True) == (["a", "", "b"], "end")
    assert written("ab", 2, ["bc"]) == (["a", "b"], "length")


def test_a_newline_of_an_ended_message_can_stop() -> None:
    """Written through, the end of a message is a newline for stop strings too."""
    assert written("ab", 1000, ["\n"], through=True, end=True) == (["a", "b", ""], "stop")
