"""Turns a budget and an amount of text into a recipe, before training starts (``schedule`` keeps the budget after that)."""

from __future__ import annotations

import math
import re
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from talklike.errors import OptionError
from talklike.evaluation.bits import MOST_SCORED
from talklike.evaluation.history import MOST_ROUNDS
from talklike.training.recipe import Recipe
from talklike.voice.ngrams import prime_at_most
from talklike.voice.signatures import FEWEST_ROWS, MOST_ROWS

if TYPE_CHECKING:
    from collections.abc import Callable

    from talklike.corpus.corpus import Corpus

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

WIDTHS = ((0, 128), (20_000, 192), (60_000, 256), (120_000, 384), (400_000, 512), (500_000, 768), (700_000, 1024))
"""The widest layer that pays, by characters of training text, the room's included; wider ones cost time and bring little."""

WIDE = 512
"""Layers wider than this need ``WIDE_FACTOR`` times as much reading, more dropout, and smaller steps, to be better at the end."""

WIDE_FACTOR = 4.0
WIDE_DROPOUT = 0.1
LEARNING_RATE = 8e-3

FEWEST_ROUNDS = 2.0
"""Rounds over the text below which a narrower network ends better, because it gets further in the same time."""

ROOM_NEEDED = 20_000_000
"""Symbols of the room's text (if it has as many) that a network should get through before a wider one pays."""

MOST_ROOM_ROUNDS = 2.0
"""Rounds over the room's text after which the time is better left unused."""

OWN_ROUNDS = 2.0
"""Rounds over the author's own text after the room's: more are learnt by heart."""

ROOM_WORTH = 1.0
"""The room is worth its time if at least this many times the author's own text of it can be read besides."""

STREAMS = ((0, 1), (16_384, 16), (400_000, 32))
"""Streams side by side, by the author's characters: more make threads faster and steps fewer, which takes more text."""

LEAST_STEPS = 600
"""Steps that even the smallest text may take: ten rounds over a few thousand characters are no training."""

DROPOUT_PER_ROUND = 0.05
"""The more often the text is read, the more is dropped: two rounds can't be learnt by heart, ten can."""

MEMORY_DROPOUT, MEMORY_DROPOUT_PER_ROUND, MOST_MEMORY_DROPOUT = 0.4, 0.05, 0.75
"""The same for the n-gram memory, which learns by heart in two rounds what the network does in ten."""

OWN_DROPOUT, OWN_MEMORY_DROPOUT, OWN_SYMBOLS = 0.2, 0.5, 600_000
"""What is dropped on the author's own text after the room's, for so many symbols or fewer; less for more."""

NAMED = 32
"""Authors that a voice with a room knows by name; the rest are "someone"."""

BUCKETS = ((0, 1 << 16), (100_000, 1 << 17), (400_000, 1 << 18), (2_000_000, 1 << 19))
"""Rows of the memory's table, by characters of training text: n-grams that share a row disturb each other."""

SIGNATURE_SHARE, SIGNATURE_READING = 0.05, 1.2
"""Share of a budget in which a room's voice learns to tell its authors apart, and symbols it reads for that by then for each that
it is trained on."""

MOST_SIGNATURE_ROUNDS = 2.0
"""A third takes half as long again and has one message in two hundred more right (docs/experiments.md)."""

