"""Tests of ``talklike studio``."""

from __future__ import annotations

import signal
import subprocess
import sys
import urllib.request
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., Any]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Return what the studio was asked to do, instead of doing it."""
    from talklike.studio import app

    found: list[Any] = []
    monkeypatch.setattr(app, "run", lambda *arguments, **options: found.append((arguments, options)))
    return found


def test_options_are_passed_on(talklike: Run, tmp_path: Path, asked: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder, the address, the token from the environment, and the limit in bytes."""
    monkeypatch.setenv("TALKLIKE_STUDIO_TOKEN", "secret")
    options = ["--runs", tmp_path / "runs", "--host", "0.0.0.0", "--port", 9000, "--no-browser", "--max-upload", "0.5"]
    assert talklike("studio", *options).status == 0
    (workspace, page), given = asked[0]
    assert (workspace.folder, page) == (tmp_path / "runs", "/")
    assert given.pop("say")
    assert given == {"host": "0.0.0.0", "port": 9000, "token": "secret", "browser": False, "most_bytes": 500_000_000}


def test_a_missing_chat(talklike: Run, tmp_path: Path, asked: list[Any]) -> None:
    """One line says what can be named, and nothing is started."""
    ran = talklike("studio", tmp_path / "missing.csv", "--runs", tmp_path / "runs")
    assert (ran.status, asked) == (1, [])
    assert "name a chat, a run folder or a voice file" in ran.err


def test_without_the_extra_it_is_named(talklike: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who left the packages out is told what to install."""
    for module in [name for name in sys.modules if name.startswith("talklike.studio")]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, "nicegui", None)
    ran = talklike("studio", "--runs", tmp_path)
    assert ran.status == 1
    assert "talklike[studio]" in ran.err


@pytest.mark.skipif(sys.platform == "win32", reason="signals are Unix's")
def test_it_says_where_it_is_and_ends_with_ctrl_c(tmp_path: Path, chat_file: Path) -> None:
    """The line names the page, which answers; nothing of the chat stands in it; Ctrl-C ends it without a traceback."""
    chat = tmp_path / "moonraker.csv"
    chat.write_bytes(chat_file.read_bytes())
    command = [sys.executable, "-m", "talklike", "studio", str(chat), "--no-browser", "--port", "0"]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        try:
            said = process.stderr.readline()
            address = said.split("the studio is at ")[1].split()[0]
            with urllib.request.urlopen(address) as answer:
                status = answer.status
        finally:
            process.send_signal(signal.SIGINT)
        rest = process.stderr.read()
        process.wait(20)
    assert status == 200
    assert "/?chat=" in address
    assert "moonraker" not in said + rest
    assert "Traceback" not in rest
