"""Tests of what a chat's page shows of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from nicegui import ui

from talklike.studio.chat_views import charts_of, facts_of, left_out, messages_view
from talklike.studio.workspace import Workspace
from tests.studio.talking import simulate, until
from tests.studio.workspaces import chat_file, read_into

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from talklike.studio.chats import ChatEntry


@pytest.fixture
def entry(tmp_path: Path) -> ChatEntry:
    """Return a chat that has been read."""
    return read_into(Workspace(tmp_path / "runs"), chat_file(tmp_path))


def contents(user: Any) -> str:
    """Return all HTML of a page."""
    return "\n".join(str(e.content) for e in user.client.elements.values() if hasattr(e, "content"))


def seen(page: Callable[[], None], check: Callable[[Any], Any]) -> None:
    """Check a page."""

    async def steps(user: Any) -> None:
        await user.open("/")
        await until(lambda: check(user))

    simulate(lambda: ui.page("/")(page), steps)


def test_how_it_was_read(entry: ChatEntry) -> None:
    """Format, amounts, dates; what was skipped with its places, none of it markup."""
    found = entry.found()
    assert found is not None
    found["report"]["skipped"] = {"empty": {"count": 5, "places": ["<x>:1", "<x>:2", "<x>:3"]}}
    found["report"]["read"] = found["report"]["kept"] + 5

    def check(user: Any) -> bool:
        html = contents(user)
        return all(text in html for text in ("280", "2024-01-01", "5 skipped, empty", "&lt;x&gt;:1, &lt;x&gt;:2, &lt;x&gt;:3, …"))

    def page() -> None:
        facts_of(entry, found, lambda _: None)

    seen(page, check)


def test_what_is_not_learnt_is_told() -> None:
    """Messages that were passed on and lines that quote, each where there are some; rows that are empty are nobody's words."""
    report = {"skipped": {"forwarded": {"count": 1200}, "relayed": {"count": 7}, "empty": {"count": 3}}}
    found = {"report": report, "quoted": {"messages": 20, "lines": 25}}
    passed_on = "1,200 forwarded messages and 7 relayed messages"
    assert left_out(found) == f"Not learnt from: {passed_on} and 25 quoted lines in 20 messages."
    assert left_out(found | {"quoted": None}) == f"Not learnt from: {passed_on}."
    assert left_out({"report": {"skipped": {"empty": {"count": 3}}}}) == ""


@pytest.mark.parametrize(
    ("picked", "title"),
    [([], "Messages of everyone in each day"), (["gull"], "Messages of gull"), (["gull", "ferry"], "Messages of 2 people")],
)
def test_charts_are_of_who_is_picked(entry: ChatEntry, picked: list[str], title: str) -> None:
    """Of everyone, of one, of several side by side."""
    found = entry.found()
    assert found is not None
    names = {row["author"]: row["name"] for row in found["authors"]}
    seen(lambda: charts_of(found["portraits"], picked, names), lambda user: title in contents(user))


def test_messages_are_read(entry: ChatEntry) -> None:
    """Those of who is picked, without their name; of everyone, with it."""
    names = {"gull": "gull"}

    def alone(user: Any) -> bool:
        html = contents(user)
        return html.count("<li>") == 12 and "<b>" not in html

    seen(lambda: messages_view(entry, ["gull"], names), alone)
    seen(lambda: messages_view(entry, [], names), lambda user: contents(user).count("<b>") == 12)