SIGNATURE_BYTES = 1 << 22
"""Largest table that tells authors apart; it has a byte a row and author."""

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
        room: Whether everyone's messages stand behind the voice.
    """

    budget: float | None
    epochs: float | None
    settings: dict[str, Any]
    room: bool | None = None


@dataclass(frozen=True)
class Amounts:
    """How much text there is.

    Attributes:
        own: Symbols of the training text of whose voice it is.
        room: Symbols of everyone's training text, if that stands behind one author's; 0 if not.
        held_out: Symbols of the validation and test parts, which are scored at the end.
        named: Authors that a voice of the whole room knows by name; 0 if it is one author's.
    """

    own: int
    room: int = 0
    held_out: int = 0
    named: int = 0


def amounts_of(corpus: Corpus) -> Amounts:
    """Return how much text a corpus has."""
    return Amounts(
        own=len(corpus.target),
        room=0 if corpus.own is None else len(corpus.train),
        held_out=sum(min(MOST_SCORED, len(part)) for part in (corpus.validation, corpus.test)),
        named=len(corpus.authors) if corpus.whole_room else 0,
    )


def make_wish(budget: str | float | None, epochs: float | None, settings: dict[str, Any], *, room: bool | None = None) -> Wish:
    """Return a wish, checked; without budget and epochs, ``DEFAULT_BUDGET``.

    Args:
        budget: Seconds, or a duration as ``parse_budget`` reads it.
        epochs: Rounds over the text, instead of a budget.
        settings: Fields of the recipe that are fixed.
        room: Whether everyone's messages stand behind the voice; None leaves it open.

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
        return Wish(None, epochs, settings, room)
    return Wish(parse_budget(str(DEFAULT_BUDGET if budget is None else budget)), None, settings, room)


def plan(
    wish: Wish, text: Amounts, seconds_per_step: Callable[[Recipe], float], elapsed: Callable[[], float] = lambda: 0.0
) -> Recipe:
    """Return the recipe for a wish.

    Args:
        wish: What the user asked for.
        text: How much there is to learn from. With a room, the recipe has ``room_steps`` if they are worth their time, or
            wished for.
        seconds_per_step: Measures one step of a recipe on this machine [s].
        elapsed: Tells how much of the budget is used up [s], measuring included.
    """
    shape = _shape(text) | wish.settings
    draft = Recipe(**{"learning_rate": _rate(shape["hidden"]), "steps": 1, "evaluate_every": 1} | shape)
    a_step = draft.streams * draft.length
    if wish.epochs is not None:
        own = wish.epochs * text.own
        return _scheduled(draft, own, wish.epochs * text.room, text, wish.settings)
    assert wish.budget is not None, "a wish has a budget or a number of rounds"
    hidden = [width for least, width in reversed(WIDTHS) if text.own + text.room >= least]
    if "hidden" in wish.settings:
        hidden = [wish.settings["hidden"]]
    for width in hidden:
        draft = replace(draft, **({"hidden": width, "learning_rate": _rate(width)} | wish.settings))
        a_step_takes = seconds_per_step(draft)
        available = seconds_of_run(after_start(wish.budget, elapsed()), text) * (1 - _share(text))
        symbols = max(a_step, available / a_step_takes * a_step - SCORING * text.held_out)
        needed = FEWEST_ROUNDS * text.own + min(text.room, ROOM_NEEDED)
        if symbols >= needed * (WIDE_FACTOR if width > WIDE else 1.0):
            break
    own, room = _divided(symbols, text, wish.room)
    least = LEAST_STEPS * a_step if not room else 0.0
    return _scheduled(draft, min(own, max(least, MOST_ROUNDS * text.own)), room, text, wish.settings)


def after_start(budget: float, elapsed: float) -> float:
    """Return a budget less what its start took longer than ``FIXED_SECONDS`` [s]: large chats and busy machines take longer."""
    return budget - max(0.0, elapsed - FIXED_SECONDS)


def seconds_of_run(budget: float, text: Amounts) -> float:
    """Return the time from the first step to the voice that a budget leaves [s]."""
    return max(0.5 / (1 - _share(text)), budget - FIXED_SECONDS)


def steps_after(recipe: Recipe, text: Amounts) -> float:
    """Return how many steps take as long as what follows the last evaluation: scoring, and telling a room's authors apart."""
    symbols = SCORING * text.held_out
    if recipe.signatures:
        # As the plan has it: for each symbol trained on it reads SIGNATURE_READING, in that share of the time.
        symbols += recipe.signature_rounds * text.own / SIGNATURE_READING * SIGNATURE_SHARE / (1 - _share(text))
    return symbols / (recipe.streams * recipe.length)


def _share(text: Amounts) -> float:
    """Return the share of a run's time that isn't training and scoring."""
    return OVERHEAD + (SIGNATURE_SHARE if text.named > 1 else 0.0)


