"""Tests of the studio's one process."""

from __future__ import annotations

import asyncio
import importlib
import json
import re
import urllib.error
import urllib.request
import webbrowser
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
import uvicorn

from talklike.studio import app, chats
from talklike.studio.app import LATER, _Later
from talklike.studio.workspace import Workspace
from tests.studio.browser import studio

if TYPE_CHECKING:
    import socket
    from pathlib import Path


def status(url: str, **headers: str) -> int:
    """Return the status of an answer."""
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_pages_uploads_and_the_api_share_an_address(tmp_path: Path) -> None:
    """Each is answered; others' pages and names are not; nothing is made in the folder but the runs."""
    with studio(tmp_path) as address:
        base = address.rstrip("/")
        assert [status(base + path) for path in ("/", "/train", "/runs", "/talk", "/report")] == [200] * 5
        assert status(base + "/nothing") == 404
        with urllib.request.urlopen(base + "/health") as answer:
            assert json.load(answer) == {"status": "ok", "models": []}
        assert status(base, Origin="http://evil.example") == 403
        assert status(base, Host="evil.example") == 403
    assert [path.name for path in tmp_path.iterdir()] == ["runs"]


def test_others_need_the_token_that_it_prints(tmp_path: Path) -> None:
    """On an address that others reach there is one, though nobody asked for it."""
    with studio(tmp_path, "--host", "0.0.0.0") as address:
        base, _, token = address.replace("0.0.0.0", "127.0.0.1").partition("?token=")
        assert len(token) > 20
        assert status(base) == 401
        assert status(base + "v1/models") == 401
        assert status(base + "v1/models", Authorization=f"Bearer {token}") == 200


@pytest.mark.parametrize(
    ("host", "token", "expected"),
    [
        ("127.0.0.1", None, r"http://localhost:\d+/talk\?voice=1"),
        ("127.0.0.1", "mine", r"http://localhost:\d+/talk\?voice=1&token=mine"),
        ("0.0.0.0", None, r"http://0\.0\.0\.0:\d+/talk\?voice=1&token=[\w-]{20,}"),
        ("::1", None, r"http://\[::1\]:\d+/talk\?voice=1"),
    ],
)
def test_the_page_is_opened_where_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, host: str, token: str | None, expected: str
) -> None:
    """The address that is said is the one that is opened, with a token where one is needed."""
    opened: list[str] = []
    said: list[str] = []
    monkeypatch.setattr(app, "application", lambda *_, **__: None)
    monkeypatch.setattr(webbrowser, "open", opened.append)

    def serve(self: uvicorn.Server, sockets: list[socket.socket]) -> None:
        assert sockets
        app._open_when_started(SimpleNamespace(started=True, should_exit=False), said[0].split()[4])  # type: ignore[arg-type]  # all that is asked of a server

    monkeypatch.setattr(uvicorn.Server, "run", serve)
    options: dict[str, Any] = {"host": host, "port": 0, "token": token, "browser": False, "most_bytes": 1, "say": said.append}
    app.run(Workspace(tmp_path), "/talk?voice=1", **options)
    assert re.search(rf"at {expected} \(Ctrl-C", said[0]), said
    assert opened == [said[0].split()[4]]


def test_later_pages_are_loaded_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever needs one first has all of them loaded; others wait for that."""
    added: list[str] = []

    def loading(name: str) -> SimpleNamespace:
        return SimpleNamespace(add=lambda _: added.append(name))

    monkeypatch.setattr(importlib, "import_module", loading)

    async def steps() -> None:
        later = _Later(Workspace(tmp_path))
        await asyncio.gather(later.load(), later.load(), later.load(after=0.01))

    asyncio.run(steps())
    assert added == [f"talklike.studio.{name}" for name in LATER]


def test_what_nobody_needs_goes_while_it_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Again and again, until it ends."""
    looks: list[Workspace] = []
    monkeypatch.setattr(app, "TIDY_EVERY", 0.01)
    monkeypatch.setattr(chats, "tidy", looks.append)

    async def steps() -> None:
        task = asyncio.create_task(app._tidying(Workspace(tmp_path)))
        while len(looks) < 3:
            await asyncio.sleep(0.01)
        task.cancel()

    asyncio.run(steps())
