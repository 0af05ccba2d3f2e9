"""Tests of writing together, seen without a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement
from nicegui.testing.user_interaction import UserInteraction

from talklike.generation.voice import load_voice
from talklike.studio import talk_page
from talklike.studio.talk_cowrite import DRAW, END
from talklike.studio.talk_text import TalkText
from tests.studio.talking import elements, press, simulate, until, workspace_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from nicegui.testing import User

    from talklike.generation.continuations import Continuation
    from talklike.studio.workspace import Workspace


@pytest.fixture(scope="module")
def workspace(make_bytes: Callable[..., bytes], tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Return a workspace of a voice of two authors."""
    return workspace_of(tmp_path_factory.mktemp("talk"), pair=make_bytes(authors=("u1", "u2"), hidden=16, seed=4, scale=1.0))


async def opened(user: User) -> ui.textarea:
    """Open the page where one writes together; return the field of the message."""
    await user.open("/talk")
    await until(lambda: elements(user, TalkText))
    press(user, "Write together")
    return next(one for one in elements(user, ui.textarea) if one.props["label"] == "Your message")


def offered(user: User) -> list[str]:
    """Return what is offered, as it is shown."""
    return [one.text for one in elements(user, TextElement) if {"tk-word", "tk-ends"} & set(one.classes)]


def shown(one: Continuation) -> str:
    """Return how something that is offered is shown, but for the mark of an end."""
    return one.text.replace("\n", "⏎") or "the end of the message"


def key(user: User, field: ui.textarea, number: int) -> None:
    """Press Alt and a digit, or Enter, in the field."""
    UserInteraction(user, {field}, None).trigger("keydown", number)


def test_what_is_offered_is_the_library_s(workspace: Workspace) -> None:
    """It is taken by a key, and then what may follow is offered."""
    voice = load_voice(workspace.voices()[0].path)

    async def steps(user: User) -> None:
        field = await opened(user)
        field.value = "the t"
        wanted = voice.continuations("the t", author="u1", count=5)
        await until(lambda: [text.rstrip("⏎") for text in offered(user)] == [shown(one) for one in wanted])
        number = next(place for place, one in enumerate(wanted) if not one.ends)
        key(user, field, number + 1)
        await until(lambda: field.value == "the t" + wanted[number].text)
        after = voice.continuations(field.value, author="u1", count=5)
        await until(lambda: [text.rstrip("⏎") for text in offered(user)] == [shown(one) for one in after])

    simulate(lambda: talk_page.add(workspace), steps)


def test_messages_are_ended_and_taken_up_again(workspace: Workspace) -> None:
    """What is done is listed; an empty message isn't done."""

    async def steps(user: User) -> None:
        field = await opened(user)
        key(user, field, END)
        field.value = "the tide"
        key(user, field, END)
        await until(lambda: field.value == "")
        assert [one.text for one in elements(user, TextElement) if one.tag == "li"] == ["the tide"]
        press(user, "Take the last one up again")
        assert field.value == "the tide"
        assert not [one for one in elements(user, TextElement) if one.tag == "li"]

    simulate(lambda: talk_page.add(workspace), steps)


def test_a_word_can_be_drawn(workspace: Workspace) -> None:
    """The message grows by it, or ends."""

    async def steps(user: User) -> None:
        field = await opened(user)
        field.value = "the t"
        key(user, field, DRAW)
        await until(lambda: field.value != "the t")
        assert field.value == "" or field.value.startswith("the t")

    simulate(lambda: talk_page.add(workspace), steps)
