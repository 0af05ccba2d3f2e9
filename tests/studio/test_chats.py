"""Tests of the chats of a workspace: how they come, are changed, and go."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import pytest

from talklike.errors import ChatFileError, OptionError
from talklike.studio import chats
from talklike.studio.workspace import Workspace
from tests.studio.workspaces import chat_file, read_into, run_in

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Return an empty workspace."""
    return Workspace(tmp_path / "runs")


def test_an_upload_is_read_in_a_job(workspace: Workspace, tmp_path: Path) -> None:
    """What was dropped is read by a process, called like its file, and removed once its table is there."""
    one = chats.begin(workspace)
    assert chats.all_chats(workspace) == []
    folder = chats.upload_folder(workspace, one)
    (folder / "harbour.csv").write_bytes(chat_file(tmp_path).read_bytes())
    entry = chats.read_uploaded(workspace, one, {"timezone": "Europe/Berlin", "format": ""})
    job = entry.job(workspace)
    assert job is not None
    assert job.wait(30)
    assert (job.state, entry.name, entry.about["reading"]) == ("done", "harbour.csv", {"timezone": "Europe/Berlin"})
    found = entry.found()
    assert found is not None
    assert found["report"]["source"] == "harbour.csv"
    assert entry.table == entry.folder / "messages.parquet"
    assert [known.id for known in chats.all_chats(workspace)] == [one]
    with pytest.raises(ChatFileError, match="this upload is over"):
        chats.upload_folder(workspace, one)


def test_nothing_and_nonsense_are_told(workspace: Workspace, tmp_path: Path) -> None:
    """An empty upload, a path where nothing is, an id of nobody and options that make no sense."""
    one = chats.begin(workspace)
    with pytest.raises(ChatFileError, match="nothing was uploaded"):
        chats.read_uploaded(workspace, one, {})
    for path in ("", "  ", str(tmp_path / "missing")):
        with pytest.raises(ChatFileError, match="no file or folder at this path"):
            chats.open_path(workspace, path, {})
    for name in ("0123456789ab", "..", "../jobs"):
        with pytest.raises(ChatFileError, match="isn't there any more"):
            chats.get(workspace, name)
    with pytest.raises(OptionError, match="can't be read with merge"):
        chats.checked({"merge": "a=b"})
    with pytest.raises(OptionError, match="day first"):
        chats.checked({"day_first": "yes"})


def test_what_can_t_be_read_is_read_otherwise(workspace: Workspace, tmp_path: Path) -> None:
    """A failed reading keeps the file, until it is read with other options or forgotten."""
    path = tmp_path / "list.csv"
    path.write_text("ferry,low tide\ngull,high tide\n")
    entry = chats.open_path(workspace, str(path), {"format": "whatsapp"})
    job = entry.job(workspace)
    assert job is not None
    assert job.wait(30)
    assert (job.state, entry.base, chats.all_chats(workspace)) == ("failed", None, [])
    assert "list.csv" in str(job.error)
    entry = chats.read_again(workspace, entry, {"author_column": "1", "text_column": "2"})
    job = entry.job(workspace)
    assert job is not None
    assert job.wait(30)
    assert job.state == "done"
    assert [known.id for known in chats.all_chats(workspace)] == [entry.id]


def test_authors_are_made_one_and_parted(workspace: Workspace, tmp_path: Path) -> None:
    """Each set of pairs has a table and findings of its own; those that were made before are there at once."""
    entry = read_into(workspace, chat_file(tmp_path))
    before = entry.found()
    merged = chats.merge(workspace, entry, ["Gull=gull"])
    job = merged.job(workspace)
    assert job is not None
    assert job.wait(30)
    after = merged.found()
    assert before is not None
    assert after is not None
    assert len(after["authors"]) == len(before["authors"]) - 1
    assert merged.table != entry.table
    assert merged.base == entry.table
    parted = chats.merge(workspace, merged, [])
    assert parted.about["job"] == job.id
    assert parted.found() == before
    assert chats.merge(workspace, parted, ["Gull=gull"]).found() == after


def test_a_chat_can_be_forgotten(workspace: Workspace, tmp_path: Path) -> None:
    """The studio's copy goes, the file stays."""
    path = chat_file(tmp_path)
    entry = read_into(workspace, path)
    chats.remove(workspace, entry.id)
    assert not entry.folder.exists()
    assert path.exists()


def test_old_things_are_tidied_up(workspace: Workspace, tmp_path: Path) -> None:
    """Unfinished uploads and unused chats go; what a run learnt from, and what is new, stays."""
    path = chat_file(tmp_path)
    old, needed, fresh = (read_into(workspace, path) for _ in range(3))
    unfinished = chats.get(workspace, chats.begin(workspace))
    run_in(workspace, "gull", table=str(needed.table))
    long_ago = time.time() - 2 * chats.KEPT
    for entry in (old, needed, unfinished):
        file = entry.folder / "chat.json"
        file.write_text(file.read_text().replace(f'"used": {entry.about["used"]}', f'"used": {long_ago}'))
        os.utime(file, (long_ago, long_ago))
    chats.tidy(workspace)
    assert {entry.id for entry in chats.all_chats(workspace)} == {needed.id, fresh.id}
    assert not unfinished.folder.exists()
