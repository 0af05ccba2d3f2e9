"""Tests of messages that are written together with a voice."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from talklike.errors import AuthorNotFoundError, OptionError
from talklike.generation.cowriting import Cowriting
from talklike.generation.words import breaks, first_word

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from talklike.generation.voice import Voice


@pytest.fixture(scope="module")
def voice(make_voice: Callable[..., Voice]) -> Voice:
    """Return a voice of two authors."""
    return make_voice(authors=("u1", "u2"), scale=1.0)


def test_candidates_are_the_voice_s(voice: Voice) -> None:
    """Of its author, after what was said and what is already written."""
    together = Cowriting(voice, author="name of u2", said=[("u1", "is it out"), (None, "who")], count=3)
    said = [("u1", "is it out"), (None, "who")]
    assert together.name == "name of u2"
    assert together.candidates("the t") == voice.continuations("the t", 3, author="u2", conversation=said)
    together.finish("the tide")
    assert together.candidates("the t") == voice.continuations("the t", 3, author="u2", conversation=[*said, ("u2", "the tide")])
    assert together.done == ["the tide"]
    assert together.reopen() == "the tide"
    assert together.candidates("the t") == voice.continuations("the t", 3, author="u2", conversation=said)
    assert together.reopen() == ""


def test_a_word_is_drawn(voice: Voice) -> None:
    """As the options say, each with the next seed; it is the first word of what the voice would write."""
    together = Cowriting(voice, seed=5, sampling={"temperature": 1.2})
    for seed in (5, 6, 7):
        whole = voice.generate("so", echo=False, seed=seed, temperature=1.2)
        drawn = together.drawn("so")
        assert drawn == first_word(whole)
        assert not any(breaks(a, b) for a, b in pairwise(drawn))


def test_a_long_text_takes_no_longer(voice: Voice) -> None:
    """Only its end is read."""
    together = Cowriting(voice)
    assert together.candidates("x" * 5000 + "e") == together.candidates("x" * 4000 + "e")


def test_running_text(make_voice: Callable[..., Voice]) -> None:
    """A voice of running text ends nothing."""
    together = Cowriting(make_voice(kind="stream"))
    assert together.running
    assert not any(one.ends for one in together.candidates("e"))


@pytest.mark.parametrize("values", [{"seed": -1}, {"sampling": {"temperature": -1}}, {"sampling": {"warmth": 1}}])
def test_nonsense_is_told_before_anything_is_written(voice: Voice, values: dict[str, Any]) -> None:
    """Values that make no sense, and authors whom the voice doesn't know."""
    with pytest.raises(OptionError):
        Cowriting(voice, **values)
    with pytest.raises(AuthorNotFoundError):
        Cowriting(voice, author="nobody")


def test_how_words_are_drawn_can_change(voice: Voice) -> None:
    """From the next word on; what makes no sense changes nothing."""
    together = Cowriting(voice, sampling={"temperature": 0}, seed=1)
    likeliest = together.drawn("the")
    together.draw_as({"temperature": 30}, 5)
    wild = together.drawn("the")
    with pytest.raises(OptionError):
        together.draw_as({"temperature": -1}, 7)
    together.draw_as({"temperature": 30}, 5)
    assert together.drawn("the") == wild != likeliest
