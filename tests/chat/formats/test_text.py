"""Books."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from talklike.chat.formats.text import ROW, TEXT, looks_like_log
from talklike.chat.read import read_chat
from talklike.chat.source import Head

Write = Callable[[str, str | bytes], Path]


def test_a_book_is_one_stream_named_after_its_file(write: Write) -> None:
    """Every character is kept, line ends as they are."""
    book = "CHAPTER I\r\n\r\n  It was a dark night.\n\n\n" * 3
    chat = read_chat(write("storm.txt", book))
    assert chat.kind == "stream"
    rows = chat.frame.collect()
    assert "".join(rows["text"]) == book
    assert rows["author"].unique().to_list() == ["storm"]


@pytest.mark.parametrize("line", ["é" * (3 * ROW // 4), "a dark night, ü\n" * (ROW // 6), "\n" * 100 + "x" * (2 * ROW)])
def test_rows_are_bounded_and_join_to_the_book(line: str, write: Write) -> None:
    """Cut at line ends where there are some, never inside a character."""
    rows = read_chat(write("storm.txt", line)).frame.collect()
    assert "".join(rows["text"]) == line
    assert max(len(text.encode()) for text in rows["text"]) <= ROW


@pytest.mark.parametrize(
    ("text", "book"),
    [
        ("It was a dark night.\n", True),
        ("", True),
        ("[Illustration: a ship]\n\nCHAPTER\n", True),
        ("[12:18] <bob> hi\n" * 5, False),
        ("12:18 < bob> hi\n" * 5, False),
        ("<bob> hi\n" * 5, False),
        ("[14 Jan 10:36] <bob!~bob@example.org> -hi\n" * 5, False),
        ("2020-01-01T10:00:00 <bob> hi\n" * 5, False),
        ("31.12.20, 10:00 - Bob: hi\n" * 5, False),
        ("[31/12/20, 10:00:00] Bob: hi\n" * 5, False),
        ('{"messages": []}', False),
    ],
)
def test_a_chat_log_is_no_book(text: str, book: bool) -> None:
    """Lines with a time or a nick in front are messages; JSON is no prose."""
    assert (TEXT.detect(Head(text.encode(), ".txt", complete=True)) is not None) is book


def test_few_lines_are_no_log() -> None:
    """A book may begin with a date."""
    assert not looks_like_log(b"12:18 * * *\n")
