"""Which voice the Talk and Report pages are about: the one in the address, or the newest, and a list of all."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from nicegui import ui

from talklike.studio import widgets
from talklike.studio.talk_state import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nicegui.element import Element

    from talklike.studio.workspace import VoiceEntry, Workspace

STYLE = Path(__file__).with_name("talk.css")


@dataclass(frozen=True)
class Chosen:
    """The voice that a page is about.

    Attributes:
        entry: The voice.
        problem: Where the page says what went wrong.
        top: What holds the list of voices.
    """

    entry: VoiceEntry
    problem: Problem
    top: Element


def chosen_voice(workspace: Workspace, voice: str, page: str, *, nothing: str) -> Chosen | None:
    """Begin a page with the list of voices; return the one that it is about.

    Args:
        workspace: Whose voices.
        voice: The id of the one that is asked for; empty for the newest.
        page: The page's path.
        nothing: What is said where there is no voice; then None is returned.
    """
    ui.add_head_html(f"<style>{STYLE.read_text(encoding='utf-8')}</style>")
    entries = {entry.id: entry for entry in workspace.voices()}
    if not entries:
        widgets.text(nothing, "tl-lead")
        ui.link("Train one", "/train").classes("tl-button tl-first")
        return None
    problem = Problem()
    if voice and voice not in entries:
        problem.say("That voice isn't there any more; here is the newest.")
    entry = entries.get(voice) or next(iter(entries.values()))
    with ui.element("div").classes("tk-top") as top:
        names = {one.id: named(one, entries.values()) for one in entries.values()}
        widgets.choice("Voice", names, lambda chosen: ui.navigate.to(f"{page}?voice={chosen}"), value=entry.id)
    return Chosen(entry, problem, top)


def named(entry: VoiceEntry, entries: Iterable[VoiceEntry]) -> str:
    """Return what a voice is called in the list; with its folder where another is called the same."""
    same = [one for one in entries if one.name == entry.name]
    return entry.name if len(same) == 1 else f"{entry.name} ({entry.path.parent.parent.name or entry.path.parent})"
