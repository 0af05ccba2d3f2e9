"""Microsoft Teams and Skype: a private account's export, and messages as Microsoft Graph and the apps' own service give them.

Layouts: ``messages.json`` of Skype's export of 2018 to 2025, which private Teams accounts get too, and the messages of the
service behind it, as parsers in public repositories read them; Microsoft's reference of ``chatMessage`` (Graph 1.0).
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from talklike.chat.format import Match
from talklike.chat.json_items import items
from talklike.chat.json_lines import first_items
from talklike.chat.json_values import identifier, listing, mapping, string, time
from talklike.chat.rows import Rows
from talklike.chat.skype_text import edit_mark, html_of, only_file, rich_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talklike.chat.format import Batch
    from talklike.chat.json_items import Item
    from talklike.chat.options import ReadOptions
    from talklike.chat.report import ReadReport
    from talklike.chat.source import Head, Source
    from talklike.chat.table import Kind

PLACES = (("conversations", "*", "MessageList", "*"), ("messages", "*"), ("value", "*"), ("*",))
"""Where the messages are: in the export, in a page of the service, in a page of Graph, in a list."""

MEDIA = frozenset({"RichText/UriObject", "RichText/Contacts", "RichText/Location", "RichText/Files", "Event/SkypeVideoMessage"})
"""Kinds of messages of Skype that hold a file or a card, as do all that begin with ``RichText/Media_``."""

NETWORK = re.compile(r"\d{1,2}:")
"""What stands before the name of an account in most ids, not in all: ``8:live:wren``."""

FORWARDED, QUOTED = "forwardedMessageReference", "messageReference"
"""What an attachment of Graph is that stands for another message."""


class Teams:
    """Messages of Microsoft Teams and Skype."""

    name = "teams"
    title = "Microsoft Teams and Skype: the account's export (messages.json), pages of Microsoft Graph (JSON)"
    rule = (
        "JSON with `conversations` that have a `MessageList`; or objects with `messageType` or `messagetype`, a text and a sender"
    )
    limits = "exports of Microsoft Purview and Skype's older main.db; the subjects of posts in channels"
    kind: Kind = "messages"
    has_columns = False

    def detect(self, head: Head) -> Match | None:
        """Say whether the document holds messages of Skype or Teams."""
        data = head.data
        if b'"MessageList"' in data and b'"conversations"' in data:
            if any(item.path[:1] == ("conversations",) and len(item.path) > 2 for item in first_items(head, *PLACES)):
                return Match(0.98, "JSON with conversations as Skype and private Teams accounts export them")
            return None
        if b'"messagetype"' not in data and b'"createdDateTime"' not in data:
            return None
        for item in first_items(head, *PLACES):
            if _is_of_graph(item.value):
                return Match(0.97, "JSON with chat messages as Microsoft Graph gives them")
            if _is_of_service(item.value):
                return Match(0.97, "JSON with messages as the service of Skype and Teams gives them")
        return None

    def read(self, source: Source, options: ReadOptions, report: ReadReport) -> Iterator[Batch]:
        """Yield the messages."""
        reading = _Reading(source, options, report)
        for item in items(source, report, *PLACES):
            if item.path and isinstance(item.path[-1], int):
                reading.take(item)
                yield from reading.rows.full()
            elif len(item.path) == 3:
                reading.learn(item)
        yield from reading.rows.rest()


class _Reading:
    def __init__(self, source: Source, options: ReadOptions, report: ReadReport) -> None:
        self.rows = Rows()
        self._source = source
        self._options = options
        self._report = report
        self._people: dict[str, str] = {}  # by account
        self._conversation: tuple[str | int, dict[str, Any]] = (-1, {})  # the position of the last, and what is said of it
        self._edited: set[int] = set()  # hashes of the marks of edited messages

    def learn(self, item: Item) -> None:
        """Take what stands beside the messages of a conversation: its id, its name."""
        if self._conversation[0] != item.path[1]:
            self._conversation = (item.path[1], {})
        about = self._conversation[1]
        about[str(item.path[2])] = item.value
        key, name = identifier(about.get("id")), identifier(about.get("displayName"))
        if key and name and not key.startswith("19:"):  # two people talk
            self._people.setdefault(_account(key), name)

    def take(self, item: Item) -> None:
        """Add a message and the replies inside it."""
        for value in (item.value, *listing(mapping(item.value).get("replies"))):
            if not isinstance(value, dict):
                reason: str | None = "malformed"
            elif isinstance(value.get("messagetype"), str):
                about = self._conversation[1] if self._conversation[0] == (item.path[1] if len(item.path) > 1 else None) else {}
                reason = self._of_skype(item.line, value, about)
            else:
                reason = self._of_graph(item.line, value)
            if reason is not None:
                self._report.skip(reason, 1, [self._source.place(item.line)])

    def _of_skype(self, line: int, value: dict[str, Any], about: dict[str, Any]) -> str | None:
        """Add a message of the export or the service; or return why it is none of a person."""
        where = identifier(about.get("id")) or _last_step(value.get("conversationid") or value.get("conversationLink"))
        content = value.get("content")
        if not isinstance(content, str) and content is not None:
            return "malformed"
        text, reason = _skype_text(value, string(content) or "", quotes=self._options.quotes)
        mark = edit_mark(content) if content and reason is None else None
        if mark is not None:
            key = hash((where, mark))
            if key in self._edited:
                return "old version"
            self._edited.add(key)
        if reason is not None:
            return reason
        author = _last_step(value.get("from"))
        name = identifier(value.get("displayName")) or identifier(value.get("imdisplayname"))
        if author and name:
            self._people[_account(author)] = name
        topic = identifier(about.get("displayName")) or identifier(mapping(about.get("threadProperties")).get("topic"))
        self.rows.add(
            line,
            author or name,
            text,
            name=self._people.get(_account(author or "")) or _account(author or ""),
            time=time(value.get("originalarrivaltime") or value.get("composetime")),
            channel=topic or where,
            id=identifier(value.get("id")),
        )
        return None

    def _of_graph(self, line: int, value: dict[str, Any]) -> str | None:
        """Add a message of Graph; or return why it is none of a person."""
        body = mapping(value.get("body"))
        if not isinstance(body.get("content"), str | None) or "body" not in value:
            return "malformed"
        if value.get("messageType", "message") != "message":
            return "system line"
        if value.get("deletedDateTime"):
            return "deleted"
        text, reason = _graph_text(value, string(body.get("content")) or "", quotes=self._options.quotes)
        if reason is not None:
            return reason
        sender = mapping(value.get("from"))
        by = mapping(next((sender[key] for key in ("user", "application", "device", "conversation") if sender.get(key)), None))
        name = identifier(by.get("displayName"))
        self.rows.add(
            line,
            identifier(by.get("id")) or name,
            text,
            name=name,
            time=time(value.get("createdDateTime")),
            channel=identifier(value.get("chatId")) or identifier(mapping(value.get("channelIdentity")).get("channelId")),
            id=identifier(value.get("id")),
        )
        return None


def _is_of_graph(value: Any) -> bool:
    has = mapping(value)
    body, sender = mapping(has.get("body")), mapping(has.get("from"))
    if "createdDateTime" not in has or not isinstance(body.get("content"), str) or "emailAddress" in sender:
        return False
    return isinstance(has.get("messageType"), str) or ("chatId" in has and "user" in sender)


def _is_of_service(value: Any) -> bool:
    has = mapping(value)
    named = "imdisplayname" in has or "conversationid" in has or "conversationLink" in has
    return isinstance(has.get("messagetype"), str) and ("originalarrivaltime" in has or "composetime" in has) and named


def _skype_text(value: dict[str, Any], content: str, *, quotes: bool) -> tuple[str, str | None]:
    """Return what was written, or why this is no message of a person."""
    kind = value["messagetype"]
    if kind in MEDIA or kind.startswith("RichText/Media_"):
        return "", "media only"
    if kind not in ("Text", "RichText", "RichText/Html"):
        return "", "poll" if kind == "Poll" else "system line"
    properties = mapping(value.get("properties"))
    if properties.get("deletetime"):
        return "", "deleted"
    if properties.get("forwardMetadata") and not quotes:
        return "", "forwarded"
    if kind == "Text":
        return content, None
    text = (html_of if kind == "RichText/Html" else rich_text)(content, quotes=quotes)
    if text.strip():
        return text, None
    if edit_mark(content) is not None:  # edited until nothing was left
        return "", "deleted"
    return "", "media only" if only_file(content) else "quotation only" if "<quote" in content else None


def _graph_text(value: dict[str, Any], content: str, *, quotes: bool) -> tuple[str, str | None]:
    """Return what was written, or why this is no message of a person."""
    html = mapping(value.get("body")).get("contentType") == "html"
    text = html_of(content, quotes=quotes) if html else content
    if text.strip():
        return text, None
    attached = [mapping(one) for one in listing(value.get("attachments"))]
    kinds = [one.get("contentType") for one in attached]
    if FORWARDED in kinds:
        text = "\n".join(filter(None, map(_forwarded, attached))) if quotes else ""
        return text, None if text else "forwarded"
    if attached and all(kind == QUOTED for kind in kinds):
        return "", "quotation only"
    return "", "media only" if attached or only_file(content) else None


def _forwarded(attachment: dict[str, Any]) -> str:
    """Return the text of a message that was passed on, which lies as JSON in a string."""
    try:
        inside = mapping(json.loads(attachment.get("content") or ""))
    except (ValueError, TypeError, RecursionError):
        return ""
    return html_of(string(inside.get("originalMessageContent")) or "", quotes=True)


def _last_step(value: Any) -> str | None:
    """Return an id, which the service gives as the last step of an address: ``https://…/contacts/8:live:wren``."""
    found = identifier(value)
    return found.rpartition("/")[2] if found and found.startswith("https://") else found


def _account(key: str) -> str:
    """Return the name of an account out of its id."""
    found = NETWORK.match(key)
    return key[found.end() :] if found else key


TEAMS = Teams()
