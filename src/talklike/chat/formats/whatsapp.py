"""WhatsApp: the text that “Export chat” gives on Android and iPhones, in any language.

A message may have several lines; only its first has a header. What headers a file has is found out in a first pass over it, as is
the order of day, month and year, for which all its dates are asked.
"""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import TYPE_CHECKING

from talklike.chat.format import Match
from talklike.chat.lines import is_cut, line_blocks
from talklike.chat.report import ReadReport
from talklike.chat.rows import Rows
from talklike.chat.whatsapp_lines import header, may_be_header, name_and_text
from talklike.chat.whatsapp_phrases import is_encryption_notice
from talklike.chat.whatsapp_survey import NOTICES, Survey

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from talklike.chat.format import Batch
    from talklike.chat.options import ReadOptions
    from talklike.chat.source import Head, Source
    from talklike.chat.table import Kind
    from talklike.chat.whatsapp_lines import Header

LOOKED_AT = 400
"""Lines that tell whether a file is an export."""

LEAST_HEADERS = 0.05
"""Share of these lines that must have a header where the first has none: some people write long messages."""

LONGEST_MESSAGE = 1 << 20
"""Of a message; WhatsApp allows 65,536. What goes on after that is left out [character]."""

PROGRAMS = frozenset({"Meta AI"})
"""Who answers in chats and is nobody."""

LINES_AT_ONCE = 50
"""Lines that are read before the batch is looked at."""

_TITLE = re.compile(
    r".*WhatsApp.*?(?: - |[ _](?:с контактом|with|mit|con|com|avec|met|med|ile|dengan|cu|z|s|с|з|עם|مع)[ _]|_-_)(?P<name>.+)$"
    r"|(?P<named>.+?)[ _]ile[ _]WhatsApp[ _]Sohbeti$|[与與和](?P<called>.+?)的[ _]?WhatsApp",
    re.IGNORECASE,
)
_COPY = re.compile(r"(?: ?\(\d+\)|\.(?:txt|zip))+$", re.IGNORECASE)
_LOG_LEVEL = re.compile(r"(?:^|[^A-Za-z])(?:TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|CRITICAL|FATAL)(?:[^A-Za-z]|$)")


class WhatsApp:
    """Exported chats of WhatsApp."""

    name = "whatsapp"
    title = "WhatsApp: exported chats of Android and iPhone (text, in a zip or folder with media or alone)"
    rule = "lines such as `31/12/20, 23:59 - name: text` or `[31.12.20, 23:59:59] name: text`"
    limits = (
        "messages have no ids; dates with the month's name (exports of before 2015) are no headers; years of the Islamic"
        " calendar, and of the Japanese without its era, give no time"
    )
    kind: Kind = "messages"
    has_columns = False

    def detect(self, head: Head) -> Match | None:
        """Say whether lines begin with WhatsApp's dates and names."""
        lines = _first_lines(head)
        found = [header(line) for line in lines]
        headers = [one for one in found if one is not None]
        names = [name for one in headers if (name := name_and_text(one.rest)[0]) is not None]
        if not headers or (found[0] is None and len(headers) < max(2, LEAST_HEADERS * len(lines))):
            return None
        if not names and not any(is_encryption_notice(one.rest) for one in headers):
            return None
        if sum(_LOG_LEVEL.search(name) is not None for name in names) > len(names) / 2:
            return None  # a program's
        # Others stamp their lines so too; WhatsApp says more than a name, or says it in its own way.
        sure = 0.95 if found[0] is not None and len(names) >= len(headers) / 2 else 0.8
        return Match(sure, "lines that begin with a date, a time and a name, as WhatsApp writes them")

    def read(self, source: Source, options: ReadOptions, report: ReadReport) -> Iterator[Batch]:
        """Yield the messages."""
        with source.reopened(quietly=True) as first:
            survey = Survey((line for _, line in _lines(first, ReadReport("", "", ""))), options.day_first)
        for order in survey.orders():
            note = f"dates are {order.name} ({order.why})"
            if not order.sure:
                note = f"{source.name}: {note}"
            if note not in report.notes:  # an export may have many files of one phone
                report.notes.append(note)
        report.bots.update(PROGRAMS & survey.longer.keys())
        reading = _Reading(source, report, survey)
        for number, line in _lines(source, report):
            reading.line(number, line)
            if number % LINES_AT_ONCE == 0:
                yield from reading.rows.full()
        reading.end_message()
        yield from reading.rows.rest()


