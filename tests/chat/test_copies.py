"""Files that are second copies of others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from talklike.chat.copies import copies, original_of
from talklike.chat.read import read_chat
from talklike.chat.tree import open_tree

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("name", "original"),
    [
        ("Chat with Otter (1).txt", "Chat with Otter.txt"),
        ("wren(12).csv", "wren.csv"),
        ("wren - Copy (2).csv", "wren.csv"),
        ("wren copy 3.csv", "wren.csv"),
        ("quay/wren copy.csv", "quay/wren.csv"),
        ("wren.csv", None),
        ("(1).csv", None),
        ("2020 (2)/wren.csv", None),
        ("hardcopy.csv", None),
        ("otter (1999).csv", None),
    ],
)
def test_names_that_say_copy(name: str, original: str | None) -> None:
    """As browsers and file managers write them; a year in brackets is none."""
    assert original_of(name) == original


def test_only_the_same_bytes_are_a_copy(tmp_path: Path) -> None:
    """Not a newer export of the same name, nor the same bytes under another name, which another day may have."""
    for name, text in (("a.csv", "x"), ("a (1).csv", "x"), ("a (2).csv", "y"), ("b.csv", "x"), ("c (1).csv", "x")):
        (tmp_path / name).write_text(f"author,text\nwren,{text}\n", encoding="utf-8")
    with open_tree(tmp_path) as tree:
        assert copies(tree.entries) == {"a (1).csv"}


def test_a_copy_is_read_once_and_told(tmp_path: Path) -> None:
    """Its messages count once."""
    for name in ("WhatsApp Chat with Otter.txt", "WhatsApp Chat with Otter (1).txt"):
        (tmp_path / name).write_text("31/12/2020, 10:00 - wren: hi\n31/12/2020, 10:01 - Otter: ho\n" * 3, encoding="utf-8")
    report = read_chat(tmp_path).report
    assert report.kept == 6
    assert any("copies of others" in note and "Otter (1).txt" in note for note in report.notes)
