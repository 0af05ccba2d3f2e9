"""Tests of what every page has around it."""

from __future__ import annotations

from typing import Any

from nicegui import ui

from talklike.studio.frame import PAGES, STYLE, page_frame
from tests.studio.talking import simulate


def test_every_page_is_a_step_away() -> None:
    """The navigation leads to all pages, and says where one is; the page has one heading, and what follows is in it."""

    def page() -> None:
        with page_frame("Train"):
            ui.label("inside")

    async def steps(user: Any) -> None:
        await user.open("/train")
        await user.should_see("inside")
        await user.should_see("Skip to the page")
        links = [element for element in user.client.elements.values() if isinstance(element, ui.link)]
        assert [link.props["href"] for link in links[1:]] == [path for _, path in PAGES]
        assert [link.text for link in links if link.props.get("aria-current")] == ["Train"]
        assert [element.tag for element in user.client.elements.values()].count("nav") == 1
        assert user.client.title == "Train · talklike"

    simulate(lambda: ui.page("/train")(page), steps)


def test_colours_are_there_for_light_and_dark() -> None:
    """Every colour that the style names is set for the light page, and those of surfaces and text for the dark one too."""
    style = STYLE.read_text(encoding="utf-8")
    import re

    root, dark = (re.search(selector + r" \{(.*?)\}", style, re.DOTALL) for selector in (":root", r"\.body--dark"))
    assert root
    assert dark
    named = set(re.findall(r"var\((--[\w-]+)\)", style))
    assert named <= set(re.findall(r"(--[\w-]+):", root[1]))
    assert {"--paper", "--card", "--ink", "--soft", "--rule", "--voice", "--on-voice"} <= set(re.findall(r"(--[\w-]+):", dark[1]))
    assert "http" not in style
