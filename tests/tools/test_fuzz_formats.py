"""The fuzzer of the formats: it damages, and it finds."""

from __future__ import annotations

import itertools
import random
import time
from typing import TYPE_CHECKING, Any

import pytest

from talklike.chat.formats import FORMATS
from talklike.chat.read import read_chat
from talklike.errors import ChatFileError
from tools import fuzz_formats

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def chat(tmp_path: Path) -> Path:
    """Return a chat that can be read."""
    path = tmp_path / "chat.csv"
    path.write_text("author,text\nwren,hi\n", encoding="utf-8")
    return path


def test_damage_follows_from_the_seed_and_is_damage() -> None:
    """A finding can be made again, and most examples aren't what the writer wrote."""
    data = b'[{"author": "wren", "text": "hi"}, {"author": "otter", "text": "there"}]'
    once, again = ([fuzz_formats.damaged(data, random.Random(seed)) for seed in range(50)] for _ in range(2))
    assert once == again
    assert sum(one != data for one in once) > 30


def test_every_format_has_its_turn(tmp_path: Path) -> None:
    """Written by its writer, read as itself, as what is detected and as another."""
    made = list(itertools.islice(fuzz_formats.examples(random.Random(1), []), 2000))
    assert {wrote for wrote, *_ in made} == {form.name for form in FORMATS}
    assert {form for _, form, *_ in made} == {form.name for form in FORMATS} | {None}
    assert any(name.endswith(".zip") for _, _, name, _ in made)


def test_what_can_be_read_or_is_refused_in_a_line_is_no_fault(chat: Path) -> None:
    """Errors of talklike's own are what damaged files deserve."""
    assert fuzz_formats.fault(chat, None) is None
    chat.write_bytes(b"")
    assert fuzz_formats.fault(chat, None) is None


@pytest.mark.parametrize("raised", [KeyError("text"), ChatFileError("two\nlines"), RecursionError()])
def test_other_errors_are_faults(raised: Exception, chat: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And so are errors that aren't one line."""

    def broken(*_: object, **__: object) -> Any:
        raise raised

    monkeypatch.setattr(fuzz_formats, "read_chat", broken)
    found = fuzz_formats.fault(chat, None)
    assert found is not None
    assert type(raised).__name__ in found


def test_a_wrong_count_is_a_fault(chat: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The report must say what the table holds."""

    def miscounted(*arguments: Any, **options: Any) -> Any:
        found = read_chat(*arguments, **options)
        found.report.kept += 1
        return found

    monkeypatch.setattr(fuzz_formats, "read_chat", miscounted)
    assert fuzz_formats.fault(chat, None) is not None


def test_what_takes_too_long_is_a_fault(chat: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hang ends after ``SLOWEST`` seconds."""
    import signal

    monkeypatch.setattr(fuzz_formats, "SLOWEST", 1)
    monkeypatch.setattr(fuzz_formats, "read_chat", lambda *_, **__: time.sleep(30))
    before = signal.signal(signal.SIGALRM, fuzz_formats._too_slow)
    try:
        found = fuzz_formats.fault(chat, None)
    finally:
        signal.signal(signal.SIGALRM, before)
    assert found is not None
    assert "SlowError" in found
