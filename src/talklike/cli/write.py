"""``talklike write``: write together with a voice."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from talklike.cli.generate import Voice, turn
from talklike.cli.output import write_json, write_text
from talklike.cli.sampling_options import with_sampling
from talklike.cli.terminal import moves_cursor, orderly, screen, visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from talklike.generation.continuations import Continuation


@with_sampling
def write(
    voice: Voice,
    text: Annotated[str, typer.Argument(help="What the message begins with.")] = "",
    author: Annotated[
        str | None,
        typer.Option("--author", "--as", metavar="AUTHOR", help="Whose message, by id or name, if the voice knows several."),
    ] = None,
    said: Annotated[
        list[str] | None,
        typer.Option(metavar="AUTHOR: TEXT", help="What was said before, to be answered; may be repeated, oldest first."),
    ] = None,
    candidates: Annotated[int, typer.Option("--candidates", "-n", help="How many continuations to offer.")] = 5,
    seed: Annotated[int | None, typer.Option(help="Of the first word that is drawn; each after it has the next.")] = None,
    only_list: Annotated[bool, typer.Option("--list", help="Print the continuations and leave, as without a terminal.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print them as a JSON list, each with text, probability and whether the message ends.")
    ] = False,
    *,
    sampling: dict[str, Any],
) -> None:
    """Write together with a voice: it offers how the text may go on, with probabilities; you take that, or type your own.

    What was written goes to standard output at the end. Without a terminal, the continuations of TEXT are printed: on each line
    the probability, a tab and the text, which ⏎ ends where the message would end.
    """
    from talklike.generation.cowriting import Cowriting
    from talklike.generation.voice import load_voice

    cowriting = Cowriting(
        load_voice(voice), author=author, said=[turn(one) for one in said or ()], count=candidates, sampling=sampling, seed=seed
    )
    offered = cowriting.candidates(text)  # what makes no sense is told before anything is drawn
    if as_json:
        write_json([one._asdict() for one in offered])
    elif only_list or not _can_draw():
        _print_list(offered)
    else:
        _write_together(cowriting, text)


def _can_draw() -> bool:
    """Return whether there is a terminal to write at; standard output may lead elsewhere if standard error is one."""
    return sys.stdin is not None and sys.stdin.isatty() and (sys.stdout.isatty() or sys.stderr.isatty()) and moves_cursor()


def _print_list(offered: Sequence[Continuation]) -> None:
    for one in offered:
        write_text(f"{one.probability:.4f}\t{visible(one.text, '⏎')}{'⏎' if one.ends else ''}\n")


def _write_together(cowriting: Any, text: str) -> None:
    """Let messages be written, and print them.

    Raises:
        KeyboardInterrupt: Ctrl-C ended it.
    """
    from talklike.cli.write_screen import WriteScreen

    wanted = WriteScreen(cowriting, text, output=screen())
    try:
        with orderly():
            wanted.run()
    finally:
        for message in cowriting.done:
            write_text((visible(message) if sys.stdout.isatty() else message) + "\n")
        sys.stdout.flush()
    if wanted.interrupted:
        raise KeyboardInterrupt
