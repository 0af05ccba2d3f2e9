"""Tests of the recipe."""

from __future__ import annotations

import json
import math
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from talklike.errors import OptionError
from talklike.training.recipe import Recipe

LEAST: dict[str, Any] = {"hidden": 8, "steps": 10, "evaluate_every": 5}


def test_all_mistakes_are_reported_together() -> None:
    """Four values that make no sense are four parts of one message, each with what would make sense."""
    with pytest.raises(OptionError) as caught:
        Recipe(**LEAST | {"hidden": 0, "dropout": 1.5, "precision": "16", "threads": 0})
    assert str(caught.value) == (
        "hidden is 0, must be from 1 to 8192; dropout is 1.5, must be from 0 to 0.95; threads is 0, must be from 1 to 1024; "
        "precision is '16', must be one of 32-true, bf16-mixed"
    )


def test_names_are_written_as_on_the_command_line() -> None:
    """A field of two words is reported with a hyphen, as its option is spelt."""
    with pytest.raises(OptionError, match=r"^learning-rate is -1, must be from 1e-08 to 1$"):
        Recipe(**LEAST | {"learning_rate": -1})


def test_limits_without_an_upper_end_say_or_more() -> None:
    """A value that may be as large as one likes is said to be so much or more."""
    with pytest.raises(OptionError, match=r"^steps is 0, must be 1 or more$"):
        Recipe(**LEAST | {"steps": 0})


@pytest.mark.parametrize("name", [f.name for f in fields(Recipe) if "least" in f.metadata])
@pytest.mark.parametrize("value", [-1, -math.inf, math.nan])
def test_no_number_may_be_nonsense(name: str, value: float) -> None:
    """Below nothing, minus infinity and not-a-number are refused in every field, by its name."""
    with pytest.raises(OptionError, match=f"^{name.replace('_', '-')} is {value}, must be "):
        Recipe(**LEAST | {name: value})


@pytest.mark.parametrize(
    ("name", "value"), [("hidden", 64.5), ("hidden", "64"), ("steps", 2.5), ("seed", 0.5), ("dropout", "high"), ("layers", None)]
)
def test_values_of_another_type_are_refused(name: str, value: object) -> None:
    """A text for a number, or a fraction for a count, is refused with the name of its field."""
    with pytest.raises(OptionError, match=name):
        Recipe.from_dict(LEAST | {name: value})


@pytest.mark.parametrize("rows", [1, 512, 1025, 262_139])
def test_rows_of_signatures_are_a_power_of_two(rows: int) -> None:
    """Or none."""
    with pytest.raises(OptionError, match=rf"^signatures is {rows}, must be 0, or a power of 2 from 1,024 on$"):
        Recipe(**LEAST | {"signatures": rows})
    assert Recipe(**LEAST | {"signatures": 1024}).signatures == 1024


def test_unknown_names_are_refused() -> None:
    """A misspelt field is a mistake and not passed over; all of them are named."""
    with pytest.raises(OptionError, match="the default recipe has no hiden, learningrate"):
        Recipe.from_dict(LEAST | {"learningrate": 0.1, "hiden": 3})


def test_missing_names_are_refused() -> None:
    """A recipe without what has no default says what is missing."""
    with pytest.raises(OptionError, match="'steps'"):
        Recipe.from_dict({"hidden": 8, "evaluate_every": 5})


recipes = st.builds(
    Recipe,
    hidden=st.integers(1, 8192),
    layers=st.integers(1, 8),
    steps=st.integers(1, 10**9),
    evaluate_every=st.integers(1, 10**6),
    dropout=st.floats(0, 0.95),
    learning_rate=st.floats(1e-8, 1),
    seed=st.integers(0, 2**63 - 1),
    precision=st.sampled_from(["32-true", "bf16-mixed"]),
    lowercase=st.booleans(),
    novelty_index=st.booleans(),
    fraction=st.floats(1e-6, 1),
)


@given(recipes)
def test_a_recipe_survives_json(recipe: Recipe) -> None:
    """What is written into a run folder reads back as the same recipe, to the last bit of every number."""
    assert Recipe.from_dict(json.loads(json.dumps(recipe.to_dict()))) == recipe


def test_an_index_stands_in_a_recipe_that_asks_for_one() -> None:
    """A voice without an index is the file that it was before there were any."""
    assert "novelty_index" not in Recipe(**LEAST).to_dict()
    assert Recipe(**LEAST | {"novelty_index": True}).to_dict()["novelty_index"] is True
    with pytest.raises(OptionError, match="novelty-index is 1, must be true or false"):
        Recipe(**LEAST | {"novelty_index": 1})


def test_a_changed_recipe_is_checked_too() -> None:
    """Replacing a field checks the new value."""
    with pytest.raises(OptionError, match="clip is 0"):
        replace(Recipe(**LEAST), clip=0)
    with pytest.raises(OptionError, match="clip is inf"):
        replace(Recipe(**LEAST), clip=float("inf"))


def test_every_dial_says_what_it_is() -> None:
    """Each number of a recipe has one sentence of help, which the command line and the reference show."""
    for field in fields(Recipe):
        if "least" in field.metadata:
            assert field.metadata["help"][0].isupper()
            assert field.metadata["help"].endswith(".")
