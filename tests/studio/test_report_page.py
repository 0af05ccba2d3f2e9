"""Tests of the Report page, seen without a browser; a whole report, ``test_browser_talk`` makes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from nicegui.testing.user_interaction import UserInteraction

from talklike.studio import report_page
from talklike.studio.reports import KIND, STAGES, digest, keep
from talklike.studio.workspace import Learnt
from tests.studio.talking import FOUND, choose, press, simulate, until, workspace_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from nicegui.testing import User

    from talklike.studio.workspace import Workspace


@pytest.fixture
def workspace(make_bytes: Callable[..., bytes], tmp_path: Path) -> Workspace:
    """Return a workspace of a voice of two authors."""
    return workspace_of(tmp_path, harbour=make_bytes(authors=("u1", "u2")))


def test_a_report_that_was_kept_is_shown_at_once(workspace: Workspace, tmp_path: Path) -> None:
    """With its verdict, and whether the voice is still the one that was judged; it can be downloaded."""
    (entry,) = workspace.voices()
    keep(entry.path, FOUND, judged=digest(entry.path), learnt=Learnt(tmp_path), author=None)

    async def steps(user: User) -> None:
        await user.open(f"/report?voice={entry.id}")
        await user.should_see("It sounds like u1.")
        await user.should_not_see("The voice has changed since")
        page = await user.http_client.get(f"/reports/{entry.id}/html")
        assert page.text == "<p>the whole report ?</p>"
        assert (await user.http_client.get(f"/reports/{entry.id}/json")).json()["verdict"]
        for wrong in (f"/reports/{entry.id}/about.json", "/reports/none/html"):
            assert (await user.http_client.get(wrong)).status_code == 404
        entry.path.write_bytes(entry.path.read_bytes() + b" ")
        await user.open(f"/report?voice={entry.id}")

    simulate(lambda: report_page.add(workspace), steps)


def test_what_is_no_chat_is_told(workspace: Workspace, tmp_path: Path) -> None:
    """No path, a path where nothing is, and a file that can't be read; then another try is possible."""

    async def steps(user: User) -> None:
        await user.open("/report")
        press(user, "Judge it")
        await user.should_see("No file or folder is there")
        (tmp_path / "empty.csv").touch()
        assert user.client is not None
        (field,) = (one for one in user.client.elements.values() if one.props.get("placeholder") == "a path")
        (quotes,) = (one for one in user.client.elements.values() if one.props.get("type") == "checkbox")
        UserInteraction(user, {field}, None).trigger("input", "~\ud83d/chat.csv")
        press(user, "Judge it")
        await user.should_see("No file or folder is there")
        UserInteraction(user, {field}, None).trigger("input", str(tmp_path / "empty.csv"))
        UserInteraction(user, {quotes}, None).trigger("change", True)
        choose(user, "200")
        choose(user, "u2")
        press(user, "Judge it")
        await user.should_see("Judging it")
        (job,) = workspace.jobs(KIND)
        assert job.argv[1:] == [str(workspace.voices()[0].path), str(tmp_path / "empty.csv"), "200", "all", "u2"]
        await until(lambda: not job.alive)
        await user.should_see("empty.csv", retries=50)
        await user.should_see("Judge it")

    simulate(lambda: report_page.add(workspace), steps)


def test_work_that_goes_on_is_found_again_and_can_be_stopped(workspace: Workspace) -> None:
    """By a page that is opened later."""
    (entry,) = workspace.voices()
    job = workspace.start(KIND, ["tests.studio.slow_report"], about={"voice": entry.id})

    async def steps(user: User) -> None:
        await user.open("/report")
        await user.should_see("Judging it")
        await user.should_see(f"Writing … (4 of {len(STAGES)})", retries=100)
        press(user, "Stop")
        await until(lambda: not job.alive)
        await user.should_see("Judge it", retries=50)

    simulate(lambda: report_page.add(workspace), steps)
    assert job.state == "stopped"
