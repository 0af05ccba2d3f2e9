"""What Messenger's and Instagram's downloads have in common: both come out of the same accounts centre, in the same layouts.

- Since 2018 (Messenger) and 2020 (Instagram): a folder a chat with ``message_1.json``, ``message_2.json`` …, newest first, texts
  as mojibake.
- End-to-end encrypted chats of Messenger, downloaded on their own: a file a chat, other names, sound texts.
- Instagram until 2020: all conversations in one ``messages.json``.

Layouts: the downloads as parsers of them in several languages read and test them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from talklike.chat.chat_rows import ChatRows
from talklike.chat.json_items import items
from talklike.chat.json_lines import first_items
from talklike.chat.json_values import identifier, listing, mapping, string, time
from talklike.chat.meta_lines import MEDIA_ONLY, SYSTEM_LINE, app_line
from talklike.chat.mojibake import Mojibake

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talklike.chat.format import Batch
    from talklike.chat.json_items import Item
    from talklike.chat.report import ReadReport
    from talklike.chat.source import Head, Source

MESSAGES = ("messages", "*")
CONVERSATIONS = ("*", "conversation", "*")
"""Where the messages are: in a file of one chat, in Instagram's file of all."""

ATTACHED = frozenset(
    {
        "photos", "videos", "audio_files", "files", "gifs", "sticker", "share", "media", "media_url", "media_share_url",
        "media_owner", "story_share", "animated_media_images", "voice_media", "heart", "live_video_invite",
        "profile_share_username", "location_name", "product_share", "felix_share", "hashtag",
    }
)  # fmt: skip
"""What a message can hold beside its text, in all layouts."""

OF_ENTRIES = frozenset({"type", "content", "isUnsent", "media", "reactions"})
"""One of these has every entry that has ``timestamp`` in the place of ``timestamp_ms``."""

DONE = frozenset({"call_duration", "missed", "users", "action", "video_call_action"})
"""What tells that a call was made or somebody added."""

SYSTEM_TYPES = frozenset({"Call", "Subscribe", "Unsubscribe", "Payment", "Game", "call", "placeholder", "admin", "system"})
"""Types of entries that are no messages, whatever their text says."""

OF_MESSENGER = re.compile(
    rb'your_facebook_activity|your_activity_across_facebook|messages\\?/stickers_used|sender_id_INTERNAL|"threadName"'
)
OF_INSTAGRAM = re.compile(
    rb'your_instagram_activity|"conversation"\s*:\s*\[|"content"\s*:\s*"(?:Liked a message|Reacted [^"]{1,60} to your message ?)"'
)
"""What only one of the two writes."""

APP = re.compile(r"instagram|facebook|messenger", re.IGNORECASE)
CHATS = re.compile(r"/(?:messages|inbox)/")
"""Where in a path the names of chats begin, which tell nothing: one may be called facebookuser."""

VOTES = 1000
"""Values whose strings tell whether a file's texts are mojibake."""


def is_download(head: Head) -> bool:
    """Return whether the document holds messages in one of the layouts."""
    if not any(word in head.data for word in (b'"sender_name"', b'"senderName"', b'"sender"')):
        return False
    return any(_is_message(item) for item in first_items(head, MESSAGES, CONVERSATIONS))


def app_of(head: Head) -> str | None:
    """Return whose download it is, as far as the content or else the path tells: ``messenger``, ``instagram`` or None."""
    messenger, instagram = len(OF_MESSENGER.findall(head.data)), len(OF_INSTAGRAM.findall(head.data))
    if messenger != instagram:
        return "messenger" if messenger > instagram else "instagram"
    named = APP.findall(CHATS.split("/" + head.path)[0])
    return None if not named else "instagram" if named[-1].lower() == "instagram" else "messenger"


def read(source: Source, report: ReadReport) -> Iterator[Batch]:
    """Yield the messages, chat by chat."""
    first = (item.value for item in first_items(source.head, MESSAGES, CONVERSATIONS, most=VOTES))
    letters = Mojibake(first, expected=b'"sender_name"' in source.head.data)
    rows = ChatRows(_folder(source))
    conversation: str | int | None = None
    for item in items(source, report, MESSAGES, CONVERSATIONS):
        path = item.path
        if path and isinstance(path[0], int) and path[0] != conversation:
            rows.end_chat()
            conversation = path[0]
        if _is_message_at(path):
            reason = _add(rows, item, letters)
            if reason is not None:
                report.skip(reason, 1, [source.place(item.line)])
            yield from rows.full()
        elif path in (("title",), ("threadName",)):
            rows.name_chat(identifier(letters.text(item.value)))
        elif len(path) == 2 and path[1] == "participants":
            people = [identifier(letters.text(one)) for one in listing(item.value)]
            rows.otherwise = ", ".join(one for one in people if one) or None
    yield from rows.rest()


def _folder(source: Source) -> str | None:
    """Return what the folder of a chat is called, the download's number at its end left out."""
    return re.sub(r"_[0-9a-z]{6,}$", "", source.inner.parent.name, flags=re.IGNORECASE) or None


def _is_message_at(path: tuple[str | int, ...]) -> bool:
    return (len(path) == 2 and path[0] == "messages") or (len(path) == 3 and path[1] == "conversation")


def _is_message(item: Item) -> bool:
    has = mapping(item.value)
    if len(item.path) == 3:
        return _is_message_at(item.path) and "sender" in has and "created_at" in has
    if "timestamp_ms" not in has and not ("timestamp" in has and OF_ENTRIES & has.keys()):
        return False
    return _is_message_at(item.path) and ("sender_name" in has or "senderName" in has)


def _add(rows: ChatRows, item: Item, letters: Mojibake) -> str | None:
    """Add a message; return why it is none."""
    value = item.value
    if not isinstance(value, dict):
        return "malformed"
    sender = _first(value, ("sender_name", "senderName", "sender"))
    author = identifier(letters.text(sender))
    said = _first(value, ("content", "text"))
    if said is None and isinstance(value.get("link"), str):  # Instagram until 2020: all that was typed
        said = value["link"]
    text = string(letters.text(said))
    reason = _reason(value, sender, said, text, author)
    if reason is None:
        when = _first(value, ("timestamp_ms", "timestamp", "created_at"))
        rows.add(item.line, author, text, time=time(when), name=author)
    return reason


def _reason(value: dict[str, Any], sender: object, said: object, text: str | None, author: str | None) -> str | None:
    kind = value.get("type")
    if (said is not None and text is None) or (sender is None and said is None and not ATTACHED & value.keys()):
        return "malformed"
    if value.get("is_unsent") is True or value.get("isUnsent") is True or (text is None and value.get("is_taken_down") is True):
        return "deleted"
    if (isinstance(kind, str) and kind in SYSTEM_TYPES) or DONE & value.keys():
        return SYSTEM_LINE
    attached = any(value.get(key) for key in ATTACHED & value.keys())
    if not text or not text.strip():
        return MEDIA_ONLY if attached else None  # the common checks call the rest empty
    return app_line(text, author, attached=attached)


def _first(value: dict[str, Any], keys: tuple[str, ...]) -> object:
    """Return the first of several fields that is there."""
    for key in keys:
        if (found := value.get(key)) is not None:
            return found
    return None
