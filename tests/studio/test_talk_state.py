"""Tests of what the parts of a Talk page have in common."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, cast

import pytest
from nicegui import ui

from talklike.errors import RunError
from talklike.studio.talk_controls import Controls
from talklike.studio.talk_settings import Generation
from talklike.studio.talk_state import Problem, TalkState, say_how_it_ended
from talklike.studio.talk_text import TalkText
from talklike.studio.voices import desk_of
from talklike.studio.workspace import Learnt
from tests.studio.talking import simulate, workspace_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from nicegui.elements.mixins.text_element import TextElement
    from nicegui.testing import User


def with_state(folder: Path, data: bytes, chat: Learnt | None, steps: Callable[[TalkState], Awaitable[None]]) -> None:
    """Take steps with the state of a page that shows nothing."""
    workspace = workspace_of(folder, harbour=data)
    (entry,) = workspace.voices()
    desk = desk_of(workspace)

    def add() -> None:
        @ui.page("/")
        async def page() -> None:
            state = TalkState(desk, entry, await desk.open(entry.id), chat, "harbour", Problem())
            state.controls = Controls(state.voice)
            state.controls.pace = None
            try:
                await steps(state)
            finally:
                state.close()

    async def visit(user: User) -> None:
        await user.open("/")
        await user.should_see("How it writes")

    try:
        simulate(add, visit)
    finally:
        desk.close()


def test_texts_are_written_kept_and_counted(tmp_path: Path, make_bytes: Callable[..., bytes]) -> None:
    """What decided each is kept with it; who asks is told when the page is busy."""

    async def steps(state: TalkState) -> None:
        busy: list[bool] = []
        state.when_busy(busy.append)
        text = state.watch(TalkText())
        made = Generation("e", most=20, seed=3)
        came, reason = await state.write(text, made, after="e")
        assert came == text.text == state.voice.generate("e", max_chars=20, seed=3, echo=False)
        further, _ = await state.write(text, Generation("e" + came, most=5, seed=4), after=None)
        assert (text.prompt, text.text) == ("e", came + further)
        assert [one for _, one in state.written] == [came, further]
        assert busy == [True, False, True, False]
        assert reason in ("end", "length")
        assert not state.busy

    with_state(tmp_path, make_bytes(hidden=16, seed=4), None, steps)


def test_copies_are_looked_for_only_where_the_chat_is_known(
    tmp_path: Path, make_bytes: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """And what goes wrong with the chat is raised, for the page to tell."""
    told: list[Any] = []
    monkeypatch.setattr(TalkText, "mark_copies", lambda _, spans: told.append(spans))

    async def known(state: TalkState) -> None:
        state.watch(TalkText())
        with pytest.raises(RunError, match="gone"):
            await state.look_for_copies(wanted=True)
        await state.look_for_copies(wanted=False)
        assert told == [[], []]

    with_state(tmp_path, make_bytes(seed=4), Learnt(tmp_path / "gone.csv"), known)


def test_what_is_stopped_before_it_is_there_stays_empty(tmp_path: Path, make_bytes: Callable[..., bytes]) -> None:
    """A voice takes a moment to load, in which one may change one's mind; until then the page is busy."""

    async def steps(state: TalkState) -> None:
        state.controls.pace = 0.1
        text = state.watch(TalkText())
        writing = asyncio.create_task(state.write(text, Generation(most=50, least=50, seed=3)))
        await asyncio.sleep(0)
        assert state.busy
        state.stop()
        came, reason = await writing
        assert (len(came) <= 1, reason, state.busy) == (True, "stopped", False)

    with_state(tmp_path, make_bytes(hidden=16, seed=4), None, steps)


def test_a_text_that_comes_later_is_coloured_too(tmp_path: Path, make_bytes: Callable[..., bytes]) -> None:
    """Once colours are wanted."""

    async def steps(state: TalkState) -> None:
        first = state.watch(TalkText())
        state.colour(wanted=True)
        second = state.watch(TalkText())
        assert first.props["colours"]
        assert second.props["colours"]
        state.guarded(RunError("it broke; mend it"))
        state.guarded(None)

    with_state(tmp_path, make_bytes(seed=4), None, steps)


def test_it_is_said_how_a_text_ended() -> None:
    """With its length."""

    class Label:
        text = ""

    label = Label()
    say_how_it_ended(cast("TextElement", label), "x" * 1200, "length")
    assert label.text == "1,200 characters, as long as asked"
