"""Turns a budget and an amount of text into a recipe, once, before training starts."""

from __future__ import annotations

import math
import re
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from talklike.errors import OptionError
from talklike.training.recipe import Recipe

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_EVALUATIONS, FEWEST_EVALUATIONS = 24, 4
"""Evaluations in a run: many enough to stop near the best moment, few enough to cost little."""

SYMBOLS_BETWEEN = 150_000
"""Symbols trained on between two evaluations of a short run; a long one has ``MOST_EVALUATIONS``."""

EVALUATION_SHARE = 0.15
"""An evaluation scores this share of the symbols trained on since the last, at a third of their cost."""

LEAST_SCORED = 4_000
"""Fewest symbols that an evaluation scores: below, chance chooses the checkpoint."""

OVERHEAD = 0.12
"""Share of a budget spent on evaluating, sampling and writing; measured at 5 to 12 % on 2 cores."""

FIXED_SECONDS = 3.0
"""Start of a run: encoding the text, loading kernels, measuring a step."""

SCORING = 1.0
"""What scoring a held-out symbol at the end costs, in both precisions, against training on one."""

WIDTHS = ((0, 128), (20_000, 192), (60_000, 256), (120_000, 384), (400_000, 512))
"""The widest layer that pays, by characters of training text; wider ones cost time and bring little."""

FEWEST_ROUNDS = 2.0
"""Rounds over the text below which a narrower network ends better, because it gets further in the same time."""

MOST_ROUNDS = 10.0
"""Rounds over the text after which the default recipe has stopped improving, whatever the budget (docs/experiments.md)."""

LEAST_STEPS = 600
"""Steps that even the smallest text may take: ten rounds over a few thousand characters are no training."""

DROPOUT_PER_ROUND = 0.05
"""The more often the text is read, the more is dropped: two rounds can't be learnt by heart, ten can."""

DEFAULT_BUDGET = "5m"

MOST_EPOCHS = 100_000

_UNITS = {"s": 1, "m": 60, "h": 3600, "": 1}


def parse_budget(text: str) -> float:
    """Return a budget in seconds.

    Args:
        text: A number with ``s``, ``m`` or ``h``; several may follow each other.

    Raises:
        OptionError: It isn't a duration.

    >>> parse_budget("5m"), parse_budget("1h30m"), parse_budget("45")
    (300.0, 5400.0, 45.0)
    """
    wanted = text.strip().lower()
    parts = re.findall(r"(\d+(?:\.\d+)?)\s*([smh]?)", wanted)
    # A number without a unit may only come last, which also leaves the pattern one way to match.
    if not parts or re.fullmatch(r"(?:\d+(?:\.\d+)?\s*[smh]\s*)*(?:\d+(?:\.\d+)?)?", wanted) is None:
        raise OptionError(f"budget is {text!r}, must be a duration such as 90s, 5m or 1h30m")
    seconds = sum(float(number) * _UNITS[unit] for number, unit in parts)
    if not 1 <= seconds <= 30 * 86400:
        raise OptionError(f"budget is {text!r}, must be from 1 second to 30 days")
    return seconds


@dataclass(frozen=True)
class Wish:
    """What a user asked of a training run; None where it is left to follow from the rest.

    Attributes:
        budget: Seconds to train.
        epochs: Rounds over the text, instead of a budget.
        settings: Fields of the recipe that are fixed.
    """

    budget: float | None
    epochs: float | None
    settings: dict[str, Any]


