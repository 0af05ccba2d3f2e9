"""Tests of the lines of earlier chats."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from prompt_toolkit.history import InMemoryHistory

from talklike.cli import line_history
from talklike.cli.line_history import MOST, LineHistory, lines_typed_before, state_folder


def kept(path: Path) -> list[str]:
    """Return the lines in a file, the newest first, as a new chat finds them."""
    return list(LineHistory(path).load_history_strings())


def test_lines_come_back(tmp_path: Path) -> None:
    """Whatever is in them, the newest first."""
    path = tmp_path / "new" / "folder" / "chat.history"
    assert kept(path) == []
    lines = ["hi", "", "two\nlines\r\u2028", "é😀 \x1b \ud800", '"quoted"\\']
    for line in lines:
        LineHistory(path).store_string(line)
    assert kept(path) == lines[::-1]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other rights")
def test_nobody_else_reads_them(tmp_path: Path) -> None:
    """File and folder are their owner's alone."""
    path = tmp_path / "talklike" / "chat.history"
    LineHistory(path).store_string("hi")
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_old_lines_are_forgotten(tmp_path: Path) -> None:
    """The file never holds more than twice as many as come back."""
    path = tmp_path / "chat.history"
    path.write_text("".join(f'"{n}"\n' for n in range(2 * MOST + 1)), encoding="utf-8")
    assert kept(path) == [str(n) for n in range(2 * MOST, MOST, -1)]
    assert len(path.read_text(encoding="utf-8").splitlines()) == MOST
    assert [one.name for one in tmp_path.iterdir()] == ["chat.history"]


def test_a_damaged_file_is_no_reason_to_stop(tmp_path: Path) -> None:
    """What can be read is; where nothing can, or nothing can be written, there is no history."""
    path = tmp_path / "chat.history"
    path.write_bytes(b'"one"\n"cut\n\xff\xff\n7\n' + b"[" * 100_000 + b'\n"two"\n')
    assert kept(path) == ["two", "one"]
    folder = tmp_path / "a folder"
    folder.mkdir()
    LineHistory(folder).store_string("hi")
    assert kept(folder) == []
    LineHistory(path / "below a file").store_string("hi")


def test_where_a_platform_keeps_such_things(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where its own rules say; a relative folder doesn't count, and without a home nothing is kept."""
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    assert state_folder() == tmp_path / "state" / "talklike"
    monkeypatch.setenv("XDG_STATE_HOME", "relative")
    assert state_folder() == tmp_path / ".local" / "state" / "talklike"
    monkeypatch.setattr(sys, "platform", "darwin")
    assert state_folder() == tmp_path / "Library" / "Application Support" / "talklike"
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "local"))
    assert state_folder() == tmp_path / "local" / "talklike"

    def homeless() -> Path:
        raise RuntimeError

    assert isinstance(lines_typed_before("x"), LineHistory)
    monkeypatch.setattr(line_history, "state_folder", homeless)
    assert isinstance(lines_typed_before("x"), InMemoryHistory)
