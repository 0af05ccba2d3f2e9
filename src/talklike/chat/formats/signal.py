"""Signal: its own export of chats, what signal-export and sigtop write out of Signal Desktop, signalbackup-tools out of backups.

The layouts are read in ``chat.signal_text``, ``chat.signal_backup_text`` and ``chat.signal_json``; here they are told apart.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Literal

from talklike.chat.format import Match
from talklike.chat.json_items import items
from talklike.chat.json_lines import FIRST, first_items, json_lines
from talklike.chat.json_values import mapping
from talklike.chat.rows import Rows
from talklike.chat.signal_backup_text import HEADER, backup_text, is_backup_text
from talklike.chat.signal_json import Frames, from_lines, from_rows, is_frame, is_line, is_row
from talklike.chat.signal_text import DETAILED, MARKDOWN, OWNERS, SHORT, blocks, markdown, numbered, short
from talklike.errors import FormatError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talklike.chat.format import Batch
    from talklike.chat.json_items import Item
    from talklike.chat.options import ReadOptions
    from talklike.chat.report import ReadReport
    from talklike.chat.signal_text import Said
    from talklike.chat.source import Head, Source
    from talklike.chat.table import Kind

Layout = Literal["frames", "export lines", "sigtop rows", "sigtop text", "sigtop short text", "export Markdown", "backup text"]

TOOLS = {"export": "signal-export", "sigtop": "sigtop", "backup": "signalbackup-tools"}
ARRAY = ("*",)
WORDS = (b'"recipient"', b'"account"', b'"chat', b'"backupTimeMs"', b'"sender"')
"""One of these is in the first lines of JSON Lines."""

LOOKED_AT = 400
"""Lines that tell the layout of a text."""

NAMES_OF_FILES = ("chat", "index", "data", "main", "messages")
"""What tools call the file of a chat; its name is that of the folder."""

BESIDE = {"data": "chat.md", "chat": "data.json"}
"""signal-export writes a chat twice."""

_HEADER = re.compile(rb"^\[\d{4}-\d\d-\d\d,? \d\d:\d\d(?::\d\d)?\] ", re.MULTILINE)
_OBJECT = re.compile(rb"^\{", re.MULTILINE)
_STAMPED = re.compile(rb"\[[12ADFJMNOS]")  # a year or a month


class Signal:
    """Chats of Signal."""

    name = "signal"
    title = "Signal: its own export (JSON Lines), signal-export (Markdown, JSON), sigtop (text, JSON), signalbackup-tools (text)"
    rule = (
        "JSON with `chatItem`, `date`, `sender`, `body`, or `conversationId`; `[2020-01-17 21:49] name:`; `Type:`, `Sent:`; "
        "`[Jan 17, 2020 21:49:05] <name>`"
    )
    limits = (
        "the encrypted backup; sigtop's JSON where Signal Desktop keeps texts elsewhere (its text has them); long texts in "
        "files; of signalbackup-tools the web pages, XML and CSV"
    )
    kind: Kind = "messages"
    has_columns = False

    def detect(self, head: Head) -> Match | None:
        """Say whether the file is in one of the layouts."""
        found = _layout(head)
        if found is None:
            return None
        layout, confidence = found
        tool = next((tool for word, tool in TOOLS.items() if layout.startswith(word)), "Signal itself")
        return Match(confidence, f"a chat as {tool} writes it")

    def read(self, source: Source, options: ReadOptions, report: ReadReport) -> Iterator[Batch]:
        """Yield the messages."""
        found = _layout(source.head)
        if found is None:
            raise FormatError(
                f"{source.name}: this is no chat in a layout of Signal, signal-export, sigtop or signalbackup-tools"
            )
        layout = found[0]
        if layout.startswith("export") and _is_repeated(source, layout):
            note = "of two files that hold the same chat, chat.md and data.json, the one with more messages is read"
            report.notes += [] if note in report.notes else [note]
            return
        rows = Rows()
        named = DETAILED.fullmatch(source.stem)
        channel = named[1] if named else source.inner.parent.name or None if source.stem in NAMES_OF_FILES else source.stem
        for said in _said(layout, source, options, report):
            if said.reason is not None:
                report.skip(said.reason, 1, [source.place(said.line)])
            else:
                rows.add(said.line, said.author, said.text, time=said.time, name=said.name, channel=said.channel or channel)
                yield from rows.full()
        yield from rows.rest()


def _said(layout: Layout, source: Source, options: ReadOptions, report: ReadReport) -> Iterator[Said]:
    if layout == "frames":
        array = source.head.data.lstrip().startswith(b"[")
        return Frames().read(_array(source, report) if array else json_lines(source, report))
    if layout == "export lines":
        return from_lines(json_lines(source, report), quotes=options.quotes)
    if layout == "sigtop rows":
        return from_rows(_array(source, report), source.stem)
    lines = numbered(source, report)
    if layout == "sigtop text":
        return blocks(lines, quotes=options.quotes)
    if layout == "backup text":
        return backup_text(lines)
    return short(lines) if layout == "sigtop short text" else markdown(lines, quotes=options.quotes)


def _array(source: Source, report: ReadReport) -> Iterator[Item]:
    return (item for item in items(source, report, ARRAY) if len(item.path) == 1 and isinstance(item.path[0], int))


def _layout(head: Head) -> tuple[Layout, float] | None:
    """Return the layout of a file, and how sure that is."""
    data = head.data.lstrip()
    if data.startswith(b"{"):
        lines = _first_objects(head) if any(word in data for word in WORDS) else []
        if 2 * sum(map(is_frame, lines)) > len(lines):
            return "frames", 0.97
        return ("export lines", 0.97) if 2 * sum(map(is_line, lines)) > len(lines) else None
    if data.startswith(b"["):
        if b'"conversationId"' in data or b'"backupTimeMs"' in data:
            first = [item.value for item in first_items(head, ARRAY) if item.path in ((0,), (1,))]
            if any(map(is_row, first)):
                return "sigtop rows", 0.96
            if first and all(isinstance(value, dict) and is_frame(value) for value in first):
                return "frames", 0.97
        if not _STAMPED.match(data):
            return None
    return _text_layout(data[: 1 << 16].decode("utf-8", "replace"))


def _first_objects(head: Head) -> list[dict[str, Any]]:
    """Return what the first lines hold; something empty for a line that is broken."""
    rows = [row for row in head.data.split(b"\n", FIRST)[:FIRST] if row.strip()]
    if len(rows) > 1 and not head.complete:
        rows.pop()
    found = []
    for row in rows:
        try:
            found.append(mapping(json.loads(row)))
        except (ValueError, RecursionError):
            found.append({})
    return found


def _text_layout(text: str) -> tuple[Layout, float] | None:
    lines = [line.removesuffix("\r") for line in text.split("\n")[:LOOKED_AT]]
    if lines[0].startswith("Conversation: "):
        fields = {line.partition(": ")[0] for line in lines}
        return ("sigtop text", 0.97) if {"Type", "Sent"} <= fields else None
    if HEADER.match(lines[0]):
        return ("backup text", 0.97) if is_backup_text(lines[:-1] or lines) else None  # the last may be cut off
    for layout, pattern in (("export Markdown", MARKDOWN), ("sigtop short text", SHORT)):
        if pattern.match(lines[0]):
            headers = [match for line in lines if (match := pattern.match(line))]
            senders = {match[pattern.groups - 1] for match in headers}
            if layout == "sigtop short text":
                return ("sigtop short text", 0.9 if "You" in senders else 0.6)
            return _markdown(headers, owner=bool(senders & OWNERS))
    return None


def _markdown(headers: list[re.Match[str]], *, owner: bool) -> tuple[Layout, float] | None:
    """Say how sure it is that such headers are signal-export's: WhatsApp and IRC logs have some that look the same."""
    texts = [match[4] for match in headers if match[4]]
    if 2 * sum(text.endswith("  ") for text in texts) > len(texts) or any("](./media/" in text for text in texts):
        return "export Markdown", 0.98
    if len(headers[0][2]) == len("12:23"):  # no seconds: signal-export before version 2
        return "export Markdown", 0.96 if owner or headers[0].string[len("[2020-01-17")] == "," else 0.5
    return ("export Markdown", 0.9) if owner else None


def _is_repeated(source: Source, layout: Layout) -> bool:
    """Return whether a file beside this one holds the same chat and is to be read instead.

    The JSON says more clearly where a message ends; the Markdown has old messages too if an earlier export was merged into it.
    """
    other = BESIDE.get(source.stem)
    if other is None or source.tree.find(str(source.inner.with_name(other))) is None:
        return False
    counts = {
        suffix: len(begin.findall(source.tree.content(str(source.inner.with_name(f"{stem}{suffix}"))) or b""))
        for stem, suffix, begin in (("chat", ".md", _HEADER), ("data", ".json", _OBJECT))
    }
    merged = counts[".md"] > 1.1 * counts[".json"]
    return merged == (layout == "export lines")


SIGNAL = Signal()
