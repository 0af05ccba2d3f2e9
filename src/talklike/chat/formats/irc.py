"""Logs of IRC channels, as clients, bouncers and bots write them: a stamp of time, and who says or does what.

What stands for the time is read by ``talklike.chat.irc_times``, what for the rest by ``talklike.chat.irc_styles``. Actions
(``/me waves``) are messages without the nick; nick changes go into the report; all else that isn't said by somebody is a system
line.
"""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from talklike.chat.format import Match
from talklike.chat.irc_look import LEAST_SHARE, NO_NICKS, SESSION, UNSTAMPED, look_at, split
from talklike.chat.irc_names import channel_of
from talklike.chat.irc_styles import ADDRESSED, ANGLES, TABS, Said, Style, plain, renamed, said
from talklike.chat.irc_times import Clock, Stamp, day_named, day_told
from talklike.chat.lines import is_cut, line_blocks
from talklike.chat.rows import Rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talklike.chat.format import Batch
    from talklike.chat.options import ReadOptions
    from talklike.chat.report import ReadReport
    from talklike.chat.source import Head, Source
    from talklike.chat.table import Kind

TAKEN = 500
"""Lines that are taken in before a look whether there are enough for a batch."""

MOST_NICKS = 200_000
"""Speakers, and nick changes, that are remembered; no network has as many people."""


class Irc:
    """Logs of IRC channels."""

    name = "irc"
    title = "IRC logs: ZNC, irssi, WeeChat, HexChat, mIRC, Textual, supybot, energymech, eggdrop, dircproxy and their kind"
    rule = "lines that begin with a time and `<nick>`, or with a time, a tab, a nick and a tab (WeeChat)"
    limits = (
        "notices are left out; nick changes are read in English; clients' databases and web pages (Quassel, Colloquy) aren't read"
    )
    kind: Kind = "messages"
    has_columns = False

    def detect(self, head: Head) -> Match | None:
        """Say whether most lines are those of a log."""
        look = look_at(head)
        if look is None or look.known < LEAST_SHARE * look.lines:
            return None
        nicks = {nick.lower() for nick in look.speakers}
        if nicks and nicks <= NO_NICKS:
            return None
        if look.stamp is None:
            talk = look.talks or (look.unmistakable and look.messages >= look.lines / 2)
            return Match(0.8, "lines that begin with <nick>") if talk else None
        if not look.messages:
            return Match(0.9, "lines with a time that tell who came and went on IRC") if look.unmistakable else None
        if look.layout is TABS:
            sure = look.unmistakable or look.actions
            return (
                Match(0.96 if sure else 0.9, "lines with a time, a tab and a nick, as WeeChat writes them")
                if sure or look.dated
                else None
            )
        if look.layout is ADDRESSED:
            return Match(0.9, "lines of a time, a nick, whom it is said to and a text, separated by tabs") if look.dated else None
        return Match(0.96, "lines that begin with a time and a nick, as IRC clients write them")

    def read(self, source: Source, options: ReadOptions, report: ReadReport) -> Iterator[Batch]:  # noqa: ARG002 - as in every format
        """Yield the messages and actions; nick changes go into the report."""
        log = _Log(source, report)
        number, cut = 0, False
        for data in line_blocks(source, report):
            if is_cut(data):
                if not cut:
                    report.skip("malformed", 1, [source.place(number + 1)])
                cut = True
                continue
            lines = plain(data.decode().removesuffix("\n")).split("\n")
            if cut:
                lines[0] = ""  # the rest of a line that began in an earlier block
                cut = False
            for start in range(0, len(lines), TAKEN):
                for line in lines[start : start + TAKEN]:
                    number += 1
                    log.line(number, line)
                yield from log.full()
        yield from log.rest()
        if log.dateless:
            report.notes.append(f"{source.name}: times of day, of which nothing tells the date, left empty: {log.dateless:,}")


class _Log:
    """A log that is being read, line by line."""

    def __init__(self, source: Source, report: ReadReport) -> None:
        self.dateless = 0
        self._rows = Rows()
        self._ready: list[Batch] = []
        self._source, self._report = source, report
        look = look_at(source.head)
        self._layout = ANGLES if look is None else look.layout
        self._stamp = None if look is None else look.stamp
        self._speakers = set[str]() if look is None else set(look.speakers)
        self._channel = channel_of(source, None if look is None else look.channel, self._speakers)
        self._common = None if self._stamp is None else _joined(self._stamp, self._layout)
        self._clock = Clock(*day_named(source))
        self._time_is: object = None

    def line(self, number: int, line: str) -> None:
        """Take a line in."""
        found = None if self._common is None else self._common.match(line)
        if found is not None:
            self._add(number, found["nick"], found["text"].removesuffix("\r"), found, self._channel)
            return
        line = line.removesuffix("\r")
        if not line or line.isspace():
            return
        found, rest = split(line, self._stamp)
        what = self._unstamped(line) if found is None else said(rest, self._speakers, self._layout)
        if what.kind == "message" or what.kind == "action":  # faster than looking it up, and asked for each line
            self._add(number, what.nick, what.text, found, what.channel or self._channel)
            return
        if what.kind == "system":
            if found is not None:
                self._clock.time(found)
                if day := day_told(rest.lstrip(), stamped=True):
                    self._clock.set(day)
            if len(self._report.renamed) < MOST_NICKS and (change := renamed(rest)):
                self._report.renamed[change] += 1
        self._report.skip("system line" if what.kind == "system" else "malformed", 1, [self._source.place(number)])

    def full(self) -> Iterator[Batch]:
        """Yield the batches that are full."""
        yield from self._ready
        self._ready.clear()
        yield from self._rows.full()

    def rest(self) -> Iterator[Batch]:
        """Yield what is left."""
        yield from self.full()
        yield from self._rows.rest()

    def _unstamped(self, line: str) -> Said:
        if day := day_told(line):
            self._clock.set(day)
            return Said("system")
        if self._stamp is None or line.startswith(UNSTAMPED):
            return said(line, self._speakers, self._layout)
        return Said("system" if SESSION.match(line) else "unknown")

    def _add(self, number: int, nick: str, text: str, found: re.Match[str] | None, channel: str | None) -> None:
        when = self._clock.last if found is None else self._clock.time(found)
        if when is None:
            self.dateless += found is not None
        else:
            is_what = when.tzinfo if isinstance(when, datetime) else str
            if is_what is not self._time_is:
                self._ready.extend(self._rows.rest())  # the times of a batch are of one kind
                self._time_is = is_what
        self._rows.add(number, nick, text, time=when, name=nick, channel=channel)
        if len(self._speakers) < MOST_NICKS:
            self._speakers.add(nick)


@lru_cache(maxsize=64)
def _joined(stamp: Stamp, layout: Style) -> re.Pattern[str]:
    """Return a pattern of messages with their stamp, for most lines of a log."""
    return re.compile(stamp.pattern.pattern + layout.simple, re.DOTALL)


IRC = Irc()
