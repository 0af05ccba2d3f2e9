"""Writing: a prompt, and what the voice makes of it at one temperature or several, side by side."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement

from talklike.errors import TalklikeError
from talklike.studio.talk_fields import Button, heading, number
from talklike.studio.talk_settings import FURTHER, Control
from talklike.studio.talk_share import show_lines
from talklike.studio.talk_state import TalkState, say_how_it_ended
from talklike.studio.talk_text import TalkText

if TYPE_CHECKING:
    from collections.abc import Callable

    from talklike.studio.talk_settings import Generation

MOST_COLUMNS = 4
STEP = 0.3
"""By how much the temperature of a new column is above the last one's."""

WRITE_KEY = "(event) => { if ((event.ctrlKey || event.metaKey) && event.key === 'Enter') { event.preventDefault(); emit(); } }"


class WritePanel:
    """The part of the page that writes.

    Args:
        state: The page's state.
    """

    def __init__(self, state: TalkState) -> None:
        self._state = state
        self._columns: list[Column] = []
        with ui.element("section").classes("tl-card").props('aria-label="Write"'):
            self._prompt = ui.textarea("Begin with").props("outlined autogrow").classes("tk-prompt-field")
            TextElement(tag="small", text="Anything, or nothing: the voice writes on from here.").classes("tk-under")
            self._prompt.on("keydown", self.write, js_handler=WRITE_KEY)
            with ui.element("div").classes("tl-row tk-actions"):
                self._write = Button("Write", self.write, first=True, keys="Control+Enter")
                self._stop = Button("Stop", state.stop, keys="Escape")
                self._add = Button("Add a temperature", self._add_column)
        with ui.element("section").props('aria-label="What it wrote"') as self._shown:
            self._grid = ui.element("div").classes("tk-grid")
        self._add_column()
        self._busy(busy=False)
        state.when_busy(lambda busy: self._busy(busy=busy))
        state.controls.when_set(self._arrange)

    async def write(self) -> None:
        """Write in every column, with the same seed."""
        if self._state.busy:
            return
        try:
            seed = self._state.controls.seed()
            prompt = self._prompt.value or ""
            wanted = [column.generation(prompt, seed) for column in self._columns]
            for generation in wanted:
                generation.request(self._state.voice)  # what makes no sense is told before anything is written
        except TalklikeError as error:
            self._state.guarded(error)
            return
        self._state.guarded(None)
        await asyncio.gather(*(column.write(one) for column, one in zip(self._columns, wanted, strict=True)))

    def _add_column(self) -> None:
        if len(self._columns) < MOST_COLUMNS:
            with self._grid:
                self._columns.append(Column(self._state, self._remove, self._next_temperature()))
            self._arrange()

    def _next_temperature(self) -> float | None:
        """Return the temperature of a new column; None for the first, which has the one that is set."""
        if not self._columns:
            return None
        try:
            return round(self._columns[-1].temperature + STEP, 2)
        except TalklikeError:
            return self._state.voice.default_sampling.temperature

    def _remove(self, column: Column) -> None:
        self._columns.remove(column)
        column.delete()
        self._arrange()

    def _arrange(self) -> None:
        several = len(self._columns) > 1
        for column in self._columns:
            column.tell_apart(wanted=several)
        self._add.enable(len(self._columns) < MOST_COLUMNS and not self._state.busy)

    def _busy(self, *, busy: bool) -> None:
        self._write.enable(not busy)
        self._stop.enable(busy)
        self._shown.props(f"aria-busy={str(busy).lower()}")
        self._arrange()
        for column in self._columns:
            column.busy(busy=busy)


