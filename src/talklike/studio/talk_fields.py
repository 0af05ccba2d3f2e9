"""Buttons, headings and fields of the Talk and Report pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement

if TYPE_CHECKING:
    from collections.abc import Callable

    from nicegui.element import Element
    from nicegui.events import GenericEventArguments


class Button(TextElement):
    """A button.

    Args:
        text: What stands on it.
        on_click: Called when it is pressed; may be a coroutine function.
        first: Whether it is the one that the page is for.
        said: What screen readers say, where the text alone isn't enough.
        keys: The keys that do the same, as ``aria-keyshortcuts`` has them.
    """

    def __init__(
        self, text: str, on_click: Callable[[], Any], *, first: bool = False, said: str | None = None, keys: str | None = None
    ) -> None:
        super().__init__(tag="button", text=text)
        self.classes("tl-button tl-first" if first else "tl-button")
        self._props["type"] = "button"
        if said is not None:
            self._props["aria-label"] = said
        if keys is not None:
            self._props["aria-keyshortcuts"] = keys
            self._props["title"] = keys.replace("+", " + ")
        self.on("click", on_click)

    def enable(self, wanted: bool) -> None:
        """Let it be pressed, or don't."""
        self._props["disabled"] = not wanted
        self.update()


def heading(text: str, level: int = 2) -> TextElement:
    """Add a heading."""
    return TextElement(tag=f"h{level}", text=text)


def number(value: float, on_set: Callable[[str], Any], *, props: str) -> Element:
    """Add a field for a number.

    Args:
        value: What it holds at first.
        on_set: Told what was typed; may be a coroutine function.
        props: More of its properties, as NiceGUI takes them.
    """

    def told(event: GenericEventArguments) -> Any:
        return on_set(str(event.args))

    field = ui.element("input").props(f"type=number {props}").on("input", told, js_handler="(event) => emit(event.target.value)")
    field.props["^value"] = value  # an attribute: what was typed since stays when the page is drawn anew
    return field