def make_wish(budget: str | float | None, epochs: float | None, settings: dict[str, Any]) -> Wish:
    """Return a wish, checked; without budget and epochs, ``DEFAULT_BUDGET``.

    Args:
        budget: Seconds, or a duration as ``parse_budget`` reads it.
        epochs: Rounds over the text, instead of a budget.
        settings: Fields of the recipe that are fixed.

    Raises:
        OptionError: A name is unknown or a value makes no sense.
    """
    if budget is not None and epochs is not None:
        raise OptionError("give a budget or a number of epochs, not both")
    if epochs is not None and not 0 < epochs <= MOST_EPOCHS:
        raise OptionError(f"epochs is {epochs:g}, must be above 0 and at most {MOST_EPOCHS:,}")
    # Every mistake in the settings is told now, before a chat is read.
    Recipe.from_dict({"hidden": 1, "steps": 1, "evaluate_every": 1} | settings)
    if epochs is not None:
        return Wish(None, epochs, settings)
    return Wish(parse_budget(str(DEFAULT_BUDGET if budget is None else budget)), None, settings)


def plan(wish: Wish, symbols: int, seconds_per_step: Callable[[Recipe], float], *, held_out: int = 0) -> Recipe:
    """Return the recipe for a wish.

    Args:
        wish: What the user asked for.
        symbols: Symbols of the training part.
        seconds_per_step: Measures one step of a recipe on this machine [s].
        held_out: Symbols of the validation and test parts, which are scored at the end.
    """
    draft = Recipe(**_shape(symbols) | {"steps": 1, "evaluate_every": 1} | wish.settings)
    per_round = symbols / (draft.streams * draft.length)
    if wish.epochs is not None:
        return _scheduled(draft, wish.epochs * per_round, symbols, wish.settings)
    assert wish.budget is not None, "a wish has a budget or a number of rounds"
    available = max(0.5, (wish.budget - FIXED_SECONDS) * (1 - OVERHEAD))
    hidden = [width for least, width in reversed(WIDTHS) if symbols >= least]
    if "hidden" in wish.settings:
        hidden = [wish.settings["hidden"]]
    for width in hidden:
        draft = replace(draft, hidden=width)
        steps = available / seconds_per_step(draft) - SCORING * held_out / (draft.streams * draft.length)
        if steps >= FEWEST_ROUNDS * per_round:
            break
    return _scheduled(draft, min(max(1, steps), max(LEAST_STEPS, MOST_ROUNDS * per_round)), symbols, wish.settings)


def _shape(symbols: int) -> dict[str, Any]:
    """Return the sizes that follow from the amount of text alone."""
    hidden = next(width for least, width in reversed(WIDTHS) if symbols >= least)
    streams = int(np.clip(symbols // 1024, 1, 16))
    return {"hidden": hidden, "streams": streams, "length": max(1, min(128, symbols // (4 * streams)))}


def _scheduled(draft: Recipe, steps: float, symbols: int, settings: dict[str, Any]) -> Recipe:
    """Return ``draft`` with the number of steps and all that follows from it."""
    total = max(1, round(steps))
    rounds = total * draft.streams * draft.length / symbols
    a_step = draft.streams * draft.length
    evaluations = int(np.clip(total * a_step // SYMBOLS_BETWEEN, FEWEST_EVALUATIONS, MOST_EVALUATIONS))
    every = max(1, math.ceil(total / evaluations))
    derived: dict[str, Any] = {
        "steps": total,
        "evaluate_every": every,
        "evaluate_symbols": max(LEAST_SCORED, int(every * a_step * EVALUATION_SHARE)),
        "warm_up": min(200, max(1, total // 10)),
        "dropout": round(float(np.clip(DROPOUT_PER_ROUND * rounds, 0.1, 0.5)), 3),
        "average": round(min(0.998, max(0.0, 1 - 20 / total)), 6),
    }
    return replace(draft, **derived | settings)


def measured(step: Callable[[], object], *, least_seconds: float = 0.4) -> float:
    """Return the median time of ``step`` [s], after two unmeasured ones that load kernels and fill caches."""
    step()
    step()
    times: list[float] = []
    while sum(times) < least_seconds or len(times) < 3:
        start = time.perf_counter()
        step()
        times.append(time.perf_counter() - start)
    return float(np.median(times))
