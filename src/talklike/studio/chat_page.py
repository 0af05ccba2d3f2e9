"""The first page: open a chat, see who writes in it, pick whose voice it is to be."""

from __future__ import annotations

import json
from functools import partial
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nicegui import run, ui

from talklike.errors import TalklikeError
from talklike.sample import sample_path
from talklike.studio import chats, widgets
from talklike.studio.author_table import AuthorTable
from talklike.studio.chat_views import QUOTES, QUOTES_HINT, charts_of, facts_of, left_out, messages_view
from talklike.studio.frame import page_frame
from talklike.studio.plain import plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from nicegui.element import Element

    from talklike.studio.chats import ChatEntry
    from talklike.studio.workspace import Workspace

POLL = 0.5
"""Time between two looks at a job [s]."""

SCRIPT = Path(__file__).with_name("drop.js")

_ZONE = """
<div data-part="ask">
  <p class="tl-title">Drop a chat here</p>
  <p class="tl-soft">A file, a folder or a zip, as WhatsApp, Telegram, Discord, Slack, IRC, Gitter and many others export it;
  or any CSV.</p>
  <div class="tl-row" style="justify-content: center">
    <button type="button" class="tl-button tl-first" data-opens="files">Choose a file</button>
    <button type="button" class="tl-button" data-opens="folder">Choose a folder</button>
  </div>
  <input type="file" data-part="files" multiple hidden aria-label="A file of a chat">
  <input type="file" data-part="folder" webkitdirectory hidden aria-label="A folder of a chat">
</div>
<div data-part="sending" hidden>
  <p class="tl-title">Taking it in</p>
  <div class="tl-progress" role="progressbar" aria-label="Upload" aria-valuemin="0" aria-valuemax="100" aria-valuenow="0">
    <div data-part="bar" style="width: 0"></div></div>
  <p class="tl-soft" data-part="said"></p>
  <button type="button" class="tl-button" data-part="cancel">Cancel</button>
</div>
<p class="tl-note tl-bad" role="alert" data-part="error" hidden></p>
"""


def add(workspace: Workspace) -> None:
    """Register the page."""

    @ui.page("/")
    def page(chat: str = "") -> None:
        with page_frame("Chat"):
            ui.add_body_html(f"<script>{SCRIPT.read_text(encoding='utf-8')}</script>")
            if not chat:
                _opening(workspace)
                return
            try:
                entry = chats.get(workspace, chat)
            except TalklikeError as error:
                widgets.note(plain(str(error)), bad=True)
                _opening(workspace)
                return
            _ChatView(workspace, entry)


def _opening(workspace: Workspace) -> None:
    """Show the ways to open a chat, and those that were opened before."""
    widgets.text(
        "See who writes and when, pick someone, and train a small model that writes like them. Nothing leaves this machine.",
        "tl-lead",
    )
    options: dict[str, Any] = {}
    zone = _zone(options)
    path = ""

    def changed(name: str, value: Any) -> None:
        _changed(options, name, value)
        zone.props["data-reading"] = _sent(options)
        zone.update()

    def typed(value: str) -> None:
        nonlocal path
        path = value

    def opened(where: str) -> None:
        complaint.clear()
        try:
            entry = chats.open_path(workspace, where, options)
        except TalklikeError as error:
            with complaint:
                widgets.note(plain(str(error)), bad=True)
            return
        ui.navigate.to(f"/?chat={entry.id}")

    with ui.element("div").classes("tl-columns").style("margin-top: 1.1rem"):
        with widgets.card():
            widgets.text("Or open it where it lies", tag="h2")
            with ui.element("form").on("submit.prevent", lambda: opened(path)).classes("tl-row").style("margin-top: .7rem"):
                with ui.element("div").style("flex: 1; min-width: 12rem"):
                    widgets.field("Path on this machine", typed)
                widgets.button("Open", lambda: None).props("type=submit").style("align-self: end")
            complaint = ui.element("div").style("margin-top: .7rem")
            with widgets.fold("How to read it"):
                widgets.text("Only where the studio doesn't see it by itself.", "tl-soft tl-small")
                _reading_fields(changed)
                _quotes_field(changed)
        with widgets.card():
            known = chats.all_chats(workspace)
            if known:
                widgets.text("Opened before", tag="h2")
                _known(workspace, known)
            else:
                widgets.text("No chat at hand?", tag="h2")
                widgets.text(
                    "A year of messages from the invented harbour town of Halfmoon Slip comes with talklike. It is small: "
                    "a minute trains a voice.",
                    "tl-soft",
                )
            widgets.button("Try the bundled chat", lambda: opened(str(sample_path()))).style("margin-top: .8rem")


