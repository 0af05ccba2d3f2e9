"""What is said of a run by the tutorial's recipe."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from talklike.training.progress import Evaluation
from talklike.training.tutorial_recipe import TutorialRecipe
from talklike.training.tutorial_verdict import tutorial_verdict

if TYPE_CHECKING:
    from collections.abc import Sequence


def epochs(*figures: tuple[float, float]) -> list[Evaluation]:
    """Return evaluations of epochs with these training losses [nat] and held-out costs [bit/character]."""
    best = math.inf
    made = []
    for number, (loss, held_out) in enumerate(figures, 1):
        made.append(Evaluation(number, number, number, loss / math.log(2), held_out, loss < best))
        best = min(best, loss)
    return made


def said(figures: Sequence[tuple[float, float]], stopped: str = "finished") -> str:
    """Return the verdict as one text."""
    return " ".join(tutorial_verdict(epochs(*figures), TutorialRecipe(), stopped))


def test_the_epoch_with_the_lowest_training_loss_is_named() -> None:
    """And nothing is complained of where nothing is wrong."""
    text = said([(2.5, 3.5), (2.0, 3.0)])
    assert (
        text == "The voice is that of epoch 2, whose training loss was lowest (2.000): 3.00 bits per character on held-out text."
    )


def test_a_loss_that_rises_is_called_unstable() -> None:
    """With the optimiser and the rate that are to blame."""
    text = said([(2.0, 3.0), (1.5, 2.8), (2.4, 3.1), (1.6, 2.9)])
    assert "Unstable: after that the training loss rose to 2.400, as rmsprop with a learning rate of 0.01 does" in text


def test_what_the_tutorial_s_rule_costs_is_said() -> None:
    """The lowest training loss isn't the best voice."""
    text = said([(2.0, 2.7), (1.5, 3.0)], "interrupted")
    assert text.startswith("Interrupted: so far the voice is that of epoch 2")
    assert "Held-out text was cheapest after epoch 1 (2.70 bits per character)" in text
