"""Tests of when someone writes and how much at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from talklike.chat.authors import authors
from talklike.studio import portraits as module
from talklike.studio.portraits import LENGTHS, portraits

if TYPE_CHECKING:
    from collections.abc import Callable

    from talklike.chat.table import Chat


def of(chat: Chat) -> dict[str, Any]:
    """Return the portraits of a chat's authors."""
    return portraits(chat.frame, authors(chat))


def test_messages_are_counted_by_time_hour_and_length(make_chat: Callable[..., Chat]) -> None:
    """Each message counts once in each; times without messages are there too."""
    texts = ["x" * 9, "x" * 10, "x" * 25, "x" * 2000]
    found = of(make_chat(texts, times=[0, 1, 49, 72], author=["a", "a", "b", "a"]))
    assert found["unit"] == "day"
    assert found["times"] == ["2020-01-01", "2020-01-02", "2020-01-03", "2020-01-04"]
    assert found["of"][""]["activity"] == [2, 0, 1, 1]
    assert found["of"]["a"]["activity"] == [2, 0, 0, 1]
    assert found["of"]["b"]["hours"][1] == 1
    assert found["of"]["a"]["lengths"] == [1, 1, 0, 0, 0, 0, 0, 0, 1]
    assert len(found["lengths"]) == len(LENGTHS)


@pytest.mark.parametrize(("days", "unit", "count"), [(100, "day", 101), (400, "week", 58), (2000, "month", 66)])
def test_time_is_divided_by_how_long_the_chat_is(make_chat: Callable[..., Chat], days: int, unit: str, count: int) -> None:
    """Days, weeks or months: never more than fit on a page, and none missing."""
    found = of(make_chat(["hi", "ho"], times=[0, 24 * days]))
    assert (found["unit"], len(found["times"])) == (unit, count)
    assert sum(found["of"][""]["activity"]) == 2


def test_a_chat_without_times(make_chat: Callable[..., Chat]) -> None:
    """Lengths are known, times are not."""
    found = of(make_chat(["hi", "ho"], times=[None, None]))
    assert (found["times"], found["of"][""]["hours"]) == ([], [])
    assert sum(found["of"][""]["lengths"]) == 2


def test_only_the_most_active_have_portraits(make_chat: Callable[..., Chat], monkeypatch: pytest.MonkeyPatch) -> None:
    """Everyone counts for all, but only so many have numbers of their own."""
    monkeypatch.setattr(module, "DRAWN", 1)
    found = of(make_chat(["a", "b", "c"], author=["u", "u", "v"]))
    assert set(found["of"]) == {"", "u"}
    assert sum(found["of"][""]["activity"]) == 3


def test_everyone_is_the_sum(make_chat: Callable[..., Chat]) -> None:
    """The numbers of all are those of each together."""
    chat = make_chat([f"tide {n}" for n in range(60)], times=list(range(0, 600, 10)), author=[f"u{n % 7}" for n in range(60)])
    found = of(chat)
    for key in ("activity", "hours", "lengths"):
        each = [one[key] for author, one in found["of"].items() if author]
        assert [sum(column) for column in zip(*each, strict=True)] == found["of"][""][key]
