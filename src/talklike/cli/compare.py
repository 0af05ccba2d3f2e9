"""``talklike compare``: several voices in one table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from talklike.cli import options
from talklike.cli.evaluate import MESSAGES
from talklike.cli.reading_options import with_reading
from talklike.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from talklike.evaluation.compare import Row

NOTHING = "–"


@with_reading
def compare(
    voices: Annotated[
        list[str],
        typer.Argument(metavar="VOICE…", help="Voices or run folders, or reports that talklike evaluate --json printed."),
    ],
    chat: Annotated[str | None, typer.Option(metavar="CHAT", help="The chat that the voices learnt from.")] = None,
    temperature: Annotated[
        list[float] | None, typer.Option("--temperature", "-t", help="Let each voice write at this one; may be repeated.")
    ] = None,
    author: Annotated[
        str | None, typer.Option(help="Which author is judged, by id or name; else the one that each learnt.")
    ] = None,
    messages: Annotated[int, typer.Option(help="How many messages each writes to be judged by.")] = MESSAGES,
    as_json: Annotated[bool, typer.Option("--json", help="Print the rows as a JSON list.")] = False,
    seed: Annotated[int, typer.Option(help="Decides all draws.")] = 0,
    include: options.Include = None,
    exclude: options.Exclude = None,
    *,
    reading: dict[str, Any],
) -> None:
    """Compare voices, sizes, recipes or temperatures in one table, with 95 % intervals.

    Whether a voice foresees its author better than the first one is judged on the same messages: an interval without 0 says yes.
    """
    from talklike.cli.output import write_json
    from talklike.evaluation.compare import read_report

    voices = list(dict.fromkeys(voices))
    others = [path for path in voices if not path.endswith(".json")]
    if others and chat is None:
        raise OptionError("name the chat that the voices learnt from with --chat, or give reports of talklike evaluate --json")
    if len(others) < len(voices) and temperature:
        raise OptionError("a report is of one temperature; leave --temperature away, or give voices")
    if not others and chat is not None:
        raise OptionError("reports alone need no chat; leave --chat away")
    reports = {path: [read_report(Path(path))] for path in voices if path.endswith(".json")}
    judged: list[Row] = []
    if chat is not None:
        asked: dict[str, Any] = {"author": author, "temperatures": temperature or (), "messages": messages, "seed": seed}
        judged = _judged(others, chat, {"include": include, "exclude": exclude, **reading}, asked)
    rows = [row for path in voices for row in reports.get(path, [one for one in judged if one.label == path])]
    if as_json:
        write_json([row.to_dict() for row in rows], indent=2)
    else:
        _print(rows)


def _judged(paths: Sequence[str], chat: str, reading: dict[str, Any], asked: dict[str, Any]) -> list[Row]:
    from talklike.cli.evaluation_view import EvaluationView
    from talklike.cli.progress import print_report
    from talklike.cli.reading import read
    from talklike.evaluation.compare import compare as compared
    from talklike.generation.voice import load_voice

    loaded = [(path, load_voice(path)) for path in paths]
    found = read(chat, **reading)
    print_report(found.report)
    with EvaluationView() as view:
        return compared(loaded, found, told=view.told, **asked)


def _print(rows: Sequence[Row]) -> None:
    from rich.markup import escape
    from rich.table import Table

    from talklike.cli.console import Console
    from talklike.cli.evaluation_view import PIPE_WIDTH
    from talklike.cli.output import printable

    console = Console()
    if not console.is_terminal:
        console = Console(width=PIPE_WIDTH)
    table = Table(box=None, pad_edge=False)
    heads = (
        "voice",
        "author",
        "t",
        "weights",
        "bits/character",
        "fewer than the first",
        "taken for the author's",
        "told from real",
    )
    for place, head in enumerate((*heads, "copied", "self-BLEU")):
        table.add_column(head, justify="left" if place < 2 else "right", overflow="fold")
    for row in rows:
        cells = (
            row.label, row.author, f"{row.temperature:g}", f"{row.parameters:,}", _with_ends(row.bits, row.bits_ends, ".3f"),
            _with_ends(row.fewer, row.fewer_ends, ".3f"), _with_ends(row.taken, row.taken_ends, ".0%", row.taken_real),
            _with_ends(row.told_apart, row.told_apart_ends, ".0%"), _with_ends(row.copied, None, ".1%", row.copied_real),
            _with_ends(row.self_bleu, None, ".2f"),
        )  # fmt: skip
        table.add_row(*(escape(printable(cell)) for cell in cells))
    console.print(table)
    console.print("[dim]In brackets 95 % intervals, and after a stroke the same of the author's real messages.[/]")


def _with_ends(value: float | None, ends: tuple[float, float] | None, form: str, real: float | None = None) -> str:
    """Return a figure with its interval and that of real messages, as far as there are any."""
    if value is None:
        return NOTHING
    shown = format(value, form)
    if ends is not None:
        shown += f" ({format(ends[0], form)}–{format(ends[1], form)})"
    return shown if real is None else f"{shown} | {format(real, form)}"
