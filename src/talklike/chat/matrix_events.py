"""Events of Matrix: where they are in the documents of its API, and what was written in one."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from talklike.chat.json_items import items
from talklike.chat.json_lines import json_lines
from talklike.chat.json_values import identifier, mapping, string

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talklike.chat.report import ReadReport
    from talklike.chat.source import Head, Source

Path = tuple[str | int, ...]

_ROOMS = tuple(
    ("rooms", kind, "*", part, "events", "*") for kind in ("join", "leave") for part in ("state", "state_after", "timeline")
)
PLACES: tuple[tuple[str, ...], ...] = (
    ("messages", "*"),  # Element's export
    ("*",),  # a list
    ("chunk", "*"),  # /messages
    ("state", "*"),
    *_ROOMS,  # /sync
    ("events_before", "*"),  # /context
    ("events_after", "*"),
    ("events", "*"),
    ("timeline", "*"),
    ("timeline", "events", "*"),
    ("messages", "chunk", "*"),  # /rooms/…/initialSync
    ("rooms", "*", "messages", "chunk", "*"),  # /initialSync
    ("rooms", "*", "state", "*"),
)
"""Where the events are in a document."""

LOOKED_AT, LEAST_SHARE = 50, 0.8
"""Lines that tell whether each is an event, and the share of them that must be."""

SYNC_ROOM = 2
"""Where the room stands in the path to an event in ``/sync``."""

SYNC_PATH = 6
"""Steps in such a path."""

_USER = re.compile(r"@[^\s:]*:\S+")
_FALLBACK = re.compile(r"> (?:\* )?<@[^>\n]*>")


def events(source: Source, report: ReadReport) -> Iterator[tuple[Any, Path, int]]:
    """Yield what stands where events are, decrypted if need be, with the path that leads to it and the line where it begins."""
    if one_a_line(source.head):
        for item in json_lines(source, report):
            yield event_of(item.value), (), item.line
        return
    for item in items(source, report, *PLACES):
        if item.path == ("event",) or (item.path and isinstance(item.path[-1], int)):  # the first is of /context
            yield event_of(item.value), item.path, item.line


def one_a_line(head: Head) -> bool:
    """Return whether a file holds an event in each line, but for damaged ones."""
    lines = [line for line in head.data.split(b"\n", LOOKED_AT)[:LOOKED_AT] if line.strip()]
    if len(lines) > 1 and not head.complete:
        del lines[-1]  # it may be cut off
    if not lines or not lines[0].lstrip().startswith(b"{"):
        return False
    return sum(map(_is_line, lines)) >= LEAST_SHARE * len(lines)


def _is_line(line: bytes) -> bool:
    try:
        return is_event(event_of(json.loads(line)))
    except (ValueError, RecursionError):
        return False


def event_of(value: Any) -> Any:
    """Return the readable one of an event and what it decrypts to, as the JavaScript SDK writes them side by side."""
    clear = mapping(value).get("decrypted")
    return clear if isinstance(clear, dict) else value


def is_event(value: Any) -> bool:
    """Return whether a value can only be an event of Matrix."""
    has = mapping(value)
    sender = has.get("sender", has.get("user_id"))
    return (
        isinstance(has.get("type"), str)
        and isinstance(has.get("content"), dict)
        and isinstance(sender, str)
        and _USER.fullmatch(sender) is not None
        and ("origin_server_ts" in has or "event_id" in has)
    )


def sender_of(event: dict[str, Any]) -> str | None:
    """Return who sent an event; old ones call it ``user_id``."""
    return identifier(event.get("sender")) or identifier(event.get("user_id"))


def room_of(event: dict[str, Any], path: Path) -> str | None:
    """Return the id of the room that an event was sent to, from it or from the path that leads to it."""
    room = identifier(event.get("room_id"))
    return room or (identifier(path[SYNC_ROOM]) if len(path) == SYNC_PATH else None)


def replaced(event: dict[str, Any]) -> str | None:
    """Return the id of the event that an edit replaces; None for everything else."""
    relation = mapping(mapping(event.get("content")).get("m.relates_to"))
    return identifier(relation.get("event_id")) if relation.get("rel_type") == "m.replace" else None


def new_content(edit: dict[str, Any]) -> dict[str, Any]:
    """Return what an edit puts in place of the old content, or its own, which clients without edits show behind an asterisk."""
    content = mapping(edit.get("content"))
    new, body = content.get("m.new_content"), content.get("body")
    if isinstance(new, dict):
        return new
    return content | {"body": body.removeprefix("* ")} if isinstance(body, str) else content


def text_of(event: dict[str, Any], content: dict[str, Any], *, quotes: bool) -> str | None:
    """Return what was written.

    Args:
        event: The message.
        content: Its last version.
        quotes: Keep the message that it answers, which clients put before it, line by line behind ``>``.
    """
    body = string(content.get("body"))
    if body is None or quotes or not body.startswith("> "):
        return body
    relation = mapping(mapping(event.get("content")).get("m.relates_to"))
    html = content.get("formatted_body")
    answers = isinstance(relation.get("m.in_reply_to"), dict) and _FALLBACK.match(body)
    if not answers and not (isinstance(html, str) and html.lstrip().startswith("<mx-reply>")):
        return body
    lines = body.split("\n")
    first = next((number for number, line in enumerate(lines) if not line.startswith(">")), len(lines))
    return "\n".join(lines[first:]).removeprefix("\n")
