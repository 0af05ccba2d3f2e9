"""Signal's chats as JSON: signal-export's lines, sigtop's arrays of rows, and the lines of Signal's own export.

Layouts: signal-export 2 and 3 (``data.json``), sigtop (``-f json``: rows of Signal Desktop's database), Signal 8's export of
chats (``main.jsonl``: frames of its backups, ``Backup.proto``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from talklike.chat.json_values import identifier, listing, mapping, string, time
from talklike.chat.signal_text import DETAILED, NOBODY, Said, body

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from talklike.chat.json_items import Item

FRAMES = frozenset(
    {"account", "recipient", "chat", "chatItem", "stickerPack", "adHocCall", "notificationProfile", "chatFolder", "backupTimeMs"}
)
"""What a line of Signal's own export holds, one of these each."""

OWNER = "You"
"""Who wrote what the owner of the account sent, as the rows don't say."""

WITHOUT_TEXT = {"remoteDeletedMessage": "deleted", "adminDeletedMessage": "deleted", "updateMessage": "system line"}
"""What an item of a chat is instead of a text, and why it isn't kept; anything else is something sent without words."""

NAMES = (
    ("nickname", "given", "family"),
    (None, "systemGivenName", "systemFamilyName"),
    (None, "profileGivenName", "profileFamilyName"),
)
"""Where a contact's name stands, in the order in which Signal looks for one."""


def is_line(value: dict[str, Any]) -> bool:
    """Return whether an object is a message of signal-export."""
    return {"date", "sender", "body"} <= value.keys() and bool({"reactions", "attachments", "quote"} & value.keys())


def is_row(value: object) -> bool:
    """Return whether a value is a row of Signal Desktop's table of messages."""
    has = mapping(value)
    return {"conversationId", "type"} <= has.keys() and bool({"sent_at", "received_at", "schemaVersion"} & has.keys())


def is_frame(value: dict[str, Any]) -> bool:
    """Return whether an object is a frame of Signal's own export."""
    return bool(FRAMES & value.keys()) and (len(value) == 1 or "version" in value)


def from_lines(found: Iterable[Item], *, quotes: bool) -> Iterator[Said]:
    """Yield the messages of signal-export."""
    for item in found:
        value = item.value
        given = string(mapping(value).get("body"))
        if not isinstance(value, dict) or (given is None and value.get("body") is not None) or "sender" not in value:
            yield Said(item.line, reason="malformed")
            continue
        author = identifier(value["sender"])
        author = None if author in NOBODY else author
        text, reason = body((given or "").split("\n"), quotes=False)
        if value.get("deleted") is True:
            reason = "deleted"
        elif value.get("call") is True:
            reason = "system line"
        elif reason is None and not text.strip() and (value.get("attachments") or value.get("sticker")):
            reason = "media only"
        quote = string(value.get("quote"))
        if quotes and quote and text.strip():
            text = quote.strip("\n") + "\n\n" + text
        yield Said(item.line, author, author, time(value.get("date")), text, reason)


def from_rows(found: Iterable[Item], stem: str) -> Iterator[Said]:
    """Yield the messages of sigtop's rows.

    Args:
        found: The rows.
        stem: Name of the file, ``name (phone number)`` or ``name (group)``; rows hold ids only.
    """
    named = DETAILED.fullmatch(stem)
    other = named[1] if named and named[2] != "group" else None
    for item in found:
        value = item.value
        kind = value.get("type") if isinstance(value, dict) else None
        if not isinstance(value, dict) or not isinstance(kind, str):
            yield Said(item.line, reason="malformed")
            continue
        text = string(value.get("body"))
        author, name = OWNER, None
        if kind == "incoming":
            author = identifier(value.get("sourceServiceId", value.get("sourceUuid"))) or identifier(value.get("source")) or ""
            name = other
        reason = None
        if kind not in ("incoming", "outgoing"):
            reason = "system line"
        elif value.get("deletedForEveryone") is True or value.get("isErased") is True:
            reason = "deleted"
        elif not text and any(value.get(key) for key in ("attachments", "sticker", "contact")):
            reason = "media only"
        elif text is None and value.get("body") is not None:
            reason = "malformed"
        when = time(value.get("sent_at", value.get("timestamp")))
        yield Said(item.line, author, name, when, mentioned(text, value.get("bodyRanges"), {}), reason)


