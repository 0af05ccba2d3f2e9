"""Tests of what jobs tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talklike.studio.events import EVENTS, FOLDER, Reader, tell

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_what_is_told_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader gives each event once, in order, whatever is in it."""
    monkeypatch.setenv(FOLDER, str(tmp_path))
    reader = Reader(tmp_path / EVENTS)
    assert reader.new() == []
    tell("one", text="é\n\u2028", number=1.5)
    assert reader.new() == [{"event": "one", "text": "é\n\u2028", "number": 1.5}]
    tell("two")
    tell("three")
    assert [event["event"] for event in reader.new()] == ["two", "three"]
    assert reader.new() == []


def test_half_a_line_waits_for_its_rest(tmp_path: Path) -> None:
    """What is just being written is read when it is whole; what was cut short is passed over."""
    path = tmp_path / EVENTS
    reader = Reader(path)
    path.write_bytes(b'{"event": "a"}\n{"eve')
    assert reader.new() == [{"event": "a"}]
    with path.open("ab") as file:
        file.write(b'nt": "b"}\nbroken\n[1]\n')
    assert reader.new() == [{"event": "b"}]


def test_without_a_job_nothing_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same code runs outside a job."""
    monkeypatch.delenv(FOLDER, raising=False)
    monkeypatch.chdir(tmp_path)
    tell("one")
    assert list(tmp_path.iterdir()) == []
