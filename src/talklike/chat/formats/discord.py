"""Discord: channels as DiscordChatExporter writes them in JSON, and messages as Discord's API gives them.

Layouts: the JSON writers of DiscordChatExporter 2.16 to 2.47, which hold mentions and emoji as people see them unless the export
was made with ``--markdown false``; the message object of Discord's API (version 10), which bots and browser extensions save.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from talklike.chat.discord_markup import plain
from talklike.chat.format import Match
from talklike.chat.json_items import items
from talklike.chat.json_lines import first_items
from talklike.chat.json_values import identifier, listing, mapping, string, time
from talklike.chat.rows import Rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talklike.chat.format import Batch
    from talklike.chat.options import ReadOptions
    from talklike.chat.report import ReadReport
    from talklike.chat.source import Head, Source
    from talklike.chat.table import Kind

MESSAGES = (("messages", "*"), ("*",))
"""Where the messages are in a document: below the channel's description, or in an array."""

WRITTEN = frozenset({"default", "reply", "chatinputcommand", "applicationcommand", "contextmenucommand", "0", "19", "20", "23"})
"""Types of messages that somebody wrote; newer ones than the exporter knows are numbers. All others are Discord's notices."""

EXTRAS = (
    "attachments", "embeds", "stickers", "sticker_items", "components", "poll", "forwardedMessage", "message_snapshots",
)  # fmt: skip
"""Where a message holds what is no text of its own."""

MOST_NAMES = 1_000_000
"""People whose names are remembered for mentions of their ids."""


class Discord:
    """Messages of Discord in JSON."""

    name = "discord"
    title = "Discord: channels exported by DiscordChatExporter, messages of its API (JSON)"
    rule = "JSON with `guild`, `channel` and `messages` whose `author` has an `id`; or an array of messages with `channel_id`"
    limits = "what embeds, polls and buttons say is left out; mentions of people who write nothing may stay ids"
    kind: Kind = "messages"
    has_columns = False

    def detect(self, head: Head) -> Match | None:
        """Say whether the document holds messages of Discord."""
        if b'"author"' not in head.data and b'"guild"' not in head.data:
            return None
        if b'"messages"' not in head.data and b'"channel_id"' not in head.data:
            return None
        found = first_items(head, *MESSAGES)
        if any(_is_exported(item.value) for item in found if _is_below_channel(item.path)):
            return Match(0.98, "JSON of a channel as DiscordChatExporter writes it")
        if any(_is_of_api(item.value) for item in found if _is_in_messages(item.path)):
            return Match(0.97, "JSON with messages as Discord's API gives them")
        whole = {item.path[0]: item.value for item in found if len(item.path) == 1}
        if _is_channel(whole.get("channel")) and isinstance(whole.get("guild"), dict):
            return Match(0.95, "JSON of a channel as DiscordChatExporter writes it, without messages")
        return None

    def read(self, source: Source, options: ReadOptions, report: ReadReport) -> Iterator[Batch]:
        """Yield the messages of a channel."""
        channel: str | None = source.stem if not source.tree.alone else None
        channels: dict[str, str] = {}
        people: dict[str, str] = {}
        rows = Rows()
        for item in items(source, report, *MESSAGES):
            if item.path == ("channel",):
                own = mapping(item.value)
                channel = identifier(own.get("name")) or channel
                channels[identifier(own.get("id")) or ""] = channel or ""
            if not _is_in_messages(item.path):
                continue
            value = item.value
            reason = _reason(value, options)
            if reason is not None:
                report.skip(reason, 1, [source.place(item.line)])
                continue
            author, name = _person(value.get("author"))
            by = mapping(value.get("author"))
            if author is not None and True in (by.get("isBot"), by.get("bot")):
                report.bots.add(author)
            for one in (value.get("author"), *listing(value.get("mentions"))):
                key, called = _person(one)
                if key and called and (key in people or len(people) < MOST_NAMES):
                    people[key] = called
            rows.add(
                item.line,
                author,
                plain(_text(value, options), people, channels),
                name=name,
                time=time(value.get("timestamp")),
                channel=channel or identifier(value.get("channel_id")),
                id=identifier(value.get("id")),
            )
            yield from rows.full()
        yield from rows.rest()


def _is_in_messages(path: tuple[str | int, ...]) -> bool:
    return _is_below_channel(path) or (len(path) == 1 and isinstance(path[0], int))


def _is_below_channel(path: tuple[str | int, ...]) -> bool:
    return len(path) == 2 and path[0] == "messages"


def _is_exported(value: Any) -> bool:
    has = mapping(value)
    author = mapping(has.get("author"))
    known = not {"isBot", "discriminator", "nickname", "avatarUrl"}.isdisjoint(author)
    return known and "id" in author and "timestamp" in has and isinstance(has.get("content"), str)


def _is_of_api(value: Any) -> bool:
    has = mapping(value)
    author = mapping(has.get("author"))
    return {"content", "timestamp", "channel_id"} <= set(has) and {"id", "username"} <= set(author)


def _is_channel(value: Any) -> bool:
    return {"id", "type", "name"} <= set(mapping(value))


def _reason(value: Any, options: ReadOptions) -> str | None:
    """Return why something is no message of a person; None if it is one."""
    if not isinstance(value, dict) or not {"content", "author"} & set(value):
        return "malformed"
    if not isinstance(value.get("content", ""), str | None):
        return "malformed"
    kind = value.get("type", "Default")
    if not isinstance(kind, str | int):
        return "malformed"
    if str(kind).lower() not in WRITTEN:
        return "system line"
    if not (string(value.get("content")) or "").strip():
        if _forwarded(value) is not None and not options.quotes:
            return "forwarded"
        if not _text(value, options).strip() and any(value.get(key) for key in EXTRAS):
            return "media only"
    return None


def _forwarded(value: dict[str, Any]) -> dict[str, Any] | None:
    """Return what a message passes on; None if it doesn't."""
    found = mapping(value.get("forwardedMessage"))
    if not found:
        found = next((mapping(mapping(one).get("message")) for one in listing(value.get("message_snapshots"))), {})
    if found:
        return found
    return {} if mapping(value.get("reference")).get("type") == "Forward" else None


def _text(value: dict[str, Any], options: ReadOptions) -> str:
    """Return what was written; of a message that passes another on, that one, if it is wanted."""
    own = string(value.get("content")) or ""
    if own.strip() or not options.quotes:
        return own
    return string((_forwarded(value) or {}).get("content")) or own


def _person(value: Any) -> tuple[str | None, str | None]:
    """Return somebody's id and name: on the server, else the one to show, else the one to log in with."""
    has = mapping(value)
    names = (identifier(has.get(key)) for key in ("nickname", "global_name", "name", "username"))
    name = next(filter(None, names), None)
    return identifier(has.get("id")) or name, name


DISCORD = Discord()
