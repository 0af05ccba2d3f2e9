"""Tests of conversing, seen without a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from nicegui import ui
from nicegui.testing.user_interaction import UserInteraction

from talklike.generation.conversation import BETWEEN
from talklike.generation.voice import load_voice
from talklike.studio import talk_page
from talklike.studio.talk_controls import ControlElement
from talklike.studio.talk_fields import Button
from talklike.studio.talk_text import TalkText
from tests.studio.talking import choose, elements, press, simulate, until, workspace_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from nicegui.testing import User

    from talklike.studio.workspace import Workspace


@pytest.fixture(scope="module")
def workspace(make_bytes: Callable[..., bytes], tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Return a workspace of a voice of two authors, and of one that writes running text."""
    pair = make_bytes(authors=("u1", "u2"), hidden=16, seed=4, scale=1.0)
    return workspace_of(tmp_path_factory.mktemp("talk"), pair=pair, book=make_bytes(kind="stream", seed=5))


async def opened(user: User, path: str = "/talk", seed: str = "7") -> None:
    """Open the page where one converses, at a pace that doesn't hold the test up."""
    await user.open(path)
    await until(lambda: elements(user, TalkText))
    press(user, "Converse")
    choose(user, "at once")
    for control in elements(user, ControlElement):
        if control.props["name"] in ("seed", "length"):
            value = {"seed": seed, "length": "40"}[control.props["name"]]
            UserInteraction(user, {control}, None).trigger("set", value)


def texts(user: User) -> list[str]:
    """Return what the bubbles say; the first text of the page is what writing shows."""
    return [text.prompt + text.text for text in elements(user, TalkText)[1:]]


def idle(user: User) -> bool:
    """Return whether something can be sent."""
    return not next(button for button in elements(user, Button) if button.text == "Send").props["disabled"]


async def say(user: User, text: str) -> None:
    """Say something, and wait for the answer."""
    field = next(one for one in elements(user, ui.textarea) if one.props["label"] == "Say")
    field.value = text
    before = len(texts(user))
    press(user, "Send")
    await until(lambda: idle(user) and len(texts(user)) >= before + (2 if text.strip() else 1) and texts(user)[-1])


def test_answers_are_the_library_s(workspace: Workspace) -> None:
    """As whom one speaks counts; another answer, taking back and beginning anew do what they say."""
    voice = load_voice(workspace.voices()[0].path)

    async def steps(user: User) -> None:
        await opened(user)
        await say(user, " is it in ")
        said = [("someone", "is it in")]
        answer = voice.generate(conversation=said, seed=7, max_chars=40, author="u1")
        assert texts(user) == ["is it in", answer]
        choose(user, "u2", which=1)
        await say(user, "who")
        said += [("u1", answer), ("u2", "who")]
        second = voice.generate(conversation=said, seed=7, max_chars=40, author="u1")
        assert texts(user) == ["is it in", answer, "who", second]
        press(user, "Another answer")
        await until(lambda: not idle(user))
        await until(lambda: idle(user))
        assert texts(user)[-1] == second
        press(user, "Take back")
        assert texts(user) == ["is it in", answer]
        press(user, "Begin anew")
        assert texts(user) == []
        press(user, "Let it speak")
        await until(lambda: idle(user) and texts(user) and texts(user)[0])
        assert texts(user) == [voice.generate(seed=7, max_chars=40, author="u1")]

    simulate(lambda: talk_page.add(workspace), steps)


def test_a_voice_of_running_text_goes_on_from_the_turns(workspace: Workspace) -> None:
    """As from paragraphs."""
    entry = workspace.voices()[1]
    voice = load_voice(entry.path)

    async def steps(user: User) -> None:
        await opened(user, f"/talk?voice={entry.id}")
        await say(user, "the tide")
        assert texts(user)[-1] == voice.generate(f"the tide{BETWEEN}", echo=False, stop=BETWEEN, seed=7, max_chars=40)

    simulate(lambda: talk_page.add(workspace), steps)


def test_what_makes_no_sense_is_told(workspace: Workspace) -> None:
    """And leaves no empty bubble; what was said stays said."""

    async def steps(user: User) -> None:
        await opened(user, seed="x")
        field = next(one for one in elements(user, ui.textarea) if one.props["label"] == "Say")
        field.value = "who"
        press(user, "Send")
        await user.should_see("the seed must be a whole number")
        assert texts(user) == ["who"]

    simulate(lambda: talk_page.add(workspace), steps)
