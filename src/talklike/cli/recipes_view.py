"""``talklike benchmark --recipes``: the tutorial in Keras, the tutorial here and the default recipe in one table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from talklike.cli.output import printable, write_json
from talklike.cli.progress import print_report
from talklike.cli.reading import read
from talklike.cli.writable import check_plot
from talklike.errors import MissingExtraError

if TYPE_CHECKING:
    from pathlib import Path

    from talklike.training.then_and_now import ThenAndNow


def compare_recipes(
    path: str,
    reading: dict[str, Any],
    author: str | None,
    *,
    epochs: int | None,
    budget: str,
    keras: str | None,
    precision: str,
    plot: Path | None,
    as_json: bool,
) -> None:
    """Train an author three ways, show what is being done, and print the table or the JSON."""
    try:
        from talklike.training.then_and_now import then_and_now
    except ImportError as error:
        raise MissingExtraError(error.name or "torch", "train") from error
    from talklike.cli.console import Console

    if plot is not None:
        check_plot(plot, [".png"])
    chat = read(path, **reading)
    print_report(chat.report)
    console = Console(stderr=True)
    with console.status("preparing the text") as status:
        result = then_and_now(chat, author, epochs=epochs, budget=budget, keras=keras, precision=precision, told=status.update)
    try:
        write_json(result.to_dict(), indent=2) if as_json else _print(result)
    finally:  # minutes of training aren't to be lost with the reader of the table, nor the table with the disk of the picture
        if plot is not None:
            _draw(result, plot)


def _draw(result: ThenAndNow, plot: Path) -> None:
    from talklike.training.then_and_now_plot import then_and_now_plot
    from talklike.voice.write import atomic_write

    atomic_write(plot, then_and_now_plot(result))


def _print(result: ThenAndNow) -> None:
    from rich.markup import escape
    from rich.table import Table

    from talklike.cli.console import Console
    from talklike.cli.evaluation_view import PIPE_WIDTH

    console = Console()
    if not console.is_terminal:
        console = Console(width=PIPE_WIDTH)
    table = Table(box=None, pad_edge=False)
    heads = ("", "computed by", "s an epoch", "s to its best", "bits per character", "peak memory", "writes")
    for place, head in enumerate(heads):
        table.add_column(head, justify="left" if place < 2 else "right")
    for row in result.rows:
        memory = "" if row.peak_bytes is None else f"{row.peak_bytes / 1e9:.2f} GB"
        table.add_row(
            row.name, row.made_with, f"{row.seconds_per_epoch:,.1f}", f"{row.seconds:,.1f}", f"{row.bits_per_character:.3f}",
            memory, f"{row.characters_per_second:,.0f} characters/s",
        )  # fmt: skip
    about = f"{printable(result.author)}: the tutorial learns from {result.characters:,} characters, the default recipe from all"
    console.print(escape(about), highlight=False)
    console.print(table)
    for row in result.rows:
        console.print(f"[cyan]{row.name}[/], at temperature 0.5: {escape(printable(row.sample))}", highlight=False)
    for note in result.notes:
        console.print(note, highlight=False)
