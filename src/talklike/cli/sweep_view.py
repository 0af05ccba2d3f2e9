"""A sweep as the terminal shows it: bars while it goes on, a line a trial, and in the end what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from talklike.cli.console import Console
from talklike.cli.evaluation_view import PIPE_WIDTH
from talklike.cli.output import printable
from talklike.training.progress import Evaluation
from talklike.training.sweep_work import SweepListener

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Any, Self

    from rich.progress import TaskID

    from talklike.corpus.corpus import Corpus
    from talklike.training.recipe import Recipe
    from talklike.training.study import Terms
    from talklike.training.trials import Sweep, Trial

TOP = 10
"""Trials in the table."""


class SweepView(SweepListener):
    """Shows a sweep on standard error; in a file or a pipe, only its lines and no bar."""

    def __init__(self) -> None:
        self._console = Console(stderr=True)
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=None),
            TextColumn("{task.fields[facts]}"),
            TimeRemainingColumn(compact=True),
            console=self._console,
            disable=not self._console.is_terminal,
            transient=True,
        )
        self._all: TaskID | None = None
        self._one: TaskID | None = None
        self._best = ""

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._progress.stop()

    def begun(self, terms: Terms, corpus: Corpus, trials: list[Trial], wanted: int) -> None:
        """Say what is varied, and how long it will take."""
        done = sum(trial.state in ("finished", "given up", "failed") for trial in trials)
        behind = " with the room behind them" if corpus.own is not None else ""
        self._say(f"{corpus.target.characters:,} characters to learn from{behind}, {corpus.validation.characters:,} to validate")
        self._say(f"varied: {' '.join(str(dial) for dial in terms.dials)}")
        left = max(0, wanted - done)
        length = f"{terms.each} each"
        if terms.budget is not None and left:
            length += f", at most {left * terms.budget / 60:.0f} minutes on this machine alone"
        before = f"{done} of {wanted} trials are there, " if done else ""
        self._say(f"{before}{left} to go, {length}; Ctrl-C stops, --resume goes on")
        self._all = self._progress.add_task("sweep", total=wanted, completed=done, facts="")

    def trial_begun(self, number: int, values: dict[str, float], recipe: Recipe) -> None:  # noqa: ARG002  (the listener's signature)
        """Begin a bar for the trial."""
        self._one = self._progress.add_task(f"trial {number}", total=recipe.steps, facts="")

    def stepped(self, step: int, loss_bits: float | None) -> None:  # noqa: ARG002  (the listener's signature)
        """Move the trial's bar."""
        if self._one is not None:
            self._progress.update(self._one, completed=step)

    def evaluated(self, evaluation: Evaluation, samples: dict[float, str]) -> None:  # noqa: ARG002  (the listener's signature)
        """Show how good the trial is by now."""
        if self._one is not None:
            self._progress.update(self._one, facts=f"{evaluation.validation_bits_per_character:.3f} bits/char")

    def trial_ended(self, trial: Trial, best: Trial | None) -> None:
        """Print a line about the trial."""
        if self._one is not None:
            self._progress.remove_task(self._one)
            self._one = None
        if self._all is not None:
            facts = "" if best is None else f"best {best.bits:.3f}"
            self._progress.update(self._all, advance=1, facts=facts)
        bits = "     " if trial.bits is None else f"{trial.bits:.3f}"
        star = " best so far" if best is not None and best.number == trial.number else ""
        why = f" ({trial.reason})" if trial.reason else ""
        self._say(f"trial {trial.number:>3}  {bits}  {trial.state}{why}{star}  {trial.seconds:.0f} s  {values_of(trial)}")

    def noted(self, note: str) -> None:
        """Print a note, but those on each trial's voice."""
        if self._all is None:
            self._say(printable(note))

    def _say(self, text: str) -> None:
        self._console.print(escape(text), highlight=False, soft_wrap=True)


def values_of(trial: Trial) -> str:
    """Return what a trial tried, in a line."""
    if trial.default:
        return "the default recipe"
    return " ".join(f"{name.replace('_', '-')}={value:g}" for name, value in trial.values.items())


def print_sweep(sweep: Sweep, command: str) -> None:
    """Print the table of the best trials, what mattered, and how to train the best one again, to standard output.

    Args:
        sweep: What came of it.
        command: The command that trains as the best trial did.
    """
    console = Console()
    if not console.is_terminal:
        console = Console(width=PIPE_WIDTH + 40)
    best, default = sweep.best, sweep.default
    assert best is not None, "a sweep without a finished trial has nothing to print"
    console.print(_table(sweep))
    counts = {state: sum(trial.state == state for trial in sweep.trials) for state in ("finished", "given up", "failed")}
    which = f"; trial {default.number} is the default recipe" if default is not None else ""
    console.print(", ".join(f"{count} {state}" for state, count in counts.items() if count) + which, highlight=False)
    if sweep.importances:
        shares = [f"{name.replace('_', ' ')} {share:.0%}" for name, share in sweep.importances.items() if share >= 0.005]
        console.print(f"\nWhat mattered: {', '.join(shares)}.", highlight=False)
    if best.default:
        console.print("\nNothing was better than the default recipe.", highlight=False)
    elif default is not None and default.bits is not None and best.bits is not None:
        console.print(
            f"\nThe best trial needs {default.bits - best.bits:.3f} bits per character less than the default recipe on the "
            "validation part, which chose it.",
            highlight=False,
        )
    if sweep.test is not None:
        console.print(
            f"On the test part, which had no say: {sweep.test['bits_per_character']:.3f} bits per character.", highlight=False
        )
    console.print("\nTrain it again, with more time if you like:", highlight=False)
    console.print(escape(f"  {command}"), highlight=False, soft_wrap=True)


def _table(sweep: Sweep) -> Table:
    """Return the best trials, and the default recipe's wherever it ended."""
    finished = sorted((t for t in sweep.trials if t.state == "finished" and t.bits is not None), key=lambda t: (t.bits, t.number))
    shown: list[tuple[int, Trial]] = list(enumerate(finished, 1))
    shown = [(rank, trial) for rank, trial in shown if rank <= TOP or trial.default]
    table = Table(box=None, pad_edge=False)
    names = [dial.name for dial in sweep.terms.dials]
    for head in ("", "trial", "bits/char", *(name.replace("_", " ") for name in names)):
        table.add_column(head, justify="right")
    for rank, trial in shown:
        cells: list[Any] = [f"{rank}", f"{trial.number}", f"{trial.bits:.3f}", *(f"{trial.values[name]:g}" for name in names)]
        table.add_row(*cells, style="bold" if trial.default else None)
    return table
