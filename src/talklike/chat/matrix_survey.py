"""What must be known of a whole export of Matrix before its messages are read: edits, deletions, names.

Events refer to each other across the pages of an export, backwards and, where the newest come first, forwards.
"""

from __future__ import annotations

import weakref
from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from talklike.chat.json_values import identifier, mapping, string
from talklike.chat.matrix_events import events, new_content, replaced, room_of, sender_of
from talklike.chat.report import ReadReport
from talklike.chat.source import Source
from talklike.errors import ChatFileError

if TYPE_CHECKING:
    from collections.abc import Callable

    from talklike.chat.format import Match
    from talklike.chat.matrix_events import Path
    from talklike.chat.source import Head
    from talklike.chat.tree import Tree

MOST_EDITED = 64 << 20
"""Of the edits that are remembered; more are not put in place [character]."""

KEPT = ("body", "filename", "formatted_body", "msgtype")
"""What is remembered of an edit."""

LATEST = 1e18
"""A time beyond this is none [ms]."""


@dataclass(frozen=True)
class Edit:
    """The last edit of a message by someone that has been seen.

    Attributes:
        order: Tells which of two is the later.
        key: Its own id.
        sender: Who made it; only the author's counts.
        content: What it puts in place of the old content.
    """

    order: tuple[float, str]
    key: str
    sender: str | None
    content: dict[str, Any]


class Survey:
    """What is known of an export."""

    def __init__(self) -> None:
        self.overflowed = False
        self._edits: dict[tuple[str, str | None], Edit] = {}  # by what they replace and who made them
        self._redacted: set[int] = set()  # hashes of the ids
        self._names: dict[tuple[str | None, str], tuple[float, str]] = {}
        self._rooms: dict[tuple[str, str], tuple[float, str]] = {}
        self._seen = array("q")  # hashes of the ids of all messages
        self._alone: set[str] = set()
        self._size = 0  # characters

    def learn(self, event: Any, path: Path) -> None:
        """Take in an event."""
        if not isinstance(event, dict):
            return
        content, when = mapping(event.get("content")), _when(event)
        kind = event.get("type")
        if kind == "m.room.message":
            self._message(event)
        elif kind == "m.room.redaction":
            target = identifier(event.get("redacts")) or identifier(content.get("redacts"))
            if target is not None:
                self._redacted.add(hash(target))
        elif kind == "m.room.member":
            person, name = identifier(event.get("state_key")), identifier(content.get("displayname"))
            if person and name:
                for room in (room_of(event, path), None):
                    _later(self._names, (room, person), when, name)
        elif kind in ("m.room.name", "m.room.canonical_alias"):
            room, name = room_of(event, path), identifier(content.get("name" if kind == "m.room.name" else "alias"))
            if room and name:
                _later(self._rooms, (kind, room), when, name)

    def finish(self) -> None:
        """Find the edits whose originals are not in the export; they stand for themselves."""
        seen = set(self._seen) if self._edits else set()
        self._alone = {edit.key for (target, _), edit in self._edits.items() if hash(target) not in seen}
        self._seen = array("q")

    def newest(self, event: dict[str, Any]) -> dict[str, Any]:
        """Return the content of a message's last version, from the export or from what the server put into the event."""
        if replaced(event):
            return new_content(event)
        key, sender = identifier(event.get("event_id")), sender_of(event)
        bundled = mapping(mapping(mapping(event.get("unsigned")).get("m.relations")).get("m.replace"))
        found = [self._edits.get((key or "", sender))]
        if isinstance(bundled.get("content"), dict):
            found.append(_edit(bundled))
        if found == [None]:
            return mapping(event.get("content"))
        edits = [
            edit
            for edit in found
            if edit is not None and edit.sender == sender and hash(edit.key) not in self._redacted and "body" in edit.content
        ]
        return max(edits, key=lambda edit: edit.order).content if edits else mapping(event.get("content"))

    def is_redacted(self, event: dict[str, Any]) -> bool:
        """Return whether a message was deleted."""
        return hash(identifier(event.get("event_id"))) in self._redacted

    def stands_alone(self, event: dict[str, Any]) -> bool:
        """Return whether an edit is the last of a message that is not in the export."""
        return identifier(event.get("event_id")) in self._alone

    def name(self, room: str | None, person: str | None) -> str | None:
        """Return what someone calls themselves in a room, or in any."""
        known = self._names.get((room, person or "")) or self._names.get((None, person or ""))
        return None if known is None else known[1]

    def room(self, room: str | None) -> str | None:
        """Return what a room is called, or its id."""
        known = self._rooms.get(("m.room.name", room or "")) or self._rooms.get(("m.room.canonical_alias", room or ""))
        return room if known is None else known[1]

    def _message(self, event: dict[str, Any]) -> None:
        target = replaced(event)
        if target is None:
            self._seen.append(hash(identifier(event.get("event_id"))))
            return
        edit = _edit(event)
        known = self._edits.get((target, edit.sender))
        if edit.key and (known is None or edit.order > known.order):
            self._size += len(target) + sum(len(value) for value in edit.content.values() if isinstance(value, str))
            if self._size > MOST_EDITED:
                self.overflowed = True
                return
            self._edits[target, edit.sender] = edit


class Surveys:
    """Remembers what is known of an export, for the next file of the same export."""

    def __init__(self, detect: Callable[[Head], Match | None]) -> None:
        """Take what tells whether a file holds events."""
        self._detect = detect
        self._last: tuple[weakref.ref[Tree], Survey] | None = None

    def of(self, source: Source) -> Survey:
        """Return what is known of the export that a file belongs to; of the file itself ``reopened`` must be read after this."""
        tree = source.tree
        if self._last is None or self._last[0]() is not tree:
            survey = Survey()
            if len(tree.entries) == 1:
                with source.reopened(quietly=True) as again:
                    _walk(again, survey)
            else:
                _walk_all(tree, self._detect, survey)
            survey.finish()
            self._last = weakref.ref(tree), survey
        return self._last[1]


def _walk_all(tree: Tree, detect: Callable[[Head], Match | None], survey: Survey) -> None:
    for entry in tree.entries:
        try:
            with Source(entry, tree) as source:
                if detect(source.head) is not None:
                    _walk(source, survey)
        except ChatFileError:
            continue  # said when it is its turn


def _walk(source: Source, survey: Survey) -> None:
    try:
        for event, path, _ in events(source, ReadReport("", "", "")):
            survey.learn(event, path)
    except ChatFileError:
        return  # said when the messages are read


def _edit(event: dict[str, Any]) -> Edit:
    content = {key: text for key, value in new_content(event).items() if key in KEPT and (text := string(value)) is not None}
    key = identifier(event.get("event_id")) or ""
    return Edit((_when(event), key), key, sender_of(event), content)


def _when(event: dict[str, Any]) -> float:
    value = event.get("origin_server_ts")
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= LATEST:
        return 0.0
    return float(value)


def _later(names: dict[Any, tuple[float, str]], key: Any, when: float, name: str) -> None:
    known = names.get(key)
    if known is None or when >= known[0]:
        names[key] = when, name
