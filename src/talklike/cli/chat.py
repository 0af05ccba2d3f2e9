"""``talklike chat``: a conversation with a voice."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from talklike.cli.generate import Voice
from talklike.cli.output import write_json, write_text
from talklike.cli.sampling_options import with_sampling
from talklike.cli.terminal import at_terminal, screen, visible
from talklike.errors import OptionError, TalklikeError

if TYPE_CHECKING:
    from collections.abc import Generator

    from talklike.cli.talk import Talk

HISTORY = "chat.history"
"""The file of the lines typed before, in the folder of such things."""


@with_sampling
def chat(
    voice: Voice,
    author: Annotated[
        str | None,
        typer.Option("--author", "--as", metavar="AUTHOR", help="Who answers, by id or name, if the voice knows several."),
    ] = None,
    me: Annotated[str, typer.Option("--me", metavar="AUTHOR", help="Who you are: one of its authors, or any name.")] = "someone",
    max_chars: Annotated[int | None, typer.Option("--max-chars", help="Most characters of an answer.")] = None,
    min_chars: Annotated[int, typer.Option("--min-chars", help="Fewest characters before an answer may end.")] = 0,
    context: Annotated[int, typer.Option(help="How many characters of the conversation are read before an answer.")] = 1024,
    seed: Annotated[
        int | None, typer.Option(help="Of the first answer; each after it has the next. The same seed gives the same answers.")
    ] = None,
    no_history: Annotated[
        bool, typer.Option("--no-history", help="Neither remember the lines that are typed nor offer those of earlier chats.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Write each answer as JSON on a line: author and text.")] = False,
    *,
    sampling: dict[str, Any],
) -> None:
    """Talk with a voice: each line is a turn, which it answers. /help, typed there, shows the commands.

    Without a terminal, lines are read from standard input, and each answer is a line on standard output; what commands reply
    goes to standard error, and one that makes no sense ends it.
    """
    from talklike.cli.talk import Talk
    from talklike.generation.conversation import Conversation
    from talklike.generation.voice import load_voice

    loaded = load_voice(voice)
    interactive = at_terminal() and not as_json
    if interactive:
        from talklike.cli.converse import converse, show, write_answer
    talk = Talk(
        loaded,
        Conversation(loaded, author=author, me=me, reach=context),
        sampling=sampling,
        lengths={"max_chars": max_chars, "min_chars": min_chars},
        seed=seed,
        write=write_answer if interactive else _write_json if as_json else _write_line,
        show=show if interactive else _show,
    )
    if not interactive:
        _take_lines(talk)
        return
    from prompt_toolkit.history import InMemoryHistory

    from talklike.cli.line_history import lines_typed_before

    show(f"{visible(talk.conversation.name, ' ')} answers; /help shows the commands, Ctrl-D leaves")
    converse(talk, InMemoryHistory() if no_history else lines_typed_before(HISTORY), output=screen())


def _take_lines(talk: Talk) -> None:
    """Take lines from standard input until it ends.

    Raises:
        TalklikeError: A line's command makes no sense; what comes after it would be something else than meant.
    """
    from talklike.cli.talk_commands import LeaveError, follow

    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")
    for number, line in enumerate(sys.stdin or (), 1):
        try:
            follow(talk, line.rstrip("\r\n"))
        except LeaveError:
            return
        except OptionError as error:
            raise OptionError(f"line {number}: {error}") from error
        except TalklikeError as error:
            raise TalklikeError(f"line {number}: {error}") from error


def _write_line(_: str, pieces: Generator[str]) -> None:
    """Write an answer as one line."""
    for piece in pieces:
        write_text(visible(piece, " ⏎ "))
        sys.stdout.flush()
    write_text("\n")
    sys.stdout.flush()


def _write_json(name: str, pieces: Generator[str]) -> None:
    """Write an answer as a line of JSON."""
    write_json({"author": name, "text": "".join(pieces)})
    sys.stdout.flush()


def _show(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
