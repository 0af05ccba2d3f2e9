"""Tests of the sampling options in a running chat."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from talklike.cli.live_options import LiveOptions, option_called
from talklike.errors import OptionError
from talklike.generation.options import OPTIONS
from tests.cli.test_sampling_options import VALUES

if TYPE_CHECKING:
    from collections.abc import Callable

    from talklike.generation.voice import Voice


@pytest.fixture(scope="module")
def voice(make_voice: Callable[..., Voice]) -> Voice:
    """Return a voice whose card asks for a temperature of its own."""
    return make_voice(sampling={"temperature": 0.4})


@pytest.mark.parametrize("option", [o for o in OPTIONS if o.name in VALUES], ids=lambda option: option.name)
def test_every_option_under_every_name(voice: Voice, option: Any) -> None:
    """What is typed becomes a value of the option's kind, shown as it is, and goes back to the voice's."""
    for spelling in option.spellings:
        options = LiveOptions(voice, {})
        assert options.set(spelling.replace("_", "-"), str(VALUES[option.name])) == f"{option.name} {VALUES[option.name]}"
        assert options.values == {option.name: VALUES[option.name]}
        options.set(spelling, "default")
        assert options.values == {}


def test_lists_and_biases(voice: Voice) -> None:
    """Several words, quoted where needed, are a list; characters and numbers are biases."""
    options = LiveOptions(voice, {})
    assert options.set("dry_breakers", "'a b' \\n \x1b".replace("\\n", "'\\n'")) == "dry_breakers 'a b' '\\n' '\ufffd'"
    assert options.values["dry_breakers"] == ["a b", "\n", "\x1b"]
    assert options.set("logit_bias", "e=-5 00=3") == "logit_bias '\\n=3' e=-5"
    assert voice.generate(seed=1, **options.values) == voice.generate(seed=1, logit_bias={"e": -5, 0: 3})


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("temperature", "hot", "temperature is 'hot', must be 0 to 100"),
        ("temperature", "-1", "temperature is -1.0, must be from 0 to 100"),
        ("top_k", "1.5", "top_k is '1.5', must be 0 or more"),
        ("dry_breakers", "'a", "a quotation mark is missing"),
        ("logit_bias", "e", "must be a character and a number"),
        ("warmth", "1", "no option is called 'warmth'"),
    ],
)
def test_what_makes_no_sense_changes_nothing(voice: Voice, name: str, value: str, message: str) -> None:
    """It is refused, and said why."""
    options = LiveOptions(voice, {"temperature": 2.0})
    with pytest.raises(OptionError, match=message.replace("'", ".")):
        options.set(name, value)
    assert options.values == {"temperature": 2.0}


def test_values_at_first_are_checked(voice: Voice) -> None:
    """Before anything is written."""
    with pytest.raises(OptionError):
        LiveOptions(voice, {"temperature": -1})


def test_the_table(voice: Voice) -> None:
    """All options, with the voice's own values, and a star at those that are set."""
    lines = LiveOptions(voice, {"top_k": 3}).table().splitlines()
    assert len(lines) == len(OPTIONS)
    assert [line.split()[:3] for line in lines if line.startswith("*")] == [["*", "top_k", "3"]]
    assert ["temperature", "0.4"] in [line.split()[:2] for line in lines]
    assert ["temperature_end", "none"] in [line.split()[:2] for line in lines]


def test_options_by_any_name() -> None:
    """The registry's names, with dashes too."""
    assert option_called("temp").name == "temperature"
    assert option_called("top-k").name == "top_k"
