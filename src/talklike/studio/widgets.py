"""Small parts of pages: buttons, fields, notes, progress, tiles."""

from __future__ import annotations

from contextlib import contextmanager
from html import escape
from typing import TYPE_CHECKING, Any

from nicegui import ui

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from nicegui.element import Element

_VALUE = "(e) => emit(e.target.type === 'checkbox' ? e.target.checked : e.target.value)"


def text(content: str, classes: str = "", *, tag: str = "p") -> ui.html:
    """Show plain text."""
    return ui.html(escape(content, quote=False), tag=tag, sanitize=False).classes(classes)


def html(content: str, classes: str = "", *, tag: str = "div") -> ui.html:
    """Show HTML that was made here, everything from elsewhere in it escaped."""
    return ui.html(content, tag=tag, sanitize=False).classes(classes)


def button(label: str, on_click: Callable[[], Any], *, first: bool = False) -> ui.button:
    """Show a button; the one that most people want next is the first."""
    made = ui.button(label, on_click=on_click, color=None).props("unelevated no-caps")
    return made.classes("tl-first" if first else "tl-quiet")


def card(classes: str = "") -> Element:
    """Return a surface for things that belong together."""
    return ui.element("section").classes(f"tl-card {classes}")


@contextmanager
def fold(title: str, *, opened: bool = False) -> Iterator[None]:
    """Fold what follows away under a title."""
    details = ui.element("details").classes("tl-fold")
    if opened:
        details.props("open")
    with details:
        text(title, tag="summary")
        yield


def note(content: str, *, bad: bool = False) -> Element:
    """Show a sentence that stands out; a bad one is read out at once."""
    box = text(content, "tl-note tl-bad" if bad else "tl-note", tag="div")
    return box.props("role=alert") if bad else box


def field(
    label: str, on_value: Callable[[Any], Any], *, value: str = "", hint: str = "", kind: str = "text", props: str = ""
) -> Element:
    """Show a field with its label, and a sentence on what it means.

    Args:
        label: What it is called.
        on_value: Called with the text whenever it changes.
        value: What it holds at first.
        hint: The sentence.
        kind: The input's type.
        props: More of the input's properties, as NiceGUI takes them.
    """
    with ui.element("label").classes("tl-field"):
        text(label, tag="span")
        made = ui.element("input").props(f"type={kind} autocomplete=off {props}")
        made.props["^value"] = value  # an attribute: what was typed since stays when the page is drawn anew
        made.on("input", lambda event: on_value(event.args), js_handler=_VALUE)
        if hint:
            text(hint, tag="small")
    return made


def choice(label: str, options: Mapping[str, str], on_value: Callable[[str], Any], *, value: str = "", hint: str = "") -> Element:
    """Show a choice with its label.

    Args:
        label: What it is called.
        options: What can be chosen: value → what is shown.
        on_value: Called with the value that was chosen.
        value: What is chosen at first.
        hint: A sentence on what it means.
    """
    with ui.element("label").classes("tl-field"):
        text(label, tag="span")
        with ui.element("select") as made:
            for one, shown in options.items():
                option = text(shown, tag="option")
                option.props["value"] = one
                if one == value:
                    option.props("selected")
        made.on("change", lambda event: on_value(event.args), js_handler=_VALUE)
        if hint:
            text(hint, tag="small")
    return made


def check(label: str, on_value: Callable[[bool], Any], *, value: bool = False, hint: str = "") -> Element:
    """Show a box to tick with its label, and below it a sentence on what it means."""
    with ui.element("label").classes("tl-check"):
        made = ui.element("input").props("type=checkbox")
        if value:
            made.props("checked")
        made.on("change", lambda event: on_value(bool(event.args)), js_handler=_VALUE)
        text(label, tag="span")
    if hint:
        said = text(hint, "tl-soft tl-small")
        made.props["aria-describedby"] = said.html_id
    return made


class Progress:
    """A progress bar."""

    def __init__(self, label: str) -> None:
        self._bar = html("", "tl-progress").props(f'role=progressbar aria-valuemin=0 aria-valuemax=100 aria-label="{label}"')
        self.show(None)

    def styled(self, style: str) -> Progress:
        """Give it a style; return it."""
        self._bar.style(style)
        return self

    def set_visibility(self, visible: bool) -> None:
        """Show or hide it."""
        self._bar.set_visibility(visible)

    def show(self, share: float | None) -> None:
        """Show how far it is, from 0 to 1; None if nobody knows."""
        known = share is not None
        percent = round(100 * min(1.0, max(0.0, share or 0.0)), 1)
        self._bar.set_content(f'<div style="width: {percent}%"></div>')
        self._bar.classes(remove="tl-unknown") if known else self._bar.classes("tl-unknown")
        if known:
            self._bar.props["aria-valuenow"] = round(percent)


def tiles(figures: Sequence[tuple[str, str]]) -> str:
    """Return figures as HTML, each with what it is: (figure, what)."""
    inner = "".join(
        f'<div class="tl-tile"><div class="tl-figure">{escape(figure)}</div>'
        f'<div class="tl-soft tl-small">{escape(what)}</div></div>'
        for figure, what in figures
    )
    return f'<div class="tl-tiles">{inner}</div>'
