"""The element that shows a text while it is written, and colours and marks it on demand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nicegui.element import Element

if TYPE_CHECKING:
    from collections.abc import Sequence

    from talklike.studio.talk_stream import Character


class TalkText(Element, component="talk_text.js", default_classes="tk-text-element"):
    """A text that grows.

    Args:
        hint: What is shown while there is none.

    Attributes:
        text: The text so far, without its prompt.
        prompt: What it began with.
    """

    def __init__(self, hint: str = "") -> None:
        super().__init__()
        self.text = self.prompt = ""
        self._props["hint"] = hint
        self._props["colours"] = False

    def begin(self, prompt: str) -> None:
        """Begin a new text after a prompt."""
        self.text, self.prompt = "", prompt
        self.run_method("begin", prompt)

    def show(self, text: str) -> None:
        """Show a text that is there already, as what somebody else has written."""
        self.begin(text)
        self.end()

    def go_on(self) -> None:
        """Let the text that is there grow on."""
        self.run_method("go_on")

    def append(self, characters: Sequence[Character]) -> None:
        """Add characters."""
        self.text += "".join(one.text for one in characters)
        self.run_method("append", [one.text for one in characters], [round(one.probability, 4) for one in characters])

    def end(self) -> None:
        """Show that nothing more comes."""
        self.run_method("end")

    def mark_copies(self, spans: Sequence[dict[str, Any]]) -> None:
        """Mark parts of the text.

        Args:
            spans: Of each, ``start``, ``end`` and what is ``said`` of it.
        """
        self.run_method("mark", list(spans))

    def colour(self, wanted: bool) -> None:
        """Colour each character by how likely it was, or don't."""
        self._props["colours"] = wanted
        self.update()
