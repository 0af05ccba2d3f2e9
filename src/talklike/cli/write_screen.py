"""Where messages are written together with a voice: the text, below it how it may go on, and the keys that take that."""

from __future__ import annotations

import contextlib
from functools import partial
from typing import TYPE_CHECKING

from prompt_toolkit.application import Application
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.data_structures import Point
from prompt_toolkit.filters import Condition
from prompt_toolkit.key_binding import KeyBindings
from prompt_toolkit.key_binding.bindings.named_commands import get_by_name
from prompt_toolkit.layout import BufferControl, ConditionalContainer, Dimension, FormattedTextControl, HSplit, Layout, Window
from prompt_toolkit.layout.processors import BeforeInput

from talklike.cli.terminal import visible

if TYPE_CHECKING:
    from collections.abc import Callable

    from prompt_toolkit.formatted_text import StyleAndTextTuples
    from prompt_toolkit.input import Input
    from prompt_toolkit.key_binding import KeyPressEvent
    from prompt_toolkit.output import Output

    from talklike.generation.continuations import Continuation
    from talklike.generation.cowriting import Cowriting

SHOWN = 4
"""Finished messages that stay in sight."""

KEYED = 9
"""Most continuations that a digit takes."""

ENDS = "⏎"
"""What shows that a message would end."""


