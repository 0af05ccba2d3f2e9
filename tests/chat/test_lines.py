"""Blocks of whole lines."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from talklike.chat.lines import is_cut, line_blocks, newlines, numbered_blocks
from talklike.chat.report import ReadReport
from talklike.chat.source import Source

Write = Callable[[str, str | bytes], Path]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(alphabet="aé€😀\n", min_size=1, max_size=200), block=st.integers(4, 64))
def test_blocks_join_to_the_text_and_end_with_lines(text: str, block: int, write: Write) -> None:
    """A line longer than a block is cut, but never inside a character."""
    report = ReadReport("f", "f", "f")
    with Source.of(write("chat.txt", text)) as source:
        blocks = list(line_blocks(source, report, block))
    assert "".join(data.decode() for data in blocks) == text
    assert all(len(data) <= block for data in blocks)
    for data in blocks[:-1]:
        assert data.endswith(b"\n") or is_cut(data, block)
    assert report.notes == []


def test_a_long_line_that_is_not_utf8_is_cut_anywhere(write: Write) -> None:
    """Continuation bytes without a beginning must not stop the reading."""
    report = ReadReport("f", "f", "f")
    with Source.of(write("chat.txt", b"\x80" * 100)) as source:
        assert "".join(data.decode() for data in line_blocks(source, report, 16)) == "€" * 100
    assert "not UTF-8" in report.notes[0]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(alphabet="aé\n", min_size=1, max_size=200), block=st.integers(4, 64))
def test_blocks_come_with_the_number_of_their_first_line(text: str, block: int, write: Write) -> None:
    """From 1, as editors count."""
    report = ReadReport("f", "f", "f")
    with Source.of(write("chat.txt", text)) as source:
        blocks = list(numbered_blocks(source, report, block))
    before = b""
    for number, data in blocks:
        assert number == 1 + before.count(b"\n")
        before += data


def test_newlines_are_counted_across_pieces() -> None:
    """A large block is counted piece by piece."""
    assert newlines(b"") == 0
    assert newlines(b"a\n" * 300_000 + b"b") == 300_000
