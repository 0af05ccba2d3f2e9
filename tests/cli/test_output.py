"""Writing results to standard output."""

from __future__ import annotations

import io
import json
import sys
from typing import TYPE_CHECKING

import pytest

from talklike.cli.output import printable, write_json, write_text

if TYPE_CHECKING:
    from collections.abc import Callable


def written(monkeypatch: pytest.MonkeyPatch, encoding: str, write: Callable[[], None]) -> str:
    """Return what ``write`` writes to a standard output of an encoding."""
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding, write_through=True)
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", stream)
        write()
    stream.seek(0)
    return stream.read()


@pytest.mark.parametrize(
    ("encoding", "expected"),
    [("utf-8", "é 😂"), ("ascii", "\\xe9 \\U0001f602"), ("cp1252", "é \\U0001f602")],
)
def test_any_text_can_be_written(monkeypatch: pytest.MonkeyPatch, encoding: str, expected: str) -> None:
    """What the encoding lacks becomes escapes."""
    assert expected == written(monkeypatch, encoding, lambda: write_text("é 😂"))


@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "cp1252"])
def test_json_stays_json(monkeypatch: pytest.MonkeyPatch, encoding: str) -> None:
    """Whatever the encoding, the value comes back."""
    assert json.loads(written(monkeypatch, encoding, lambda: write_json(["é", "😂"]))) == ["é", "😂"]


def test_nothing_that_drives_a_terminal_is_printable() -> None:
    """Escapes become a mark, line ends become visible; letters of every script stay."""
    assert printable("a\x1b[2Jb\r\nc\x07") == "a�[2Jb ⏎ c�"
    assert printable("añb漢字😀\t\x07") == "añb漢字😀��"