class _Reading:
    """A message on its way: its header, and the lines that followed."""

    def __init__(self, source: Source, report: ReadReport, survey: Survey) -> None:
        self.rows = Rows()
        self._source, self._report, self._survey = source, report, survey
        self._channel = _channel(source)
        self._header: Header | None = None
        self._line = 0
        self._name: str | None = None
        self._texts: list[str] = []
        self._size = 0
        self._seen = 0
        self._pasted_before: datetime | None = None

    def line(self, number: int, line: str) -> None:
        """Take the next line of the file."""
        found = header(line)
        if found is not None and found.style in self._survey.styles and not self._is_pasted(found):
            self.end_message()
            self._header, self._line = found, number
            self._name, text = name_and_text(found.rest, self._survey.longer)
            self._texts, self._size = [text], len(text)
            self._pasted_before = self._pastes(found, text) if may_be_header(text) else None
        elif self._header is None:
            if line.strip():
                self._report.skip("malformed", 1, [self._source.place(number)])
        elif self._size < LONGEST_MESSAGE:
            self._texts.append(line)
            self._size += len(line) + 1

    def end_message(self) -> None:
        """Add the message whose lines are all there."""
        if self._header is None:
            return
        self._seen += 1
        survey, name, text = self._survey, self._name, "\n".join(self._texts)
        reason: str | None = "system line"
        if name is not None and survey.is_person(name) and not (self._seen <= NOTICES and is_encryption_notice(text)):
            reason, text = survey.reader.read(text, name)
        if reason is None:
            self.rows.add(self._line, name, text, time=survey.time(self._header), name=name, channel=self._channel)
        else:
            self._report.skip(reason, 1, [self._source.place(self._line)])
        self._header = None

    def _pastes(self, found: Header, text: str) -> datetime | None:
        """Return the time of a message whose text begins with the header of an older one: what is older than it belongs to it."""
        inner = header(text)
        if inner is None or inner.date_kind != found.date_kind:
            return None
        time, pasted = self._survey.time(found), self._survey.time(inner)
        return time if time is not None and pasted is not None and pasted < time else None

    def _is_pasted(self, found: Header) -> bool:
        if self._pasted_before is None:
            return False
        time = self._survey.time(found)
        return time is not None and time < self._pasted_before


def _lines(source: Source, report: ReadReport) -> Iterator[tuple[int, str]]:
    """Yield the lines with their numbers; of one that is too long only its first block."""
    number, cut = 1, False
    for data in line_blocks(source, report):
        if cut:  # the rest of a line that began in an earlier block
            cut = is_cut(data)
            data = data.partition(b"\n")[2]  # noqa: PLW2901 - what is left of it is meant from here on
            if not data:
                continue
        else:
            cut = is_cut(data)
        for line in data.decode().removesuffix("\n").split("\n"):
            yield number, line.removesuffix("\r")
            number += 1


def _first_lines(head: Head) -> list[str]:
    lines = head.data.split(b"\n", LOOKED_AT)[:LOOKED_AT]
    return [text for line in lines if (text := line[:2000].decode("utf-8", "replace").removesuffix("\r")).strip()]


def _channel(source: Source) -> str | None:
    """Return the chat's name, from the name of the file, or of the zip or folder that holds ``_chat.txt``."""
    export = PurePath(source.tree.name)
    names = [_COPY.sub("", place) for place in (source.inner.name, source.inner.parent.name, export.name, export.parent.name)]
    for name in names:
        if found := _TITLE.match(name):
            return (found["name"] or found["named"] or found["called"]).replace("_", " ").strip() or None
    return next((name for name in names[:3] if name and name not in ("_chat", "-", "stdin")), None)


WHATSAPP = WhatsApp()
