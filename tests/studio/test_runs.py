"""Tests of the runs of a workspace."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import pytest

from talklike.errors import RunError
from talklike.studio import jobs, runs
from talklike.studio.runs import Order, parsed_samples
from talklike.studio.workspace import Workspace
from tests.studio.workspaces import run_in

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Return an empty workspace."""
    return Workspace(tmp_path / "runs")


@pytest.fixture
def started(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Return what jobs were started with, instead of starting them; each has ended already, stopped."""
    found: list[dict[str, Any]] = []

    def start(kind: str, argv: list[str], *, about: dict[str, Any]) -> jobs.Job:
        folder = workspace.private / "jobs" / jobs.new_id()
        folder.mkdir(parents=True)
        (folder / jobs.ABOUT).write_text(json.dumps({"kind": kind, "argv": argv, "about": about, "began": len(found)}))
        (folder / "events.jsonl").write_text('{"event": "end", "state": "stopped"}\n')
        found.append(about)
        return jobs.Job(folder)

    monkeypatch.setattr(workspace, "start", start)
    return found


def test_runs_are_listed(workspace: Workspace, tmp_path: Path) -> None:
    """Runs of the command line too, with what they have told; damaged files are as if they weren't there."""
    run_in(workspace, "gull", bits=(3.0, 2.5, 2.4))
    broken = run_in(workspace, "ferry")
    for name in ("recipe.json", "metrics.jsonl", "samples.txt"):
        (broken / name).write_bytes(b"\xff{")
    entries = {entry.name: entry for entry in runs.all_runs(workspace)}
    assert set(entries) == {"gull", "ferry"}
    gull, ferry = entries["gull"], entries["ferry"]
    assert [one["validation"] for one in gull.evaluations()] == [3.0, 2.5, 2.4]
    assert gull.samples()[-1][1] == {"0.3": "<b>tide", "1.0": "gull"}
    assert (gull.state, gull.voice, gull.can_go_on()) == ("done", None, False)
    assert (ferry.recipe, ferry.evaluations(), ferry.samples()) == ({}, [], [])
    assert runs.find(workspace, gull.id).folder == gull.folder
    with pytest.raises(RunError, match="isn't there any more"):
        runs.find(workspace, "0")
    assert str(tmp_path) not in gull.id


def test_a_stopped_run_goes_on(workspace: Workspace, started: list[dict[str, Any]], tmp_path: Path) -> None:
    """What is needed to go on stands with the run; without the messages it can't."""
    table = tmp_path / "messages.parquet"
    order = Order(str(workspace.folder / "gull"), str(table), chat="harbour.csv", author="u1", budget="1m", settings={"seed": 3})
    entry = runs.begin(workspace, order)
    run_in(workspace, "gull", **order.record)
    assert not entry.can_go_on()
    with pytest.raises(RunError, match="its messages are gone"):
        runs.resume(workspace, entry)
    table.touch()
    again = runs.resume(workspace, entry)
    assert again.id == entry.id
    assert Order.from_dict(started[-1]) == Order.from_dict(asdict(order) | {"resume": True})
    assert started[-1]["resume"] is True
    assert [one.name for one in runs.all_runs(workspace)] == ["gull"]


def test_folders_are_new(workspace: Workspace) -> None:
    """A run never gets another's folder, and names become what a folder can be called."""
    assert runs.new_folder(workspace, "The Gull / 2").name == "The-Gull-2"
    assert runs.new_folder(workspace, "...").name == "voice"
    run_in(workspace, "gull")
    assert runs.new_folder(workspace, "gull").name == "gull-2"


def test_samples_are_parsed() -> None:
    """Texts may have lines of their own, and look like anything."""
    text = "--- step 5, 2.1 bits\n[0.3] one\ntwo\n[1.0] [x] y\n\n--- step 9, 2.0 bits\n[0.3] \n"
    assert parsed_samples(text) == [
        ("step 5, 2.1 bits", {"0.3": "one\ntwo", "1.0": "[x] y"}),
        ("step 9, 2.0 bits", {"0.3": ""}),
    ]
    assert parsed_samples("") == []
