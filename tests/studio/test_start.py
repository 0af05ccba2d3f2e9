"""Tests of what the studio shows first."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from talklike.errors import ChatFileError
from talklike.studio import chats
from talklike.studio.start import opened
from talklike.studio.workspace import VOICE
from tests.studio.workspaces import chat_file, read_into, run_in

if TYPE_CHECKING:
    from pathlib import Path


def test_nothing_named_is_the_first_page(tmp_path: Path) -> None:
    """The workspace is made, for its owner alone."""
    workspace, page = opened(tmp_path / "runs", None)
    assert page == "/"
    assert workspace.private.is_dir()


def test_a_voice_a_run_and_a_beginning(tmp_path: Path) -> None:
    """A voice file or a run with one is talked to; a run without one yet is shown among the runs."""
    workspace, _ = opened(tmp_path / "runs", None)
    run = run_in(workspace, "gull")
    assert opened(workspace.folder, str(run))[1] == "/runs"
    (run / VOICE).write_bytes(b"voice")
    named, page = opened(workspace.folder, str(run))
    assert page == f"/talk?voice={named.voices()[0].id}"
    assert opened(workspace.folder, str(run / VOICE))[1] == page


def test_a_chat_is_read_once(tmp_path: Path) -> None:
    """What was read before is shown at once; read again only if the file has changed since."""
    workspace, _ = opened(tmp_path / "runs", None)
    path = chat_file(tmp_path)
    entry = read_into(workspace, path)
    assert opened(workspace.folder, str(path))[1] == f"/?chat={entry.id}"
    later = path.stat().st_mtime + 60
    os.utime(path, (later, later))
    page = opened(workspace.folder, str(path))[1]
    assert page != f"/?chat={entry.id}"
    job = chats.get(workspace, page.partition("=")[2]).job(workspace)
    assert job is not None
    assert job.wait(30)


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    """One sentence says what can be named."""
    with pytest.raises(ChatFileError, match="name a chat, a run folder or a voice file"):
        opened(tmp_path / "runs", str(tmp_path / "missing.csv"))
