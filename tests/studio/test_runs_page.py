"""Tests of the page of runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from talklike.studio import runs, runs_page
from talklike.studio.runs_page import curves, row_of, score_on_test, table_markup
from talklike.studio.workspace import VOICE, Workspace
from tests.studio.talking import simulate, until
from tests.studio.workspaces import run_in

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def contents(user: Any) -> str:
    """Return all HTML of a page."""
    return "\n".join(str(e.content) for e in user.client.elements.values() if hasattr(e, "content"))


def test_runs_are_listed_and_compared(tmp_path: Path) -> None:
    """The newest two are laid over each other; a third joins when it is ticked."""
    workspace = Workspace(tmp_path / "runs")
    for name in ("gull", "ferry", "pier"):
        run_in(workspace, name, chat="harbour.csv")

    async def steps(user: Any) -> None:
        await user.open("/runs")
        await until(lambda: contents(user).count(" checked") == 2)
        html = contents(user)
        assert all(f">{name}</a>" in html for name in ("gull", "ferry", "pier"))
        assert html.count("polyline") == 4
        assert "harbour.csv" in html

    simulate(lambda: runs_page.add(workspace), steps)


def test_without_runs_there_is_a_way_on(tmp_path: Path) -> None:
    """To the first page."""
    workspace = Workspace(tmp_path / "runs")

    async def steps(user: Any) -> None:
        await user.open("/runs")
        await until(lambda: "Open a chat" in contents(user))

    simulate(lambda: runs_page.add(workspace), steps)


def test_a_row_says_what_is_known(tmp_path: Path, make_bytes: Callable[..., bytes]) -> None:
    """The test score comes from the voice, read once; what isn't known is left empty."""
    workspace = Workspace(tmp_path / "runs")
    folder = run_in(workspace, "gull")
    assert score_on_test(folder) is None
    (folder / VOICE).write_bytes(make_bytes(scores={"test": {"bits_per_character": 2.125}}))
    (entry,) = runs.all_runs(workspace)
    row = row_of(entry)
    assert (row["best"], row["test"], row["units"], row["characters"], row["time"]) == ("2.500", "2.125", "128", "90,000", "12 s")
    (folder / "metrics.jsonl").unlink()
    (folder / "recipe.json").write_text("{}")
    assert row_of(entry)["best"] == ""
    assert row_of(entry)["characters"] == ""


def test_names_are_no_markup(tmp_path: Path) -> None:
    """Folders and chats may be called anything."""
    workspace = Workspace(tmp_path / "runs")
    run_in(workspace, '<b>"gull', chat="<i>")
    (entry,) = runs.all_runs(workspace)
    markup = table_markup([row_of(entry)], [entry.id]) + curves([entry])
    assert "<b>" not in markup
    assert "<i>" not in markup