def _zone(options: dict[str, Any]) -> Element:
    """Show where a chat can be dropped; it is read with these options."""
    zone = widgets.html(_ZONE, "tl-drop")
    zone.props["data-reading"] = _sent(options)
    return zone


def _sent(options: dict[str, Any]) -> str:
    """Return options of reading as the page sends them back; those that say nothing are left away."""
    return json.dumps({key: one for key, one in options.items() if one not in (None, "")})


def _changed(options: dict[str, Any], name: str, value: Any) -> None:
    """Take an option of reading as the page has it."""
    options[name] = {"": None, "day": True, "month": False}.get(value, value) if name == "day_first" else value


def _reading_fields(changed: Callable[[str, Any], None]) -> None:
    from talklike.chat.formats import FORMATS

    with ui.element("div").classes("tl-fields"):
        formats = {"": "found by itself"} | {one.name: f"{one.name}: {one.title}" for one in FORMATS}
        widgets.choice("Format", formats, lambda value: changed("format", value))
        dates = {"": "as all dates say", "day": "the 3rd of April", "month": "March 4th"}
        widgets.choice("03/04 is", dates, lambda value: changed("day_first", value))
        widgets.field(
            "Time zone", lambda value: changed("timezone", value), hint="Where it was written, such as Europe/Berlin; else UTC."
        )
        for name in ("author", "text", "time"):
            hint = "Its name, or its position from 1." if name == "author" else ""
            widgets.field(f"Column of the {name}", partial(changed, f"{name}_column"), hint=hint)


def _quotes_field(changed: Callable[[str, Any], None], *, value: bool = False) -> None:
    with ui.element("div").style("margin-top: 1rem"):
        widgets.check(QUOTES, partial(changed, "with_quotes"), value=value, hint=f"{QUOTES_HINT}.")


def _known(workspace: Workspace, known: list[ChatEntry]) -> None:
    """List chats, each with a way to forget it."""
    with ui.element("ul").style("list-style: none; margin: .5rem 0 0; padding: 0"):
        for entry in known[:6]:
            row = ui.element("li").classes("tl-between").style("padding: .25rem 0; align-items: center")
            with row:
                ui.link(entry.name, f"/?chat={entry.id}").style("overflow-wrap: anywhere")
                if entry.with_quotes:
                    widgets.text("with what was passed on", "tl-tag", tag="span")

                async def forget(entry: ChatEntry = entry, row: Element = row) -> None:
                    await run.io_bound(chats.remove, workspace, entry.id)
                    row.delete()

                widgets.button("Forget", forget).props("dense").props["aria-label"] = f"Forget {entry.name}"
    widgets.text("To forget one removes the studio's copy; your file and the voices stay.", "tl-soft tl-small")


