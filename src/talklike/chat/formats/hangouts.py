"""Google Hangouts: ``Hangouts.json`` of Google Takeout, which holds all conversations of an account.

Layouts: exports until about 2016 (``conversation_state``) and after (``conversations``), as parsers in public repositories read
them. Such a file may have gigabytes: its events are read one by one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from talklike.chat.format import Match
from talklike.chat.json_items import items
from talklike.chat.json_lines import first_items
from talklike.chat.json_values import identifier, listing, mapping, string, time
from talklike.chat.members import named_after
from talklike.chat.report import ReadReport
from talklike.chat.rows import Rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talklike.chat.format import Batch
    from talklike.chat.json_items import Item
    from talklike.chat.options import ReadOptions
    from talklike.chat.source import Head, Source
    from talklike.chat.table import Kind

EVENTS = (("conversations", "*", "events", "*"), ("conversation_state", "*", "conversation_state", "event", "*"))
"""Where the events are: in newer exports and in older ones."""


class Hangouts:
    """Conversations of Google Hangouts."""

    name = "hangouts"
    title = "Google Hangouts: Hangouts.json of Google Takeout"
    rule = "JSON with `conversations` (or `conversation_state`) that hold events with `sender_id` and `chat_message`"
    limits = ""
    kind: Kind = "messages"
    has_columns = False

    def detect(self, head: Head) -> Match | None:
        """Say whether the document holds conversations of Hangouts."""
        if b'"gaia_id"' not in head.data and b'"sender_id"' not in head.data:
            return None
        if b'"conversation' not in head.data:
            return None
        if any(_is_event(item) or _conversation(item) for item in first_items(head, *EVENTS)):
            return Match(0.97, "JSON with conversations as Google Takeout writes those of Hangouts")
        return None

    def read(self, source: Source, options: ReadOptions, report: ReadReport) -> Iterator[Batch]:  # noqa: ARG002 - as in every format
        """Yield the messages of all conversations."""
        known = _Known()
        if _events_first(source.head):
            with source.reopened(quietly=True) as again:
                for item in items(again, ReadReport("", "", ""), *EVENTS):
                    known.learn(item)
            with source.reopened() as again:
                yield from _messages(again, report, known)
        else:
            yield from _messages(source, report, known)


@dataclass
class _Known:
    """What people and conversations are called.

    Attributes:
        people: Names by ids.
        channels: Names by the positions of the conversations in the document.
    """

    people: dict[str, str] = field(default_factory=dict)
    channels: dict[str | int, str] = field(default_factory=dict)

    def learn(self, item: Item) -> None:
        """Take the names out of what is said of a conversation."""
        about = _conversation(item)
        members = {}
        for one in listing(about.get("participant_data")):
            key, name = _person(mapping(one).get("id")), identifier(mapping(one).get("fallback_name"))
            if key and name:
                members[key] = name
        self.people |= members
        if name := identifier(about.get("name")) or named_after(members.values()):
            self.channels[item.path[1]] = name


def _messages(source: Source, report: ReadReport, known: _Known) -> Iterator[Batch]:
    rows = Rows()
    for item in items(source, report, *EVENTS):
        known.learn(item)
        if not _is_in_events(item.path):
            continue
        reason = _reason(item.value)
        if reason is not None:
            report.skip(reason, 1, [source.place(item.line)])
            continue
        value = item.value
        author = _person(value.get("sender_id"))
        rows.add(
            item.line,
            author,
            _text(value),
            name=known.people.get(author or ""),
            time=time(value.get("timestamp")),
            channel=known.channels.get(item.path[1]) or identifier(mapping(value.get("conversation_id")).get("id")),
            id=identifier(value.get("event_id")),
        )
        yield from rows.full()
    yield from rows.rest()


def _conversation(item: Item) -> dict[str, Any]:
    """Return what is said of a conversation, if that is the item; else nothing."""
    path = item.path
    if len(path) < 3 or path[-1] != "conversation" or not isinstance(path[1], int):
        return {}
    about = mapping(item.value)
    about = about if "participant_data" in about else mapping(about.get("conversation"))
    return about if "participant_data" in about or "current_participant" in about else {}


def _is_in_events(path: tuple[str | int, ...]) -> bool:
    return len(path) in (4, 5) and isinstance(path[-1], int) and path[-2] in ("events", "event")


def _is_event(item: Item) -> bool:
    value = mapping(item.value)
    return _is_in_events(item.path) and isinstance(value.get("sender_id"), dict) and "timestamp" in value


def _events_first(head: Head) -> bool:
    """Return whether events come before what is said of their conversation."""
    for item in first_items(head, *EVENTS):
        if _is_in_events(item.path):
            return True
        if _conversation(item):
            return False
    return False


def _reason(value: Any) -> str | None:
    """Return why something is no message of a person; None if it is one."""
    if not isinstance(value, dict) or not ({"sender_id", "timestamp", "event_type", "chat_message"} & set(value)):
        return "malformed"
    if "chat_message" not in value:
        return "media only" if value.get("event_type") == "VOICEMAIL" else "system line"
    attached = listing(mapping(mapping(value.get("chat_message")).get("message_content")).get("attachment"))
    places = {identifier(mapping(mapping(one).get("embed_item")).get("id")) for one in attached}
    text = _text(value).strip()
    return "media only" if attached and (not text or text in places) else None  # of a place, a link to a map is the text


def _text(value: dict[str, Any]) -> str:
    pieces = []
    for segment in listing(mapping(mapping(value.get("chat_message")).get("message_content")).get("segment")):
        kind = mapping(segment).get("type")
        pieces.append("\n" if kind == "LINE_BREAK" else string(mapping(segment).get("text")) or "")
    return "".join(pieces)


def _person(value: Any) -> str | None:
    has = mapping(value)
    return identifier(has.get("gaia_id")) or identifier(has.get("chat_id"))


HANGOUTS = Hangouts()
