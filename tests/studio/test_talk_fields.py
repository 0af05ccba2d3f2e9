"""Tests of buttons and headings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nicegui import ui
from nicegui.testing.user_interaction import UserInteraction

from talklike.studio.talk_fields import Button, heading, number
from tests.studio.talking import press, simulate

if TYPE_CHECKING:
    from nicegui.element import Element
    from nicegui.testing import User


def test_a_button_says_what_it_does() -> None:
    """To eyes, to screen readers and by its keys; it can be put out of use."""
    pressed: list[str] = []
    made: list[Button] = []

    def add() -> None:
        @ui.page("/")
        def page() -> None:
            heading("Here", 3)
            made.append(Button("Write", lambda: pressed.append("write"), first=True, said="Write a text", keys="Control+Enter"))

    async def steps(user: User) -> None:
        await user.open("/")
        await user.should_see("Here")
        press(user, "Write")
        (button,) = made
        assert (button.tag, button.props["type"], button.props["aria-label"]) == ("button", "button", "Write a text")
        assert (button.props["aria-keyshortcuts"], button.props["title"]) == ("Control+Enter", "Control + Enter")
        assert "tl-first" in button.classes
        button.enable(False)
        assert button.props["disabled"]

    simulate(add, steps)
    assert pressed == ["write"]


def test_a_field_tells_what_was_typed() -> None:
    """As it was typed; what it held at first is no property, which would overwrite that."""
    typed: list[str] = []

    def add() -> None:
        @ui.page("/")
        def page() -> None:
            field = number(0.5, typed.append, props="min=0")
            assert field.props["^value"] == 0.5
            assert "value" not in field.props
            fields.append(field)

    fields: list[Element] = []

    async def steps(user: User) -> None:
        await user.open("/")
        UserInteraction(user, set(fields), None).trigger("input", "0.75")

    simulate(add, steps)
    assert typed == ["0.75"]
