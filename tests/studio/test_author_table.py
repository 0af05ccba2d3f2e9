"""Tests of the table of who writes."""

from __future__ import annotations

from typing import Any

from nicegui import ui

from talklike.studio.author_table import ROWS, AuthorTable, table_markup
from tests.studio.talking import simulate


def row(author: str, messages: int, **values: Any) -> dict[str, Any]:
    """Return an author as a chat's findings have them."""
    return {
        "author": author, "name": author.upper(), "messages": messages, "characters": 10 * messages, "length": 10.0,
        "first": "2020-01-01T00:00:00", "last": None, "automated": False, "reason": None,
    } | values  # fmt: skip


class Event:
    """What a page sends."""

    def __init__(self, args: Any) -> None:
        self.args = args


def shown(table: AuthorTable) -> list[str]:
    """Return the names in the table, in order."""
    return [one["name"] for one in table._visible()]


def test_it_is_sorted_searched_and_picked_from() -> None:
    """By each column, both ways; those without a value come last; what is picked is told by id, the most active first."""
    authors = [row("c", 30, last="2021"), row("a", 20, last="2022"), row("b", 10)]
    told: list[list[str]] = []

    async def steps(user: Any) -> None:
        await user.open("/")
        with user.client:
            table = AuthorTable({"authors": authors, "others": 0}, ["b"], told.append)
        assert shown(table) == ["C", "A", "B"]
        with user.client:
            for order, expected in (("name", "ABC"), ("name", "CBA"), ("last", "ACB"), ("last", "CAB"), ("rubbish", "CAB")):
                table._sort(Event(order))
                assert "".join(shown(table)) == expected
        table._search(Event("a"))
        assert shown(table) == ["A"]
        table._pick(Event({"place": 0, "on": True}))
        table._pick(Event({"place": 2, "on": False}))
        table._pick(Event({"place": 1, "on": True}))

    simulate(lambda: ui.page("/")(lambda: None), steps)
    assert told == [["c", "b"], ["c"], ["c", "a"]]


def test_long_tables_are_shown_in_parts() -> None:
    """More rows come when they are asked for."""
    authors = [row(f"u{n}", 1000 - n) for n in range(3 * ROWS)]

    async def steps(user: Any) -> None:
        await user.open("/")
        with user.client:
            table = AuthorTable({"authors": authors, "others": 0}, [], lambda _: None)
        assert table._table.content.count("<tr") == ROWS + 1
        assert table._more.visible
        table._show_more()
        assert table._table.content.count("<tr") == 3 * ROWS + 1
        assert not table._more.visible

    simulate(lambda: ui.page("/")(lambda: None), steps)


def test_names_are_no_markup() -> None:
    """Whatever people call themselves, or an export says of them, is text."""
    evil = '<img src=x onerror="alert(1)">'
    rows = [row(evil, 5, name=evil, automated=True, reason=evil)]
    markup = table_markup(rows, rows, {evil}, ("messages", True), 3)
    assert "<img" not in markup
    assert "3 more wrote less" in markup
    assert 'aria-sort="descending"' in markup
    assert " checked" in markup


def test_without_times_there_are_no_columns_for_them() -> None:
    """A chat without times has neither a first nor a last."""
    rows = [row("a", 5, first=None, last=None)]
    assert "First" not in table_markup(rows, rows, set(), ("name", False), 0)
    assert 'aria-sort="ascending"' in table_markup(rows, rows, set(), ("name", False), 0)
