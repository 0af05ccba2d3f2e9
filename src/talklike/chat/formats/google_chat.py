"""Google Chat, as Google Takeout exports it: a folder for each conversation, with ``messages.json`` and ``group_info.json``.

Layouts: exports of 2021 to 2026 as parsers and bug reports in public repositories show them. Times are written out in the
language of the account (``long_dates``). Of a message that was edited the older versions lie inside it, those of attachments too.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from talklike.chat.format import Match
from talklike.chat.json_items import items
from talklike.chat.json_lines import first_items
from talklike.chat.json_values import identifier, listing, mapping, string, time
from talklike.chat.long_dates import long_date
from talklike.chat.members import named_after
from talklike.chat.rows import Rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talklike.chat.format import Batch
    from talklike.chat.options import ReadOptions
    from talklike.chat.report import ReadReport
    from talklike.chat.source import Head, Source
    from talklike.chat.table import Kind

MESSAGES = ("messages", "*")
"""Where the messages are in the document."""

DELETED = "DELETED"
"""The state of a message of which only its ids are left."""

CONTENT = (
    "url_metadata", "drive_metadata", "youtube_metadata", "gsuite_integration_metadata", "custom_emoji_metadata",
    "interaction_data",
)  # fmt: skip
"""What an annotation may hold that somebody sent, without a word perhaps; others (calls, members) are the app's own."""


class GoogleChat:
    """Conversations of Google Chat."""

    name = "google-chat"
    title = "Google Chat: messages.json of Google Takeout"
    rule = "JSON with `messages` that have a `creator`, a `created_date`, a `topic_id` or a `message_id`"
    limits = "names of conversations come from `group_info.json` beside; dates in calendars other than ours and Thailand's"
    kind: Kind = "messages"
    has_columns = False

    def detect(self, head: Head) -> Match | None:
        """Say whether the document holds messages of Google Chat."""
        if b'"messages"' not in head.data or (b'"creator"' not in head.data and b'"message_state"' not in head.data):
            return None
        if any(_is_message(item.value) for item in first_items(head, MESSAGES) if item.path[:1] == ("messages",)):
            return Match(0.97, "JSON with messages as Google Takeout writes them")
        return None

    def read(self, source: Source, options: ReadOptions, report: ReadReport) -> Iterator[Batch]:  # noqa: ARG002 - as in every format
        """Yield the messages of a conversation."""
        channel, people = _group(source)
        rows = Rows()
        for item in items(source, report, MESSAGES):
            if len(item.path) != len(MESSAGES) or item.path[0] != "messages":
                continue
            value = item.value
            reason = _reason(value)
            if reason is not None:
                report.skip(reason, 1, [source.place(item.line)])
                continue
            creator = mapping(value.get("creator"))
            email = identifier(creator.get("email"))
            name = identifier(creator.get("name")) or people.get(email or "")
            rows.add(
                item.line,
                email or name,
                string(value.get("text")),
                name=name,
                time=_time(value),
                channel=channel,
                id=identifier(value.get("message_id")),
            )
            yield from rows.full()
        yield from rows.rest()


def _is_message(value: Any) -> bool:
    has = mapping(value)
    creator = mapping(has.get("creator"))
    if isinstance(has.get("topic_id"), str) and (creator or has.get("message_state") == DELETED):
        return True
    named = isinstance(creator.get("name"), str) or isinstance(creator.get("email"), str)
    return named and (isinstance(has.get("created_date"), str) or isinstance(has.get("message_id"), str))


def _reason(value: Any) -> str | None:
    """Return why something is no message of a person; None if it is one."""
    if not isinstance(value, dict) or not ({"creator", "text", "message_state", "topic_id"} & set(value)):
        return "malformed"
    if value.get("message_state") == DELETED or "deletion_metadata" in value:
        return "deleted"
    text = value.get("text")
    if text is not None and not isinstance(text, str):
        return "malformed"
    if text:
        return None
    annotations = [one for one in listing(value.get("annotations")) if isinstance(one, dict)]
    sent = any(key in one for one in annotations for key in CONTENT if not _is_call(one))
    if value.get("attached_files") or value.get("attachments") or sent:
        return "media only"
    return "system line" if annotations else None


def _is_call(annotation: dict[str, Any]) -> bool:
    """Return whether an annotation is the app's own that tells of a call, which began, ended or was missed."""
    return "call_data" in mapping(annotation.get("gsuite_integration_metadata"))


def _time(value: dict[str, Any]) -> str | None:
    """Return when a message was sent; where only an older version of it says so, from there."""
    versions = (mapping(one).get("created_date") for one in listing(value.get("previous_message_versions")))
    for found in (value.get("created_date"), *versions, value.get("updated_date")):
        if found:
            return (long_date(found) if isinstance(found, str) else None) or time(found)
    return None


def _group(source: Source) -> tuple[str | None, dict[str, str]]:
    """Return the name of a conversation and those of its members by their addresses, from the file beside its messages."""
    content = source.tree.content((source.inner.parent / "group_info.json").as_posix())
    try:
        info = mapping(json.loads(content.decode("utf-8-sig", "replace") if content else "{}"))
    except (ValueError, RecursionError):
        info = {}
    people = {}
    for member in listing(info.get("members")):
        email, name = (identifier(mapping(member).get(key)) for key in ("email", "name"))
        if email and name:
            people[email] = name
    return identifier(info.get("name")) or named_after(people.values()) or source.inner.parent.name or None, people


GOOGLE_CHAT = GoogleChat()
