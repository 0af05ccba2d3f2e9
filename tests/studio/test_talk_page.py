"""Tests of the Talk page, seen without a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from nicegui.elements.mixins.text_element import TextElement

from talklike.studio import talk_page
from talklike.studio.talk_fields import Button
from talklike.studio.talk_text import TalkText
from tests.studio.talking import elements, simulate, until, workspace_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from nicegui.testing import User

    from talklike.studio.workspace import Workspace


@pytest.fixture(scope="module")
def workspace(make_bytes: Callable[..., bytes], tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Return a workspace of a voice of two authors, and of one."""
    pair = make_bytes(authors=("u1", "u2"), hidden=16, seed=4, scale=1.0)
    return workspace_of(tmp_path_factory.mktemp("talk"), pair=pair, alone=make_bytes(seed=5), broken=b"no voice")


def test_the_newest_voice_is_opened(workspace: Workspace) -> None:
    """With what is needed to write."""

    async def steps(user: User) -> None:
        await user.open("/talk")
        await until(lambda: elements(user, TalkText))
        shown = {button.text for button in elements(user, Button) if button.props.get("aria-pressed") == "true"}
        assert shown == {"Write"}
        await user.should_see("Writes as")

    simulate(lambda: talk_page.add(workspace), steps)


def test_a_voice_of_one_author_needs_no_choice(workspace: Workspace) -> None:
    """It is opened by its id."""
    (entry,) = (one for one in workspace.voices() if one.name == "alone")

    async def steps(user: User) -> None:
        await user.open(f"/talk?voice={entry.id}")
        await until(lambda: elements(user, TalkText))
        await user.should_not_see("Writes as")

    simulate(lambda: talk_page.add(workspace), steps)


def test_a_voice_that_can_t_be_loaded_is_told(workspace: Workspace) -> None:
    """In one sentence; so is one that is gone, and the newest is opened."""
    (entry,) = (one for one in workspace.voices() if one.name == "broken")

    async def steps(user: User) -> None:
        await user.open(f"/talk?voice={entry.id}")
        await until(lambda: any("damaged" in one.text or "not a voice" in one.text for one in elements(user, TextElement)))
        assert not elements(user, TalkText)
        await user.open("/talk?voice=gone")
        await user.should_see("That voice isn't there any more")
        await until(lambda: elements(user, TalkText))

    simulate(lambda: talk_page.add(workspace), steps)


def test_without_voices_it_says_where_to_get_one(tmp_path: Path) -> None:
    """Rather than being empty."""

    async def steps(user: User) -> None:
        await user.open("/talk")
        await user.should_see("There is no voice to talk to yet.")

    simulate(lambda: talk_page.add(workspace_of(tmp_path)), steps)