class Frames:
    """Reads Signal's own export; people and chats come before what they wrote and what is written in them."""

    def __init__(self) -> None:
        self._people: dict[str, tuple[str, str]] = {}  # id and name, by number
        self._names: dict[str, str] = {}  # by account id, for mentions
        self._chats: dict[str, str] = {}
        self._owner = OWNER

    def read(self, found: Iterable[Item]) -> Iterator[Said]:
        """Yield the messages."""
        for item in found:
            if not isinstance(item.value, dict):
                yield Said(item.line, reason="malformed")
                continue
            frame = item.value
            account, chat = mapping(frame.get("account")), mapping(frame.get("chat"))
            if account:
                self._owner = _full(account, "givenName", "familyName") or OWNER
            self._recipient(mapping(frame.get("recipient")))
            if (number := identifier(chat.get("id"))) is not None:
                self._chats[number] = self._people.get(identifier(chat.get("recipientId")) or "", ("", ""))[1]
            if "chatItem" in frame:
                yield self._said(item.line, frame["chatItem"])

    def _recipient(self, value: dict[str, Any]) -> None:
        number = identifier(value.get("id"))
        if number is None:
            return
        contact, group = mapping(value.get("contact")), mapping(value.get("group"))
        if "self" in value:
            key, name = "self", self._owner
        elif group:
            key = identifier(group.get("masterKey")) or number
            name = identifier(mapping(mapping(mapping(group.get("snapshot")).get("title"))).get("title")) or key
        elif "releaseNotes" in value:
            key = name = "Signal"
        else:
            aci, phone = identifier(contact.get("aci")), identifier(contact.get("e164"))
            key = aci or phone or identifier(contact.get("pni")) or number
            name = _contact_name(contact) or (f"+{phone}" if phone else None) or identifier(contact.get("username")) or key
            if aci is not None:
                self._names[aci] = name
        self._people[number] = key, name

    def _said(self, line: int, value: Any) -> Said:
        has = mapping(value)
        author = identifier(has.get("authorId"))
        if author is None:
            return Said(line, reason="malformed")
        key, name = self._people.get(author, (author, author))
        channel = self._chats.get(identifier(has.get("chatId")) or "") or None
        said = mapping(has.get("standardMessage"))
        story = mapping(mapping(has.get("directStoryReplyMessage")).get("textReply"))
        given = mapping((said or story).get("text"))
        text = mentioned(string(given.get("body")), given.get("bodyRanges"), self._names)
        reason = None
        if not text:
            reason = next((why for what, why in WITHOUT_TEXT.items() if what in has), "media only")
        return Said(line, key, name, time(has.get("dateSent")), text, reason, channel)


def mentioned(text: str | None, ranges: object, names: dict[str, str]) -> str | None:
    """Return a text with ``@name`` where Signal has a placeholder for somebody; places are counted in units of UTF-16."""
    mentions = []
    for one in map(mapping, listing(ranges)):
        key = identifier(next((one[k] for k in ("mentionAci", "mentionUuid") if k in one), None))
        start, length = one.get("start", 0), one.get("length", 1)
        if key is not None and isinstance(start, int) and isinstance(length, int) and start >= 0 and 0 <= length <= 100:
            mentions.append((start, length, identifier(one.get("replacementText")) or names.get(key, key)))
    if not text or not mentions:
        return text
    units = text.encode("utf-16-le", "surrogatepass")
    pieces, at = [], 0
    for start, length, name in sorted(mentions):
        if at <= 2 * start and 2 * (start + length) <= len(units):
            pieces += [units[at : 2 * start], f"@{name}".encode("utf-16-le", "surrogatepass")]
            at = 2 * (start + length)
    return b"".join([*pieces, units[at:]]).decode("utf-16-le", "replace")


def _contact_name(contact: dict[str, Any]) -> str | None:
    for inside, *parts in NAMES:
        found = _full(mapping(contact.get(inside)) if inside else contact, *filter(None, parts))
        if found:
            return found
    return None


def _full(value: dict[str, Any], *parts: str) -> str | None:
    return " ".join(filter(None, (identifier(value.get(part)) for part in parts))) or None
