"""Zulip: messages as its API gives them, archives of public channels, and the data export of an organisation.

Layouts: Zulip's API documentation (``GET /messages``, "Message formatting"); the JSON of zulip-archive, arrays of the same
messages with fewer fields; the import and export code of Zulip 1.7 to 11 (``messages-000001.json`` beside ``realm.json``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from talklike.chat.format import Match
from talklike.chat.json_items import items
from talklike.chat.json_lines import first_items
from talklike.chat.json_values import identifier, mapping, string, time
from talklike.chat.members import named_after
from talklike.chat.rows import Rows
from talklike.chat.side_files import OfExport
from talklike.chat.zulip_names import Realm, realms
from talklike.chat.zulip_text import DELETED, from_html, from_markdown, is_call, left_out

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talklike.chat.format import Batch
    from talklike.chat.json_items import Item
    from talklike.chat.options import ReadOptions
    from talklike.chat.report import ReadReport
    from talklike.chat.source import Head, Source
    from talklike.chat.table import Kind

EXPORTED = "zerver_message"
"""The table of messages in a data export."""

TABLES = ("*", "*")
"""A document of the export or a page of the API: rows of tables; ``messages`` is one."""

ARRAY = ("*",)
"""A document that is an array of messages."""

INTERNAL = "zulipinternal"
"""The organisation on every server that Zulip's own bots belong to."""

BOTS = ("notification-bot@", "welcome-bot@", "reminder-bot@", "nagios-")
"""How addresses of Zulip's own bots begin."""

BOT_NAMES = frozenset({"Notification Bot", "Welcome Bot", "Reminder Bot"})
"""What they are called, where no address is given."""

GATEWAY = "emailgateway@"
"""How the address begins of the bot that posts the mail of others."""

HTML = "text/html"
"""What a message's ``content_type`` is if its text is HTML."""

WIDGETS = {"/poll": "poll", "/todo": "media only"}
"""Commands at the start of a text that the app shows as something to click instead, and what that counts as."""

HTML_STARTS = ("<p>", "<div ", "<blockquote>", "<ul>", "<ol", "<table>", "<h", "<pre>")
"""How text may begin that is HTML, where nothing says so."""

UNMISTAKABLE = frozenset({"sender_id", "sender_email", "display_recipient", "recipient_id", "stream_id"})
"""Fields of which a message of the API has one at least; zulip-archive leaves them all out."""


class Zulip:
    """Messages of Zulip."""

    name = "zulip"
    title = "Zulip: pages of its API and arrays of messages, an organisation's data export (JSON)"
    rule = (
        "JSON with `messages`, or an array, of objects with `sender_full_name`, `content`, `timestamp`; or with `zerver_message`"
    )
    limits = "topics are not told apart: the channel is the whole stream; an export's names come from `realm.json` beside it"
    kind: Kind = "messages"
    has_columns = False

    def detect(self, head: Head) -> Match | None:
        """Say whether the document holds messages of Zulip."""
        if b'"sender_full_name"' not in head.data and b'"zerver_message"' not in head.data:
            return None
        for item in first_items(head, _where(head)):
            if item.path[:1] == (EXPORTED,) and _is_row(item.value):
                return Match(0.98, "JSON with messages as Zulip's data export holds them")
            if _is_in_page(item) and _is_message(item.value):
                return Match(0.97, "JSON with messages as Zulip's API gives them")
        return None

    def read(self, source: Source, options: ReadOptions, report: ReadReport) -> Iterator[Batch]:
        """Yield the messages."""
        found = _REALMS.of(source.tree)
        realm = found.get(source.inner.parent.as_posix()) or Realm()
        rows = Rows()
        for item in items(source, report, _where(source.head)):
            exported = len(item.path) > 1 and item.path[0] == EXPORTED
            if not exported and not _is_in_page(item):
                continue
            value = item.value
            text, reason = _text(value, realm if exported else None, options)
            if reason is not None:
                report.skip(reason, 1, [source.place(item.line)])
                continue
            author = identifier(value.get("sender") if exported else value.get("sender_id"))
            author = author or identifier(value.get("sender_email")) or identifier(value.get("sender_full_name"))
            rows.add(
                item.line,
                author,
                text,
                name=realm.people.get(author or "") if exported else identifier(value.get("sender_full_name")),
                time=time(value.get("date_sent") if exported else value.get("timestamp")),
                channel=realm.channel(value) if exported else _channel(value) or source.inner.parent.name or None,
                id=identifier(value.get("id")),
            )
            yield from rows.full()
        yield from rows.rest()


def _where(head: Head) -> tuple[str, ...]:
    return ARRAY if head.data.lstrip().startswith(b"[") else TABLES


def _is_in_page(item: Item) -> bool:
    path = item.path
    return (len(path) == 1 and isinstance(path[0], int)) or (len(path) == 2 and path[0] == "messages")


def _is_message(value: Any) -> bool:
    has = mapping(value)
    if not isinstance(has.get("sender_full_name"), str) or not isinstance(has.get("content"), str) or "timestamp" not in has:
        return False
    return not UNMISTAKABLE.isdisjoint(has) or set(has) <= {"content", "id", "sender_full_name", "timestamp", "subject", "topic"}


def _is_row(value: Any) -> bool:
    return {"sender", "content", "date_sent"} <= set(mapping(value))


def _text(value: Any, realm: Realm | None, options: ReadOptions) -> tuple[str | None, str | None]:
    """Return what was written, or why this is no message of a person.

    Args:
        value: The message.
        realm: Of a row of a data export, which is in Markdown; None for a message of the API.
        options: Whether quotations are kept.
    """
    if not isinstance(value, dict) or not isinstance(value.get("content"), str):
        return None, "malformed"
    bot = _bot(value) if realm is None else realm.bots.get(identifier(value.get("sender")) or "")
    if bot is not None:
        if not bot.startswith(GATEWAY):
            return None, "system line"
        if not options.quotes:
            return None, "relayed"
    content = string(value["content"]) or ""
    kind = value.get("content_type")
    html = realm is None and (kind == HTML or (kind is None and content.startswith(HTML_STARTS)))
    text = (from_html if html else from_markdown)(content, quotes=options.quotes)
    if text == DELETED:
        return None, "deleted"
    if not text.strip():
        return text, left_out(content)
    command = text.split(maxsplit=1)[0]
    if command in WIDGETS and text.startswith("/") and value.get("submessages", True):  # those hold the votes
        return None, WIDGETS[command]
    if is_call(content):
        return None, "system line"
    if text.startswith("/me ") and value.get("is_me_message", True):
        text = text.removeprefix("/me ")
    return text, None


def _bot(value: dict[str, Any]) -> str | None:
    """Return the address of Zulip's own bot that wrote a message of the API; None if a person did, or another bot."""
    email = string(value.get("sender_email"))
    if email is None:
        return BOTS[0] if identifier(value.get("sender_full_name")) in BOT_NAMES and "sender_id" not in value else None
    return email if value.get("sender_realm_str") == INTERNAL or email.startswith((*BOTS, GATEWAY)) else None


def _channel(value: dict[str, Any]) -> str | None:
    """Return the channel of a message of the API, or the names of those who talk to each other."""
    recipient = value.get("display_recipient")
    if isinstance(recipient, list):
        return named_after(filter(None, (identifier(mapping(one).get("full_name")) for one in recipient)))
    return identifier(recipient)


_REALMS = OfExport(realms)
ZULIP = Zulip()