def _rate(hidden: int) -> float:
    """Return the learning rate of a width."""
    return LEARNING_RATE * min(1.0, WIDE / hidden)


def _divided(symbols: float, text: Amounts, wished: bool | None) -> tuple[float, float]:
    """Return how many of the symbols that can be read are the author's own, and how many the room's."""
    own = min(OWN_ROUNDS * text.own, symbols / 2)
    room = min(symbols - own, MOST_ROOM_ROUNDS * text.room)
    if not room or (wished is None and room < ROOM_WORTH * text.own):
        return symbols, 0.0
    return own, room


def _shape(text: Amounts) -> dict[str, Any]:
    """Return the sizes that follow from the amount of text alone."""
    everything = text.own + text.room
    hidden = next(width for least, width in reversed(WIDTHS) if everything >= least and width <= WIDE)
    streams = next(streams for least, streams in reversed(STREAMS) if text.own >= least)
    if streams == 1:
        streams = max(1, text.own // 1024)
    rows = next(rows for least, rows in reversed(BUCKETS) if everything >= least)
    return {
        "hidden": hidden,
        "streams": streams,
        "length": max(1, min(128, text.own // (4 * streams))),
        "buckets": prime_at_most(rows),
    }


def _scheduled(draft: Recipe, own: float, room: float, text: Amounts, settings: dict[str, Any]) -> Recipe:
    """Return ``draft`` with the number of steps and all that follows from it.

    Args:
        draft: What is decided already.
        own: Symbols of the author's own text to read.
        room: Symbols of the room's text to read before.
        text: How much there is.
        settings: What the user fixed.
    """
    a_step = draft.streams * draft.length
    if "steps" in settings:  # fewer or more than planned: each text gets its share of them
        share = settings["steps"] * a_step / (own + room)
        own, room = own * share, room * share
    room_steps = round(room / a_step)
    total = max(1, round(own / a_step)) + room_steps
    rounds = own / text.own
    evaluations = int(np.clip(total * a_step // SYMBOLS_BETWEEN, FEWEST_EVALUATIONS, MOST_EVALUATIONS))
    every = max(1, math.ceil(total / evaluations))
    dropout = float(np.clip(DROPOUT_PER_ROUND * rounds, 0.1, 0.5)) + (WIDE_DROPOUT if draft.hidden > WIDE else 0.0)
    memory_dropout = min(MEMORY_DROPOUT + MEMORY_DROPOUT_PER_ROUND * rounds, MOST_MEMORY_DROPOUT)
    derived: dict[str, Any] = {
        "steps": total,
        "evaluate_every": every,
        "evaluate_symbols": max(LEAST_SCORED, int(every * a_step * EVALUATION_SHARE)),
        "warm_up": min(200, max(1, total // 10)),
        "dropout": round(dropout, 3),
        "memory_dropout": round(memory_dropout, 3),
        "average": round(min(0.998, max(0.0, 1 - 20 / total)), 6),
    }
    if room_steps:
        again = max(0.0, room / text.room - 1)  # rounds over the room's text after the first, which can't be learnt by heart
        less = min(1.0, OWN_SYMBOLS / text.own) ** 0.5
        derived |= {
            "room": NAMED,
            "room_steps": room_steps,
            "room_dropout": round(min(0.2 * again, 0.3), 3),
            "room_memory_dropout": round(min(0.1 + 0.45 * again, 0.7), 3),
            "dropout": round(OWN_DROPOUT * less, 3),
            "memory_dropout": round(OWN_MEMORY_DROPOUT * less, 3),
        }
    if text.named > 1:
        derived |= {
            "signatures": _power_at_most(min(SIGNATURE_BYTES // text.named, max(text.own, FEWEST_ROWS), MOST_ROWS)),
            "signature_rounds": round(min(MOST_SIGNATURE_ROUNDS, SIGNATURE_READING * total * a_step / text.own), 3),
        }
    return replace(draft, **derived | settings)


def _power_at_most(number: int) -> int:
    """Return the largest power of 2 that isn't above ``number``, but ``FEWEST_ROWS`` at least."""
    return max(FEWEST_ROWS, 1 << number.bit_length() - 1)


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
