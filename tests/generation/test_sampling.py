"""The values of the sampling options: what they may be, and what follows from them."""

from __future__ import annotations

import math
from typing import Any

import pytest

from talklike.errors import OptionError
from talklike.generation.sampling import Sampling


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"temperature": -0.1}, "temperature is -0.1, must be from 0 to 100"),
        ({"temperature": 101}, "temperature is 101"),
        ({"temperature": math.nan}, "temperature is nan"),
        ({"temperature": math.inf}, "temperature is inf"),
        ({"temperature": True}, "temperature is True"),
        ({"temperature": "hot"}, "temperature is 'hot'"),
        ({"temperature_end": -1}, "temperature-end is -1"),
        ({"temperature_span": 1.5}, "temperature-span is 1.5"),
        ({"top_k": -1}, "top-k is -1"),
        ({"top_k": 2.0}, "top-k is 2.0, must be a whole number"),
        ({"top_p": 0}, "top-p is 0"),
        ({"top_p": 1.1}, "top-p is 1.1"),
        ({"top_p": math.nan}, "top-p is nan"),
        ({"min_p": -0.1}, "min-p is -0.1"),
        ({"min_p": 1.1}, "min-p is 1.1"),
        ({"typical_p": 0}, "typical-p is 0"),
        ({"top_n_sigma": math.nan}, "top-n-sigma is nan"),
        ({"xtc_probability": 2}, "xtc-probability is 2"),
        ({"xtc_threshold": -1}, "xtc-threshold is -1"),
        ({"mirostat": 1}, "mirostat is 1, must be 0 .* or 2"),
        ({"mirostat_tau": 0}, "mirostat-tau is 0"),
        ({"mirostat_eta": 0}, "mirostat-eta is 0"),
        ({"repetition_penalty": 0}, "repetition-penalty is 0"),
        ({"presence_penalty": 101}, "presence-penalty is 101"),
        ({"frequency_penalty": -101}, "frequency-penalty is -101"),
        ({"penalty_last_n": -2}, "penalty-last-n is -2"),
        ({"dry_multiplier": -1}, "dry-multiplier is -1"),
        ({"dry_base": 0.5}, "dry-base is 0.5"),
        ({"dry_allowed_length": 0}, "dry-allowed-length is 0"),
        ({"dry_penalty_last_n": -2}, "dry-penalty-last-n is -2"),
        ({"dry_breakers": ("",)}, "dry-breakers"),
        ({"no_repeat_ngram_size": -1}, "no-repeat-ngram-size is -1"),
        ({"logit_bias": ((1, 101.0),)}, "logit-bias"),
        ({"logit_bias": ((-1, 1.0),)}, "logit-bias"),
    ],
)
def test_values_that_make_no_sense_are_refused(values: dict[str, Any], message: str) -> None:
    """The error names the option, its value, and what it may be."""
    with pytest.raises(OptionError, match=message):
        Sampling.from_dict(values)


def test_all_mistakes_are_reported_together() -> None:
    """Three wrong options are three parts of one error."""
    with pytest.raises(OptionError, match=r"temperature .*; top-k .*; min-p "):
        Sampling(temperature=-1, top_k=-1, min_p=2)


def test_a_long_value_is_cut_in_the_error() -> None:
    """A value of a megabyte, as a client may send it, doesn't fill the error."""
    with pytest.raises(OptionError) as caught:
        Sampling(temperature="x" * 10_000)  # type: ignore[arg-type]  # what a client may send
    assert len(str(caught.value)) < 100


def test_a_card_may_ask_for_a_sampling() -> None:
    """Values that a card states are taken, and names of later versions passed over."""
    assert Sampling.from_dict({"temperature": 0.4, "top_k": 7, "of_later": 2}) == Sampling(temperature=0.4, top_k=7)
    assert Sampling.from_dict({}) == Sampling()


def test_the_temperature_moves_in_equal_steps() -> None:
    """Halfway through the span it is halfway, after it it stays."""
    sampling = Sampling(temperature=1.0, temperature_end=0.5, temperature_span=10)
    assert [sampling.temperature_at(n) for n in (0, 5, 10, 1000)] == [1.0, 0.75, 0.5, 0.5]
    assert Sampling(temperature=0.3, temperature_span=10).temperature_at(5) == 0.3
    assert Sampling(temperature=0.3, temperature_end=0.9).temperature_at(5) == 0.3


def test_what_looks_back_says_so() -> None:
    """Only penalties that can do something need the text before."""
    assert not Sampling().looks_back
    assert not Sampling(presence_penalty=1.0, penalty_last_n=0).looks_back
    assert not Sampling(dry_multiplier=1.0, dry_penalty_last_n=0).looks_back
    assert Sampling(presence_penalty=1.0).looks_back
    assert Sampling(no_repeat_ngram_size=5).counts_runs
