"""What a sweep varies, and between which values."""

from __future__ import annotations

import math
import re
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from talklike.errors import OptionError
from talklike.training.recipe import Recipe

if TYPE_CHECKING:
    from collections.abc import Iterable

    from optuna import Trial
    from optuna.distributions import BaseDistribution

LOG_FROM = 10.0
"""A range whose ends are further apart than this factor is searched by orders of magnitude."""

WITHOUT = {"dropout_between": ("layers", 1), "memory_dropout": ("memory", 0), "memory_rate": ("memory", 0)}
"""Fields that mean nothing where another has this value: no layers to drop between, no memory to train."""


@dataclass(frozen=True)
class Dial:
    """A field of the recipe that is varied, either among choices or within a range, ends included.

    Attributes:
        name: The field.
        low: Least value of the range.
        high: Largest value of the range.
        step: Distance of the values of a range of whole numbers; 0 for other numbers.
        choices: The values, instead of a range.
    """

    name: str
    low: float = 0
    high: float = 0
    step: int = 0
    choices: tuple[float, ...] = ()

    @property
    def log(self) -> bool:
        """Whether the range is searched by orders of magnitude."""
        return not self.step and not self.choices and self.low > 0 and self.high / self.low >= LOG_FROM

    @property
    def fixed(self) -> bool:
        """Whether there is only one value."""
        return len(self.choices) == 1

    @property
    def distribution(self) -> BaseDistribution:
        """The dial as Optuna has it."""
        from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

        if self.choices:
            return CategoricalDistribution(self.choices)
        if self.step:
            return IntDistribution(int(self.low), int(self.high), step=self.step)
        return FloatDistribution(self.low, self.high, log=self.log)

    def suggested(self, trial: Trial) -> float:
        """Return the value that a trial is to take."""
        if self.choices:
            value: float = trial.suggest_categorical(self.name, self.choices)
            return value
        if self.step:
            return trial.suggest_int(self.name, int(self.low), int(self.high), step=self.step)
        return rounded(trial.suggest_float(self.name, self.low, self.high, log=self.log))

    def holds(self, value: float) -> bool:
        """Return whether it may take a value."""
        if self.choices:
            return value in self.choices
        return self.low <= value <= self.high and (not self.step or (value - self.low) % self.step == 0)

    def widened(self, value: float) -> Dial:
        """Return the dial with a range that holds a value, or with a choice more, if need be."""
        if self.choices:
            return self if self.holds(value) else replace(self, choices=(*self.choices, value))
        step = math.gcd(self.step, int(value - self.low)) if self.step else 0
        return replace(self, low=min(self.low, value), high=max(self.high, value), step=step)

    def to_dict(self) -> dict[str, Any]:
        """Return the dial as plain JSON-ready values."""
        return asdict(self) | {"choices": list(self.choices)}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Dial:
        """Return the dial that ``to_dict`` wrote."""
        return cls(**values | {"choices": tuple(values["choices"])})

    def __str__(self) -> str:
        name = self.name.replace("_", "-")
        if self.choices:
            return f"{name}={','.join(f'{value:g}' for value in self.choices)}"
        return f"{name}={self.low:g}..{self.high:g}"


DIALS = (
    Dial("hidden", 64, 768, step=64),
    Dial("layers", choices=(1, 2)),
    Dial("embedding", 32, 256, step=32),
    Dial("dropout", 0.0, 0.6),
    Dial("dropout_between", 0.0, 0.3),
    Dial("learning_rate", 1e-3, 3e-2),
    Dial("weight_decay", 1e-3, 1.0),
    Dial("memory", 0, 32, step=8),
    Dial("memory_dropout", 0.2, 0.9),
    Dial("memory_rate", 0.01, 0.5),
    Dial("streams", 8, 64, step=8),
    Dial("length", 32, 256, step=32),
)
"""What is varied without ``--vary``: whatever decides how well a voice predicts, and has an option of ``talklike train``."""

VARIABLE = (*(dial.name for dial in DIALS), "clip")


