"""Says in plain words how a run by the tutorial's recipe went: what it keeps, and what is wrong with that."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from talklike.training.progress import Evaluation
    from talklike.training.tutorial_recipe import TutorialRecipe

ROSE = 0.02
"""A training loss that rises by more than this share above its best is said to have."""

CHEAPER = 0.02
"""Held-out text that another epoch predicts better by more than this [bit/character] is spoken of."""


def tutorial_verdict(evaluations: list[Evaluation], recipe: TutorialRecipe, stopped: str) -> list[str]:
    """Return the verdict: what the voice is, whether training was stable, and what the tutorial's rule costs.

    Args:
        evaluations: One for each epoch, at least one.
        recipe: The recipe.
        stopped: Why it ended, as in ``Result``.
    """
    kept = [number for number, e in enumerate(evaluations) if e.best][-1]
    best = evaluations[kept]
    which = "Interrupted: so far the" if stopped == "interrupted" else "The"
    loss = best.train_bits_per_character * math.log(2)
    held_out = f"{best.validation_bits_per_character:.2f} bits per character on held-out text"
    said = [f"{which} voice is that of epoch {kept + 1}, whose training loss was lowest ({loss:.3f}): {held_out}."]
    worst = max(evaluations[kept:], key=lambda e: e.train_bits_per_character)
    if worst.train_bits_per_character > best.train_bits_per_character * (1 + ROSE):
        said.append(
            f"Unstable: after that the training loss rose to {worst.train_bits_per_character * math.log(2):.3f}, as "
            f"{recipe.optimizer} with a learning rate of {recipe.learning_rate:g} does; the default recipe's rate falls instead."
        )
    cheapest = min(evaluations, key=lambda e: e.validation_bits_per_character)
    if cheapest.validation_bits_per_character < best.validation_bits_per_character - CHEAPER:
        said.append(
            f"Held-out text was cheapest after epoch {evaluations.index(cheapest) + 1} "
            f"({cheapest.validation_bits_per_character:.2f} bits per character); the tutorial's rule, the lowest training loss, "
            "passes over that."
        )
    return said
