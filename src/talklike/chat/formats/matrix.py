"""Matrix: rooms as Element exports them (JSON), and events as the client-server API gives them.

Layouts: Element's exporter (``room_name`` and ``messages``); the Matrix specification 1.0 to 1.13 (``/messages``, ``/sync``,
``/context``, ``/initialSync``, events); Synapse's ``export-data`` (events one a line). An edit is an event of its own, before or
after what it replaces, so files are read twice, first for edits, deletions and names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from talklike.chat.format import Match
from talklike.chat.json_lines import first_items
from talklike.chat.json_values import identifier, mapping, time
from talklike.chat.matrix_events import PLACES, event_of, events, is_event, one_a_line, replaced, room_of, sender_of, text_of
from talklike.chat.matrix_survey import Surveys
from talklike.chat.rows import Rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talklike.chat.format import Batch
    from talklike.chat.matrix_survey import Survey
    from talklike.chat.options import ReadOptions
    from talklike.chat.report import ReadReport
    from talklike.chat.source import Head, Source
    from talklike.chat.table import Kind

MESSAGE = "m.room.message"

OTHERS = {
    "m.room.encrypted": "encrypted",
    "m.sticker": "media only",
    "m.reaction": "reaction",
    "m.poll.start": "poll",
    "org.matrix.msc3381.poll.start": "poll",
}
"""Why events that somebody sent are no messages; all others are system lines."""

MEDIA = frozenset({"m.image", "m.video", "m.audio", "m.file", "m.location"})
"""Kinds of messages whose text is a file's name, unless ``filename`` says that it is something else."""

NO_SPEECH = {
    "m.bad.encrypted": "encrypted",
    "m.server_notice": "system line",
    "m.key.verification.request": "system line",
}
"""Kinds of messages that nobody wrote, and why they aren't kept."""


class Matrix:
    """Rooms of Matrix."""

    name = "matrix"
    title = "Matrix: rooms that Element exported, /messages, /sync, lists and lines of events (JSON)"
    rule = "JSON with events (`type`, `content`, a `sender` like `@nick:server`, `origin_server_ts`) where Matrix's API has them"
    limits = "what was still encrypted when it was exported; Element's exports as web pages and as text"
    kind: Kind = "messages"
    has_columns = False

    def detect(self, head: Head) -> Match | None:
        """Say whether the document or the lines hold events."""
        if b'"content"' not in head.data or b'"@' not in head.data:
            return None
        if one_a_line(head):
            return Match(0.97, "each line is an event of Matrix")
        if any(is_event(event_of(item.value)) for item in first_items(head, *PLACES)):
            return Match(0.97, "JSON with events of Matrix")
        return None

    def read(self, source: Source, options: ReadOptions, report: ReadReport) -> Iterator[Batch]:
        """Yield the messages."""
        survey = _SURVEYS.of(source)
        if survey.overflowed:
            report.notes.append(
                f"{source.name}: the export holds more edits than are remembered; some messages are older versions"
            )
        room_name = _room_name(source.head)
        rows = Rows()
        with source.reopened() as again:
            for event, path, line in events(again, report):
                text, reason = _text(event, survey, options)
                if reason is not None:
                    report.skip(reason, 1, [source.place(line)])
                    continue
                room, author = room_of(event, path), sender_of(event)
                rows.add(
                    line,
                    author,
                    text,
                    name=survey.name(room, author),
                    time=time(event.get("origin_server_ts")),
                    channel=room_name or survey.room(room),
                    id=replaced(event) or identifier(event.get("event_id")),
                )
                yield from rows.full()
        yield from rows.rest()


def _text(event: Any, survey: Survey, options: ReadOptions) -> tuple[str | None, str | None]:
    """Return what was written, in its last version, or why this is no message of a person."""
    if not isinstance(event, dict) or not isinstance(event.get("type"), str) or not isinstance(event.get("content"), dict):
        return None, "malformed"
    if event["type"] != MESSAGE or "state_key" in event:
        return None, OTHERS.get(event["type"], "system line")
    if not event["content"] or "redacted_because" in mapping(event.get("unsigned")) or survey.is_redacted(event):
        return None, "deleted"
    if replaced(event) and not survey.stands_alone(event):
        return None, "edit"
    content = survey.newest(event)
    kind, body = content.get("msgtype"), content.get("body")
    if not isinstance(body, str) or not isinstance(kind, str):
        return None, "malformed"
    if kind in NO_SPEECH:
        return None, NO_SPEECH[kind]
    if kind in MEDIA and not (isinstance(content.get("filename"), str) and body != content["filename"]):
        return None, "media only"
    text = text_of(event, content, quotes=options.quotes)
    return text, "quotation only" if body and not text else None


def _room_name(head: Head) -> str | None:
    """Return the name of the room in what Element exported, which stands before its messages; None elsewhere."""
    return next((identifier(item.value) for item in first_items(head, *PLACES) if item.path == ("room_name",)), None)


_SURVEYS = Surveys(Matrix().detect)
MATRIX = Matrix()
