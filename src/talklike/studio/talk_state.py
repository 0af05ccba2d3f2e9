"""What the parts of a Talk page have in common: the voice, how it writes, which texts are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nicegui import background_tasks, ui

from talklike.errors import RunError
from talklike.studio.talk_copies import LEAST, Copies
from talklike.studio.talk_stream import Stream

if TYPE_CHECKING:
    from collections.abc import Callable

    from nicegui.elements.mixins.text_element import TextElement

    from talklike.errors import TalklikeError
    from talklike.generation.voice import Voice
    from talklike.server.voices import Served
    from talklike.studio.talk_controls import Controls
    from talklike.studio.talk_settings import Generation
    from talklike.studio.talk_text import TalkText
    from talklike.studio.voices import Desk
    from talklike.studio.workspace import Learnt, VoiceEntry

KEPT = 200
"""Texts that a page keeps to be downloaded."""


class Problem:
    """Where a page says what went wrong, in one sentence."""

    def __init__(self) -> None:
        self._note = ui.element("div").classes("tl-note tl-bad").props("role=alert")
        with self._note:
            self._label = ui.label()
        self._note.visible = False

    def say(self, what: object) -> None:
        """Say something; nothing clears it."""
        self._label.text = str(what)
        self._note.visible = bool(str(what))


class TalkState:
    """The state of a Talk page.

    Args:
        desk: Loads voices.
        entry: Which voice.
        served: The voice.
        chat: What it learnt from, if that is known.
        model: What the API calls the voice.
        problem: Where mistakes are told.

    Attributes:
        entry: Which voice.
        model: What the API calls it.
        voice: The voice, which says what can be asked for.
        chat: What it learnt from, if that is known.
        author: Whose texts are written, by id.
        controls: How they are written; the page adds them.
        written: The texts so far, oldest first, with what decided each.
        least: Fewest characters of a copied span.
    """

    controls: Controls

    def __init__(self, desk: Desk, entry: VoiceEntry, served: Served, chat: Learnt | None, model: str, problem: Problem) -> None:
        self._desk = desk
        self._writing = 0  # texts, those included whose voice is still being loaded
        self._streams: set[Stream] = set()
        self._stopped = False
        self._texts: list[TalkText] = []
        self._copies: Copies | None = None
        self._coloured = False
        self._whether_busy: list[Callable[[bool], None]] = []
        self.entry = entry
        self.model = model
        self._problem = problem
        self.voice: Voice = served.voice
        self.chat = chat
        self.author = served.voice.card.authors[0]
        self.written: list[tuple[Generation, str]] = []
        self.least = LEAST

    @property
    def busy(self) -> bool:
        """Whether something is being written."""
        return self._writing > 0

    def when_busy(self, told: Callable[[bool], None]) -> None:
        """Have it told whether something is being written, whenever that changes."""
        self._whether_busy.append(told)

    def watch(self, text: TalkText) -> TalkText:
        """Take a text among those that are coloured and marked; return it."""
        self._texts = [one for one in self._texts if not one.is_deleted] + [text]
        if self._coloured:
            text.colour(wanted=True)
        return text

    async def write(self, text: TalkText, generation: Generation, *, after: str | None = "") -> tuple[str, str]:
        """Let a text be written; return what came and why it ended.

        Args:
            text: Where it is shown.
            generation: What decides it.
            after: What is shown before it; None lets it go on from what stands there.

        Raises:
            TalklikeError: It can't be written.
        """
        self._change(+1)
        try:
            served = await self._desk.open(self.entry.id)  # as it is now: it may have been trained further
            stream = Stream(served, generation.request(served.voice), self.controls.pace)
            if self._stopped:  # while the voice was being loaded
                stream.stop()
            self._streams.add(stream)
            if after is None:
                text.go_on()
            else:
                text.begin(after)
            before = len(text.text)
            try:
                async for frame in stream.frames():
                    text.append(frame)
            finally:
                self._streams.discard(stream)
                text.end()
        finally:
            self._change(-1)
        came = text.text[before:]
        self.written = [*self.written, (generation, came)][-KEPT:]
        background_tasks.create(self._mark_new(text), name="look for copies")
        return came, stream.reason or "stopped"

    def stop(self) -> None:
        """Stop all that is being written."""
        self._stopped = True
        for stream in self._streams:
            stream.stop()

    def colour(self, *, wanted: bool) -> None:
        """Colour the characters of all texts by how likely they were, or don't."""
        self._coloured = wanted
        for text in self._shown():
            text.colour(wanted)

    async def look_for_copies(self, *, wanted: bool) -> None:
        """Mark what is copied in all texts, now and from now on, or don't.

        Raises:
            RunError: The chat can't be read.
        """
        self._forget_copies()
        for text in self._shown():
            text.mark_copies([])
        if wanted and self.chat is not None:
            self._copies = Copies(self.entry.path, self.chat)
            try:
                await self.mark()
            except RunError:
                self._forget_copies()
                raise

    async def mark(self, texts: list[TalkText] | None = None) -> None:
        """Mark what is copied in some texts, or in all; nothing unless it is looked for.

        Raises:
            RunError: The chat can't be read.
        """
        if self._copies is None:
            return
        texts = self._shown() if texts is None else texts
        said = [text.text for text in texts]
        for text, before, spans in zip(texts, said, await self._copies.find(said, self.least), strict=True):
            if text.text == before:  # else another one stands there by now
                text.mark_copies(spans)

    def close(self) -> None:
        """Let go of everything: the page is gone."""
        self.stop()
        self._forget_copies()

    def guarded(self, error: TalklikeError | None) -> None:
        """Show a mistake, or that there is none."""
        self._problem.say("" if error is None else error)

    def _shown(self) -> list[TalkText]:
        return [text for text in self._texts if not text.is_deleted]

    async def _mark_new(self, text: TalkText) -> None:
        try:
            await self.mark([text])
        except RunError as error:
            self.guarded(error)

    def _forget_copies(self) -> None:
        if self._copies is not None:
            self._copies.close()
            self._copies = None

    def _change(self, by: int) -> None:
        """Count what is being written."""
        before = self.busy
        self._writing += by
        if self.busy != before:
            self._stopped = False
            for told in self._whether_busy:
                told(self.busy)


ENDS = {"end": "the message ends here", "length": "as long as asked", "stop": "it ends here", "stopped": "stopped"}
"""Why a text ended, in words."""


def say_how_it_ended(label: TextElement, came: str, reason: str) -> None:
    """Say below a text how long it is and why it ended."""
    label.text = f"{len(came):,} characters, {ENDS[reason]}"
