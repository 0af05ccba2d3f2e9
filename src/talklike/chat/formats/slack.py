"""Slack: its export, a folder a channel and a file a day, and what other programs save of its API.

Layouts: Slack's help pages "How to read Slack data exports" and its reference of message events and their subtypes; exports and
dumps of slackdump 2 and 3; pages of ``conversations.history``. Until 2018 a file came with a sentence by Slack instead of a text.
"""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from talklike.chat.format import Match
from talklike.chat.json_items import items
from talklike.chat.json_lines import first_items
from talklike.chat.json_values import identifier, listing, mapping, string, time
from talklike.chat.rows import Rows
from talklike.chat.slack_names import WORKSPACE, Workspace, called
from talklike.chat.slack_text import STAND_IN, blocks_text, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talklike.chat.format import Batch
    from talklike.chat.options import ReadOptions
    from talklike.chat.report import ReadReport
    from talklike.chat.source import Head, Source
    from talklike.chat.table import Kind

MESSAGES = (("*",), ("messages", "*"))
"""Where the messages are in a document: in an array, or below what describes the channel."""

WRITTEN = frozenset(
    {
        "me_message", "thread_broadcast", "reply_broadcast", "file_share", "file_mention", "file_comment", "bot_message",
        "slackbot_response",
    }
)  # fmt: skip
"""Subtypes of messages that somebody wrote; all others are Slack's notices."""

DELETED = frozenset({"tombstone", "message_deleted"})

ANSWERS = "slackdump_thread_replies"
"""Where a message holds those that answer it."""

EXTRAS = ("files", "file", "attachments", "blocks", "upload")
"""Where a message holds what is no text, or what a program posted."""

_TIME = re.compile(r"\d{9,11}\.\d{1,9}")
# "<@U1> uploaded a file: <https://…|name> and commented: …", the text of files until 2018.
_SHARED = re.compile(r"<@\w+(?:\|[^<>]*)?> (?:uploaded|shared|commented on|added|created|mentioned|pinned)\b")
_COMMENTED = re.compile(r"> and commented: (.*)", re.DOTALL)


class Slack:
    """Messages of Slack."""

    name = "slack"
    title = "Slack: its export (folder or zip), exports and dumps of slackdump, pages of its API (JSON)"
    rule = "a JSON array (or `messages`) of objects with `type` `message` and `ts`, seconds with a fraction in a string"
    limits = "what attachments and blocks of programs say is left out; names come from `users.json`, so give the whole export"
    kind: Kind = "messages"
    has_columns = False

    def detect(self, head: Head) -> Match | None:
        """Say whether the document holds messages of Slack."""
        if b'"ts"' not in head.data or b'"message"' not in head.data:
            return None
        if any(_is_message(item.value) for item in first_items(head, *MESSAGES) if _is_in_messages(item.path)):
            return Match(0.97, "JSON with messages as Slack writes them")
        return None

    def read(self, source: Source, options: ReadOptions, report: ReadReport) -> Iterator[Batch]:  # noqa: ARG002 - as in every format
        """Yield the messages of a day, or of a channel."""
        reading = _Reading(source, report, WORKSPACE.of(source.tree))
        for item in items(source, report, *MESSAGES):
            if _is_in_messages(item.path):
                reading.take(item.line, item.value)
            elif len(item.path) == 1:
                reading.describe(str(item.path[0]), item.value)
            yield from reading.rows.full()
        yield from reading.rows.rest()


