"""What the sampling options are called."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest

from talklike.errors import OptionError
from talklike.generation.options import OPTIONS, biases, canonical
from talklike.generation.sampling import Sampling


def test_every_field_has_its_entry() -> None:
    """The registry has each field of ``Sampling`` once, with its default, and no name stands for two."""
    assert sorted(option.name for option in OPTIONS) == sorted(field.name for field in fields(Sampling))
    assert all(option.default == getattr(Sampling(), option.name) for option in OPTIONS)
    spellings = [spelling for option in OPTIONS for spelling in option.spellings]
    assert len(set(spellings)) == len(spellings)
    assert all(option.effect.endswith(".") and option.range for option in OPTIONS)


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"temp": 0.5}, {"temperature": 0.5}),
        ({"diversity": 0.5, "temperature": 0.5}, {"temperature": 0.5}),
        ({"repeat_penalty": 1.1, "repeat_last_n": 9}, {"repetition_penalty": 1.1, "penalty_last_n": 9}),
        ({"repetition-penalty": 1.2}, {"repetition_penalty": 1.2}),
        ({"typical": 0.9, "top_nsigma": 1.0}, {"typical_p": 0.9, "top_n_sigma": 1.0}),
        ({"mirostat_ent": 2.0, "mirostat_lr": 0.2}, {"mirostat_tau": 2.0, "mirostat_eta": 0.2}),
        ({"dry_sequence_breaker": ["\n"]}, {"dry_breakers": ["\n"]}),
        ({"top_k": None, "top_p": 0.5}, {"top_p": 0.5}),
    ],
)
def test_any_spelling_will_do(given: dict[str, Any], found: dict[str, Any]) -> None:
    """Hugging Face's, llama.cpp's, OpenAI's and our names mean the same; None is as good as not given."""
    assert canonical(given) == found


def test_unknown_names_are_refused_with_a_hint() -> None:
    """A slip of the finger is told, with what was probably meant."""
    with pytest.raises(OptionError, match=r"no option is called 'tempratur'; did you mean temperature\?"):
        canonical({"tempratur": 1})
    with pytest.raises(OptionError, match=r"no option is called 'zzzz'$"):
        canonical({"zzzz": 1})


def test_contradictions_are_refused() -> None:
    """Two names of one option may not say different things."""
    with pytest.raises(OptionError, match=r"temperature is given twice, as 0\.5 and, by the name temp, as 0\.6"):
        canonical({"temperature": 0.5, "temp": 0.6})


def test_biases_as_people_write_them() -> None:
    """The number stands behind the last equals sign, so that a bias may be of that sign itself."""
    assert biases(["e=-5", "==2", "300=1.5", " =0", "e=3"]) == {"e": 3.0, "=": 2.0, "300": 1.5, " ": 0.0}
    assert biases([]) == {}


@pytest.mark.parametrize("given", ["e", "=3", "e=", "e=x", ""])
def test_biases_that_make_no_sense_are_refused(given: str) -> None:
    """In one sentence, with an example."""
    with pytest.raises(OptionError, match=r"^logit-bias is '.*', must be a character and a number, such as e=-5$"):
        biases([given])
