"""Tests of reading a chat as a job."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from talklike.chat.read import read_chat
from talklike.errors import ChatFileError
from talklike.studio import chat_job
from talklike.studio.events import EVENTS, FOLDER
from talklike.studio.workspace import Workspace
from tests.studio.workspaces import BOT, chat_file, passed_on_file, read_into

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Return an empty workspace."""
    return Workspace(tmp_path / "runs")


def test_what_is_found_in_a_chat(workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who writes, who looks automated, who may be one; told first, and the rest when it is known."""
    monkeypatch.setenv(FOLDER, str(tmp_path))
    found = read_into(workspace, chat_file(tmp_path)).found()
    assert found is not None
    assert (found["report"]["format"], found["kind"], found["others"]) == ("delimited", "messages", 0)
    assert found["messages"] == sum(row["messages"] for row in found["authors"]) == 280
    assert [row["author"] for row in found["authors"] if row["automated"]] == [BOT]
    assert {pair["author"].lower() for pair in found["alike"]} == {"gull"}
    assert sum(found["portraits"]["of"][""]["activity"]) == 280
    told = [json.loads(line)["event"] for line in (tmp_path / EVENTS).read_text().splitlines()]
    assert "authors" in told


def test_the_table_is_the_chat(workspace: Workspace, tmp_path: Path) -> None:
    """What is trained on later is what was read: the same messages in the same order."""
    path = chat_file(tmp_path)
    entry = read_into(workspace, path)
    assert entry.table is not None
    assert read_chat(entry.table).frame.collect().equals(read_chat(path).frame.collect())


def test_a_book_stays_running_text(workspace: Workspace, tmp_path: Path) -> None:
    """Text of one author is kept as text, so that it is read as such again."""
    path = tmp_path / "book.txt"
    path.write_text("The tide was high.\n\nThe gull sat on the pier.\n" * 40)
    entry = read_into(workspace, path)
    found = entry.found()
    assert found is not None
    assert (found["kind"], found["alike"]) == ("stream", [])
    assert entry.table is not None
    again = read_chat(entry.table)
    assert again.kind == "stream"
    assert "".join(again.frame.collect()["text"]) == path.read_text()
    assert again.frame.collect()["author"].unique().to_list() == [found["authors"][0]["author"]] == ["book"]


def test_what_is_no_chat(workspace: Workspace, tmp_path: Path) -> None:
    """The reader's error is the job's, and nothing is left that looks as if it had been read."""
    path = tmp_path / "empty.csv"
    path.touch()
    with pytest.raises(ChatFileError, match=r"^empty\.csv"):
        read_into(workspace, path)
    (folder,) = (workspace.private / "chats").iterdir()
    assert {file.name for file in folder.iterdir()} == {"chat.json"}


def test_listed_authors_are_limited(workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of very many authors the most active are listed, and the others counted."""
    monkeypatch.setattr(chat_job, "MOST_AUTHORS", 2)
    found = read_into(workspace, chat_file(tmp_path)).found()
    assert found is not None
    assert (len(found["authors"]), found["others"]) == (2, 3)


@pytest.mark.parametrize("with_quotes", [False, True])
def test_what_authors_did_not_write_themselves(workspace: Workspace, tmp_path: Path, *, with_quotes: bool) -> None:
    """Forwarded messages are in the table only if that is wanted, and quoted lines are counted if they aren't learnt."""
    entry = read_into(workspace, passed_on_file(tmp_path), reading={"with_quotes": with_quotes})
    found = entry.found()
    assert found is not None
    assert found["messages"] == (200 if with_quotes else 180)
    assert found["quoted"] == (None if with_quotes else {"messages": 20, "lines": 20})
    assert ("forwarded" in found["report"]["skipped"]) != with_quotes
    assert entry.table is not None
    assert entry.table.name == ("messages-quotes.parquet" if with_quotes else "messages.parquet")