class _Reading:
    def __init__(self, source: Source, report: ReadReport, names: Workspace) -> None:
        self.rows = Rows()
        self._source = source
        self._report = report
        self._names = names
        folder = source.inner.parent.name
        if not folder and not source.tree.alone:
            folder = PurePath(source.tree.name).name.removesuffix(".zip")  # the user named the folder of a channel
        self._channel = names.channel(folder)
        self._named = False  # whether the document itself says the channel's name

    def describe(self, key: str, value: Any) -> None:
        """Take what a document says of its channel."""
        if key in ("channel_info", "channel"):
            key, value = "name", mapping(value).get("name")
        found = identifier(value)
        if found and (key == "name" or (key == "channel_id" and not self._named)):
            self._channel = self._names.channel(found)
            self._named = key == "name"

    def take(self, line: int, value: Any) -> None:
        """Add a message and those that answer it inside, or say why not."""
        self._message(line, value)
        inside = [value] if isinstance(value, dict) and ANSWERS in value else []
        while inside:
            for one in listing(inside.pop().get(ANSWERS)):
                self._message(line, one)
                if isinstance(one, dict) and ANSWERS in one:
                    inside.append(one)

    def _message(self, line: int, value: Any) -> None:
        if isinstance(value, dict) and value.get("subtype") == "message_changed" and isinstance(value.get("message"), dict):
            value = value["message"]  # as it was after the change; where it stands on its own too, that one counts
        reason = _reason(value)
        text = self._text(value) if reason is None else ""
        if text is None:
            reason = "malformed"
        elif reason is None and not text.strip() and any(value.get(key) for key in EXTRAS):
            reason = "media only"
        if reason is not None:
            self._report.skip(reason, 1, [self._source.place(line)])
            return
        author, name = self._author(value)
        key = identifier(value.get("ts"))
        self.rows.add(line, author, text, name=name, time=time(value.get("ts")), channel=self._channel, id=key)

    def _text(self, value: dict[str, Any]) -> str | None:
        """Return what was written; None if that is no text."""
        people, channels = self._names.people, self._names.channels
        text = value.get("text")
        if value.get("subtype") == "file_comment" and (comment := mapping(value.get("comment")).get("comment")):
            text = comment
        elif isinstance(text, str) and "files" not in value and "file" in value and _SHARED.match(text):
            said = mapping(mapping(value.get("file")).get("initial_comment")).get("comment")
            found = _COMMENTED.search(text)
            text = said or (found[1] if found else "")
        if text is not None and not isinstance(text, str):
            return None
        if text:  # a canvas stands in the text by its id
            text = _lines_without(text, {identifier(mapping(one).get("id")) for one in listing(value.get("files"))})
        shown = plain(string(text) or "", people, channels)
        if not shown.strip() or shown in STAND_IN:
            shown = blocks_text(value.get("blocks"), people, channels)
        return shown

    def _author(self, value: dict[str, Any]) -> tuple[str | None, str | None]:
        """Return the id and the name of who wrote a message; programs are reported as such."""
        user = identifier(value.get("user")) or identifier(mapping(value.get("comment")).get("user"))
        if user in self._names.people and user not in self._names.bots and "subtype" not in value:
            return user, self._names.people[user]
        bot = identifier(value.get("bot_id"))
        profile = mapping(value.get("bot_profile"))
        own = identifier(value.get("username"))
        if value.get("subtype") == "bot_message" or user is None:
            author = bot or user or own
            name = own or identifier(profile.get("name")) or self._names.people.get(author or "")
            is_bot = bot is not None or value.get("subtype") == "bot_message"
        else:
            author = user
            name = self._names.people.get(user) or called(mapping(value.get("user_profile"))) or identifier(profile.get("name"))
            if bot is None and "client_msg_id" in value and user not in self._names.bots:
                self._names.typed.add(user)
                self._report.bots.discard(user)
            unknown = user not in self._names.people and user not in self._names.typed and "user_profile" not in value
            is_bot = user in self._names.bots or (bot is not None and unknown)  # people post through programs too
        if is_bot and author is not None:
            self._report.bots.add(author)
        return author, name or own


def _lines_without(text: str, ids: set[str | None]) -> str:
    """Return a text without the lines at its end that are ids."""
    while (last := text.rpartition("\n"))[2].strip() in ids:
        text = last[0]
    return text


def _is_in_messages(path: tuple[str | int, ...]) -> bool:
    return (len(path) == 1 and isinstance(path[0], int)) or (len(path) == 2 and path[0] == "messages")


def _is_message(value: Any) -> bool:
    has = mapping(value)
    when = has.get("ts")
    if has.get("type") != "message" or not isinstance(when, str) or not _TIME.fullmatch(when):
        return False
    return not {"user", "bot_id", "username", "subtype", "text"}.isdisjoint(has)


def _reason(value: Any) -> str | None:
    """Return why something is no message of a person; None if it may be one."""
    if not isinstance(value, dict) or ("ts" not in value and "text" not in value):
        return "malformed"
    kind = value.get("subtype")
    if not isinstance(kind, str | None) or value.get("type", "message") != "message":
        return "malformed" if not isinstance(kind, str | None) else "system line"
    if kind in DELETED:
        return "deleted"
    return None if not kind or kind in WRITTEN else "system line"


SLACK = Slack()
