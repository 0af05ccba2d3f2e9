"""Talk: let a voice write, converse with it, write together with it."""

from __future__ import annotations

import asyncio
from importlib import import_module
from typing import TYPE_CHECKING

from nicegui import app, background_tasks, ui
from nicegui.elements.mixins.text_element import TextElement

from talklike.errors import TalklikeError
from talklike.studio.frame import page_frame
from talklike.studio.reports import chat_for
from talklike.studio.talk_share import add_downloads
from talklike.studio.talk_state import TalkState
from talklike.studio.voice_choice import chosen_voice
from talklike.studio.voices import desk_of, model_names

if TYPE_CHECKING:
    from nicegui.element import Element

    from talklike.studio.voice_choice import Chosen
    from talklike.studio.voices import Desk
    from talklike.studio.workspace import Workspace


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
            chosen = chosen_voice(workspace, voice, "/talk", nothing="There is no voice to talk to yet.")
            if chosen is None:
                return
            with ui.element("div") as room:
                TextElement(tag="p", text="Loading the voice …").classes("tl-soft").props("role=status")
            background_tasks.create(_open(workspace, desk, chosen, room), name="open a voice")


async def _open(workspace: Workspace, desk: Desk, chosen: Chosen, room: Element) -> None:
    """Load a voice, and fill the page."""
    entry, problem = chosen.entry, chosen.problem
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
        parts.TalkRoom(state, chosen.top)