def parse_dials(wanted: Iterable[str]) -> tuple[Dial, ...]:
    """Return the dials that a user names; ``DIALS`` if none is named.

    Args:
        wanted: ``hidden`` for its range in ``DIALS``, ``hidden=64..512`` for a range, ``dropout=0.1,0.3`` for choices,
            ``layers=2`` for one value.

    Raises:
        OptionError: A name is unknown, twice there, or its values make no sense; all mistakes are told.

    >>> [str(dial) for dial in parse_dials(["hidden=64..512", "dropout=0.1,0.3"])]
    ['hidden=64..512', 'dropout=0.1,0.3']
    """
    dials: dict[str, Dial] = {}
    wrong = []
    for words in wanted:
        try:
            dial = _parsed(words)
        except OptionError as error:
            wrong.append(str(error))
            continue
        if dial.name in dials:
            wrong.append(f"{dial.name.replace('_', '-')} is named twice")
        dials[dial.name] = dial
    if wrong:
        raise OptionError("; ".join(wrong))
    return tuple(dials.values()) or DIALS


def _parsed(words: str) -> Dial:
    name, has_values, values = words.partition("=")
    field = name.strip().lower().replace("-", "_")
    if field not in VARIABLE:
        known = ", ".join(one.replace("_", "-") for one in VARIABLE)
        raise OptionError(f"a sweep can't vary {name.strip()!r}; it can vary {known}")
    default = next((dial for dial in DIALS if dial.name == field), None)
    if not has_values:
        if default is None:
            raise OptionError(f"{name.strip()} has no usual range; name one, such as {name.strip()}=0.5..5")
        return default
    whole = Recipe.__dataclass_fields__[field].type == "int"
    ends = values.split("..")
    numbers = [_number(text, words, whole=whole) for text in (ends if len(ends) == 2 else values.split(","))]
    for number in numbers:  # the recipe says what makes sense
        Recipe.from_dict({"hidden": 1, "steps": 1, "evaluate_every": 1} | {field: number})
    if len(ends) != 2:
        return Dial(field, choices=tuple(dict.fromkeys(numbers)))
    low, high = numbers
    if low >= high:
        raise OptionError(f"{words!r} is no range: {low:g} is not less than {high:g}")
    return Dial(field, low, high, step=_step(int(low), int(high), default) if whole else 0)


def _step(low: int, high: int, default: Dial | None) -> int:
    """Return the usual distance of the values, or the largest that divides it and leads from end to end."""
    usual = default.step if default is not None and default.step else 1
    return math.gcd(usual, low, high)


def _number(text: str, words: str, *, whole: bool) -> float:
    pattern = r"\d+" if whole else r"\d+(\.\d*)?([eE][+-]?\d+)?|\.\d+([eE][+-]?\d+)?"
    if not re.fullmatch(pattern, text.strip()):
        kind = "whole numbers" if whole else "numbers"
        raise OptionError(f"{words!r} must be {kind} as in NAME=LEAST..MOST, or NAME=ONE,OTHER")
    return int(text) if whole else float(text)


def split_fixed(dials: Iterable[Dial]) -> tuple[dict[str, float], tuple[Dial, ...]]:
    """Return the values of the dials that have only one, by name, and the other dials.

    Raises:
        OptionError: There are no others.
    """
    dials = tuple(dials)
    free = tuple(dial for dial in dials if not dial.fixed)
    if not free:
        raise OptionError("there is nothing to vary; give --vary a range or several values, such as hidden=64..512")
    return {dial.name: dial.choices[0] for dial in dials if dial.fixed}, free


def around(values: dict[str, float], dial: Dial) -> Dial:
    """Return a dial; one of ``DIALS`` so that it holds the value of its name, one that a user made as it is."""
    return dial.widened(values[dial.name]) if dial in DIALS else dial


def rounded(value: float) -> float:
    """Return a value with four digits: as many as matter, and few enough to be typed.

    >>> rounded(0.021729964)
    0.02173
    """
    return value if isinstance(value, int) else float(f"{value:.4g}")


def meaningful(values: dict[str, Any]) -> dict[str, Any]:
    """Return the values without those that mean nothing beside the others (``WITHOUT``)."""
    return {
        name: value for name, value in values.items() if name not in WITHOUT or values.get(WITHOUT[name][0]) != WITHOUT[name][1]
    }
