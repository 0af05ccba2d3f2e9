"""The recipe of the tutorial that talklike begins with, every number of it an option."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from talklike.errors import OptionError
from talklike.training.recipe import PRECISIONS, check_fields, dial

OPTIMISERS = ("rmsprop", "adam", "sgd")

MOST_CHARACTERS_WRITTEN = 100_000


def make_tutorial(epochs: float | None, budget: object, settings: dict[str, Any]) -> TutorialRecipe:
    """Return the tutorial's recipe, checked.

    Args:
        epochs: Rounds over all windows; 15 without it.
        budget: Not None is refused: the tutorial trains a number of epochs.
        settings: Other values that aren't to be the tutorial's.

    Raises:
        OptionError: A name is unknown or a value makes no sense.
    """
    if budget is not None:
        raise OptionError("the tutorial's recipe trains a number of epochs, not a time; give --epochs instead of a budget")
    if epochs is not None:
        if not math.isfinite(epochs) or epochs != int(epochs):
            raise OptionError(f"epochs is {epochs:g}, must be a whole number with the tutorial's recipe")
        settings = settings | {"epochs": int(epochs)}
    return TutorialRecipe.from_dict(settings)


@dataclass(frozen=True, kw_only=True)
class TutorialRecipe:
    """Everything that decides a training run by the tutorial's recipe; what isn't given is as the tutorial has it.

    Source: Risdal (2018), "An applied introduction to LSTMs for text generation"; its model is Keras's example
    ``lstm_text_generation``.
    """

    window: int = dial("Characters from which the next one is predicted.", 1, 4096, default=40)
    step: int = dial("Characters from the start of one window to that of the next.", 1, 4096, default=3)
    hidden: int = dial("Units of each LSTM layer.", 1, 8192, default=128)
    layers: int = dial("LSTM layers, each reading the one before.", 1, 8, default=1)
    dropout: float = dial("Share of each LSTM layer's output that is dropped.", 0, 0.95, default=0.0)
    batch_size: int = dial("Windows in a step.", 1, 1 << 20, default=128)
    epochs: int = dial("Rounds over all windows.", 1, 100_000, default=15)
    optimizer: str = field(default="rmsprop", metadata={"help": f"One of {', '.join(OPTIMISERS)}, with Keras's formulas."})
    learning_rate: float = dial("Learning rate.", 1e-8, 10, default=0.01)
    fraction: float = dial("Share of the author's messages that is learnt, the first by time.", 1e-6, 0.9, default=0.2)
    temperatures: tuple[float, ...] = field(
        default=(0.2, 0.5, 1.0, 1.2), metadata={"help": "Temperatures, the tutorial's diversities, at which it writes."}
    )
    write_every: int = dial("Epochs between two times that it writes; 0 writes after the first and the last.", 0, default=0)
    characters: int = dial("Characters that it writes each time.", 1, MOST_CHARACTERS_WRITTEN, default=400)
    seed: int = dial("Decides every random number.", 0, 2**32 - 1, default=0)
    threads: int = dial("Processor threads.", 1, 1024, default=2)
    precision: str = "32-true"
    lowercase: bool = True
    name: str = "tutorial"

    def __post_init__(self) -> None:
        wrong = check_fields(self)
        if self.precision not in PRECISIONS:
            wrong.append(f"precision is {self.precision!r}, must be one of {', '.join(PRECISIONS)}")
        if self.optimizer not in OPTIMISERS:
            wrong.append(f"optimizer is {self.optimizer!r}, must be one of {', '.join(OPTIMISERS)}")
        if not self.temperatures or not all(0 < t <= 100 for t in self.temperatures):
            wrong.append("temperatures are above 0 and at most 100, one at least")
        if self.name != "tutorial":
            wrong.append(f"the recipe's name is {self.name!r}, must be tutorial")
        if wrong:
            raise OptionError("; ".join(wrong))

    @property
    def units(self) -> tuple[int, ...]:
        """H of each layer."""
        return (self.hidden,) * self.layers

    def steps(self, characters: int) -> int:
        """Return the steps of a run over so many characters of joined text."""
        windows = max(0, -(-(characters - self.window) // self.step))
        return self.epochs * -(-windows // self.batch_size)

    def writes_after(self, epoch: int) -> bool:
        """Return whether it writes after an epoch, counted from 1."""
        return epoch in (1, self.epochs) or (self.write_every > 0 and epoch % self.write_every == 0)

    def to_dict(self) -> dict[str, Any]:
        """Return the recipe as plain JSON-ready values, with ``units`` beside, which says how a voice is made of layers."""
        return asdict(self) | {"temperatures": list(self.temperatures), "units": list(self.units)}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> TutorialRecipe:
        """Return the recipe that ``to_dict`` wrote, or one with some values given.

        Raises:
            OptionError: A name is unknown or has a value that makes no sense.
        """
        known = {f.name for f in fields(cls)}
        if unknown := sorted(set(values) - known - {"units"}):
            raise OptionError(f"the tutorial's recipe has no {', '.join(name.replace('_', '-') for name in unknown)}")
        given = {name: value for name, value in values.items() if name in known}
        if isinstance(temperatures := given.get("temperatures"), list):
            given["temperatures"] = tuple(temperatures)
        return cls(**given)
