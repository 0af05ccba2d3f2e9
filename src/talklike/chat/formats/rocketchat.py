"""Rocket.Chat: its room export as JSON, pages of its API, and its collection of messages as ``mongoexport`` writes it.

Layouts: Rocket.Chat 3 to 7 (the room export writes one object a line with ``msg``, ``username``, ``ts`` and ``type``), its REST
API reference (``channels.messages``, ``channels.history``, ``chat.syncMessages``), MongoDB's extended JSON.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from talklike.chat.format import Match
from talklike.chat.json_items import items
from talklike.chat.json_lines import first_items, first_lines, json_lines
from talklike.chat.json_values import identifier, listing, mapping, string, time
from talklike.chat.rows import Rows
from talklike.chat.side_files import OfExport, objects_beside

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talklike.chat.format import Batch
    from talklike.chat.json_items import Item
    from talklike.chat.options import ReadOptions
    from talklike.chat.report import ReadReport
    from talklike.chat.source import Head, Source
    from talklike.chat.table import Kind
    from talklike.chat.tree import Tree

PAGES = (("messages", "*"), ("result", "updated", "*"), ("*",))
"""Where the messages are in a document: in a page of the API, in what ``chat.syncMessages`` gives, in an array."""

EXPORTED = frozenset({"msg", "username", "ts", "attachments", "type"})
"""All fields that a message of the room export may have."""

REASONS = {"rm": "deleted", "e2e": "encrypted"}
"""Types of messages that are no system lines, and why they aren't kept."""

ROOMS = re.compile("room|channel|group")
"""In the names of files that say what rooms are called."""

# A quotation is a link to the message, which the app draws; what is quoted lies in the attachments.
_QUOTE_LINK = re.compile(r"^(?:\[ ?\]\(https?://[^\s()]*[?&]msg=[^\s()]*\)\s*)+")


class RocketChat:
    """Messages of Rocket.Chat."""

    name = "rocketchat"
    title = "Rocket.Chat: exported rooms, pages of its API, mongoexport (JSON)"
    rule = (
        "JSON objects with `msg`, `ts` and `u` (API, MongoDB), one a line or in `messages`; or lines of `msg`, `username`, `ts`"
    )
    limits = "end-to-end encrypted messages can't be read; rooms have names only if a file beside says so"
    kind: Kind = "messages"
    has_columns = False

    def detect(self, head: Head) -> Match | None:
        """Say whether the objects are messages."""
        if b'"msg"' not in head.data or b'"ts"' not in head.data:
            return None
        lines = first_lines(head)
        if all(_is_message(line) or _is_exported(line) for line in lines) and any(_tells_who(line) for line in lines):
            return Match(0.97, "each line is a message of Rocket.Chat")
        if any(_is_message(item.value) for item in first_items(head, *PAGES) if _is_in_page(item)):
            return Match(0.97, "JSON with messages as Rocket.Chat's API gives them")
        return None

    def read(self, source: Source, options: ReadOptions, report: ReadReport) -> Iterator[Batch]:
        """Yield the messages."""
        by_line = bool(first_lines(source.head)) and not any(_is_in_page(i) for i in first_items(source.head, *PAGES))
        found = json_lines(source, report) if by_line else (i for i in items(source, report, *PAGES) if _is_in_page(i))
        names = _ROOMS.of(source.tree)
        rows = Rows()
        for item in found:
            reason = _reason(item.value, options)
            if reason is not None:
                report.skip(reason, 1, [source.place(item.line)])
                continue
            value = item.value
            user = mapping(value.get("u"))
            nick = identifier(user.get("username")) or identifier(value.get("username"))
            alias = identifier(value.get("alias"))
            room = identifier(value.get("rid"))
            author = identifier(user.get("_id")) or nick
            if author is not None and value.get("bot") and not alias:
                report.bots.add(author)
            rows.add(
                item.line,
                f"webhook:{alias}" if alias and value.get("bot") else author,
                _text(value, options),
                name=alias or identifier(user.get("name")) or nick,
                time=time(value.get("ts")),
                channel=source.stem if room is None else names.get(room, room),
                id=_id(value),
            )
            yield from rows.full()
        yield from rows.rest()


def _is_in_page(item: Item) -> bool:
    return isinstance(item.path[-1] if item.path else None, int)


def _is_message(value: Any) -> bool:
    has = mapping(value)
    user = mapping(has.get("u"))
    return isinstance(has.get("msg"), str) and "ts" in has and ("_id" in user or "username" in user)


def _is_exported(value: Any) -> bool:
    has = mapping(value)
    # Values that the app doesn't know are left out: of encrypted messages the text, of people who are gone the name.
    return "ts" in has and ("msg" in has or "username" in has) and set(has) <= EXPORTED


def _tells_who(value: dict[str, Any]) -> bool:
    return isinstance(value.get("msg"), str) and (isinstance(value.get("username"), str) or _is_message(value))


def _reason(value: Any, options: ReadOptions) -> str | None:
    """Return why something is no message of a person; None if it is one."""
    if not isinstance(value, dict) or not ({"msg", "u", "username"} & set(value)):
        return "malformed"
    kind = value.get("t", value.get("type"))
    if kind:
        return REASONS.get(kind, "system line") if isinstance(kind, str) else "malformed"
    if value.get("_hidden") is True and value.get("parent"):
        return "old version"
    if value.get("bot") and value.get("alias") and not options.quotes:
        return "relayed"
    if not _text(value, options):
        if value.get("msg"):
            return "quotation only"
        if value.get("attachments") or value.get("file") or value.get("files"):
            return "media only"
    return None


def _text(value: dict[str, Any], options: ReadOptions) -> str | None:
    """Return what was written, if need be below a file."""
    text = string(value.get("msg"))
    if not text:
        said = (string(mapping(one).get("description")) for one in listing(value.get("attachments")))
        return "\n".join(one for one in said if one) or text
    return text if options.quotes else _QUOTE_LINK.sub("", text)


def _id(value: dict[str, Any]) -> str | None:
    found = value.get("_id")
    return identifier(mapping(found).get("$oid")) if isinstance(found, dict) else identifier(found)


def _room_names(tree: Tree) -> dict[str, str]:
    """Return what rooms are called, by their ids."""
    names = {}
    for one in objects_beside(tree, ROOMS):
        for room in (one, mapping(one.get("channel")), mapping(one.get("group"))):
            key, name = identifier(room.get("_id")), identifier(room.get("fname")) or identifier(room.get("name"))
            if key and name:
                names[key] = name
    return names


_ROOMS = OfExport(_room_names)
ROCKETCHAT = RocketChat()
