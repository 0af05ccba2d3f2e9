"""How a voice is judged, as the terminal shows it: a bar while it goes on, then verdict and tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.markup import escape
from rich.padding import Padding
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table as RichTable

from talklike.cli.console import Console
from talklike.cli.output import printable
from talklike.evaluation.tables import Table, tables

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from rich.progress import TaskID

PIPE_WIDTH = 120
"""Width of the tables where they don't go to a terminal [character]."""

SIGNS = ("[green]+[/]", "[red]−[/]", "[blue]→[/]")
"""What stands before what a voice is good at, what it isn't, and what to do."""


class EvaluationView:
    """Shows on standard error which stage is going on, on a terminal; elsewhere nothing."""

    def __init__(self) -> None:
        console = Console(stderr=True)
        self._progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=30),
            TextColumn("{task.percentage:>3.0f} %"),
            TimeElapsedColumn(),
            console=console,
            disable=not console.is_terminal,
            transient=True,
        )
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._progress.stop()

    def told(self, stage: str, share: float) -> None:
        """Show that a share of a stage is done."""
        if stage not in self._tasks:
            self._tasks[stage] = self._progress.add_task(stage, total=1.0)
        self._progress.update(self._tasks[stage], completed=share)


def print_evaluation(report: dict[str, Any]) -> None:
    """Print the verdict and the tables of a report to standard output.

    Args:
        report: What ``Evaluation.to_dict`` returned.
    """
    console = Console()
    if not console.is_terminal:
        console = Console(width=PIPE_WIDTH)
    voice = report["voice"]
    console.print(f"\n[bold]How much does this voice sound like {escape(printable(voice['name']))}?[/]\n")
    for sign, sentence in zip(SIGNS, report["verdict"], strict=True):
        console.print(Padding(f"{sign} {escape(printable(sentence))}", (0, 2)), soft_wrap=False)
    for note in report["notes"]:
        console.print(Padding(f"[yellow]! {escape(printable(note))}[/]", (1, 2, 0, 2)))
    for table in tables(report):
        console.print()
        console.print(_rich(table))
        if table.note:
            console.print(f"[dim]{escape(printable(table.note))}[/]")


def _rich(table: Table) -> RichTable:
    shown = RichTable(title=escape(printable(table.title)), title_justify="left", title_style="bold", box=None, pad_edge=False)
    for place, head in enumerate(table.head):
        shown.add_column(escape(printable(head)), justify="left" if place == 0 else "right", overflow="fold")
    for row in table.rows:
        shown.add_row(*(escape(printable(cell)) for cell in row))
    return shown
