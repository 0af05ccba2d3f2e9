"""Tests of the page of a chat, without a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from talklike.studio import chat_page, chats
from talklike.studio.workspace import Workspace
from tests.studio.talking import simulate, until
from tests.studio.workspaces import chat_file, read_into

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Return a workspace."""
    found = Workspace(tmp_path / "runs")
    found.make_private()
    return found


def table_of(user: Any) -> str:
    """Return the table of authors as the page has it; empty if it isn't there."""
    found = [str(e.content) for e in user.client.elements.values() if "tl-table" in str(getattr(e, "content", ""))]
    return found[0] if found else ""


def test_a_chat_is_opened_by_its_path(workspace: Workspace, tmp_path: Path) -> None:
    """While it is read the page says so; then who writes is shown, with what can be done."""
    entry = chats.open_path(workspace, str(chat_file(tmp_path)), {})

    async def steps(user: Any) -> None:
        await user.open(f"/?chat={entry.id}")
        await until(lambda: "harbour master" in table_of(user))
        await user.should_see("harbour.csv")
        await user.should_see("Train the whole room")
        await user.should_see("The same person under several names")
        assert "looks automated" in table_of(user)

    simulate(lambda: chat_page.add(workspace), steps)


def test_what_can_be_done_depends_on_who_is_picked(workspace: Workspace, tmp_path: Path) -> None:
    """One is a voice, several are a room or one person; it is kept with the chat."""
    entry = read_into(workspace, chat_file(tmp_path), picked={"authors": ["ferry"]})

    async def steps(user: Any) -> None:
        await user.open(f"/?chat={entry.id}")
        await user.should_see("Train this voice")
        await user.should_not_see("They are one person")

    simulate(lambda: chat_page.add(workspace), steps)
    chats.get(workspace, entry.id).change(picked={"authors": ["ferry", "gull"]})

    async def more(user: Any) -> None:
        await user.open(f"/?chat={entry.id}")
        await user.should_see("They are one person")
        await user.should_see("Train a room of these 2")

    simulate(lambda: chat_page.add(workspace), more)


def test_what_is_no_chat_is_told(workspace: Workspace, tmp_path: Path) -> None:
    """The sentence of the reader is shown, with ways on; who goes on to another chat leaves nothing."""
    path = tmp_path / "noise.bin"
    path.write_bytes(bytes(range(256)) * 40)
    entry = chats.open_path(workspace, str(path), {})

    async def steps(user: Any) -> None:
        await user.open(f"/?chat={entry.id}")
        await until(lambda: any(e.props.get("role") == "alert" for e in user.client.elements.values()))
        await user.should_see("Read it again")
        user.find("Open another chat").click()
        await until(lambda: not entry.folder.exists())

    simulate(lambda: chat_page.add(workspace), steps)


def test_the_first_page(workspace: Workspace, tmp_path: Path) -> None:
    """It offers ways to open a chat, and those that were opened before; an id of nothing is told."""

    async def first(user: Any) -> None:
        await user.open("/")
        await user.should_see("No chat at hand?")
        await user.open("/?chat=0123456789ab")
        await user.should_see("This chat isn't there any more; open it again.")

    simulate(lambda: chat_page.add(workspace), first)
    read_into(workspace, chat_file(tmp_path))

    async def later(user: Any) -> None:
        await user.open("/")
        await user.should_see("Opened before")
        await user.should_see("harbour.csv")

    simulate(lambda: chat_page.add(workspace), later)
