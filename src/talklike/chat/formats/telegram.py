"""Telegram Desktop: ``result.json`` of one chat or of a whole account, and lists of messages as scripts around its API save them.

Layouts: Telegram Desktop since 1.3 (``export_output_json.cpp``), the documentation of its export schema, and Telethon's names
(``sender_id``, ``message.id``) in a plain array. Messages composed of blocks are read in ``chat.telegram_rich``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from talklike.chat.chat_rows import ChatRows
from talklike.chat.format import Match
from talklike.chat.json_escapes import Unescaped, unescaped
from talklike.chat.json_items import items
from talklike.chat.json_lines import first_items
from talklike.chat.json_values import identifier, mapping, string, time
from talklike.chat.source import Head
from talklike.chat.telegram_rich import rich_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talklike.chat.format import Batch
    from talklike.chat.json_items import Item
    from talklike.chat.options import ReadOptions
    from talklike.chat.report import ReadReport
    from talklike.chat.source import Source
    from talklike.chat.table import Kind

MESSAGES = (("messages", "*"), ("chats", "list", "*", "messages", "*"), ("left_chats", "list", "*", "messages", "*"))
"""Where the messages are: of one chat, of all chats of an account, of the groups and channels that it has left."""

KINDS = ("message", "service")
"""What an entry can be, with a date; what the app can't show is ``unsupported`` and has none."""

DATES = frozenset({"date", "date_unixtime"})
SAID_OR_DONE = frozenset({"text", "text_entities", "rich_message", "actor", "action", "information_text"})
"""One of these has every entry."""

NAMELESS = ("saved_messages", "replies", "verification_codes")
"""Types of chats that are called by their type."""

ACCOUNT = frozenset(
    {
        "personal_information", "profile_pictures", "stories", "profile_music", "contacts", "frequent_contacts", "sessions",
        "web_sessions", "other_data", "chats", "left_chats",
    }
)  # fmt: skip
"""Parts of an account's export, which stand in this order; ``about`` comes first."""

SENT = frozenset(
    {
        "photo", "file", "media_type", "sticker_emoji", "contact_information", "location_information", "place_name", "poll",
        "game_title", "invoice_information", "giveaway_information", "giveaway_results", "paid_media", "paid_stars_amount",
        "todo_list", "dice", "rich_message",
    }
)  # fmt: skip
"""What a message can hold beside its text."""

FORWARDED = ("forwarded_from", "forwarded_from_id", "saved_from")
"""Whose message it was; null where that account is gone."""


class Telegram:
    """Exports of Telegram Desktop."""

    name = "telegram"
    title = "Telegram: result.json of one chat or of the account (JSON)"
    rule = (
        "JSON with `messages` of the `type` `message` or `service` with a `date`; or with `chats` and other parts of an account"
    )
    limits = "the export as web pages; pictures, stickers, polls and places have no text"
    kind: Kind = "messages"
    has_columns = False

    def detect(self, head: Head) -> Match | None:
        """Say whether the document holds messages, or the parts of an account that come before them."""
        if b'"date' not in head.data and b'"about"' not in head.data:
            return None
        found = first_items(Head(unescaped(head.data), head.suffix, head.complete), *MESSAGES)
        entries = [item for item in found if _is_message(item) and _is_entry(item.value)]
        if any(len(item.path) > 1 or {"from", "from_id"} & item.value.keys() for item in entries):
            return Match(0.98, "JSON with messages as Telegram Desktop exports them")
        if any(_is_scripted(item.value) for item in found if item.path == (0,)):
            return Match(0.95, "a JSON array of messages with Telethon's names")
        if found and found[0].path == ("about",) and any(_is_of_account(item) for item in found):
            return Match(0.95, "JSON with the parts of a Telegram account")
        return None

    def read(self, source: Source, options: ReadOptions, report: ReadReport) -> Iterator[Batch]:
        """Yield the messages, chat by chat."""
        rows = ChatRows()
        chat: dict[str, Any] = {}
        inside: tuple[str | int, ...] = ()
        for item in items(cast("Source", Unescaped(source)), report, *MESSAGES):
            where = item.path[:-2] if _is_message(item) and len(item.path) > 1 else item.path[:-1]
            if where != inside:
                rows.end_chat()
                chat, inside = {}, where
            if _is_message(item):
                text = _text(item.value)
                reason = _reason(item.value, text, options)
                if reason is None:
                    _add(rows, item, text, chat)
                    yield from rows.full()
                else:
                    report.skip(reason, 1, [source.place(item.line)])
            elif item.path and item.path[-1] in ("name", "type", "id"):
                chat[str(item.path[-1])] = item.value
                rows.name_chat(identifier(chat.get("name")))
                # Saved messages have no name, nor do chats with people whose account is gone.
                kind, number = identifier(chat.get("type")), identifier(chat.get("id"))
                rows.otherwise = kind if kind in NAMELESS else number or kind
        yield from rows.rest()


def _is_message(item: Item) -> bool:
    path = item.path
    return path[-2] == "messages" if len(path) > 1 else bool(path) and isinstance(path[0], int)


def _is_entry(value: Any) -> bool:
    has = mapping(value)
    return has.get("type") in KINDS and bool(DATES & has.keys()) and bool(SAID_OR_DONE & has.keys())


def _is_scripted(value: Any) -> bool:
    return {"sender_id", "text", "date", "message.id"} <= set(mapping(value))


def _is_of_account(item: Item) -> bool:
    return bool(item.path) and item.path[0] in ACCOUNT


def _reason(value: Any, text: str | None, options: ReadOptions) -> str | None:
    """Return why something is no message of a person; None if it is one."""
    if not isinstance(value, dict):
        return "malformed"
    kind = value.get("type", "message")
    if kind != "message":
        return {"unsupported": "media only"}.get(kind, "system line") if isinstance(kind, str) else "malformed"
    if text is None:
        return "malformed"
    if any(key in value for key in FORWARDED) and not options.quotes:
        return "forwarded"
    if value.get("via_bot") and not options.quotes:
        return "relayed"
    if not text and SENT & value.keys():
        return "media only"
    return None


def _text(value: Any) -> str | None:
    """Return what was written: a string, pieces of which those with markup are objects, or blocks; None if it is none of them."""
    has = mapping(value)
    given = has.get("text", has.get("text_entities", ""))
    if given in ("", []) and has.get("rich_message") is not None:
        return rich_text(has["rich_message"])
    if not isinstance(given, list):
        return string(given)
    pieces = [string(mapping(piece).get("text")) if isinstance(piece, dict) else string(piece) for piece in given]
    return None if None in pieces else "".join(piece for piece in pieces if piece)


def _add(rows: ChatRows, item: Item, text: str | None, chat: dict[str, Any]) -> None:
    """Add a message; posts of channels may have no sender but the channel."""
    value = item.value
    name = identifier(value.get("from"))
    author = identifier(value.get("from_id")) or identifier(value.get("sender_id")) or name
    if author is None and "channel" in str(chat.get("type")) and (number := identifier(chat.get("id"))) is not None:
        author, name = f"channel{number}", identifier(chat.get("name"))
    when = time(value.get("date_unixtime"))
    rows.add(
        item.line,
        author,
        text,
        name=name,
        time=time(value.get("date")) if when is None else when,
        id=identifier(value.get("id", value.get("message.id"))),
    )


TELEGRAM = Telegram()
