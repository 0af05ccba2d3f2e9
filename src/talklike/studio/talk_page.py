"""Talk: let a voice write, converse with it, write together with it."""

from __future__ import annotations

import asyncio
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from nicegui import app, background_tasks, ui
from nicegui.elements.mixins.text_element import TextElement

from talklike.errors import TalklikeError
from talklike.studio.frame import page_frame
from talklike.studio.reports import chat_for
from talklike.studio.talk_share import add_downloads
from talklike.studio.talk_state import Problem, TalkState
from talklike.studio.voices import desk_of, model_names
from talklike.studio.widgets import choice

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nicegui.element import Element

    from talklike.studio.voices import Desk
    from talklike.studio.workspace import VoiceEntry, Workspace

STYLE = Path(__file__).with_name("talk.css")


def add(workspace: Workspace) -> None:
    """Add the page.

    Args:
        workspace: Whose voices are talked to.
    """
    desk = desk_of(workspace)
    app.on_shutdown(desk.close)
    add_downloads(workspace)

    @ui.page("/talk")
    def talk(voice: str = "") -> None:
        with page_frame("Talk"):
            ui.add_head_html(f"<style>{STYLE.read_text(encoding='utf-8')}</style>")
            entries = {entry.id: entry for entry in workspace.voices()}
            if not entries:
                with ui.element("p").classes("tl-lead"):
                    ui.label("There is no voice to talk to yet.")
                ui.link("Train one", "/train").classes("tl-button tl-first")
                return
            problem = Problem()
            if voice and voice not in entries:
                problem.say("That voice isn't there any more; here is the newest.")
            entry = entries.get(voice) or next(iter(entries.values()))
            with ui.element("div").classes("tk-top") as top:
                names = {one.id: named(one, entries.values()) for one in entries.values()}
                choice("Voice", names, lambda chosen: ui.navigate.to(f"/talk?voice={chosen}"), value=entry.id)
            with ui.element("div") as room:
                TextElement(tag="p", text="Loading the voice …").classes("tl-soft").props("role=status")
            background_tasks.create(_open(workspace, desk, entry, problem, top, room), name="open a voice")


def named(entry: VoiceEntry, entries: Iterable[VoiceEntry]) -> str:
    """Return what a voice is called in the list; with its folder where another is called the same."""
    same = [one for one in entries if one.name == entry.name]
    return entry.name if len(same) == 1 else f"{entry.name} ({entry.path.parent.parent.name or entry.path.parent})"


async def _open(workspace: Workspace, desk: Desk, entry: VoiceEntry, problem: Problem, top: Element, room: Element) -> None:
    """Load a voice, and fill the page."""
    try:
        served = await desk.open(entry.id)
        parts = await asyncio.to_thread(import_module, "talklike.studio.talk_room")  # it takes a while, the first time
        state = TalkState(desk, entry, served, chat_for(workspace, entry), model_names(workspace.voices())[entry.id], problem)
    except TalklikeError as error:
        room.clear()
        problem.say(error)
        return
    if room.is_deleted:
        return
    room.client.on_delete(state.close)
    room.clear()
    with room:
        parts.TalkRoom(state, top)
