"""The dialogue in which a text is taken elsewhere, and the files that a browser may download."""

from __future__ import annotations

import json
import re
from functools import partial
from typing import TYPE_CHECKING

from fastapi.responses import FileResponse, PlainTextResponse, Response
from nicegui import app, ui
from nicegui.elements.mixins.text_element import TextElement

from talklike.errors import TalklikeError
from talklike.studio.guard import COOKIE
from talklike.studio.share import KEY, Server, command_line, curl, openai_lines, talklike_lines, texts_file
from talklike.studio.talk_fields import Button, heading

if TYPE_CHECKING:
    from pathlib import Path

    from talklike.studio.talk_settings import Generation
    from talklike.studio.talk_state import TalkState
    from talklike.studio.workspace import VoiceEntry, Workspace

FULL = "voice.float32.onnx"
"""The same voice with weights of 32 bits, where a run has it beside one with weights of 8."""

COPY = "() => navigator.clipboard?.writeText({text}).then(() => Quasar.Notify.create('Copied'))"


def add_downloads(workspace: Workspace) -> None:
    """Let voices be downloaded, by their ids.

    Args:
        workspace: Whose voices.
    """

    @app.get("/voices/{id}/{weights}")
    def voice_file(id: str, weights: str) -> Response:  # noqa: A002  (what it is called everywhere)
        try:
            entry = workspace.voice(id)
        except TalklikeError as error:
            return PlainTextResponse(str(error), 404)
        files = {name: path for name, path in voice_files(entry) if name == weights}
        if not files:
            return PlainTextResponse("there is no such file; go back and download the voice anew", 404)
        return FileResponse(files[weights], filename=f"{file_name(entry, weights)}", media_type="application/octet-stream")


def voice_files(entry: VoiceEntry) -> list[tuple[str, Path]]:
    """Return the files of a voice, and what their weights are called."""
    full = entry.path.with_name(FULL)
    found = [("shipped", entry.path)]
    return [*found, ("float32", full)] if entry.run is not None and full.is_file() else found


def file_name(entry: VoiceEntry, weights: str = "shipped") -> str:
    """Return what a downloaded voice is called: fit for any system, and for a command line without quotes."""
    stem = re.sub(r"[^\w.-]+", "-", entry.name, flags=re.ASCII).strip(".-") or "voice"
    return f"{stem}.onnx" if weights == "shipped" else f"{stem}.{weights}.onnx"


def voice_links(entry: VoiceEntry, precision: str) -> None:
    """Add links that download a voice.

    Args:
        entry: The voice.
        precision: What its card says of its weights.
    """
    for weights, path in voice_files(entry):
        size = path.stat().st_size / 1e6
        link = ui.link(
            f"Voice, {precision if weights == 'shipped' else weights} weights, {size:.1f} MB", f"/voices/{entry.id}/{weights}"
        )
        link.props("download")


def show_lines(state: TalkState, generation: Generation) -> None:
    """Show the lines that write a text again, and what can be downloaded.

    Args:
        state: The page's state.
        generation: What decided the text.
    """
    request = ui.context.client.request
    server = Server(str(request.base_url).rstrip("/"), state.model, key=COOKIE in request.cookies)
    file = file_name(state.entry)
    ways = {
        "curl": curl(generation, state.voice, server),
        "OpenAI's client": openai_lines(generation, state.voice, server),
        "Python": talklike_lines(generation, file),
        "Command line": command_line(generation, file),
    }
    with ui.dialog().props('aria-labelledby="share-title"') as dialog, ui.element("div").classes("tl-card tk-share"):
        with ui.element("div").classes("tl-between"):
            heading("The same text elsewhere").props("id=share-title")
            Button("Close", dialog.close)
        said = "With these settings and this seed, each of these writes the same text, for as long as the voice stays the same."
        if server.key:
            said += f" The first two take the studio's token from the environment variable {KEY}."
        TextElement(tag="p", text=said).classes("tl-soft")
        chosen = _Ways(ways)
        chosen.show("curl")
        heading("Take it along", 3).classes("tk-space")
        with ui.element("div").classes("tk-links"):
            voice_links(state.entry, state.voice.card.precision)
            Button(
                "The texts of this page",
                lambda: ui.download.content(texts_file(state.written).encode("utf-8", "replace"), "texts.txt"),
            ).classes("tk-link")
    dialog.on("hide", dialog.delete)
    dialog.open()


class _Ways:
    """The lines, one way at a time."""

    def __init__(self, ways: dict[str, str]) -> None:
        self._ways = ways
        self._buttons = {}
        with ui.element("div").classes("tl-segments tk-ways").props('role=group aria-label="How"'):
            for name in ways:
                self._buttons[name] = Button(name, partial(self.show, name)).classes(replace="")
        self._code = TextElement(tag="pre", text="").classes("tl-mono tk-code").props('tabindex=0 aria-label="The lines"')
        self._copy = ui.element("div")

    def show(self, name: str) -> None:
        """Show one way."""
        text = self._ways[name]
        self._code.text = text
        for other, button in self._buttons.items():
            button.props(f"aria-pressed={str(other == name).lower()}")
        self._copy.clear()
        with self._copy:
            copy = TextElement(tag="button", text="Copy the lines").classes("tl-button").props("type=button")
            copy.on("click", js_handler=COPY.format(text=json.dumps(text)))
