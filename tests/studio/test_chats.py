"""Tests of the chats of a workspace: how they come, are changed, and go."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING

import pytest

from talklike.errors import ChatFileError, OptionError
from talklike.studio import chats
from talklike.studio.workspace import Workspace
from tests.studio.workspaces import chat_file, passed_on_file, read_into, run_in

if TYPE_CHECKING:
    from pathlib import Path

    from talklike.studio.chats import ChatEntry


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
    for path in ("", "  ", str(tmp_path / "missing"), "/tmp/\ud83d.csv", "~\ud83d/chat.csv"):
        with pytest.raises(ChatFileError, match="no file or folder at this path"):
            chats.open_path(workspace, path, {})
    for name in ("0123456789ab", "..", "../jobs"):
        with pytest.raises(ChatFileError, match="isn't there any more"):
            chats.get(workspace, name)
    with pytest.raises(OptionError, match="can't be read with merge"):
        chats.checked({"merge": "a=b"})
    with pytest.raises(OptionError, match="day first"):
        chats.checked({"day_first": "yes"})
    with pytest.raises(OptionError, match="with quotes"):
        chats.checked({"with_quotes": "yes"})


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


def read(workspace: Workspace, entry: ChatEntry) -> ChatEntry:
    """Return a chat once its job is done."""
    job = entry.job(workspace)
    assert job is not None
    assert job.wait(30)
    assert job.state == "done"
    return entry


def test_a_chat_is_read_with_what_its_authors_passed_on(workspace: Workspace, tmp_path: Path) -> None:
    """Each reading has a table of its own, since a voice may have learnt from it; one that was made before is there at once."""
    own = read_into(workspace, passed_on_file(tmp_path), picked={"authors": ["user0"], "room": False})
    both = read(workspace, chats.read_with_quotes(workspace, own, wanted=True))
    found = [entry.found() for entry in (own, both)]
    assert [one and one["messages"] for one in found] == [180, 200]
    assert own.table is not None
    assert both.table is not None
    assert own.table != both.table
    assert own.table.exists()
    assert both.picked["authors"] == ["user0"]
    back = chats.read_with_quotes(workspace, both, wanted=False)
    assert (back.about["job"], back.found(), back.with_quotes) == (both.about["job"], found[0], False)
    again = chats.read_with_quotes(workspace, back, wanted=True)
    merged = read(workspace, chats.merge(workspace, again, ["user1=user0"]))
    assert merged.table not in (own.table, both.table)
    assert (merged.found() or {})["messages"] == 200


def test_what_was_dropped_is_gone_and_has_to_be_dropped_again(workspace: Workspace, tmp_path: Path) -> None:
    """Nothing changes then; but a chat that was read both ways needs its file no more."""
    path = passed_on_file(tmp_path)
    entry = read_into(workspace, path)
    path.rename(tmp_path / "elsewhere")
    with pytest.raises(ChatFileError, match="drop it here"):
        chats.read_with_quotes(workspace, entry, wanted=True)
    assert chats.get(workspace, entry.id).with_quotes is False
    (tmp_path / "elsewhere").rename(path)
    both = read(workspace, chats.read_with_quotes(workspace, entry, wanted=True))
    path.unlink()
    assert chats.read_with_quotes(workspace, both, wanted=False).found() == entry.found()


def test_reading_otherwise_can_be_given_up(workspace: Workspace, tmp_path: Path) -> None:
    """The chat is then as it was read before, never lost; one that was never read is removed."""
    path = passed_on_file(tmp_path)
    entry = read_into(workspace, path)
    path.write_bytes(b"")
    failed = chats.read_with_quotes(workspace, entry, wanted=True)
    job = failed.job(workspace)
    assert job is not None
    assert job.wait(30)
    assert (failed.found(), failed.base, failed.once_read) == (None, None, True)
    assert [one.id for one in chats.all_chats(workspace)] == [entry.id]
    before = chats.give_up(workspace, failed)
    assert before is not None
    assert (before.found(), before.with_quotes, before.job(workspace)) == (entry.found(), False, None)
    merging = chats.merge(workspace, before, ["user1=nobody"])
    before = chats.give_up(workspace, merging)
    assert before is not None
    assert (before.merges, before.found()) == ([], entry.found())
    never = chats.open_path(workspace, str(path), {"format": "whatsapp"})
    assert chats.give_up(workspace, never) is None
    assert not never.folder.exists()


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS has no such names")
def test_a_name_that_is_no_text_is_read(workspace: Workspace, tmp_path: Path) -> None:
    """A file whose name isn't UTF-8 is called with a question mark on the page, and found again by its bytes."""
    folder = tmp_path / os.fsdecode(b"caf\xe9")
    folder.mkdir()
    entry = read(workspace, chats.open_path(workspace, str(passed_on_file(folder)), {}))
    assert (entry.found() or {})["messages"] == 180
    called = read(workspace, chats.open_path(workspace, str(folder), {}))
    assert called.name == "caf?"
    assert chats.get(workspace, called.id).source == folder.resolve()


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
