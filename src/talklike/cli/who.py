"""``talklike who``: which author of a room most likely wrote a text."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from talklike.cli.generate import Voice
from talklike.cli.output import printable, write_json
from talklike.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Sequence

BAR = 20
"""Width of the bar of probability 1 [character]."""

PIPE_WIDTH = 160
"""Width of the table where it doesn't go to a terminal [character]."""


def who(
    voice: Voice,
    texts: Annotated[
        list[str] | None, typer.Argument(metavar="[TEXT]...", help="Messages; without any, the lines of standard input.")
    ] = None,
    top: Annotated[int, typer.Option(help="How many authors to tell of each text, the likeliest first.")] = 5,
    as_json: Annotated[
        bool,
        typer.Option("--json", help="Print a JSON list with text and authors of each; those have author, name and probability."),
    ] = False,
) -> None:
    """Say which author of a room most likely wrote a text: how likely the voice finds it as each one's, whom its runs speak for.

    Of several texts each is judged by itself, and gets a row. The probabilities are among the authors that the voice knows by
    name; that it was somebody else is none of the answers.
    """
    if top < 1:
        raise OptionError(f"--top must be 1 or more, not {top}")
    from talklike.evaluation.who import who as probabilities
    from talklike.generation.voice import load_voice

    card = (loaded := load_voice(voice)).card
    asked = texts or _lines()
    found: list[dict[str, Any]] = []
    for text, shares in zip(asked, probabilities(loaded, asked).tolist(), strict=True):
        best = sorted(range(len(shares)), key=lambda place: -shares[place])[:top]
        authors = [{"author": card.authors[i], "name": card.names[i], "probability": round(shares[i], 4)} for i in best]
        found.append({"text": text, "authors": authors})
    if as_json:
        write_json(found)
    elif len(found) == 1:
        _print_authors(found[0]["authors"])
    else:
        _print_texts(found)


def _lines() -> list[str]:
    """Return the lines of standard input that aren't blank."""
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")
    piped = sys.stdin is not None and not sys.stdin.isatty()
    lines = [line for line in sys.stdin if line.strip()] if piped else []
    if not lines:
        raise OptionError("there is no text; give one or more as arguments, or as lines on standard input")
    return [line.rstrip("\r\n") for line in lines]


def _print_authors(authors: Sequence[dict[str, Any]]) -> None:
    """Print a row for each author of one text."""
    rows = [(printable(one["name"]), f"{one['probability']:.1%}", "█" * round(BAR * one["probability"])) for one in authors]
    _print_table(("author", "probability", ""), rows)


def _print_texts(found: Sequence[dict[str, Any]]) -> None:
    """Print a row for each text: its likeliest author, how likely that is, who else, and how the text begins."""
    rows = []
    for one in found:
        first, *others = one["authors"]
        rest = ", ".join(f"{printable(other['name'])} {other['probability']:.0%}" for other in others[:2])
        rows.append((printable(first["name"]), f"{first['probability']:.1%}", rest, printable(one["text"].strip())))
    _print_table(("author", "probability", "or", "text"), rows)


def _print_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich.table import Table
    from rich.text import Text

    from talklike.cli.console import Console

    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=PIPE_WIDTH)
    table = Table(box=None, pad_edge=False)
    for name in head:
        right = name == "probability"
        table.add_column(name, justify="right" if right else "left", no_wrap=True, overflow="ellipsis")
    for row in rows:
        table.add_row(*(Text(cell, style="" if place else "bold") for place, cell in enumerate(row)))
    console.print(table)