class _ChatView:
    """A chat on its page: while it is read, and when it has been.

    Args:
        workspace: Where it is.
        entry: The chat.
    """

    def __init__(self, workspace: Workspace, entry: ChatEntry) -> None:
        self._workspace = workspace
        self._entry = entry
        self._box = ui.element("div")
        self._found: dict[str, Any] = {}
        self._progress: widgets.Progress | None = None
        self._timer = ui.timer(POLL, self._look)
        self._look()

    def _look(self) -> None:
        """Show what is new: how far it is, then who writes, then the rest; what is there already stays as it was left."""
        found = self._entry.found()
        job = self._entry.job(self._workspace)
        state = job.state if job else "done"
        if found is not None and not self._found:
            self._found = found
            self._show()
        elif found is not None and found["portraits"] and not self._found["portraits"]:
            self._found = found
            self._show_portraits()
        elif job is not None and state == "failed":
            self._failed(str(job.error))
        elif found is None and job is not None:
            self._reading([event for event in job.events() if event["event"] == "progress"])
        if state in ("done", "failed", "stopped"):
            self._timer.deactivate()

    def _reading(self, progress: list[dict[str, Any]]) -> None:
        if self._progress is None:
            with self._box, widgets.card():
                widgets.text(f"Reading {self._entry.name}", tag="h2")
                widgets.text("You can close this page; it goes on.", "tl-soft")
                self._progress = widgets.Progress("Reading")
                widgets.button("Cancel", self._cancel).style("margin-top: .9rem")
        if progress and progress[-1]["total"]:
            self._progress.show(progress[-1]["done"] / progress[-1]["total"])

    async def _cancel(self) -> None:
        """Go back to the chat as it was read before, or else to where one is opened."""
        self._timer.deactivate()
        before = await run.io_bound(chats.give_up, self._workspace, self._entry)
        ui.navigate.to(f"/?chat={before.id}" if before else "/")

    def _failed(self, error: str) -> None:
        """Tell why it can't be read, and offer to try otherwise."""
        options: dict[str, Any] = {"with_quotes": self._entry.with_quotes}

        def again() -> None:
            complaint.clear()
            try:
                chats.read_again(self._workspace, self._entry, options)
            except TalklikeError as mistake:
                with complaint:
                    widgets.note(plain(str(mistake)), bad=True)
                return
            ui.navigate.reload()

        self._box.clear()
        with self._box:
            widgets.note(plain(error), bad=True)
            with widgets.card():
                widgets.text("Perhaps it has to be read otherwise", tag="h2")
                _reading_fields(partial(_changed, options))
                _quotes_field(partial(_changed, options), value=self._entry.with_quotes)
                complaint = ui.element("div").style("margin-top: .7rem")
                with ui.element("div").classes("tl-row").style("margin-top: .9rem"):
                    widgets.button("Read it again", again, first=True)
                    widgets.button("Have it as it was" if self._entry.once_read else "Open another chat", self._cancel)

    def _show(self) -> None:
        """Show who writes, and make room for the rest."""
        self._box.clear()
        with self._box:
            self._left_out = facts_of(self._entry, self._found, self._keep_quotes)
            self._dropping = ui.element("div")
            authors = self._found["authors"]
            self._picked = self._entry.picked["authors"] or [row["author"] for row in authors if len(authors) == 1]
            with widgets.card():
                AuthorTable(self._found, self._picked, self._pick)
            self._alike = ui.element("div")
            self._figures = ui.element("div")
            self._messages = widgets.card()
            self._bar = ui.element("div").classes("tl-sticky tl-between").style("align-items: center")
        self._show_portraits()
        self._show_picked()

    def _pick(self, authors: list[str]) -> None:
        """Someone was picked, or is not any more."""
        self._picked = authors
        self._entry = self._entry.change(picked={"authors": authors, "room": False})
        self._show_portraits()
        self._show_picked()

    def _keep_quotes(self, wanted: bool) -> None:
        """Read the chat with what its authors didn't write themselves, or without; where it is gone, have it dropped again."""
        self._dropping.clear()
        if wanted == self._entry.with_quotes:
            return
        try:
            self._entry = chats.read_with_quotes(self._workspace, self._entry, wanted=wanted)
        except TalklikeError as error:
            with self._dropping:
                widgets.note(plain(str(error))).props("role=status")
                _zone(self._entry.otherwise(with_quotes=wanted).reading).style("margin-bottom: 1.1rem")
            self._dropping.run_method("scrollIntoView", {"block": "center"})  # on a phone it would be below the edge
            return
        ui.navigate.reload()

    def _show_portraits(self) -> None:
        """Show what isn't learnt from, who may be one person, and the charts of those who are picked, once they are known."""
        self._left_out.set_content(left_out(self._found))
        self._alike.clear()
        with self._alike:
            self._merging(self._found)
        self._figures.clear()
        with self._figures:
            if self._found["kind"] == "stream":
                return  # it has neither times nor messages
            if self._found["portraits"]:
                charts_of(self._found["portraits"], self._picked, self._names)
            else:
                widgets.text("Counting when they write and how much at a time …", "tl-soft")

    def _show_picked(self) -> None:
        """Show messages of those who are picked, and what can be done with them."""
        self._messages.clear()
        with self._messages:
            messages_view(self._entry, self._picked, self._names)
        self._bar.clear()
        with self._bar:
            self._offer(self._picked)

    @property
    def _names(self) -> dict[str, str]:
        return {row["author"]: row["name"] for row in self._found["authors"]}

    def _offer(self, picked: list[str]) -> None:
        """Offer what to do with those who are picked."""
        rows = [row for row in self._found["authors"] if row["author"] in picked]
        characters = sum(row["characters"] for row in rows)
        if not rows:
            widgets.text("Pick someone in the table, or take them all together.", tag="span")
        elif len(rows) == 1:
            widgets.html(f"<b>{escape(rows[0]['name'])}</b>: {characters:,} characters to learn from", tag="span")
        else:
            widgets.html(f"<b>{len(rows)} people</b>: {characters:,} characters", tag="span")
        with ui.element("div").classes("tl-row"):
            if len(rows) > 1:
                widgets.button("They are one person", lambda: self._merge([(r["author"], rows[0]["author"]) for r in rows[1:]]))
            if not rows:
                widgets.button("Train the whole room", lambda: self._train(room=True), first=True)
            else:
                label = "Train this voice" if len(rows) == 1 else f"Train a room of these {len(rows)}"
                widgets.button(label, lambda: self._train(room=len(rows) > 1), first=True)

    def _train(self, *, room: bool) -> None:
        self._entry = self._entry.change(picked=self._entry.picked | {"room": room})
        ui.navigate.to(f"/train?chat={self._entry.id}")

    def _merging(self, found: dict[str, Any]) -> None:
        """Show who was made one, and who may be one person."""
        if not found["alike"] and not self._entry.merges:
            return
        names = self._names
        with widgets.card():
            widgets.text("The same person under several names", tag="h2")
            with ui.element("ul").style("list-style: none; margin: .4rem 0 0; padding: 0"):
                for pair in self._entry.merges:
                    before, _, after = pair.partition("=")
                    with ui.element("li").classes("tl-between").style("padding: .2rem 0; align-items: center"):
                        widgets.html(f"<b>{escape(before)}</b> is now <b>{escape(names.get(after, after))}</b>", tag="span")
                        rest = [one for one in self._entry.merges if one != pair]
                        widgets.button("Undo", partial(self._set_merges, rest)).props("dense")
                for pair in found["alike"]:
                    one, other = names.get(pair["author"], pair["author"]), names.get(pair["into"], pair["into"])
                    with ui.element("li").classes("tl-between").style("padding: .2rem 0; align-items: center"):
                        why = f"<span class=tl-soft>– {escape(pair['reason'])}</span>"
                        said = f"<b>{escape(one)}</b> and <b>{escape(other)}</b> {why}"
                        widgets.html(said, tag="span")
                        into = [(pair["author"], pair["into"])]
                        widgets.button("Make them one", partial(self._merge, into)).props("dense")

    def _merge(self, pairs: list[tuple[str, str]]) -> None:
        if wrong := [one for pair in pairs for one in pair if "=" in one]:
            ui.notify(f"{wrong[0]} has a = in it; merge it on the command line, before", type="negative")
            return
        self._set_merges([*self._entry.merges, *(f"{one}={other}" for one, other in pairs)])

    def _set_merges(self, merges: list[str]) -> None:
        try:
            self._entry = chats.merge(self._workspace, self._entry, merges)
        except TalklikeError as error:
            ui.notify(str(error), type="negative")
            return
        ui.navigate.reload()
