"""Gitter's API: pages of messages, as ``GET /v1/rooms/:roomId/chatMessages`` gave them until Gitter moved to Matrix in 2023.

Layout: the documentation of Gitter's REST API ("Messages resource") and of its streaming API, which gave one message a line;
pages as GrimoireLab's perceval stores them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from talklike.chat.format import Match
from talklike.chat.json_items import items
from talklike.chat.json_lines import first_items, first_lines, json_lines
from talklike.chat.json_values import identifier, mapping, string, time
from talklike.chat.rows import Rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talklike.chat.format import Batch
    from talklike.chat.options import ReadOptions
    from talklike.chat.report import ReadReport
    from talklike.chat.source import Head, Source
    from talklike.chat.table import Kind

MESSAGES = ("*",)
"""Where the messages are in the document: it is an array of them."""


class Gitter:
    """Pages of Gitter's API."""

    name = "gitter"
    title = "Gitter: messages as its API gives them (JSON)"
    rule = "JSON objects with `text`, `sent` and `fromUser` (or `virtualUser`, who wrote from Matrix), in an array or one a line"
    limits = "pages don't name their room: the channel is the folder that a page lies in"
    kind: Kind = "messages"
    has_columns = False

    def detect(self, head: Head) -> Match | None:
        """Say whether the array or the lines hold messages."""
        if b'"sent"' not in head.data or b"User" not in head.data:
            return None
        if any(_is_message(item.value) for item in first_items(head, MESSAGES) if item.path == (0,)):
            return Match(0.98, "a JSON array of messages as Gitter's API gives them")
        lines = first_lines(head)
        if lines and all(_is_message(line) for line in lines):
            return Match(0.98, "each line is a message as Gitter's API gives it")
        return None

    def read(self, source: Source, options: ReadOptions, report: ReadReport) -> Iterator[Batch]:  # noqa: ARG002 - as in every format
        """Yield the messages of a page."""
        channel = source.inner.parent.name or None
        found = json_lines(source, report) if first_lines(source.head) else items(source, report, MESSAGES)
        rows = Rows()
        for item in found:
            value = mapping(item.value)
            reason = _reason(value)
            if reason is not None:
                report.skip(reason, 1, [source.place(item.line)])
                continue
            author, name = _author(value)
            rows.add(
                item.line,
                author,
                _text(value, name),
                name=name,
                time=time(value.get("sent")),
                channel=channel,
                id=identifier(value.get("id")),
            )
            yield from rows.full()
        yield from rows.rest()


def _is_message(value: Any) -> bool:
    has = mapping(value)
    by = has.get("fromUser") or has.get("virtualUser")
    return isinstance(has.get("text"), str) and isinstance(has.get("sent"), str) and isinstance(by, dict)


def _reason(value: dict[str, Any]) -> str | None:
    """Return why something is no message; None if it is one."""
    if not isinstance(value.get("text"), str):
        return "malformed"
    # Whoever took a message back edited it until nothing was left.
    return "deleted" if value["text"] == "" and value.get("editedAt") else None


def _author(value: dict[str, Any]) -> tuple[str | None, str | None]:
    """Return the id of who wrote a message, and the name that Gitter mentions them by.

    What came from Matrix is by a bridge, which has an id of its own, on behalf of a virtual user.
    """
    user, virtual = mapping(value.get("fromUser")), mapping(value.get("virtualUser"))
    if author := identifier(virtual.get("externalId")):
        return author, identifier(virtual.get("displayName"))
    name = identifier(user.get("username"))
    return identifier(user.get("id")) or name, name or identifier(user.get("displayName"))


def _text(value: dict[str, Any], name: str | None) -> str | None:
    """Return what was written; ``/me waves`` comes as ``@nick waves`` and is given without the nick, as on IRC."""
    text = string(value.get("text"))
    if text is not None and value.get("status") is True and name is not None:
        return text.removeprefix(f"@{name} ")
    return text


GITTER = Gitter()
