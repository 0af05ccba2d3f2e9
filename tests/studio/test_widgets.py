"""Tests of the small parts of pages."""

from __future__ import annotations

from typing import Any

from nicegui import ui

from talklike.studio import widgets
from tests.studio.talking import simulate


def test_parts_have_what_keyboards_and_screen_readers_need() -> None:
    """Fields and boxes stand in their labels, a bad note is an alert, progress says how far it is."""

    def page() -> None:
        widgets.field("Name", lambda _: None, value="x", hint="Whose?")
        widgets.choice("Colour", {"r": "red", "g": "green"}, lambda _: None, value="g")
        widgets.check("Really", lambda _: None, value=True, hint="It means a lot.")
        widgets.note("That went wrong.", bad=True)
        widgets.note("By the way.")
        with widgets.fold("More", opened=True):
            widgets.text("<b>folded</b>")

    async def steps(user: Any) -> None:
        await user.open("/")
        for said in ("Name", "Whose?", "Colour", "Really", "It means a lot.", "That went wrong.", "More"):
            await user.should_see(said)
        tags = [element.tag for element in user.client.elements.values()]
        assert tags.count("label") == 3
        assert [e.props.get("role") for e in user.client.elements.values()].count("alert") == 1
        (box,) = (e for e in user.client.elements.values() if e.props.get("type") == "checkbox")
        (hint,) = (e for e in user.client.elements.values() if "a lot" in str(getattr(e, "content", "")))
        assert box.props["aria-describedby"] == hint.html_id
        folded = [e for e in user.client.elements.values() if "folded" in str(getattr(e, "content", ""))]
        assert folded[0].content == "&lt;b&gt;folded&lt;/b&gt;"

    simulate(lambda: ui.page("/")(page), steps)


def test_progress_is_known_or_not() -> None:
    """A share is shown and said; without one the bar only moves; what is out of range is kept within."""

    async def steps(user: Any) -> None:
        await user.open("/")
        with user.client:
            bar = widgets.Progress("Reading").styled("margin: 0")
        assert "tl-unknown" in bar._bar.classes
        for share, percent in ((0.5, 50), (1.7, 100), (-1.0, 0)):
            bar.show(share)
            assert bar._bar.props["aria-valuenow"] == percent
            assert "tl-unknown" not in bar._bar.classes
        bar.show(None)
        assert "tl-unknown" in bar._bar.classes
        bar.set_visibility(visible=False)
        assert not bar._bar.visible

    simulate(lambda: ui.page("/")(lambda: None), steps)


def test_tiles_are_text() -> None:
    """Figures may be anything."""
    assert widgets.tiles([("<1", "a&b")]).count("&lt;1") == 1
    assert "a&amp;b" in widgets.tiles([("<1", "a&b")])
