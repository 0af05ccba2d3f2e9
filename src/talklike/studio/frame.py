"""What every page of the studio has around it: navigation, colours, type, and what keyboards and screen readers need.

``studio.css`` holds the colours as variables (``--voice``, ``--ink`` …) and a few classes that all pages share: ``tl-card``,
``tl-columns``, ``tl-row``, ``tl-tiles``, ``tl-note``, ``tl-soft``, ``tl-field``, ``tl-fold``, ``tl-table``, and ``tl-quiet`` for
buttons beside the first one.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from nicegui import ui

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGES = (("Chat", "/"), ("Train", "/train"), ("Runs", "/runs"), ("Talk", "/talk"), ("Report", "/report"))
"""The pages, in the order in which one needs them."""

STYLE = Path(__file__).with_name("studio.css")

_REMEMBERED = """<script>
document.addEventListener("DOMContentLoaded", () => {  // after the page's own scripts, which take the system's choice
  const chosen = localStorage.getItem("talklike-theme");
  if (chosen) Quasar.Dark.set(chosen === "dark");
});
</script>"""
_SWITCH = """() => {
  Quasar.Dark.set(!Quasar.Dark.isActive);
  localStorage.setItem("talklike-theme", Quasar.Dark.isActive ? "dark" : "light");
}"""


@contextmanager
def page_frame(title: str) -> Iterator[None]:
    """Put what follows into the main part of a page.

    Args:
        title: What the page is called, and its first heading.
    """
    ui.page_title(f"{title} · talklike")
    ui.add_head_html(f"<style>{_style()}</style>")
    ui.add_body_html(_REMEMBERED)
    content = ui.context.client.content
    with ui.header().classes("tl-header"), ui.element("div").classes("tl-bar"):
        ui.link("talklike", "/").classes("tl-brand")
        with ui.element("nav").classes("tl-nav").props('aria-label="Pages"'):
            for name, path in PAGES:
                link = ui.link(name, path)
                if name == title:
                    link.props("aria-current=page")
        switch = ui.element("button").classes("tl-icon").props('type=button aria-label="Dark or light"')
        switch.on("click", js_handler=_SWITCH)
        with switch:
            ui.icon("contrast").props("aria-hidden=true")
    ui.skip_link("Skip to the page", target=content)  # after the header, which puts itself first
    with content:
        ui.html(title, tag="h1", sanitize=True)
        yield


@cache
def _style() -> str:
    return STYLE.read_text(encoding="utf-8")
