"""What a time to train will mean: the size of the network, how often it reads the text, and how good it is likely to get.

The curves are those of ``quality.amount`` and ``quality.dial`` (docs/explanation/how-good.md): eight people of two chats, by how
much text there is of theirs, and one text by how long it was trained on. They say what to expect, not what will be.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from talklike.training.plan import Amounts, make_wish, plan
from talklike.voice.card import Sizes
from talklike.voice.ngrams import ORDERS

if TYPE_CHECKING:
    from talklike.training.recipe import Recipe

ALONE = ((4.35, 3.00), (4.8, 2.65), (5.15, 2.45), (5.55, 2.12), (5.75, 2.08), (6.25, 1.93), (7.0, 1.88))
"""Bits per character of unseen messages by the logarithm of the author's characters, learnt alone."""

WITH_ROOM = ((4.35, 2.23), (4.8, 2.20), (5.15, 2.15), (5.55, 1.98), (5.75, 1.95), (6.25, 1.87), (7.0, 1.86))
"""The same with ten megabytes of the room behind them."""

SPREAD = ((4.35, 0.14), (5.15, 0.14), (5.75, 0.07), (7.0, 0.06))
"""How far people lie from the curve, as a share of it: some are harder to predict than others."""

TIME = 0.07
"""Bits per character that too short a training costs, after one round over the text; half of it after two."""

RATES = ((128, 137_700), (192, 108_000), (256, 84_400), (384, 46_000), (512, 28_900), (768, 13_500), (1024, 7_600))
"""Characters a second by width, of two cores that multiply bf16 (``training.rate``; between its widths by interpolation)."""

FULL_ROOM = 6.0
"""Logarithm of the room's characters from which the curve with the room holds; below it is mixed with the one without."""


@dataclass(frozen=True)
class Outlook:
    """What to expect.

    Attributes:
        recipe: About the recipe that the training will choose, after it has measured the machine.
        megabytes: About the size of the voice file [MB].
        rounds: How often the text is read.
        seconds: How long it takes: less than was asked for where the text is learnt sooner.
        asked: How long it may take [s]; None if rounds were asked for.
        low: Bits per character on unseen messages, if the author is easy to predict.
        high: If the author is hard to predict.
    """

    recipe: Recipe
    megabytes: float
    rounds: float
    seconds: float
    asked: float | None
    low: float
    high: float

    @property
    def words(self) -> str:
        """What text of so many bits looks like."""
        middle = (self.low + self.high) / 2
        return next(text for least, text in LOOKS if middle >= least)


LOOKS = (
    (3.0, "letters in plausible proportion, few words"),
    (2.35, "many real words, little grammar"),
    (2.1, "mostly real words, with the person's habits of spelling and punctuation"),
    (1.9, "phrases the person would use, in sentences that drift"),
    (0.0, "sentences; who wrote them is often plain to see"),
)
"""What text looks like, by the fewest bits per character (docs/explanation/how-good.md)."""


def outlook(
    budget: str | float | None,
    epochs: float | None,
    settings: dict[str, Any],
    own: int,
    room: int,
    *,
    speed: float = 1.0,
) -> Outlook:
    """Return what a wish will mean.

    Args:
        budget: Time to train, as in ``make_wish``.
        epochs: Rounds over the text, instead.
        settings: Fields of the recipe that are fixed.
        own: Characters of the author's to learn from.
        room: Characters of everyone's, if they stand behind the author; 0 if not.
        speed: How fast this machine is, against the one of ``RATES``.

    Raises:
        OptionError: The wish makes no sense.
    """
    wish = make_wish(budget, epochs, settings)
    own = max(own, 1)
    recipe = plan(wish, Amounts(own, room, own // 9), lambda draft: _seconds_per_step(draft, speed))
    read = recipe.steps * recipe.streams * recipe.length
    rounds = read / (own + room if recipe.room_steps else own)
    curve = _at(ALONE, own)
    if recipe.room_steps:
        share = min(1.0, max(0.0, np.log10(room) - np.log10(own)) / max(0.1, FULL_ROOM - 5.0))
        curve = (1 - share) * curve + share * min(curve, _at(WITH_ROOM, own))
    middle = curve + TIME / max(rounds, 0.1)
    spread = _at(SPREAD, own)
    orders = (ORDERS, recipe.buckets, recipe.memory) if recipe.memory else ()
    sizes = Sizes(400, max(1, recipe.room), recipe.embedding, recipe.hidden, recipe.layers, *orders)
    seconds = recipe.steps * _seconds_per_step(recipe, speed)
    low, high = middle * (1 - spread), middle * (1 + spread)
    return Outlook(recipe, sizes.parameters / 1e6, rounds, seconds, wish.budget, low, high)


def _seconds_per_step(recipe: Recipe, speed: float) -> float:
    widths, rates = zip(*RATES, strict=True)
    rate = float(np.exp(np.interp(np.log(recipe.hidden), np.log(widths), np.log(rates))))
    return recipe.streams * recipe.length * recipe.layers / (rate * speed)


def _at(curve: tuple[tuple[float, float], ...], characters: int) -> float:
    places, values = zip(*curve, strict=True)
    return float(np.interp(np.log10(characters), places, values))
