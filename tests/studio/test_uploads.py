"""Tests of taking dropped files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from talklike.errors import ChatFileError
from talklike.studio import chats, uploads
from talklike.studio.uploads import inner_path
from talklike.studio.workspace import Workspace
from tests.studio.workspaces import chat_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MOST = 100_000


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Return an empty workspace."""
    return Workspace(tmp_path / "runs")


@pytest.fixture
def client(workspace: Workspace) -> Iterator[TestClient]:
    """Give a client of an application that takes files."""
    app = FastAPI()
    uploads.add(app, workspace, MOST)
    with TestClient(app) as found:
        yield found


def put(client: TestClient, one: str, path: str, data: bytes) -> tuple[int, str]:
    """Send a file; return the status and what was said."""
    answer = client.put(f"/studio/chats/{one}/file", headers={"X-Path": path}, content=data)
    return answer.status_code, answer.json().get("message", "")


def test_a_folder_is_taken(client: TestClient, workspace: Workspace, tmp_path: Path) -> None:
    """Files keep their places, names of any script too; what they hold is read in a job."""
    one = client.post("/studio/chats").json()["id"]
    data = chat_file(tmp_path).read_bytes()
    assert put(client, one, "export/a%20b/caf%C3%A9.csv", data) == (200, "")
    assert put(client, one, "export/c.csv", data) == (200, "")
    assert (chats.upload_folder(workspace, one) / "export" / "a b" / "café.csv").read_bytes() == data
    assert client.post(f"/studio/chats/{one}/read", json={}).status_code == 200
    entry = chats.get(workspace, one)
    job = entry.job(workspace)
    assert job is not None
    assert job.wait(30)
    assert (entry.name, job.state) == ("export", "done")
    found = entry.found()
    assert found is not None
    assert found["report"]["files"] == {"delimited": 2}


def test_half_a_character_is_told_or_replaced(client: TestClient, workspace: Workspace, tmp_path: Path) -> None:
    """In an option's value it becomes a question mark, in a name that is no option it is told."""
    one = client.post("/studio/chats").json()["id"]
    put(client, one, "\ud83d.csv".encode("utf-8", "replace").decode(), chat_file(tmp_path).read_bytes())
    refused = client.post(f"/studio/chats/{one}/read", content=b'{"\\ud83d": "x"}')
    assert (refused.status_code, refused.json()["message"]) == (400, "a chat can't be read with ?")
    assert client.post(f"/studio/chats/{one}/read", content=b'{"author_column": "\\ud83d"}').status_code == 200
    entry = chats.get(workspace, one)
    assert entry.reading == {"author_column": "?"}
    job = entry.job(workspace)
    assert job is not None
    assert job.wait(30)
    assert "'?'" in str(job.error)


def test_too_much_is_refused(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit is on all files of a chat together, in bytes and in number."""
    one = client.post("/studio/chats").json()["id"]
    assert put(client, one, "a", b"x" * (MOST - 10))[0] == 200
    status, said = put(client, one, "b", b"x" * 11)
    assert (status, "open it by its path instead" in said) == (400, True)
    monkeypatch.setattr(uploads, "MOST_FILES", 1)
    assert "pack it as a zip" in put(client, one, "c", b"x")[1]


def test_a_full_disk_is_left_some_room(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """An upload never takes the last of the disk."""
    monkeypatch.setattr(uploads, "LEFT_FREE", 1 << 60)
    one = client.post("/studio/chats").json()["id"]
    assert put(client, one, "a", b"x")[0] == 400


def test_an_upload_can_be_given_up(client: TestClient, workspace: Workspace) -> None:
    """What was taken so far is removed; afterwards there is no such chat."""
    one = client.post("/studio/chats").json()["id"]
    put(client, one, "a", b"x")
    assert client.delete(f"/studio/chats/{one}").status_code == 200
    assert list((workspace.private / "chats").iterdir()) == []
    assert put(client, one, "a", b"x") == (400, "this chat isn't there any more; open it again")


@pytest.mark.parametrize("path", ["", "/etc/x", "../x", "a/../../x", "a%2F..%2F..%2Fx", "..%5Cx", "a%00b", "x" * 500])
def test_files_stay_in_their_folder(path: str) -> None:
    """No name leads elsewhere, however it is written."""
    with pytest.raises(ChatFileError, match="has a name that can't be used"):
        inner_path(path)
