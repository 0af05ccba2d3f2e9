"""A conversation with the voice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement

from talklike.errors import TalklikeError
from talklike.generation.conversation import BETWEEN, Conversation, Said
from talklike.generation.voice import SOMEONE
from talklike.studio.talk_fields import Button
from talklike.studio.talk_share import show_lines
from talklike.studio.talk_text import TalkText
from talklike.studio.widgets import choice

if TYPE_CHECKING:
    from nicegui.element import Element

    from talklike.studio.talk_settings import Generation
    from talklike.studio.talk_state import TalkState

SEND_KEY = (
    "(event) => { if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) { event.preventDefault(); emit(); } }"
)
MOST_SAID = 4000
"""Characters of a message that are taken."""


class ConversePanel:
    """The part of the page that converses.

    Args:
        state: The page's state.
    """

    def __init__(self, state: TalkState) -> None:
        self._state = state
        self._conversation = Conversation(state.voice, author=state.author)
        self._shown: list[Element] = []  # a bubble for each message of the conversation
        self._last: Generation | None = None
        self._names = dict(zip(state.voice.card.authors, state.voice.card.names, strict=True))
        with ui.element("section").classes("tl-card tk-converse").props('aria-label="Converse"'):
            with ui.element("div").classes("tl-between"):
                self._name = TextElement(tag="h2", text="")
                if len(state.voice.card.authors) > 1:
                    with ui.element("div").classes("tk-beside"):
                        choice("You speak as", {SOMEONE: SOMEONE, **self._names}, self._speak_as, value=SOMEONE)
            self._log = ui.element("div").classes("tk-log").props('role=log aria-label="The conversation" tabindex=0')
            with self._log:
                self._hint = TextElement(tag="p", text="Say something, or let it begin.").classes("tl-soft")
            with ui.element("div").classes("tk-say"):
                self._line = ui.textarea("Say").props(f"outlined autogrow maxlength={MOST_SAID}").classes("tk-prompt-field")
                self._line.on("keydown", self.say, js_handler=SEND_KEY)
                self._send = Button("Send", self.say, first=True, keys="Enter")
            with ui.element("div").classes("tl-row tk-small"):
                self._stop = Button("Stop", state.stop, keys="Escape")
                self._begin = Button("Let it speak", self.answer)
                self._again = Button("Another answer", self._answer_again)
                self._undo = Button("Take back", self._take_back, said="Take back what you said last, and the answer")
                self._clear = Button("Begin anew", self._begin_anew)
                self._share = Button("Share", self._show_lines)
        self.write_as(state.author)
        self._busy(busy=False)
        state.when_busy(lambda busy: self._busy(busy=busy))

    def write_as(self, author: str) -> None:
        """Let another of the voice's authors answer."""
        self._conversation.write_as(author)
        self._name.text = f"With {self._conversation.name}"

    async def say(self) -> None:
        """Say what was typed, and let the voice answer; if nothing was, let it speak."""
        text = (self._line.value or "").strip()[:MOST_SAID]
        if self._state.busy:
            return
        if text:
            self._line.value = ""
            self._conversation.say(text)
            me = self._conversation.me
            self._bubble("You" if me == SOMEONE else f"You, as {self._names[me]}", mine=True, text=text)
        await self.answer()

    async def answer(self) -> None:
        """Let the voice say something."""
        if self._state.busy:
            return
        name, author = self._conversation.name, self._conversation.author
        try:
            generation = self._wanted()
            text = self._state.watch(self._bubble(name, mine=False))
            came, _ = await self._state.write(text, generation)
        except TalklikeError as error:
            self._drop_empty()
            self._state.guarded(error)
            return
        self._state.guarded(None)
        if came:
            self._conversation.said.append(Said(author, name, came, written=True))
            self._last = generation
        else:
            self._drop_empty()
        self._busy(busy=self._state.busy)

    def _wanted(self) -> Generation:
        """Return what decides the next answer.

        Raises:
            OptionError: A value makes no sense.
        """
        wanted = self._conversation.wanted()
        running = self._state.voice.card.kind != "messages"
        turns = tuple((str(who), text) for who, text in wanted.get("conversation", ()))
        return self._state.controls.generation(
            prompt=wanted.get("prompt", ""), author=wanted["author"], turns=turns, stop=BETWEEN if running else None
        )

    async def _answer_again(self) -> None:
        if not self._state.busy and self._conversation.take_back_answer():
            self._shown.pop().delete()
            await self.answer()

    def _take_back(self) -> None:
        self._conversation.undo()
        while len(self._shown) > len(self._conversation.said):
            self._shown.pop().delete()
        self._busy(busy=self._state.busy)

    def _begin_anew(self) -> None:
        self._conversation.clear()
        self._take_back()
        self._last = None

    def _drop_empty(self) -> None:
        """Take away the bubble of an answer that never came."""
        while len(self._shown) > len(self._conversation.said):
            self._shown.pop().delete()

    def _bubble(self, name: str, *, mine: bool, text: str = "") -> TalkText:
        with self._log, ui.element("div").classes(f"tk-bubble {'tk-mine' if mine else 'tk-its'}") as bubble:
            TextElement(tag="div", text=name).classes("tk-who")
            shown = TalkText()
            if text:
                shown.show(text)
        self._shown.append(bubble)
        self._hint.visible = False
        self._log.run_method("scrollTo", {"top": 1 << 30})
        return shown

    def _speak_as(self, author: str) -> None:
        self._conversation.me = author

    def _show_lines(self) -> None:
        if self._last is not None:
            show_lines(self._state, self._last)

    def _busy(self, *, busy: bool) -> None:
        said = self._conversation.said
        self._hint.visible = not self._shown
        self._send.enable(not busy)
        self._stop.enable(busy)
        self._begin.enable(not busy)
        self._again.enable(not busy and bool(said) and said[-1].written)
        self._undo.enable(not busy and bool(said))
        self._clear.enable(not busy and bool(said))
        self._share.enable(not busy and self._last is not None)
        self._log.props(f"aria-busy={str(busy).lower()}")
