"""Tests of the choice of a voice that the Talk and Report pages begin with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from nicegui import ui

from talklike.studio.voice_choice import Chosen, chosen_voice, named
from tests.studio.talking import choose, simulate, until, workspace_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from nicegui.testing import User

    from talklike.studio.workspace import Workspace


def opened(workspace: Workspace, voice: str, check: Callable[[User], bool]) -> Chosen | None:
    """Return what a page about this voice is about, once the check holds on it."""
    found: list[Chosen | None] = []

    def page() -> None:
        found.append(chosen_voice(workspace, voice, "/", nothing="There is none."))

    async def steps(user: User) -> None:
        await user.open("/")
        await until(lambda: check(user))

    simulate(lambda: ui.page("/")(page), steps)
    return found[0]


def sees(user: User, text: str) -> bool:
    """Return whether a text stands on the page."""
    assert user.client is not None
    return any(text in str(getattr(one, "content", getattr(one, "text", ""))) for one in user.client.elements.values())


@pytest.mark.parametrize("asked", ["newer", "older", "", "gone"])
def test_the_voice_of_the_address_or_the_newest(make_bytes: Callable[..., bytes], tmp_path: Path, asked: str) -> None:
    """One that is gone is told, and the newest taken; all can be chosen."""
    workspace = workspace_of(tmp_path, newer=make_bytes(), older=make_bytes(seed=2))
    ids = {entry.name: entry.id for entry in workspace.voices()}
    told = asked == "gone"

    def check(user: User) -> bool:
        return sees(user, "isn't there any more") == told and sees(user, "older")

    chosen = opened(workspace, ids.get(asked, asked), check)
    assert chosen is not None
    assert chosen.entry.name == ("older" if asked == "older" else "newer")


def test_another_voice_is_another_page(make_bytes: Callable[..., bytes], tmp_path: Path) -> None:
    """Its address has the voice's id."""
    workspace = workspace_of(tmp_path, newer=make_bytes(), older=make_bytes(seed=2))
    asked: list[str] = []

    def page(voice: str = "") -> None:
        asked.append(voice)
        chosen_voice(workspace, voice, "/", nothing="")

    async def steps(user: User) -> None:
        await user.open("/")
        choose(user, workspace.voices()[1].id)
        await until(lambda: len(asked) > 1)

    simulate(lambda: ui.page("/")(page), steps)
    assert asked == ["", workspace.voices()[1].id]


def test_without_voices_it_says_where_to_get_one(tmp_path: Path) -> None:
    """Rather than being empty."""
    assert opened(workspace_of(tmp_path), "", lambda user: sees(user, "There is none.") and sees(user, "Train one")) is None


def test_voices_of_one_name_are_told_apart(make_bytes: Callable[..., bytes], tmp_path: Path) -> None:
    """By the folder that they lie in."""
    workspace = workspace_of(tmp_path, harbour=make_bytes())
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "harbour.onnx").write_bytes(make_bytes(seed=2))
    workspace.add(tmp_path / "elsewhere" / "harbour.onnx")
    entries = workspace.voices()
    names = {named(entry, entries) for entry in entries}
    assert len(names) == 2
    assert all(name.startswith("harbour (") for name in names)
    assert named(entries[0], entries[:1]) == "harbour"
