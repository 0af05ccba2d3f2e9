"""Tests of a run on a page."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import TYPE_CHECKING, Any

from nicegui import ui

from talklike.studio import jobs, runs
from talklike.studio.run_view import PAUSE, WORDS, RunView, curve, samples_markup, times
from talklike.studio.workspace import VOICE, Workspace
from tests.studio.talking import simulate, until
from tests.studio.workspaces import run_in

if TYPE_CHECKING:
    from pathlib import Path


def contents(user: Any) -> str:
    """Return all HTML of a page."""
    return "\n".join(str(e.content) for e in user.client.elements.values() if hasattr(e, "content"))


def test_a_run_of_the_command_line(tmp_path: Path) -> None:
    """Its curve, what it wrote, and its voice are shown, though the studio didn't begin it."""
    workspace = Workspace(tmp_path / "runs")
    folder = run_in(workspace, "gull", baselines={"Kneser–Ney": 2.6, "letter frequencies": 4.4})
    (folder / VOICE).write_bytes(b"voice")
    (entry,) = runs.all_runs(workspace)

    async def steps(user: Any) -> None:
        await user.open("/")
        await until(lambda: "2.500" in contents(user))
        html = contents(user)
        assert "Kneser–Ney 2.60" in html
        assert "3.8 %" in html
        assert "&lt;b&gt;tide" in html
        assert "<b>tide" not in html
        assert "Talk to it" in html
        await user.should_see("ready")

    simulate(lambda: ui.page("/")(lambda: RunView(workspace, entry) and None), steps)


def test_a_run_that_failed(tmp_path: Path) -> None:
    """Why is told in its sentence."""
    workspace = Workspace(tmp_path / "runs")
    folder = workspace.private / "jobs" / "one"
    folder.mkdir(parents=True)
    about = {"run": str(workspace.folder / "gull")}
    (folder / jobs.ABOUT).write_text(json.dumps({"kind": runs.KIND, "argv": [], "about": about, "began": 1}))
    (folder / "events.jsonl").write_text('{"event": "end", "state": "failed", "message": "gull wrote too little <b>"}\n')
    (entry,) = runs.all_runs(workspace)

    async def steps(user: Any) -> None:
        await user.open("/")
        await until(lambda: "Gull wrote too little &lt;b&gt;." in contents(user))
        await user.should_see("failed")

    simulate(lambda: ui.page("/")(lambda: RunView(workspace, entry) and None), steps)


def test_the_curve() -> None:
    """Simple methods that are far worse are left out, so that the curves stay apart."""
    evaluations = [{"seconds": 10.0 * n, "validation": 3.0 / n, "train": 3.1 / n} for n in (1, 2)]
    chart = curve(evaluations, {"Kneser–Ney": 2.2, "letter frequencies": 4.4})
    assert "Kneser–Ney 2.20" in chart
    assert "letter frequencies" not in chart
    assert "20 s" in chart


def test_times_are_round() -> None:
    """A few, from 0 to a little beyond the last."""
    for last in (0.5, 7, 59, 300, 4000, 90_000):
        found = times(last)
        assert found[0] == 0
        assert found[-1] >= last
        assert len(found) <= 9


def test_samples_appear_a_few_words_at_a_time() -> None:
    """Only when they have just come; no word is lost, and they are text."""
    assert "tl-words" not in samples_markup({"0.5": "a <b>"})
    words = [f"<{number}>" for number in range(2 * WORDS + 1)]
    fresh = samples_markup({"0.5": " ".join(words)}, fresh=True)
    assert re.findall(r"delay: ([0-9.]+)s", fresh) == ["0.00", f"{PAUSE:.2f}", f"{2 * PAUSE:.2f}"]
    assert unescape(re.sub(r"<[^>]*>", "", fresh.partition("<p>")[2])) == " ".join(words)
