"""Writing together: the voice offers how a message may go on, and its writer takes that or types on."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement

from talklike.errors import TalklikeError
from talklike.generation.cowriting import Cowriting
from talklike.studio.talk_fields import Button

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nicegui.events import GenericEventArguments

    from talklike.generation.continuations import Continuation
    from talklike.studio.talk_state import TalkState

OFFERED = 5
DRAW, END = 0, -1
"""What the keys Alt+0 and Alt+Enter are told as; from 1 on, the number of a candidate."""

PAUSE = 0.08
"""How long nothing must have been typed before candidates are looked for [s]."""

KEYS = """(event) => {
  if (!event.altKey) return;
  const digit = /^(?:Digit|Numpad)([0-9])$/.exec(event.code);
  const wanted = digit ? Number(digit[1]) : event.key === "Enter" ? -1 : null;
  if (wanted !== null) { event.preventDefault(); emit(wanted); }
}"""


class CowritePanel:
    """The part of the page in which one writes together with the voice.

    Args:
        state: The page's state.
    """

    def __init__(self, state: TalkState) -> None:
        self._state = state
        self._offered: tuple[str, list[Continuation]] = ("", [])  # after which text, and what
        self._asking = asyncio.Lock()
        self._drawn = 0  # words; each has the next seed
        self._together = Cowriting(state.voice, author=state.author, count=OFFERED)
        with ui.element("section").classes("tl-card").props('aria-label="Write together"'):
            self._done = ui.element("ul").classes("tl-messages tk-done").props('aria-label="Finished messages"')
            self._text = (
                ui.textarea("Your message", on_change=self._changed).props("outlined autogrow").classes("tk-prompt-field")
            )
            keys = "Alt+1 to Alt+5 take what is offered, Alt+0 draws a word, Alt+Enter ends the message."
            TextElement(tag="small", text=keys).classes("tk-under")
            self._text.on("keydown", self._pressed, js_handler=KEYS)
            TextElement(tag="h3", text="It may go on so").classes("tk-space")
            self._list = ui.element("ol").classes("tk-candidates")
            with ui.element("div").classes("tl-row tk-actions"):
                Button("Draw a word", self._draw, keys="Alt+0")
                self._end = Button("End the message", self._finish, keys="Alt+Enter")
                self._back = Button("Take the last one up again", self._reopen)
        self._show_done()

    def write_as(self, author: str) -> None:
        """Write another author's messages from now on."""
        self._together = Cowriting(self._state.voice, author=author, count=OFFERED)
        self._show_done()
        self._text.value = ""

    async def offer(self) -> None:
        """Show how the message may go on."""
        text = self._text.value or ""
        try:
            async with self._asking:
                if text != (self._text.value or ""):  # more was typed while an earlier one was looked for
                    return
                found = await asyncio.to_thread(self._together.candidates, text)
        except TalklikeError as error:
            self._state.guarded(error)
            return
        if text == (self._text.value or "") and not self._list.is_deleted:
            self._offered = text, found
            self._show_offered(found)

    async def _changed(self) -> None:
        text = self._text.value
        await asyncio.sleep(PAUSE)
        if text == self._text.value:
            await self.offer()

    async def _pressed(self, event: GenericEventArguments) -> None:
        wanted = int(event.args)
        if wanted == DRAW:
            await self._draw()
        elif wanted == END:
            self._finish()
        else:
            self._take(wanted - 1)

    def _take(self, number: int) -> None:
        text, offered = self._offered
        if text == (self._text.value or "") and number < len(offered):  # else more was typed than was looked at
            self._text.value = text + offered[number].text
            if offered[number].ends:
                self._finish()

    async def _draw(self) -> None:
        """Add a word that is drawn as the settings say."""
        text = self._text.value or ""
        try:
            generation = self._state.controls.generation()
            together = self._together
            async with self._asking:
                together.draw_as(dict(generation.sampling), generation.seed + self._drawn)
                self._drawn += 1
                word = await asyncio.to_thread(together.drawn, text)
        except TalklikeError as error:
            self._state.guarded(error)
            return
        self._state.guarded(None)
        if word:
            self._text.value = text + word
        elif text:
            self._finish()

    def _finish(self) -> None:
        text = self._text.value or ""
        if text.strip():
            self._together.finish(text)
            self._text.value = ""
            self._show_done()

    def _reopen(self) -> None:
        if self._together.done:
            self._text.value = self._together.reopen()
            self._show_done()

    def _show_done(self) -> None:
        self._done.clear()
        self._done.visible = bool(self._together.done)
        with self._done:
            for text in self._together.done:
                TextElement(tag="li", text=text)
        self._back.enable(bool(self._together.done))

    def _show_offered(self, offered: Sequence[Continuation]) -> None:
        self._list.clear()
        with self._list:
            for number, one in enumerate(offered):
                with ui.element("li"):
                    self._candidate(number, one)

    def _candidate(self, number: int, one: Continuation) -> None:
        percent = f"{100 * one.probability:.0f} %" if one.probability >= 0.01 else "< 1 %"
        shown = one.text.replace("\n", "⏎") + ("the end of the message" if one.ends and not one.text else "⏎" if one.ends else "")
        with ui.element("button").classes("tk-candidate").props("type=button").on("click", lambda: self._take(number)) as button:
            button.props["aria-keyshortcuts"] = f"Alt+{number + 1}"
            TextElement(tag="span", text=str(number + 1)).classes("tk-number").props("aria-hidden=true")
            TextElement(tag="span", text=shown).classes("tk-ends" if one.ends else "tk-word")
            with ui.element("span").classes("tk-bar").props("aria-hidden=true"):
                ui.element("i").style(f"width: {100 * one.probability:.1f}%")
            TextElement(tag="span", text=percent).classes("tk-percent")
