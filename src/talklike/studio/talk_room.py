"""What the Talk page holds once its voice is loaded: the ways to talk to it, and how texts are shown."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement

from talklike.errors import TalklikeError
from talklike.evaluation.page import LEVELS
from talklike.studio.talk_controls import Controls
from talklike.studio.talk_converse import ConversePanel
from talklike.studio.talk_cowrite import CowritePanel
from talklike.studio.talk_fields import Button, number
from talklike.studio.talk_settings import LONGEST_COPY, SHORTEST_COPY, least_of
from talklike.studio.talk_write import WritePanel
from talklike.studio.widgets import check, choice

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from nicegui.element import Element

    from talklike.studio.talk_state import TalkState

ESCAPE = "(event) => { if (event.key === 'Escape') emit(); }"
LEVEL_NAMES = ("surprised", "doubtful", "likely", "sure")


class TalkRoom:
    """All but the head of a Talk page.

    Args:
        state: The page's state.
        top: Where it adds what is chosen first.
    """

    def __init__(self, state: TalkState, top: Element) -> None:
        self._state = state
        self._modes: dict[str, Button] = {}
        card = state.voice.card
        with top:
            if len(card.authors) > 1:
                choice("Writes as", dict(zip(card.authors, card.names, strict=True)), self._write_as, value=state.author)
            with ui.element("div").classes("tl-segments").props('role=group aria-label="How to talk"'):
                for mode in ("Write", "Converse", "Write together"):
                    self._modes[mode] = Button(mode, partial(self._show, mode)).classes(replace="")
        with ui.element("div").classes("tk-page").on("keydown", state.stop, js_handler=ESCAPE):
            with ui.element("div"):
                self._view = _view(state)
                self._places = {mode: ui.element("div") for mode in self._modes}
            state.controls = Controls(state.voice)
        with self._places["Write"]:
            WritePanel(state)
        with self._places["Converse"]:
            self._converse = ConversePanel(state)
        with self._places["Write together"]:
            self._together = CowritePanel(state)
        self._show("Write")

    def _show(self, mode: str) -> Awaitable[None] | None:
        """Show one part of the page; return what there is to be done for it yet."""
        self._mode = mode
        self._state.stop()
        for other, button in self._modes.items():
            button.props(f"aria-pressed={str(other == mode).lower()}")
            self._places[other].visible = other == mode
        self._view.visible = mode != "Write together"  # what is typed there is no text of the voice's
        self._state.controls.show_those_of_texts(wanted=self._view.visible)
        return self._together.offer() if mode == "Write together" else None

    async def _write_as(self, author: str) -> None:
        self._state.author = author
        self._converse.write_as(author)
        self._together.write_as(author)
        if self._mode == "Write together":
            await self._together.offer()


def _view(state: TalkState) -> Element:
    """Add what changes how texts are shown; return it."""

    def colour(wanted: bool) -> None:
        state.colour(wanted=wanted)
        legend.visible = wanted

    async def mark(wanted: bool) -> None:
        least.visible = wanted
        waiting.visible = wanted
        try:
            await state.look_for_copies(wanted=wanted)
            state.guarded(None)
        except TalklikeError as error:
            state.guarded(error)
        finally:
            waiting.visible = False

    async def set_least(typed: str) -> None:
        try:
            state.least = least_of(typed)
            await state.mark()
            state.guarded(None)
        except TalklikeError as error:
            state.guarded(error)

    with ui.element("div").classes("tk-view") as view:
        check("Colour by how likely", colour)
        with ui.element("div").classes("tk-legend") as legend:
            for level, name in enumerate(LEVEL_NAMES):
                limit = f"below {100 * LEVELS[0]:g} %" if not level else f"from {100 * LEVELS[level - 1]:g} %"
                TextElement(tag="span", text=name).classes(f"p{level}").props["title"] = limit
        if state.chat is not None:
            check("Mark what is copied", mark)
            with ui.element("label").classes("tk-least") as least:
                TextElement(tag="span", text="from")
                limits = f'min={SHORTEST_COPY} max={LONGEST_COPY} aria-label="Fewest characters of a copy"'
                number(state.least, set_least, props=limits)
                TextElement(tag="span", text="characters on")
            waiting = TextElement(tag="span", text="reading the chat …").classes("tl-soft").props("role=status")
            least.visible = waiting.visible = False
    legend.visible = False
    return view
