"""The live view of a training run in a notebook: a progress bar with time left, the loss curve, what the voice writes.

The view is one output that is replaced while the run goes on, so what is left of it stays in a saved notebook. IPython is there
wherever a notebook is, and is asked for nowhere else.
"""

from __future__ import annotations

import base64
import sys
import time
from html import escape
from typing import TYPE_CHECKING

from talklike.training.folder import LOSS
from talklike.training.progress import Listener
from talklike.training.tutorial_recipe import TutorialRecipe

if TYPE_CHECKING:
    from pathlib import Path

    from IPython.display import DisplayHandle

    from talklike.corpus.corpus import Corpus
    from talklike.training.progress import Evaluation, Result
    from talklike.training.recipe import Recipe
    from talklike.training.schedule import Schedule

_REFRESH_SECONDS = 0.25


def listener_here() -> Listener:
    """Return a view if this is a notebook, else a listener that shows nothing."""
    # Whoever runs in a notebook has IPython loaded; elsewhere it need not be installed.
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return NotebookView() if hasattr(shell, "kernel") else Listener()


class NotebookView(Listener):
    """Shows a training run below the cell that started it; ``train`` makes one by itself in a notebook."""

    def __init__(self) -> None:
        self._title = ""
        self._facts: list[str] = []
        self._steps = self._step = 0
        self._epoch_steps = 0  # of the tutorial's epochs, after each of which it is evaluated
        self._state = "preparing the text"
        self._loss: float | None = None
        self._samples: list[tuple[Evaluation, dict[float, str]]] = []
        self._notes: list[str] = []
        self._verdict: list[str] = []
        self._picture: Path | None = None
        self._curve = ""  # the picture, in base64
        self._first: tuple[int, float] | None = None  # a resumed run doesn't begin at step 0
        self._shown = 0.0
        self._handle: DisplayHandle | None = None
        self._show()

    def prepared(self, corpus: Corpus, recipe: Recipe | TutorialRecipe, device: str, folder: Path) -> None:
        """Say what is trained on what."""
        tutorial = isinstance(recipe, TutorialRecipe)
        whose = "the room" if corpus.whole_room else corpus.names[0]
        self._title = f"{whose}: {'the tutorial’s ' if tutorial else ''}{recipe.layers}×{recipe.hidden} LSTM"
        self._facts = [
            (
                f"{corpus.target.characters:,} characters to learn from, {corpus.validation.characters:,} to validate, "
                f"{corpus.test.characters:,} to test; on {device} ({recipe.precision}, threads: {recipe.threads})"
            )
        ]
        if isinstance(recipe, TutorialRecipe):
            # Nothing joins the last message to another.
            self._steps = recipe.steps(corpus.train.characters - (corpus.kind == "messages"))
            self._epoch_steps = self._steps // recipe.epochs
            self._facts.append(
                f"windows of {recipe.window} every {recipe.step}, {recipe.optimizer} with learning rate "
                f"{recipe.learning_rate:g}, {recipe.epochs} epochs of {self._epoch_steps:,} steps of "
                f"{recipe.batch_size} windows"
            )
        else:
            self._steps = recipe.steps
            self._facts.append(
                f"{self._steps:,} steps of {recipe.streams}×{recipe.length} characters"
                + (f"; behind it the room with {corpus.train.characters:,} characters" if corpus.own is not None else "")
            )
        self._state = "training"
        self._picture = folder / LOSS
        self._show()

    def stepped(self, step: int, loss_bits: float | None) -> None:
        """Move the bar, a few times a second at most."""
        self._step = step
        if loss_bits is not None:
            self._loss = loss_bits if self._loss is None else 0.9 * self._loss + 0.1 * loss_bits
        now = time.monotonic()
        self._first = self._first or (step, now)
        if now - self._shown < _REFRESH_SECONDS:
            return
        done, elapsed = step - self._first[0], now - self._first[1]
        left = f" · {_duration(elapsed * (self._steps - step) / done)} left" if done and elapsed > 1 else ""
        loss = f" · loss {self._loss:.2f} bits per character" if self._loss is not None else ""
        self._state = f"step {step:,} of {self._steps:,}{loss}{left}"
        self._show()

    def shortened(self, schedule: Schedule) -> None:
        """Count on fewer steps."""
        self._steps = schedule.steps
        self._show()

    def evaluated(self, evaluation: Evaluation, samples: dict[float, str]) -> None:
        """Show how good it is and what it writes."""
        if samples:
            self._samples.append((evaluation, samples))
        if self._picture is not None and self._picture.exists():  # without matplotlib there is none
            self._curve = base64.b64encode(self._picture.read_bytes()).decode()
        self._show()

    def finishing(self) -> None:
        """Say that the voice is being scored."""
        self._state = "scoring"
        self._show()

    def noted(self, note: str) -> None:
        """Keep a note."""
        self._notes.append(note)
        self._show()

    def ended(self, result: Result) -> None:
        """Say how it went."""
        seconds = result.evaluations[-1].seconds if result.evaluations else 0.0
        test = result.voice.card.scores.get("test", {}).get("bits_per_character")
        score = f" · {test:.3f} bits per character on messages never used for anything" if test is not None else ""
        word = {"interrupted": "interrupted after", "early": "stopped early after"}.get(result.stopped, "done in")
        self._state = f"{word} {_duration(seconds)}{score}"
        self._verdict = list(result.verdict)
        self._show()

    def _show(self) -> None:
        """Show everything, in place of what was shown before."""
        from IPython.display import display

        self._shown = time.monotonic()
        data = {"text/html": self._html(), "text/plain": self._plain()}
        if self._handle is None:
            self._handle = display(data, raw=True, display_id=True)  # type: ignore[no-untyped-call]  # IPython's isn't typed
        else:
            self._handle.update(data, raw=True)  # type: ignore[no-untyped-call]  # the same

    def _html(self) -> str:
        bar = f'<progress max="{self._steps}" value="{self._step}" style="width:100%"></progress>' if self._steps else ""
        parts = [f"<p><b>{escape(self._title)}</b></p>" if self._title else ""]
        parts += [f"<p>{escape(fact)}</p>" for fact in self._facts]
        parts.append(f"<div>{bar}</div><p>{escape(self._state)}</p>")
        if self._curve:
            parts.append(
                f'<img alt="Bits per character against steps, on training text and on held-out text" style="max-width:40em" '
                f'src="data:image/png;base64,{self._curve}">'
            )
        parts += [f"<p>{escape(sentence)}</p>" for sentence in self._verdict]
        for number, (evaluation, samples) in enumerate(self._samples):
            shown = " open" if number in (0, len(self._samples) - 1) else ""
            rows = "".join(
                f'<tr><td style="vertical-align:top">{temperature:g}</td>'
                f'<td style="text-align:left;white-space:pre-wrap;overflow-wrap:anywhere">{escape(text)}</td></tr>'
                for temperature, text in samples.items()
            )
            parts.append(f"<details{shown}><summary>{self._heading(evaluation)}</summary><table>{rows}</table></details>")
        if self._notes:
            notes = "".join(f"<li>{escape(note)}</li>" for note in self._notes)
            parts.append(f"<details><summary>notes: {len(self._notes)}</summary><ul>{notes}</ul></details>")
        return f'<div class="talklike-training">{"".join(parts)}</div>'

    def _plain(self) -> str:
        lines = [self._title, *self._facts, self._state, *self._verdict]
        for evaluation, samples in self._samples:
            lines += [self._heading(evaluation), *(f"[{temperature:g}] {text}" for temperature, text in samples.items())]
        return "\n".join(line for line in [*lines, *self._notes] if line)

    def _heading(self, evaluation: Evaluation) -> str:
        epoch = f"epoch {evaluation.step // self._epoch_steps}, " if self._epoch_steps else ""
        training, held_out = evaluation.train_bits_per_character, evaluation.validation_bits_per_character
        return (
            f"{epoch}step {evaluation.step:,}, {_duration(evaluation.seconds)}: training {training:.3f}, held-out "
            f"{held_out:.3f} bits per character"
        )


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
