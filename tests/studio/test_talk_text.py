"""Tests of the element that shows a text; how it looks, ``test_browser_talk`` sees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nicegui import ui

from talklike.studio.talk_stream import Character
from talklike.studio.talk_text import TalkText
from tests.studio.talking import simulate

if TYPE_CHECKING:
    import pytest
    from nicegui.testing import User


def test_a_text_grows(monkeypatch: pytest.MonkeyPatch) -> None:
    """The browser is told only what is new, and the page knows the whole."""
    told: list[tuple[Any, ...]] = []
    monkeypatch.setattr(TalkText, "run_method", lambda _, *what: told.append(what))

    def add() -> None:
        @ui.page("/")
        def page() -> None:
            text = TalkText("nothing yet")
            text.begin("the ")
            text.append([Character("t", 0.51239), Character("i", 1.0)])
            text.append([Character("d", 0.25)])
            text.end()
            assert (text.prompt, text.text) == ("the ", "tid")
            text.go_on()
            text.append([Character("e", 0.5)])
            assert text.text == "tide"
            text.mark_copies([{"start": 0, "end": 4, "said": "4 characters of u1's"}])
            text.colour(True)
            assert text.props["colours"]
            text.show("said")
            assert (text.prompt, text.text) == ("said", "")

    async def steps(user: User) -> None:
        await user.open("/")

    simulate(add, steps)
    assert told[:4] == [("begin", "the "), ("append", ["t", "i"], [0.5124, 1.0]), ("append", ["d"], [0.25]), ("end",)]
    assert [what[0] for what in told[4:]] == ["go_on", "append", "mark", "begin", "end"]
