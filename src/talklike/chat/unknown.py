"""What a file looks most like that no format takes, why it isn't read, and what to do instead."""

from __future__ import annotations

import itertools
import json
import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from talklike.chat.archives import OFFICE
from talklike.chat.columns import AUTHOR_IDS, AUTHOR_NAMES, TEXTS, TIMES, canonical
from talklike.chat.formats.text import JSON_START, looks_like_log

if TYPE_CHECKING:
    from collections.abc import Iterator

GUIDE = "docs/how-to/export-your-chat.md"
"""The page that says how to get an export that can be read."""

LOOKED_AT = 20
"""Objects of a list in JSON that are looked at."""

DEEPEST = 6
"""How deep lists of messages are looked for in JSON."""

PAGES: tuple[tuple[tuple[bytes, ...], str], ...] = (
    (
        (b'class="page_wrap', b"tgme_page", b'class="message default', b"Telegram"),
        "Telegram's export as a web page; export it again and choose “Machine-readable JSON” as the format",
    ),
    ((b"chatlog__", b"DiscordChatExporter"), "DiscordChatExporter's web page; export it again as JSON (-f Json)"),
    (
        (b"_a6-g", b"_3-95 _a6-", b"uiBoxWhite noborder", b"pam _3-95", b"www.facebook.com/", b"www.instagram.com/"),
        "a download from Facebook or Instagram as a web page; request it again and choose JSON as the format",
    ),
    ((b"mx_EventTile", b"mx_RoomHeader", b"mx_Export"), "Element's export as a web page; export the room again as JSON"),
    ((b"slack-export-viewer", b"slack_archive"), "a view of a Slack export; name the export itself, the zip or folder"),
)
"""What tells whose web page an export is (any of the words), and what to do instead."""


def unknown(data: bytes, name: str = "") -> str | None:
    """Return what a text looks like that no format takes, and what to do; None if it looks like nothing in particular.

    Args:
        data: Its first bytes.
        name: Of the file, with its suffix.
    """
    start = data.lstrip()[:1000].lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return "this is " + (_page(data) or "a web page; look for an export as JSON, CSV or text")
    if PurePosixPath(name).name == "[Content_Types].xml":
        return OFFICE
    if start.startswith((b"<?xml", b"<smses")):
        what = "a backup of text messages (SMS Backup & Restore)" if b"<smses" in data[:10_000] else "XML"
        return f"this is {what}, which isn't read; write its messages into a CSV with the columns time, author and text"
    if start.startswith((b"begin:vcard", b"begin:vcalendar")):
        return "this holds contacts or dates, no messages"
    if start.startswith(b"{\\rtf"):
        return "this is a Rich Text document; save it as plain text"
    if JSON_START.match(data):
        return _json(data, PurePosixPath(name).name)
    if looks_like_log(data):
        return "this looks like a chat log in a layout that nobody here knows; --format text would read it as one author's book"
    return None


def nothing_inside(left_out: dict[str, int]) -> str:
    """Return why an export without a file that may hold messages isn't read, and what to do.

    Args:
        left_out: Why files were left out, with how many.
    """
    inside = ", ".join(f"{count:,} {reason}" for reason, count in left_out.items())
    if not inside:
        return "it is empty"
    if set(left_out) == {"hidden"}:
        return (
            f"there are only hidden files in it (left out: {inside}), whose names begin with a dot or that lie in folders such as"
            f" __MACOSX or .git; export the chat itself, see {GUIDE}"
        )
    if set(left_out) <= {"media", "hidden"}:
        return f"there are only pictures, sounds and the like in it (left out: {inside}); export the chat itself, see {GUIDE}"
    return f"left out: {inside}"


def _page(data: bytes) -> str | None:
    return next((what for words, what in PAGES if any(word in data for word in words)), None)


def _json(data: bytes, name: str) -> str:
    """Return what JSON looks like that no format takes."""
    value = _decoded(data)
    outer = value[:LOOKED_AT] if isinstance(value, list) else []
    keys = {key for item in outer if isinstance(item, dict) for key in item}
    if {"team_id", "profile"} <= keys or ("real_name" in keys and "deleted" in keys):
        return "this is the list of people of a Slack export; name the whole export, the folder or the zip"
    if {"purpose", "members"} <= keys or name in (
        "channels.json",
        "groups.json",
        "dms.json",
        "mpims.json",
        "integration_logs.json",
    ):
        return "this is the list of channels of a Slack export; name the whole export, the folder or the zip"
    for place, items in _lists(value):
        fields = {key for item in items for key in item}
        texts = _named(fields, TEXTS)
        authors = _named(fields, (*AUTHOR_IDS, *AUTHOR_NAMES))
        if not texts:
            continue
        what = f"a list of objects {place} that may be messages (text in {texts[0]!r}"
        what += f", author in {authors[0]!r}" if authors else ", but nobody who wrote them"
        what += f", time in {times[0]!r})" if (times := _named(fields, TIMES)) else ")"
        return (
            f"this is JSON in a layout that nobody here knows: {what}; write one object a line into a .jsonl file, which is read"
        )
    if not data.rstrip().endswith((b"}", b"]")) and value is None:
        return "this is JSON that is cut off or damaged, in a layout that nobody here knows; write one object a line"
    return "this is JSON in a layout that nobody here knows, without anything that looks like messages; write one object a line"


def _decoded(data: bytes) -> Any:
    """Return the value of a JSON text, of its beginning at least; None if that can't be."""
    text = data.decode("utf-8", "replace")
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    # A list in the text that is cut off: its first objects, one by one.
    decoder = json.JSONDecoder()
    first: list[Any] = []
    for found in itertools.islice(re.finditer(r"\[\s*(?=\{)", text), LOOKED_AT):
        items: list[Any] = []
        at = found.end()
        try:
            while len(items) < LOOKED_AT:
                item, at = decoder.raw_decode(text, at)
                items.append(item)
                comma = re.compile(r"\s*,\s*").match(text, at)
                if comma is None:
                    break
                at = comma.end()
        except (ValueError, RecursionError):
            pass
        if items and _named({key for item in items if isinstance(item, dict) for key in item}, TEXTS):
            return items
        first = first or items
    return first or None


def _lists(value: Any, place: str = "at the top", depth: int = 0) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield the lists of objects in JSON, the outer first, and where they are."""
    if depth > DEEPEST:
        return
    if isinstance(value, list):
        items = [item for item in value[:LOOKED_AT] if isinstance(item, dict)]
        if items:
            yield place, items
        for item in items[:1]:
            yield from _lists(item, place, depth + 1)
    elif isinstance(value, dict):
        for key, inner in value.items():
            # A key may be somebody's name, unless it is spelt as programs do.
            under = f"under {key!r}" if re.fullmatch(r"[a-z][a-z_]{0,30}", key) else "inside"
            yield from _lists(inner, under, depth + 1)


def _named(fields: set[str], known: tuple[str, ...]) -> list[str]:
    """Return the fields that have a common name, the commonest first."""
    by_name = {canonical(field): field for field in sorted(fields)}
    return [by_name[name] for name in known if name in by_name]
