"""Tests of what a sweep varies."""

from __future__ import annotations

import inspect
from pathlib import Path

import optuna
import pytest
from hypothesis import given
from hypothesis import strategies as st

from talklike.cli.train import train
from talklike.errors import OptionError
from talklike.training.recipe import Recipe
from talklike.training.search_space import DIALS, VARIABLE, Dial, around, meaningful, parse_dials, rounded, split_fixed

BARE = {"hidden": 1, "steps": 1, "evaluate_every": 1}


@pytest.mark.parametrize("dial", DIALS, ids=lambda dial: dial.name)
def test_usual_ranges_make_sense(dial: Dial) -> None:
    """Every end of a usual range is a value that the recipe takes."""
    for value in dial.choices or (dial.low, dial.high):
        Recipe.from_dict(BARE | {dial.name: value})


def test_whatever_varies_can_be_trained_again() -> None:
    """Each field that a sweep varies is an option of the command that trains the winner."""
    assert set(VARIABLE) <= set(inspect.signature(train).parameters)


@pytest.mark.parametrize("dial", DIALS, ids=lambda dial: dial.name)
def test_usual_ranges_are_documented(dial: Dial) -> None:
    """The page says of each usual range what it is."""
    page = Path(__file__).parents[2] / "docs" / "how-to" / "find-better-settings.md"
    values = " or ".join(f"{value:g}" for value in dial.choices) or f"{dial.low:g} to {dial.high:g}"
    steps = f", in steps of {dial.step}" if dial.step else ""
    assert f"\n| `{dial.name.replace('_', '-')}` | {values}{steps} |\n" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "dial"),
    [
        ("hidden=64..512", Dial("hidden", 64, 512, step=64)),
        ("hidden=100..500", Dial("hidden", 100, 500, step=4)),
        ("layers=1..3", Dial("layers", 1, 3, step=1)),
        ("dropout=0.1,0.3", Dial("dropout", choices=(0.1, 0.3))),
        ("dropout-between=0..0.5", Dial("dropout_between", 0.0, 0.5)),
        ("learning_rate=1e-4..1e-2", Dial("learning_rate", 1e-4, 1e-2)),
        ("layers=2", Dial("layers", choices=(2,))),
        ("length", next(dial for dial in DIALS if dial.name == "length")),
        ("clip=0.5..5", Dial("clip", 0.5, 5.0)),
        ("streams= 8, 8, 16", Dial("streams", choices=(8, 16))),
    ],
)
def test_what_a_user_names(words: str, dial: Dial) -> None:
    """Ranges, choices, one value, and a name alone."""
    assert parse_dials([words]) == (dial,)


def test_nothing_named_is_everything() -> None:
    """Without a wish, all the usual dials are there."""
    assert parse_dials([]) == DIALS


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("seed=1..5", "can't vary 'seed'"),
        ("width=1..5", "it can vary hidden, layers"),
        ("hidden=512..64", "not less than"),
        ("hidden=1.5..3", "whole numbers"),
        ("hidden=a..b", "whole numbers"),
        ("hidden=", "whole numbers"),
        ("dropout=0..2", "from 0 to 0.95"),
        ("dropout=nan", "must be numbers"),
        ("layers=0,1", "from 1 to 8"),
        ("clip", "no usual range"),
        ("hidden=1..2..3", "whole numbers"),
    ],
)
def test_what_makes_no_sense(words: str, told: str) -> None:
    """Each mistake is told in one line that names it."""
    with pytest.raises(OptionError, match=told.replace(".", r"\.")) as caught:
        parse_dials([words])
    assert "\n" not in str(caught.value)


def test_all_mistakes_are_told() -> None:
    """Two mistakes and a repetition stand in one message."""
    with pytest.raises(OptionError, match=r"(?s)'nonsense'.*from 1 to 8.*hidden is named twice"):
        parse_dials(["nonsense", "layers=9", "hidden", "hidden=1..4"])


def test_one_value_fixes() -> None:
    """A dial of one value is a setting; only the others vary, and there must be one."""
    assert split_fixed(parse_dials(["layers=2", "dropout"])) == ({"layers": 2}, parse_dials(["dropout"]))
    with pytest.raises(OptionError, match="nothing to vary"):
        split_fixed(parse_dials(["layers=2"]))


@given(value=st.integers(1, 2000))
def test_a_widened_range_of_whole_numbers_holds_the_value(value: int) -> None:
    """Whatever the default recipe has, a usual range is widened to hold it and all that it held at its ends."""
    dial = next(dial for dial in DIALS if dial.name == "hidden")
    wide = around({"hidden": value}, dial)
    assert wide.holds(value)
    assert wide.holds(dial.low)
    assert wide.holds(dial.high)


@given(value=st.floats(1e-8, 1.0))
def test_a_widened_range_of_numbers_holds_the_value(value: float) -> None:
    """The same for numbers that aren't whole."""
    dial = next(dial for dial in DIALS if dial.name == "learning_rate")
    assert around({"learning_rate": value}, dial).holds(value)


def test_choices_are_widened_and_wishes_are_not() -> None:
    """The usual choices get one more; what a user named stays as it is."""
    layers = next(dial for dial in DIALS if dial.name == "layers")
    assert around({"layers": 3}, layers).choices == (1, 2, 3)
    wish = Dial("hidden", 16, 64, step=16)
    assert around({"hidden": 512}, wish) == wish
    assert not wish.holds(512)


@pytest.mark.parametrize("dial", [*DIALS, Dial("dropout", choices=(0.1, 0.2))], ids=str)
def test_suggested_values_are_held(dial: Dial) -> None:
    """What a sampler draws lies in the dial, has four digits, and is of the recipe's kind; Optuna's own view of it agrees."""
    study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=1))
    for _ in range(20):
        value = dial.suggested(study.ask())
        assert dial.holds(value)
        assert rounded(value) == value
        Recipe.from_dict(BARE | {dial.name: value})
    assert study.trials[0].distributions[dial.name] == dial.distribution


def test_wide_ranges_go_by_orders_of_magnitude() -> None:
    """A range over a factor of ten is searched by orders of magnitude, a narrow one and one from 0 evenly."""
    assert Dial("learning_rate", 1e-3, 1e-2).log
    assert not Dial("dropout", 0.1, 0.9).log
    assert not Dial("dropout", 0.0, 0.9).log


def test_a_dial_survives_json() -> None:
    """Written and read again, it is the same."""
    for dial in (*DIALS, Dial("dropout", choices=(0.1, 0.3))):
        assert Dial.from_dict(dial.to_dict()) == dial


def test_values_without_meaning_are_left_away() -> None:
    """Between one layer nothing drops, and no memory has no dropout; beside others both stay."""
    values = {"layers": 1, "dropout_between": 0.1, "memory": 0, "memory_dropout": 0.5, "memory_rate": 0.1, "dropout": 0.2}
    assert meaningful(values) == {"layers": 1, "memory": 0, "dropout": 0.2}
    assert meaningful(values | {"layers": 2, "memory": 8}) == values | {"layers": 2, "memory": 8}
    assert meaningful({"dropout_between": 0.1}) == {"dropout_between": 0.1}
