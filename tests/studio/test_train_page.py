"""Tests of the page of a training, without a browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from talklike.studio import runs, train_page
from talklike.studio.outlook import outlook
from talklike.studio.train_page import MOST_SPEED, meaning, measured_speed
from talklike.studio.workspace import Workspace
from tests.studio.talking import simulate, until
from tests.studio.workspaces import chat_file, passed_on_file, read_into, run_in

if TYPE_CHECKING:
    from pathlib import Path

    from talklike.studio.chats import ChatEntry
    from talklike.studio.runs import Order


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Return a workspace."""
    return Workspace(tmp_path / "runs")


@pytest.fixture
def orders(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> list[Order]:
    """Return the orders that were given, instead of training."""
    found: list[Order] = []

    def begin(_: Workspace, order: Order) -> runs.RunEntry:
        found.append(order)
        return runs.RunEntry("0", workspace.folder / "gull", None)

    monkeypatch.setattr(runs, "begin", begin)
    return found


def contents(user: Any) -> str:
    """Return all HTML of a page."""
    return "\n".join(str(e.content) for e in user.client.elements.values() if hasattr(e, "content"))


def ordered(workspace: Workspace, entry: ChatEntry) -> None:
    """Press the button."""

    async def steps(user: Any) -> None:
        await user.open(f"/train?chat={entry.id}")
        await until(lambda: "bits per character to expect" in contents(user))
        button = next(e for e in user.client.elements.values() if getattr(e, "text", "") == "Train" and e.tag == "q-btn")
        user.find(kind=type(button), content="Train").click()

    simulate(lambda: train_page.add(workspace), steps)


@pytest.mark.parametrize(
    ("picked", "author", "include", "room"),
    [
        ({"authors": ["gull"]}, "gull", [], None),
        ({"authors": []}, "harbour master", [], None),
        ({"authors": ["gull", "ferry"], "room": True}, None, ["gull", "ferry"], True),
        ({"authors": [], "room": True}, None, [], True),
    ],
)
def test_who_was_picked_is_trained(
    workspace: Workspace,
    orders: list[Order],
    tmp_path: Path,
    picked: dict[str, Any],
    author: str | None,
    include: list[str],
    room: Any,
) -> None:
    """One author, the most active human if nobody was picked, several as a room, or everyone."""
    entry = read_into(workspace, chat_file(tmp_path), picked=picked)
    ordered(workspace, entry)
    (order,) = orders
    assert (order.author, sorted(order.include), order.room) == (author, sorted(include), room)
    assert (order.table, order.chat, order.budget, order.epochs) == (str(entry.table), "harbour.csv", "5m", None)


def test_a_voice_learns_what_the_page_of_the_chat_shows(workspace: Workspace, orders: list[Order], tmp_path: Path) -> None:
    """Read with what its authors didn't write themselves, a chat is trained on so."""
    path = passed_on_file(tmp_path)
    for with_quotes in (False, True):
        entry = read_into(workspace, path, reading={"with_quotes": with_quotes})
        ordered(workspace, entry)
        assert (orders[-1].table, orders[-1].with_quotes) == (str(entry.table), with_quotes)


def test_a_page_without_a_chat(workspace: Workspace, tmp_path: Path) -> None:
    """It offers the chats that were read, and tells of one that isn't there."""
    read_into(workspace, chat_file(tmp_path))

    async def steps(user: Any) -> None:
        await user.open("/train")
        await user.should_see("harbour.csv")
        await user.open("/train?run=0")
        await user.should_see("This run isn't there any more")

    simulate(lambda: train_page.add(workspace), steps)


def test_what_is_said_of_a_time() -> None:
    """That more isn't used, or that not all can be read: whichever is so."""
    assert "more time is not used" in meaning(outlook("1h", None, {}, 30_000, 0))
    assert "Not all of the text" in meaning(outlook("30s", None, {"hidden": 1024}, 9_000_000, 0))
    assert "reads like" in meaning(outlook(None, 2.0, {}, 300_000, 0))


def test_the_machine_is_known_by_its_runs(workspace: Workspace) -> None:
    """A run at a known width tells how fast it is, within bounds; short runs tell nothing."""
    assert measured_speed([]) == 1.0
    run_in(workspace, "gull")
    assert measured_speed(runs.all_runs(workspace)) == pytest.approx(1.12 * 100_000 / 137_700, rel=1e-3)
    entry = runs.all_runs(workspace)[0]
    metrics = entry.folder / "metrics.jsonl"
    metrics.write_text(metrics.read_text().replace("00000,", "00000000,"))
    assert measured_speed([entry]) == MOST_SPEED
    metrics.write_text(metrics.read_text().splitlines()[0].replace('"seconds": 6.0', '"seconds": 1.0') + "\n")
    assert measured_speed([entry]) == 1.0
