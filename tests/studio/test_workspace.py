"""Tests of the workspace: which voices there are, and what they learnt from."""

from __future__ import annotations

import json
import os
import stat
import time
from typing import TYPE_CHECKING

import pytest

from talklike.errors import RunError
from talklike.studio.workspace import KEPT, RECIPE, RECORD, VOICE, Learnt, Workspace, record_of, typed_path

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Return a workspace with two runs, the second newer."""
    for number, name in enumerate(("ferry", "gull")):
        folder = tmp_path / "runs" / name
        folder.mkdir(parents=True)
        (folder / VOICE).write_bytes(b"voice")
        (folder / RECIPE).write_text("{}")
        os.utime(folder / VOICE, (number, number))
    return Workspace(tmp_path / "runs")


def test_voices_are_found(workspace: Workspace, tmp_path: Path) -> None:
    """Runs and added files are voices, the newest first; their names are their folders' or files', their ids stay."""
    loose = tmp_path / "loose.onnx"
    loose.write_bytes(b"voice")
    os.utime(loose, (9, 9))
    added = workspace.add(loose)
    entries = workspace.voices()
    assert [(entry.name, entry.run is None) for entry in entries] == [("loose", True), ("gull", False), ("ferry", False)]
    assert entries[0].id == added
    assert [entry.id for entry in Workspace(workspace.folder).voices()] == [entry.id for entry in entries[1:]]
    assert workspace.voice(added) == entries[0]
    loose.unlink()
    with pytest.raises(RunError, match="isn't there any more"):
        workspace.voice(added)


def test_a_run_folder_can_be_added(workspace: Workspace) -> None:
    """A folder stands for its voice, and is listed once."""
    added = workspace.add(workspace.folder / "gull")
    assert workspace.voice(added).name == "gull"
    assert len(workspace.voices()) == 2


def test_what_a_voice_learnt_from(workspace: Workspace, tmp_path: Path) -> None:
    """The table that the studio recorded is the voice's, as long as it is there, read as it was."""
    table = tmp_path / "messages.parquet"
    table.touch()
    (workspace.folder / "gull" / RECORD).write_text(json.dumps({"table": str(table), "chat": "harbour.csv"}))
    gull, ferry = workspace.voices()
    assert (gull.chat, ferry.chat) == ("harbour.csv", None)
    assert workspace.chat_of(gull.id) == Learnt(table)
    assert workspace.chat_of(ferry.id) is None
    (workspace.folder / "gull" / RECORD).write_text(json.dumps({"table": str(table), "with_quotes": True}))
    assert workspace.chat_of(gull.id) == Learnt(table, with_quotes=True)
    table.unlink()
    assert workspace.chat_of(gull.id) is None


def test_a_damaged_record_says_nothing(workspace: Workspace) -> None:
    """What was recorded is a help, no more."""
    for content in ("{", "[1]", '{"chat": 7}'):
        (workspace.folder / "gull" / RECORD).write_text(content)
        assert workspace.voices()[0].chat is None
    assert record_of(workspace.folder / "nothing") == {}


def test_old_jobs_are_forgotten(workspace: Workspace) -> None:
    """What was told long ago goes, but for runs that are there; what was told lately stays."""
    long_ago = time.time() - 2 * KEPT
    gull = str(workspace.folder / "gull")
    for name, began, about in (("old", long_ago, {}), ("run", long_ago, {"run": gull}), ("new", time.time(), {})):
        folder = workspace.private / "jobs" / name
        folder.mkdir(parents=True)
        (folder / "job.json").write_text(json.dumps({"kind": "test", "argv": [], "about": about, "began": began}))
    broken = workspace.private / "jobs" / "broken"
    broken.mkdir()
    (broken / "job.json").write_text("{")
    assert workspace.jobs("test")[0].id == "new"
    workspace.tidy()
    assert {job.id for job in workspace.jobs()} == {"new", "run"}
    assert workspace.jobs()[0] is workspace.jobs()[0]


def test_the_studios_own_is_private(workspace: Workspace, tmp_path: Path) -> None:
    """Nobody else can look into the studio's folder; where it can't be made, that is told."""
    workspace.make_private()
    assert stat.S_IMODE(workspace.private.stat().st_mode) == 0o700
    assert workspace.jobs() == []
    (tmp_path / "file").touch()
    with pytest.raises(RunError, match="start the studio in another folder"):
        Workspace(tmp_path / "file").make_private()


def test_a_path_that_was_typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a home, or with the quotation marks of a file manager; what can't be a path is none, rather than a crash."""
    monkeypatch.setenv("HOME", str(tmp_path))
    chat = tmp_path / "chat.csv"
    chat.touch()
    assert [typed_path(typed) for typed in (f" '{chat}' ", "~/chat.csv")] == [chat.resolve()] * 2
    wrong = ("", "''", str(tmp_path / "gone"), "~nobody-of-this-name/chat.csv", "a" * 5000, "\0", "\ud83d", "~\ud83d/chat.csv")
    assert [typed_path(typed) for typed in wrong] == [None] * len(wrong)
