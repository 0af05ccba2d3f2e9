"""What a training run tells whoever watches it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from talklike.corpus.corpus import Corpus
    from talklike.generation.voice import Voice
    from talklike.training.recipe import Recipe
    from talklike.training.schedule import Schedule
    from talklike.training.tutorial_recipe import TutorialRecipe


@dataclass(frozen=True)
class Evaluation:
    """The state of a run at one evaluation: a line of ``metrics.jsonl``.

    Attributes:
        step: Steps done.
        seconds: Training time so far, over all sessions of the run, without pauses [s].
        characters: Symbols trained on so far.
        train_bits_per_character: Mean training loss since the last evaluation [bit/symbol].
        validation_bits_per_character: Of the averaged weights on held-out text [bit/character].
        best: Whether it is the best so far.
    """

    step: int
    seconds: float
    characters: int
    train_bits_per_character: float
    validation_bits_per_character: float
    best: bool


@dataclass(frozen=True)
class Result:
    """How a run ended.

    Attributes:
        voice: The voice, as it stands in the run folder.
        folder: The run folder.
        evaluations: All evaluations, in order.
        stopped: ``finished``, ``early`` (validation stopped improving) or ``interrupted``.
        verdict: What to think of it, in plain words.
    """

    voice: Voice
    folder: Path
    evaluations: list[Evaluation]
    stopped: str
    verdict: list[str] = field(default_factory=list)


class Listener:
    """Hears how a run goes; does nothing by itself. A subclass shows what it wants to."""

    def prepared(self, corpus: Corpus, recipe: Recipe | TutorialRecipe, device: str, folder: Path) -> None:
        """The text is encoded and the recipe is fixed; training starts."""

    def stepped(self, step: int, loss_bits: float | None) -> None:
        """Another step is done; its loss [bit/symbol] is given every few steps."""

    def shortened(self, schedule: Schedule) -> None:
        """The budget can only be kept with fewer steps than the recipe has, or than were told last."""

    def evaluated(self, evaluation: Evaluation, samples: dict[float, str]) -> None:
        """An evaluation is done; ``samples`` holds a text for each temperature."""

    def finishing(self) -> None:
        """Training is over; the voice is being scored and written."""

    def noted(self, note: str) -> None:
        """Something that a careful person would want to know."""

    def ended(self, result: Result) -> None:
        """The run is over, and this is how it went."""
