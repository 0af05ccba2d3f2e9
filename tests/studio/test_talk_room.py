"""Tests of what the Talk page holds once its voice is loaded, seen without a browser."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from nicegui.testing.user_interaction import UserInteraction

from talklike.studio import talk_page
from talklike.studio.talk_controls import ControlElement
from talklike.studio.talk_fields import Button
from talklike.studio.talk_text import TalkText
from talklike.studio.workspace import RECORD
from tests.studio.talking import choose, elements, press, simulate, until, workspace_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from nicegui.testing import User

    from talklike.studio.workspace import Workspace


@pytest.fixture(scope="module")
def workspace(make_bytes: Callable[..., bytes], tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Return a workspace of a voice of two authors."""
    return workspace_of(tmp_path_factory.mktemp("room"), pair=make_bytes(authors=("u1", "u2"), hidden=16, seed=4, scale=1.0))


def test_one_part_is_shown_at_a_time(workspace: Workspace) -> None:
    """Where one writes together, what only changes whole texts isn't offered."""

    async def steps(user: User) -> None:
        await user.open("/talk")
        await until(lambda: elements(user, TalkText))
        (length,) = (control for control in elements(user, ControlElement) if control.props["name"] == "length")
        for part, seen in (("Converse", True), ("Write together", False), ("Write", True)):
            press(user, part)
            pressed = {button.text for button in elements(user, Button) if button.props.get("aria-pressed") == "true"}
            assert pressed == {part}
            assert length.visible == seen
            await (user.should_see if seen else user.should_not_see)("Colour by how likely")

    simulate(lambda: talk_page.add(workspace), steps)


def test_another_author_is_another_s_everywhere(workspace: Workspace) -> None:
    """In what is written, in the conversation and in what is offered."""

    async def steps(user: User) -> None:
        await user.open("/talk")
        await until(lambda: elements(user, TalkText))
        choose(user, "u2")
        press(user, "Converse")
        await user.should_see("With name of u2")

    simulate(lambda: talk_page.add(workspace), steps)


def test_copies_are_marked_where_the_chat_is_known(
    make_bytes: Callable[..., bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From as many characters on as is asked; a chat that can't be read any more is told."""
    marked: list[list[dict[str, Any]]] = []
    monkeypatch.setattr(TalkText, "mark_copies", lambda _, spans: marked.append(spans))
    known = workspace_of(tmp_path, harbour=make_bytes(provenance={"author": "u1"}))
    chat = tmp_path / "chat.csv"
    chat.write_text("author,text\n" + "u1,the tide is in\n" * 60, encoding="utf-8")
    (known.folder / "harbour" / RECORD).write_text(json.dumps({"table": str(chat)}), encoding="utf-8")

    async def steps(user: User) -> None:
        await user.open("/talk")
        await until(lambda: elements(user, TalkText))
        assert user.client is not None
        inputs = [one for one in user.client.elements.values() if one.tag == "input"]
        _, box = (one for one in inputs if one.props["type"] == "checkbox")
        (field,) = (one for one in inputs if one.props.get("aria-label") == "Fewest characters of a copy")
        mark, least = (UserInteraction(user, {one}, None) for one in (box, field))
        elements(user, TalkText)[0].text = "so the tide is in"
        mark.trigger("change", True)
        await until(lambda: [] in marked)
        least = UserInteraction(
            user, {one for one in inputs if one.props.get("aria-label") == "Fewest characters of a copy"}, None
        )
        least.trigger("input", "8")
        await until(lambda: marked[-1])
        assert marked[-1] == [{"start": 3, "end": 17, "said": "14 characters of u1's"}]
        least.trigger("input", "3")
        await user.should_see("the length of a copy must be")
        mark.trigger("change", False)
        chat.write_bytes(b"")
        mark.trigger("change", True)
        await user.should_see("chat.csv", retries=100)

    simulate(lambda: talk_page.add(known), steps)
