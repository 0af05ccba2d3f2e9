"""Messages that wait for the name of their chat."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talklike.chat import chat_rows
from talklike.chat.chat_rows import ChatRows

if TYPE_CHECKING:
    import pytest


def channels(rows: ChatRows) -> list[str | None]:
    """Return the channel of each message that is left."""
    return [
        channel for batch in rows.rest() for channel in batch.frame.get_column("channel", default=[None] * batch.frame.height)
    ]


def test_a_name_counts_whether_it_comes_before_or_after_the_messages() -> None:
    """And for its chat only."""
    rows = ChatRows("folder")
    rows.name_chat("first")
    rows.add(1, "a", "x", time=None)
    rows.name_chat("too late")
    rows.end_chat()
    rows.add(2, "a", "y", time=None)
    rows.name_chat(None)
    rows.name_chat("second")
    rows.add(3, "a", "z", time=None)
    rows.end_chat()
    rows.add(4, "a", "w", time="1", name="n", id="i")
    assert channels(rows) == ["first", "second", "second", "folder"]


def test_another_name_can_be_set_for_one_chat() -> None:
    """It goes with that chat."""
    rows = ChatRows()
    rows.otherwise = "12"
    rows.add(1, "a", "x", time=None)
    rows.end_chat()
    rows.add(2, "a", "y", time=None)
    batches = list(rows.rest())
    assert batches[0].frame["channel"].to_list() == ["12", None]
    assert batches[0].lines(batches[0].frame.with_row_index()["index"].to_numpy()).tolist() == [1, 2]


def test_a_large_chat_is_not_held_back_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is called otherwise, from its first to its last message."""
    monkeypatch.setattr(chat_rows, "ROWS", 3)
    rows = ChatRows("folder")
    for line in range(1, 6):
        rows.add(line, "a", "x", time=None)
        assert not list(rows.full())
    rows.name_chat("late")
    rows.add(6, "a", "x", time=None)
    assert channels(rows) == ["folder"] * 6


def test_no_messages_are_no_batch() -> None:
    """A chat may be empty."""
    rows = ChatRows()
    rows.end_chat()
    assert not list(rows.rest())
