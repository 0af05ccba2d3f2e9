"""``talklike benchmark``: how fast this machine trains and writes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from talklike.cli.reading import words
from talklike.cli.reading_options import with_reading
from talklike.errors import MissingExtraError, OptionError

if TYPE_CHECKING:
    from talklike.training.benchmark import Benchmark, Figure

DEVICE, ROUNDS = "auto", 12

BUDGET, PRECISION = "2m", "32-true"
"""What ``--recipes`` takes of the default recipe and of the tutorial's."""

WHAT = {"train": "train", "write": "write one text", "write 32": "write 32 at once"}


@with_reading
def benchmark(
    device: Annotated[
        str,
        typer.Option(help="Devices, with commas between, such as cpu,cuda; auto takes the processor and the GPU that is there."),
    ] = DEVICE,
    rounds: Annotated[int, typer.Option(help="Measurements of each thing: more make the intervals narrower.")] = ROUNDS,
    recipes: Annotated[
        str | None,
        typer.Option(
            "--recipes",
            metavar="CHAT",
            help="Train an author of this chat as the tutorial does, in Keras and here, and by default.",
            rich_help_panel="Recipes",
        ),
    ] = None,
    author: Annotated[
        str | None, typer.Option(help="Whose voice; else the most active who doesn't look automated.", rich_help_panel="Recipes")
    ] = None,
    epochs: Annotated[
        int | None, typer.Option(help="Of the tutorial's recipe.", show_default="15", rich_help_panel="Recipes")
    ] = None,
    budget: Annotated[
        str | None, typer.Option(help="Of the default recipe.", show_default=BUDGET, rich_help_panel="Recipes")
    ] = None,
    keras: Annotated[
        str | None, typer.Option(help="A Python that has Keras.", show_default="this one", rich_help_panel="Recipes")
    ] = None,
    precision: Annotated[
        str | None,
        typer.Option(
            help="Of the tutorial's recipe here: 32-true or bf16-mixed.", show_default=PRECISION, rich_help_panel="Recipes"
        ),
    ] = None,
    plot: Annotated[Path | None, typer.Option(help="Draw how the recipes learn, as a PNG.", rich_help_panel="Recipes")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
    *,
    reading: dict[str, Any],
) -> None:
    """Measure how fast this machine trains and writes, on the bundled sample, and how much faster a GPU is than the processor.

    In characters a second, with 95 % intervals; all take turns, so that a busy moment hits all alike. With --recipes, the
    tutorial's recipe and the default one side by side on one author instead.
    """
    if recipes is not None:
        from talklike.cli.recipes_view import compare_recipes

        if device != DEVICE or rounds != ROUNDS:
            raise OptionError("--device and --rounds say how this machine is measured; leave them away, or --recipes")
        compare_recipes(
            recipes, reading, author, epochs=epochs, budget=budget or BUDGET, keras=keras, precision=precision or PRECISION,
            plot=plot, as_json=as_json,
        )  # fmt: skip
        return
    given = {
        "--author": author, "--epochs": epochs, "--budget": budget, "--keras": keras, "--precision": precision, "--plot": plot
    }  # fmt: skip
    idle = [option for option, value in given.items() if value is not None]
    idle += [word for word in words(**reading) if word.startswith("--")]
    if idle:
        raise OptionError(f"{', '.join(idle)} belong{'s' if len(idle) == 1 else ''} to --recipes CHAT; name a chat with it too")
    try:
        from talklike.training.benchmark import benchmark as measured
    except ImportError as error:
        raise MissingExtraError(error.name or "torch", "train") from error
    from talklike.cli.output import write_json
    from talklike.cli.progress import rows_progress

    with rows_progress("measuring") as bar:
        result = measured([name.strip() for name in device.split(",")], rounds=rounds, told=bar)
    for note in result.notes:
        typer.echo(note, err=True)
    if as_json:
        write_json(result.to_dict(), indent=2)
    else:
        _print(result)


def _print(result: Benchmark) -> None:
    from rich.table import Table

    from talklike.cli.console import Console
    from talklike.cli.evaluation_view import PIPE_WIDTH

    console = Console()
    if not console.is_terminal:
        console = Console(width=PIPE_WIDTH)
    machine = result.machine
    about = [machine["processor"], f"{machine['threads']} threads", machine.get("gpu"), f"torch {machine['torch']}"]
    console.print(", ".join(str(one) for one in about if one), highlight=False)
    table = Table(box=None, pad_edge=False)
    for place, head in enumerate(("network", "", "device", "characters/s", "95 % interval", "arithmetic", "speed-up")):
        table.add_column(head, justify="right" if place in (3, 4) else "left")
    ups = {(up.device, up.network, up.task): up for up in result.speed_ups}
    for figure in _ordered(result.figures):
        up = ups.get((figure.device, figure.network, figure.task))
        faster = "" if up is None else f"{up.times:.1f} times the {up.against} ({up.low:.1f}–{up.high:.1f})"
        table.add_row(
            figure.network, WHAT.get(figure.task, figure.task), figure.device, f"{figure.rate:,.0f}",
            f"{figure.low:,.0f}–{figure.high:,.0f}", figure.precision, faster,
        )  # fmt: skip
    console.print(table)
    console.print(f"{result.figures[0].network} is the default recipe's network for the bundled sample.", highlight=False)
    if machine["load"] is not None and machine["load"] > machine["threads"]:
        console.print(
            f"[dim]Other programs were running too (load {machine['load']}): an idle machine is faster.[/]", highlight=False
        )


def _ordered(figures: list[Figure]) -> list[Figure]:
    """Return the figures so that the devices of one network and task stand together."""
    networks, tasks = (list(dict.fromkeys(values)) for values in ([f.network for f in figures], [f.task for f in figures]))
    return sorted(figures, key=lambda figure: (networks.index(figure.network), tasks.index(figure.task)))
