"""A chat at a terminal: lines are edited and remembered, answers come character by character, Ctrl-C stops them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import Completer, Completion
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.key_binding import KeyBindings
from prompt_toolkit.shortcuts import CompleteStyle

from talklike.cli.confidence import shows_colours
from talklike.cli.output import write_text
from talklike.cli.talk_commands import LeaveError, endings, follow
from talklike.cli.terminal import interruptible, orderly, unechoed, visible
from talklike.errors import TalklikeError

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from prompt_toolkit.completion import CompleteEvent
    from prompt_toolkit.document import Document
    from prompt_toolkit.history import History
    from prompt_toolkit.input import Input
    from prompt_toolkit.key_binding import KeyPressEvent
    from prompt_toolkit.output import Output

    from talklike.cli.talk import Talk

INDENT = "\n  "
"""What begins each further line of a message."""


def converse(talk: Talk, history: History, *, keys: Input | None = None, output: Output | None = None) -> None:
    """Take lines from a terminal until the chat is left.

    Args:
        talk: The chat.
        history: The lines of earlier chats.
        keys: Where keys come from; standard input without it.
        output: The terminal that prompts are drawn on; standard output, without any drawing, without it.
    """
    lines = _Lines(talk, history, keys, output)
    with orderly():
        while (line := lines.next()) is not None:
            try:
                follow(talk, line)
            except LeaveError:
                return
            except KeyboardInterrupt:  # pressed where nothing takes care of it, or twice: the next line, all the same
                continue
            except TalklikeError as error:
                show(str(error))


def show(text: str) -> None:
    """Show what a command replies, set off from what is said."""
    text = INDENT.join(text.splitlines())
    write_text(f"  \x1b[2m{text}\x1b[0m\n" if shows_colours() else f"  {text}\n")
    sys.stdout.flush()


def write_answer(name: str, pieces: Generator[str]) -> None:
    """Write an answer as it comes, until Ctrl-C; what is written by then is the answer."""
    name = visible(name, " ")
    write_text(f"\x1b[1m{name}:\x1b[0m " if shows_colours() else f"{name}: ")
    sys.stdout.flush()
    try:
        with interruptible() as interruption, unechoed():
            for piece in pieces:
                write_text(visible(piece, INDENT))
                sys.stdout.flush()
                if interruption.asked:
                    break
    finally:
        pieces.close()
        write_text("\n")
        sys.stdout.flush()


class _Lines:
    """The lines that are typed."""

    def __init__(self, talk: Talk, history: History, keys: Input | None, output: Output | None) -> None:
        self._talk = talk
        self._interrupted = False  # at the line before
        self._emptied = False  # whether Ctrl-C threw a line away, rather than nothing
        self._session: PromptSession[str] = PromptSession(
            history=history, key_bindings=self._bindings(), completer=_Endings(talk), complete_while_typing=False,
            complete_style=CompleteStyle.READLINE_LIKE, enable_suspend=True, input=keys, output=output,
        )  # fmt: skip

    def next(self) -> str | None:
        """Return the next line; None if there is to be none, after Ctrl-D or Ctrl-C twice."""
        while True:
            try:
                line = self._session.prompt(FormattedText([("bold", f"{visible(self._talk.conversation.me, ' ')}:"), ("", " ")]))
            except EOFError:
                return None
            except KeyboardInterrupt:
                if self._interrupted and not self._emptied:
                    return None
                self._interrupted = True
                show("Ctrl-C once more leaves; so do Ctrl-D and /quit")
            else:
                self._interrupted = False
                # Bytes that were no text come from the terminal as halves of pairs, which nothing can encode.
                return line.encode("utf-8", "replace").decode()

    def _bindings(self) -> KeyBindings:
        bindings = KeyBindings()

        @bindings.add("c-c")
        @bindings.add("<sigint>")
        def _(event: KeyPressEvent) -> None:
            self._emptied = bool(event.app.current_buffer.text)
            event.app.exit(exception=KeyboardInterrupt, style="class:aborting")

        return bindings


class _Endings(Completer):
    """Completes commands, options and authors at Tab."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterator[Completion]:  # noqa: ARG002 - the base class's name
        """Yield what the last word before the cursor may become."""
        before = document.text_before_cursor
        word = before.partition(" ")[2] if " " in before else before
        found = endings(self._talk, before)
        for ending in found:
            yield Completion(f"{ending} " if len(found) == 1 else ending, start_position=-len(word))
