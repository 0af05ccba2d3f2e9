"""Tests of the page of a chat, without a browser."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from nicegui.testing.user_interaction import UserInteraction

from talklike.studio import chat_page, chats
from talklike.studio.chat_views import QUOTES
from talklike.studio.workspace import Workspace
from tests.studio.talking import simulate, until
from tests.studio.workspaces import chat_file, passed_on_file, read_into

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


def tick(user: Any, label: str, *, on: bool) -> None:
    """Tick the box of this label, or untick it."""
    (hint,) = (e for e in user.client.elements.values() if getattr(e, "content", "") == label)
    (box,) = (e for e in hint.parent_slot.parent.default_slot.children if e.props.get("type") == "checkbox")
    UserInteraction(user, {box}, None).trigger("change", on)


def test_it_is_read_with_what_people_passed_on(workspace: Workspace, tmp_path: Path) -> None:
    """The page says what isn't learnt; the switch reads the chat again, and says it no more."""
    entry = read_into(workspace, passed_on_file(tmp_path))

    async def steps(user: Any) -> None:
        await user.open(f"/?chat={entry.id}")
        await user.should_see("Not learnt from: 20 forwarded messages and 20 quoted lines in 20 messages.")
        tick(user, QUOTES, on=True)
        changed = chats.get(workspace, entry.id)
        assert changed.with_quotes
        await until(changed.found)
        await user.open(f"/?chat={entry.id}")
        await until(lambda: "100" in table_of(user))
        await user.should_not_see("Not learnt from")

    simulate(lambda: chat_page.add(workspace), steps)


def test_what_was_dropped_can_be_dropped_again(workspace: Workspace, tmp_path: Path) -> None:
    """Where the file is gone there is a place to drop it, from which it is read so; who changes their mind has it no more."""
    path = passed_on_file(tmp_path)
    entry = read_into(workspace, path)
    path.unlink()

    def zones(user: Any) -> list[Any]:
        return [e for e in user.client.elements.values() if "tl-drop" in e.classes]

    async def steps(user: Any) -> None:
        await user.open(f"/?chat={entry.id}")
        await until(lambda: table_of(user))
        tick(user, QUOTES, on=True)
        await user.should_see("drop it here to have it read so")
        (zone,) = zones(user)
        assert json.loads(zone.props["data-reading"]) == {"with_quotes": True}
        tick(user, QUOTES, on=False)
        await until(lambda: not zones(user))
        assert not chats.get(workspace, entry.id).with_quotes

    simulate(lambda: chat_page.add(workspace), steps)


def test_a_reading_that_failed_leads_back(workspace: Workspace, tmp_path: Path) -> None:
    """The chat is there again as it was."""
    path = passed_on_file(tmp_path)
    entry = read_into(workspace, path)
    path.write_bytes(b"")
    failed = chats.read_with_quotes(workspace, entry, wanted=True)

    async def steps(user: Any) -> None:
        await user.open(f"/?chat={entry.id}")
        await until(lambda: any(e.props.get("role") == "alert" for e in user.client.elements.values()))
        user.find("Have it as it was").click()
        await until(lambda: not chats.get(workspace, entry.id).with_quotes)

    simulate(lambda: chat_page.add(workspace), steps)
    assert failed.folder.exists()