class Column:
    """A text at one temperature.

    Args:
        state: The page's state.
        remove: Called to take it away.
        temperature: Its temperature; None for the one that is set beside.
    """

    def __init__(self, state: TalkState, remove: Callable[[Column], None], temperature: float | None) -> None:
        self._state = state
        self._temperature: float | str | None = temperature
        self._own = temperature is not None
        self._last: tuple[Generation, str] | None = None  # what decided the last piece, and why that ended
        with ui.element("article").classes("tl-card tk-column") as self._card:
            with ui.element("div").classes("tl-between tk-column-head") as self._head:
                if temperature is not None:
                    with ui.element("label").classes("tk-temperature"):
                        TextElement(tag="span", text="Temperature")
                        number(temperature, self._set_temperature, props="min=0 step=0.05")
                    Button("Remove", lambda: remove(self), said="Remove this temperature").classes("tk-link")
                else:
                    self._title = heading("", 3)
            self._text = state.watch(TalkText("What it writes appears here."))
            with ui.element("div").classes("tk-foot"):
                with ui.element("div").classes("tk-status"):
                    self._status = TextElement(tag="span", text="").props("role=status")
                    self._seed = Button("", self._keep_seed).classes("tk-link")
                with ui.element("div").classes("tl-row tk-small"):
                    self._again = Button("Again", self._write_again)
                    self._further = Button("Go on", self._go_on, said="Go on from here")
                    copy = Button("Copy", lambda: None)
                    copy.on("click", js_handler=f"() => getElement({self._text.id}).copy()")
                    self._share = Button("Share", self._show_lines)
                    self._needing_text = (self._again, self._further, copy, self._share)
        self._text.on("copied", lambda event: ui.notify("Copied" if event.args else "Your browser doesn't let pages copy"))
        self.busy(busy=False)

    @property
    def temperature(self) -> float:
        """Its temperature.

        Raises:
            OptionError: It is no number.
        """
        typed = Control("temperature").parsed(self._temperature)
        return self._state.controls.temperature if typed is None else float(typed)

    def generation(self, prompt: str, seed: int) -> Generation:
        """Return what decides its next text.

        Raises:
            OptionError: A value makes no sense.
        """
        temperature = self.temperature if self._own else None
        return self._state.controls.generation(temperature, prompt=prompt, author=self._state.author, seed=seed)

    async def write(self, generation: Generation, *, further: bool = False) -> None:
        """Write a text, or further on one."""
        self._last = None
        try:
            _, reason = await self._state.write(self._text, generation, after=None if further else generation.prompt)
        except TalklikeError as error:
            self._state.guarded(error)
            return
        self._last = generation, reason
        say_how_it_ended(self._status, self._text.text, reason)
        self._seed.text = f"seed {generation.seed}"
        self._seed.props["aria-label"] = f"Keep the seed {generation.seed}"
        self.busy(busy=self._state.busy)

    def tell_apart(self, *, wanted: bool) -> None:
        """Say which temperature it is, where there are several; that of its own is there anyhow."""
        self._head.visible = self._own or wanted
        if not self._own:
            self._title.text = f"Temperature {self._state.controls.shown_temperature}"

    def busy(self, *, busy: bool) -> None:
        """Let its buttons be pressed, or don't."""
        for button in self._needing_text:
            button.enable(not busy and self._last is not None)
        self._seed.visible = self._last is not None

    def delete(self) -> None:
        """Take it off the page."""
        self._card.delete()

    async def _write_again(self) -> None:
        if self._last is None or self._state.busy:
            return
        try:
            await self.write(self.generation(self._text.prompt, self._state.controls.seed()))
        except TalklikeError as error:
            self._state.guarded(error)

    async def _go_on(self) -> None:
        if self._last is None or self._state.busy:
            return
        try:
            wanted = self.generation(self._text.prompt + self._text.text, self._state.controls.seed())
            if self._last[1] == "end":  # where the voice would end it again
                wanted = replace(wanted, least=min(FURTHER, wanted.most))
            await self.write(wanted, further=True)
        except TalklikeError as error:
            self._state.guarded(error)

    def _keep_seed(self) -> None:
        if self._last is not None:
            self._state.controls.keep_seed(self._last[0].seed)

    def _show_lines(self) -> None:
        if self._last is not None:
            show_lines(self._state, self._last[0])

    def _set_temperature(self, typed: str) -> None:
        self._temperature = typed
