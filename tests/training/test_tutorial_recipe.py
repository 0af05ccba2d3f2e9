"""The tutorial's recipe: its numbers, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from talklike.errors import OptionError
from talklike.training.tutorial_recipe import TutorialRecipe, make_tutorial


def test_it_has_the_tutorial_s_numbers() -> None:
    """Window 40 every 3, 128 units, RMSprop at 0.01, batches of 128, 15 epochs, a fifth of the messages, four diversities."""
    recipe = make_tutorial(None, None, {})
    assert (recipe.window, recipe.step, recipe.hidden, recipe.layers, recipe.dropout) == (40, 3, 128, 1, 0)
    assert (recipe.optimizer, recipe.learning_rate, recipe.batch_size, recipe.epochs) == ("rmsprop", 0.01, 128, 15)
    assert (recipe.fraction, recipe.lowercase, recipe.characters) == (0.2, True, 400)
    assert recipe.temperatures == (0.2, 0.5, 1.0, 1.2)
    assert [epoch for epoch in range(1, 16) if recipe.writes_after(epoch)] == [1, 15]


def test_it_writes_every_few_epochs_if_asked() -> None:
    """Every fifth epoch besides the first and the last."""
    recipe = make_tutorial(12, None, {"write_every": 5})
    assert [epoch for epoch in range(1, 13) if recipe.writes_after(epoch)] == [1, 5, 10, 12]


def test_it_comes_back_from_its_dict() -> None:
    """JSON's lists become what they were."""
    recipe = make_tutorial(3, None, {"temperatures": [0.5], "hidden": 16, "layers": 2, "seed": 9})
    values = recipe.to_dict()
    assert values["units"] == [16, 16]
    assert TutorialRecipe.from_dict(values) == recipe


def test_its_steps_are_those_of_its_windows() -> None:
    """A window every third character while one and the character after it fit, the last batch may be smaller."""
    recipe = make_tutorial(2, None, {"window": 10, "batch_size": 4})
    starts = range(0, 50 - 10, 3)
    assert recipe.steps(50) == 2 * -(-len(starts) // 4)


@pytest.mark.parametrize(
    ("epochs", "budget", "settings", "message"),
    [
        (None, "5m", {}, "trains a number of epochs"),
        (1.5, None, {}, "epochs is 1.5, must be a whole number"),
        (float("inf"), None, {}, "epochs is inf, must be a whole number"),
        (float("nan"), None, {}, "epochs is nan, must be a whole number"),
        (None, None, {"streams": 3, "weight_decay": 0.1}, "the tutorial's recipe has no streams, weight-decay"),
        (None, None, {"window": 0}, "window is 0, must be from 1 to 4096"),
        (None, None, {"step": "3"}, "step is '3', must be a whole number"),
        (None, None, {"optimizer": "nadam"}, "optimizer is 'nadam', must be one of rmsprop, adam, sgd"),
        (None, None, {"temperatures": [0.5, 0]}, "temperatures are above 0"),
        (None, None, {"temperatures": []}, "temperatures are above 0"),
        (None, None, {"fraction": 0.95}, "fraction is 0.95, must be from 1e-06 to 0.9"),
        (None, None, {"precision": "half"}, "precision is 'half'"),
    ],
)
def test_what_makes_no_sense_is_refused(epochs: float | None, budget: str | None, settings: dict[str, Any], message: str) -> None:
    """The message names the option, its value and what it must be."""
    with pytest.raises(OptionError, match=message):
        make_tutorial(epochs, budget, settings)
