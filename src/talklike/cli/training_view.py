"""The live view of a training run: a progress bar with time left, and samples after each evaluation, on standard error."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from talklike.cli.console import Console
from talklike.cli.output import printable
from talklike.cli.progress import PATIENCE
from talklike.training.progress import Evaluation, Listener
from talklike.training.tutorial_recipe import TutorialRecipe

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType
    from typing import Self

    from rich.progress import TaskID

    from talklike.corpus.corpus import Corpus
    from talklike.training.recipe import Recipe
    from talklike.training.schedule import Schedule

_REFRESH_SECONDS = 0.1


class TrainingView(Listener):
    """Shows a training run in the terminal; in a file or a pipe, only its lines and no bar."""

    def __init__(self) -> None:
        self._console = Console(stderr=True)
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=None),
            TextColumn("{task.percentage:>3.0f} %"),
            TextColumn("{task.fields[facts]}"),
            TimeRemainingColumn(compact=True),
            console=self._console,
            disable=not self._console.is_terminal,
        )
        self._preparing: TaskID | None = None
        self._waiting: threading.Timer | None = None
        self._task: TaskID | None = None
        self._symbols_per_step = self._steps = 0
        self._loss: float | None = None
        self._validation: float | None = None
        self._shown = 0.0
        self._step_then: int | None = None  # a resumed run doesn't begin at 0
        self._time_then = 0.0
        self._rate = 0.0

    def __enter__(self) -> Self:
        self._progress.start()
        self._waiting = threading.Timer(PATIENCE, self._say_preparing)
        self._waiting.daemon = True
        self._waiting.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
        self._progress.stop()

    def prepared(self, corpus: Corpus, recipe: Recipe | TutorialRecipe, device: str, folder: Path) -> None:
        """Say what is trained on what."""
        whose = "the room" if corpus.whole_room else printable(corpus.names[0])
        self._say(
            f"[bold]{escape(whose)}[/]: {corpus.target.characters:,} characters to learn from, "
            f"{corpus.validation.characters:,} to validate, {corpus.test.characters:,} to test; "
            f"{len(corpus.alphabet.characters)} characters in the alphabet"
        )
        if isinstance(recipe, TutorialRecipe):
            self._say_tutorial(corpus, recipe, device, folder)
        else:
            self._say_default(corpus, recipe, device, folder)
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting.join()
        if self._preparing is not None:
            self._progress.remove_task(self._preparing)
        self._task = self._progress.add_task("training", total=self._steps, facts="")
        self._time_then = time.monotonic()

    def _say_default(self, corpus: Corpus, recipe: Recipe, device: str, folder: Path) -> None:
        """Say what the default recipe does."""
        a_step = recipe.streams * recipe.length
        if corpus.room:
            others = "" if corpus.whole_room else f"behind it the room with {corpus.train.characters:,} characters; "
            left_out = f"; {corpus.timeless:,} messages without a time left out" if corpus.timeless else ""
            self._say(f"{others}{len(corpus.authors)} authors known by name{left_out}")
        own = (recipe.steps - recipe.room_steps) * a_step / max(1, len(corpus.target))
        rounds = f"{own:.1f} rounds"
        if recipe.room_steps:
            rounds = (
                f"{recipe.room_steps * a_step / max(1, len(corpus.train)):.1f} rounds of the room, then {own:.1f} of the author"
            )
        self._say(
            f"{recipe.layers}×{recipe.hidden} LSTM{' with an n-gram memory' if recipe.memory else ''} on {device} "
            f"({recipe.precision}, {recipe.threads} threads): {recipe.steps:,} steps of {recipe.streams}×{recipe.length} "
            f"characters, {rounds}; run in {escape(str(folder))}"
        )
        self._symbols_per_step, self._steps = a_step, recipe.steps

    def _say_tutorial(self, corpus: Corpus, recipe: TutorialRecipe, device: str, folder: Path) -> None:
        """Say what the tutorial's recipe does."""
        characters = corpus.train.characters - (corpus.kind == "messages")  # nothing joins the last message to another
        self._symbols_per_step, self._steps = recipe.batch_size, recipe.steps(characters)
        self._say(
            f"the tutorial's recipe: {recipe.layers}×{recipe.hidden} LSTM on {device} ({recipe.precision}, {recipe.threads} "
            f"threads), windows of {recipe.window} every {recipe.step}, {recipe.optimizer} with learning rate "
            f"{recipe.learning_rate:g}, {recipe.epochs} epochs of {self._steps // recipe.epochs:,} steps of {recipe.batch_size} "
            f"windows; run in {escape(str(folder))}"
        )

    def stepped(self, step: int, loss_bits: float | None) -> None:
        """Move the bar, a few times a second at most."""
        if loss_bits is not None:
            self._loss = loss_bits if self._loss is None else 0.9 * self._loss + 0.1 * loss_bits
        now = time.monotonic()
        if self._step_then is None:
            self._step_then, self._time_then = step, now
        if self._task is None or now - self._shown < _REFRESH_SECONDS:
            return
        self._shown = now
        elapsed = now - self._time_then
        if elapsed > 1:
            self._rate = (step - self._step_then) * self._symbols_per_step / elapsed
            self._step_then, self._time_then = step, now
        facts = [f"loss {self._loss:.2f}" if self._loss is not None else ""]
        facts.append(f"held-out {self._validation:.3f} bits/char" if self._validation is not None else "")
        facts.append(f"{self._rate:,.0f} chars/s" if self._rate else "")
        self._progress.update(self._task, completed=step, facts=" · ".join(fact for fact in facts if fact))

    def shortened(self, schedule: Schedule) -> None:
        """Count on fewer steps."""
        self._steps = schedule.steps
        if self._task is not None:
            self._progress.update(self._task, total=schedule.steps)

    def evaluated(self, evaluation: Evaluation, samples: dict[float, str]) -> None:
        """Print how good it is and what it writes."""
        self._validation = evaluation.validation_bits_per_character
        star = " [green]best so far[/]" if evaluation.best else ""
        self._say(
            f"\n[bold]step {evaluation.step:,}[/]  {evaluation.seconds:.0f} s  training "
            f"{evaluation.train_bits_per_character:.3f}  held-out [bold]{evaluation.validation_bits_per_character:.3f}[/] "
            f"bits per character{star}"
        )
        for temperature, text in samples.items():
            self._say(f"  [cyan]{temperature}[/]  {escape(printable(text))}")
        self._step_then, self._time_then = evaluation.step, time.monotonic()  # an evaluation is not training time

    def _say_preparing(self) -> None:
        """Say that the text is being cleaned and encoded, which takes long for a large chat."""
        self._preparing = self._progress.add_task("preparing the text", total=None, facts="")

    def finishing(self) -> None:
        """Say that the voice is being scored."""
        if self._task is not None:
            self._progress.update(self._task, description="scoring", completed=self._steps)

    def noted(self, note: str) -> None:
        """Print a note."""
        self._say(f"[dim]{escape(printable(note))}[/]")

    def _say(self, text: str) -> None:
        self._console.print(text, highlight=False, soft_wrap=True)
