"""Discord: channels as DiscordChatExporter writes them in plain text.

Layouts: its versions 2.0 to 2.47. A message is a line with its time and its author, its text, and an empty line; what is attached
to it follows under headings in braces. The text may hold anything, so the form of the first time tells where a message begins.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from talklike.chat.discord_dates import LONGEST, common
from talklike.chat.discord_markup import NOTICE, plain, untagged
from talklike.chat.format import Match
from talklike.chat.lines import line_blocks
from talklike.chat.rows import Rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talklike.chat.format import Batch
    from talklike.chat.options import ReadOptions
    from talklike.chat.report import ReadReport
    from talklike.chat.source import Head, Source
    from talklike.chat.table import Kind

RULE = "=" * 62
"""The line above and below the description of the channel, and above and below the end."""

END = "Exported "
"""How the line between the last two begins."""

PREAMBLE = ("Guild: ", "Channel: ", "Topic: ", "Messages: ", "Range: ", "After: ", "Before: ")
"""How the lines of the description begin."""

HEADINGS = frozenset({"{Attachments}", "{Attachment}", "{Embed}", "{Stickers}", "{Reactions}"})
"""Lines below which everything is no text of the message."""

FORWARDED = "{Forwarded Message}"
"""The line below which stands what a message passes on, which then has no text of its own."""

SENT = "Originally sent: "
"""How the line after what is passed on begins; headings follow it without an empty line."""

MOST = 1 << 20
"""Characters of a message; Discord allows 4,000 [character]."""

PINNED = " (pinned)"

_NOTICE = re.compile(NOTICE)
_DIGITS, _LETTERS = re.compile(r"\d+"), re.compile(r"[^\W\d_]+")


class DiscordText:
    """Plain text of DiscordChatExporter."""

    name = "discord-text"
    title = "Discord: channels exported by DiscordChatExporter (plain text)"
    rule = "a line of 62 `=`, then `Guild:` and `Channel:`"
    limits = "the text has no ids: the author is the name; it doesn't tell bots, nor, before 2026, forwarded messages"
    kind: Kind = "messages"
    has_columns = False

    def detect(self, head: Head) -> Match | None:
        """Say whether the description of a channel comes first."""
        start = head.data[:2000].replace(b"\r\n", b"\n")
        if start.startswith(f"{RULE}\nGuild: ".encode()) and b"\nChannel: " in start:
            return Match(0.98, "the description of a channel as DiscordChatExporter writes it")
        return None

    def read(self, source: Source, options: ReadOptions, report: ReadReport) -> Iterator[Batch]:
        """Yield the messages."""
        reading = _Reading(source, report, quotes=options.quotes)
        line, rest = 1, ""
        for data in line_blocks(source, report):
            lines = (rest + data.decode()).split("\n")
            rest = lines.pop()
            for one in lines:
                reading.take(line, one.removesuffix("\r"))
                line += 1
            yield from reading.rows.full()
            if len(rest) > MOST:  # no line of a message is that long
                reading.take(line, rest[: MOST + 1])
                rest = ""
        reading.take(line, rest.removesuffix("\r"))
        reading.end()
        yield from reading.rows.rest()


@dataclass
class _Message:
    line: int
    time: str
    author: str
    said: list[str] = field(default_factory=list)
    passed_on: list[str] | None = None  # of another message; None if it passes none on
    size: int = 0
    has_more: bool = False  # a heading has come, below which is no text


class _Reading:
    def __init__(self, source: Source, report: ReadReport, *, quotes: bool) -> None:
        self.rows = Rows()
        self._source = source
        self._report = report
        self._quotes = quotes
        self._channel: str | None = None
        self._people: dict[str, str] = {}
        self._form: str | None = None  # of the times
        self._blank = True  # whether the line before was empty
        self._open: _Message | None = None
        self._rules = 0
        self._rule_waits = False  # whether the line before may have been the one above the end

    def take(self, line: int, text: str) -> None:
        """Take the next line."""
        if self._rule_waits:
            self._rule_waits = False
            if text.startswith(END):
                self._rules += 1
                self.end()
                return
            self._within(line, RULE, blank=True)
        begins = self._begins(text) if self._blank else None
        blank, self._blank = self._blank, not text
        if begins is not None:
            self.end()
            self._open = _Message(line, *begins)
        elif text == RULE and self._rules < 2:
            self._rules += 1
            self._blank = True
        elif text == RULE and blank:
            self._rule_waits = True
        else:
            self._within(line, text, blank=blank)

    def end(self) -> None:
        """Add the message that has been read."""
        message, self._open = self._open, None
        if message is None:
            return
        text = "\n".join(message.said).rstrip("\n")
        if message.passed_on and self._quotes:
            text = "\n".join(message.passed_on).rstrip("\n")
        reason = None
        if message.size > MOST:
            reason = "malformed"
        elif _NOTICE.fullmatch(text):
            reason = "system line"
        elif message.passed_on is not None and not self._quotes:
            reason = "forwarded"
        elif not text.strip() and message.has_more:
            reason = "media only"
        if reason is not None:
            self._report.skip(reason, 1, [self._source.place(message.line)])
            return
        self.rows.add(
            message.line,
            message.author,
            plain(text, {}, {}),
            time=message.time,
            name=untagged(message.author),
            channel=self._channel or self._source.stem,
        )

    def _within(self, line: int, text: str, *, blank: bool) -> None:
        """Take a line that begins no message; ``blank`` says whether the one before is empty."""
        if self._open is None:
            self._outside(line, text)
        elif text in HEADINGS and (blank or not self._open.said):
            self._open.has_more = True
        elif text == FORWARDED and self._open.passed_on is None and not any(self._open.said):
            self._open.passed_on = []
        elif self._open.passed_on is not None and text.startswith(SENT):
            self._open.has_more = True
        elif not self._open.has_more and self._open.size <= MOST:
            said = self._open.said if self._open.passed_on is None else self._open.passed_on
            said.append(text)
            self._open.size += len(text) + 1

    def _outside(self, line: int, text: str) -> None:
        if self._rules == 1 and text.startswith(PREAMBLE):
            if text.startswith("Channel: "):
                self._channel = text.removeprefix("Channel: ").rpartition(" / ")[2].strip() or None
        elif text.strip() and self._rules == 2:
            self._report.skip("malformed", 1, [self._source.place(line)])

    def _begins(self, text: str) -> tuple[str, str] | None:
        """Return time and author, if a message begins with this line."""
        if not text.startswith("[") or self._rules == 1:
            return None
        end = text.find("] ", 1, LONGEST + 2)
        time, author = text[1:end], text[end + 2 :].removesuffix(PINNED)
        form = _LETTERS.sub("a", _DIGITS.sub("9", time))
        if end < 0 or not author.strip() or form.count("9") < 2 or self._form not in (None, form):
            return None
        self._form = form
        return common(time), author


DISCORD_TEXT = DiscordText()
