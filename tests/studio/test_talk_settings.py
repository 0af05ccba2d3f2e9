"""Tests of what the Talk page asks of a voice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from talklike.errors import AuthorNotFoundError, OptionError
from talklike.generation.options import OPTIONS
from talklike.studio.talk_copies import LEAST
from talklike.studio.talk_settings import (
    GROUPS,
    LARGEST_SEED,
    LENGTH,
    LONGEST,
    SHORTEST_COPY,
    Control,
    Generation,
    changed,
    least_of,
    length_of,
    seed_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from talklike.generation.voice import Voice

CONTROLS = {control.name: control for group in GROUPS for control in group.controls}


@pytest.fixture(scope="module")
def voice(make_voice: Callable[..., Voice]) -> Voice:
    """Return a voice of two authors, one of whose defaults isn't the usual one."""
    return make_voice(authors=("u1", "u2"), sampling={"temperature": 0.5})


def test_every_option_has_a_control() -> None:
    """Just one, with a sentence of its own, so that nothing of the sampling can't be reached from the page."""
    assert sorted(CONTROLS) == sorted(option.name for option in OPTIONS)
    assert all(control.option.effect for control in CONTROLS.values())


def test_what_a_voice_has_can_be_shown_and_taken_back(make_voice: Callable[..., Voice]) -> None:
    """Every control holds the voice's own value at first, and that changes nothing."""
    plain = make_voice()
    values = {name: control.shown(getattr(plain.default_sampling, name), plain) for name, control in CONTROLS.items()}
    assert changed(plain, values) == {}
    assert changed(plain, {name: str(value) for name, value in values.items() if value is not None}) == {}


def test_only_what_differs_is_asked_for(voice: Voice) -> None:
    """As numbers, whatever the browser sends; what is empty isn't asked for."""
    values = {"temperature": "0.50", "top_k": 40.0, "min_p": "", "temperature_end": None, "dry_breakers": "\\n ."}
    asked = changed(voice, {**values, "logit_bias": "e=-5  =2 a=1"})
    assert asked == {"top_k": 40, "dry_breakers": ("\n", "."), "logit_bias": {"e": -5.0, " ": 2.0, "a": 1.0}}
    assert CONTROLS["logit_bias"].parsed("e=-5 ==2") == {"e": -5.0, "=": 2.0}


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"temperature": "hot"}, "Temperature is 'hot', must be 0 to 100"),
        ({"top_k": "1.5"}, "Top k is '1.5', must be 0 or more"),
        ({"top_k": "inf"}, "Top k is 'inf'"),
        ({"top_k": "1e400"}, "Top k is '1e400'"),
        ({"temperature": -1}, "temperature is -1"),
        ({"temperature": "nan"}, "temperature is nan"),
        ({"logit_bias": "e"}, "logit-bias is 'e'"),
        ({"novelty": 20}, "novelty"),
        ({"mirostat": 1}, "mirostat is 1"),
    ],
)
def test_nonsense_is_told_in_one_sentence(voice: Voice, values: dict[str, Any], said: str) -> None:
    """With what is wrong and what it must be."""
    with pytest.raises(OptionError, match=said):
        changed(voice, values)


def test_a_seed_may_be_left_open() -> None:
    """Empty is none; anything that is no seed is told."""
    assert [seed_of(typed) for typed in (None, "", " ", "0", 7, "7", str(LARGEST_SEED))] == [
        None,
        None,
        None,
        0,
        7,
        7,
        LARGEST_SEED,
    ]
    for typed in ("-1", "1.5", "x", str(LARGEST_SEED + 1), "nan"):
        with pytest.raises(OptionError, match="seed must be a whole number"):
            seed_of(typed)


def test_lengths_have_limits() -> None:
    """Of a text and of a copied span; empty is the usual one."""
    assert [length_of(typed) for typed in (None, "", "1", str(LONGEST), 20.0)] == [LENGTH, LENGTH, 1, LONGEST, 20]
    assert [least_of(typed) for typed in ("", str(SHORTEST_COPY))] == [LEAST, SHORTEST_COPY]
    with pytest.raises(OptionError, match="the length must be a whole number from 1 to 2,000; empty is 300"):
        length_of(LONGEST + 1)
    with pytest.raises(OptionError, match="the length of a copy must be"):
        least_of("7")


def test_a_generation_is_a_request(voice: Voice) -> None:
    """Of what it says, with the probability of each character."""
    made = Generation("a", "u2", (("u1", "e"),), {"temperature": 0.1}, most=9, least=2, stop="x", seed=3)
    request = made.request(voice)
    assert (request.prompt, request.author, request.most, request.least, request.stops, request.seed) == ("a", 2, 9, 2, ("x",), 3)
    assert (request.turns[0].author, request.sampling.temperature, request.logprobs) == (1, 0.1, 0)
    assert made.described == "temperature 0.1, seed 3"
    with pytest.raises(AuthorNotFoundError):
        Generation(author="u9").request(voice)


def test_a_control_has_a_name_for_people() -> None:
    """The option's, in words."""
    assert (Control("min_p").label, Control("logit_bias").slides, Control("top_k", 0, 9, 1).slides) == ("Min p", False, True)