class WriteScreen:
    """A screen on which messages are written.

    Args:
        cowriting: The messages.
        text: What the first begins with.
        keys: Where keys come from; standard input without it.
        output: The terminal; standard output without it.

    Attributes:
        interrupted: Whether it was left by Ctrl-C.
    """

    def __init__(self, cowriting: Cowriting, text: str = "", *, keys: Input | None = None, output: Output | None = None) -> None:
        self.interrupted = False
        self._cowriting = cowriting
        self._chosen = 0
        self._note = ""
        self._buffer = Buffer(multiline=True, on_text_changed=self._changed, on_cursor_position_changed=self._changed)
        self._buffer.insert_text(text)
        self._app: Application[None] = Application(
            self._layout(), key_bindings=self._bindings(), erase_when_done=True, input=keys, output=output
        )

    def run(self) -> None:
        """Let messages be written until it is left; all that is written is then among those that are done."""
        try:
            with contextlib.suppress(EOFError):  # the terminal has gone
                self._app.run()
        finally:  # also if the process is told to end
            if self._buffer.text:
                self._cowriting.finish(self._buffer.text)

    @property
    def _text(self) -> str:
        """What is to be continued: the text before the cursor."""
        return self._buffer.document.text_before_cursor

    def _candidates(self) -> list[Continuation]:
        return self._cowriting.candidates(self._text)

    def _changed(self, _: Buffer) -> None:
        self._chosen = 0
        self._note = ""

    # What is seen

    def _layout(self) -> Layout:
        name = visible(self._cowriting.name, " ")
        text = Window(
            BufferControl(self._buffer, input_processors=[BeforeInput(f"{name}: ", style="bold")]),
            wrap_lines=True, dont_extend_height=True, height=Dimension(min=1),
        )  # fmt: skip
        finished = Window(FormattedTextControl(self._done), wrap_lines=True, dont_extend_height=True, height=Dimension(min=0))
        done = ConditionalContainer(finished, Condition(lambda: bool(self._cowriting.done)))
        several = FormattedTextControl(self._list, get_cursor_position=lambda: Point(0, self._chosen))  # scrolls it into sight
        offered = Window(several, dont_extend_height=True, height=Dimension(min=0))
        helped = Window(FormattedTextControl(self._help), wrap_lines=True, dont_extend_height=True, height=Dimension(min=0))
        return Layout(HSplit([done, text, offered, helped]), focused_element=text)

    def _done(self) -> StyleAndTextTuples:
        name = visible(self._cowriting.name, " ")
        shown: StyleAndTextTuples = []
        for text in self._cowriting.done[-SHOWN:]:
            shown += [("", "\n")] if shown else []
            shown += [("bold", f"{name}: "), ("", visible(text))]
        return shown

    def _list(self) -> StyleAndTextTuples:
        shown: StyleAndTextTuples = []
        for number, one in enumerate(self._candidates()):
            style = "reverse" if number == self._chosen else ""
            digit = str(number + 1) if number < KEYED else " "
            shown += [("", "\n")] if shown else []
            shown += [("", f" {digit} "), ("", f"{one.probability:4.0%} "), (style, described(one))]
        return shown

    def _help(self) -> StyleAndTextTuples:
        if self._note:
            return [("bold", self._note)]
        digits = min(len(self._candidates()), KEYED)
        enter = "Enter new line · Ctrl-D done" if self._cowriting.running else "Enter ends the message, twice is done"
        keys = f"1-{digits}, Tab take · ↑ ↓ choose · Ctrl-R draws a word · Ctrl-V 7 types 7 · Ctrl-Z undo · {enter}"
        return [("", keys)]

    # What the keys do

    def _bindings(self) -> KeyBindings:
        keys = KeyBindings()
        for number in range(1, KEYED + 1):
            keys.add(str(number))(self._digit)
        for key, do in (
            ("tab", lambda: self._take(self._chosen)),
            ("down", lambda: self._choose(1)),
            ("up", lambda: self._choose(-1)),
            ("s-tab", lambda: self._choose(-1)),
            ("c-r", self._draw),
            ("c-z", self._undo),
            ("c-_", self._undo),
            ("enter", self._enter),
            ("c-j", lambda: self._buffer.insert_text("\n")),
            ("c-d", self._app_exit),
            ("c-c", self._interrupt),
            ("<sigint>", self._interrupt),
        ):
            keys.add(key)(partial(_without_event, do))
        keys.add("c-v")(get_by_name("quoted-insert"))
        return keys

    def _digit(self, event: KeyPressEvent) -> None:
        number = int(event.data)
        if number <= len(self._candidates()):
            self._take(number - 1)
        else:
            self._buffer.insert_text(event.data)

    def _take(self, number: int) -> None:
        several = self._candidates()
        if number < len(several):
            self._insert(several[number].text)
            if several[number].ends:
                self._end()

    def _draw(self) -> None:
        word = self._cowriting.drawn(self._text)
        self._insert(word)
        if not word:
            self._note = "the voice would end here; Enter ends the message"

    def _insert(self, text: str) -> None:
        if text:
            self._buffer.save_to_undo_stack()
            self._buffer.insert_text(text)

    def _choose(self, by: int) -> None:
        self._chosen = (self._chosen + by) % max(len(self._candidates()), 1)

    def _undo(self) -> None:
        if self._buffer.text:
            self._buffer.undo()
        elif text := self._cowriting.reopen():
            self._buffer.reset()
            self._buffer.insert_text(text)

    def _enter(self) -> None:
        if self._cowriting.running:
            self._buffer.insert_text("\n")
        else:
            self._end()

    def _end(self) -> None:
        """End the message in hand; one without anything in it ends it all."""
        if not self._buffer.text:
            self._app_exit()
            return
        self._cowriting.finish(self._buffer.text)
        self._buffer.reset()
        self._changed(self._buffer)

    def _interrupt(self) -> None:
        self.interrupted = True
        self._app_exit()

    def _app_exit(self) -> None:
        if not self._app.is_done:
            self._app.exit()


def _without_event(do: Callable[[], None], _: KeyPressEvent) -> None:
    do()


def described(one: Continuation) -> str:
    """Return a continuation as it is shown: spaces at its ends can be seen, and where the message ends."""
    text = visible(one.text, ENDS)
    inner = text.strip(" ")
    before, _, after = text.partition(inner) if inner else (text, "", "")
    return "␣" * len(before) + inner + "␣" * len(after) + (f"{ENDS} ends" if one.ends else "")
