"""Tests of reading a few messages out of a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from talklike.studio.messages import LONGEST, PAGE, some_messages

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from talklike.chat.table import Chat


@pytest.fixture
def table(tmp_path: Path, make_chat: Callable[..., Chat]) -> Path:
    """Return the table of thirty messages."""
    texts = [f"Tide {n}. (fog)" for n in range(29)] + ["x" * 5000]
    path = tmp_path / "messages.parquet"
    make_chat(texts, author=[f"u{n % 2}" for n in range(30)], times=[*range(29), None]).frame.sink_parquet(path)
    return path


def test_messages_come_page_by_page(table: Path) -> None:
    """Pages follow each other; the last is shorter, and beyond there is nothing."""
    first, second, third, none = (some_messages(table, [], "", at) for at in (0, PAGE, 2 * PAGE, 3 * PAGE))
    assert [len(page) for page in (first, second, third, none)] == [PAGE, PAGE, 30 - 2 * PAGE, 0]
    assert first[0] == {"time": "2020-01-01 00:00", "author": "u0", "name": "name of u0", "text": "Tide 0. (fog)"}
    assert second[0]["text"] == f"Tide {PAGE}. (fog)"


def test_authors_and_words_narrow_them(table: Path) -> None:
    """Words are looked for as they are typed, in any case; they are no pattern."""
    assert {row["author"] for row in some_messages(table, ["u1"], "", 0)} == {"u1"}
    assert [row["text"] for row in some_messages(table, [], "tIDE 7. (", 0)] == ["Tide 7. (fog)"]
    assert some_messages(table, ["u0"], "tide 7.", 0) == []


@pytest.mark.parametrize("with_quotes", [False, True])
def test_messages_are_those_that_are_learnt(tmp_path: Path, make_chat: Callable[..., Chat], *, with_quotes: bool) -> None:
    """A line that someone quoted is shown, and found, only if it counts as theirs."""
    path = tmp_path / "quoting.parquet"
    make_chat(["> the gull\nlow tide", "high tide"], author=["u1", "u1"], times=[0, 1]).frame.sink_parquet(path)
    shown = some_messages(path, [], "", 0, with_quotes=with_quotes)
    assert [row["text"] for row in shown] == ["> the gull\nlow tide" if with_quotes else "low tide", "high tide"]
    assert bool(some_messages(path, [], "gull", 0, with_quotes=with_quotes)) == with_quotes


def test_long_and_timeless_messages(table: Path) -> None:
    """A long message is cut, and one without a time says none."""
    (row,) = some_messages(table, [], "xxx", 0)
    assert (row["time"], len(row["text"])) == ("", LONGEST)


def test_lines_of_running_text(tmp_path: Path) -> None:
    """Of a book, lines are shown, but for empty ones."""
    (tmp_path / "ferry.txt").write_text("Chapter one\n\nThe tide\nthe gull\n")
    (tmp_path / "gull.txt").write_text("low\n")
    assert [row["text"] for row in some_messages(tmp_path, ["ferry"], "", 0)] == ["Chapter one", "The tide", "the gull"]
    assert [row["text"] for row in some_messages(tmp_path, [], "THE", 1)] == ["the gull"]
    assert [row["author"] for row in some_messages(tmp_path, [], "", 3)] == ["gull"]
