"""Cuts mailboxes into mails, one at a time: mbox files of every dialect, and files of one mail.

An mbox is a file of mails behind lines that begin with ``From ``. Its dialects differ in what they do about such lines inside
mails: put ``>`` before them (mboxo, mboxrd), tell the length beforehand (mboxcl, mboxcl2), or nothing. So a line is taken for
the start of a mail by what it and the line after it hold; ``Content-Length`` is believed where a mail begins at that place.

The standard library's ``mailbox`` needs a file on disk, reads it twice, line by line, and cuts at every ``From ``. On a
mailbox with attachments it and ``email`` read 29 MB/s, where all that is done here for a mail runs at 390 MB/s.

Layouts: RFC 4155; https://www.loc.gov/preservation/digital/formats/fdd/fdd000383.shtml; lines as Gmail's Takeout, Thunderbird,
Apple Mail, Mutt, Pipermail, Eudora and archives of the Usenet write them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

LOOKED_AT = 4 << 20
"""Bytes of a mail that are looked at; texts come before attachments [byte]."""

LONGEST_SEPARATOR = 1000
"""Of a line that begins a mail [byte]."""

AHEAD = 2 * LONGEST_SEPARATOR
"""Bytes behind the start of a line that tell whether a mail begins there [byte]."""

MOST_HEADERS = 1 << 17
"""Bytes in which the headers are looked for that tell a length [byte]."""

KEPT_BEHIND = 1 << 20
"""Bytes of mails that are done with and still held, so that not every mail costs a copy of what follows [byte]."""

NEWLINE = ord("\n")

GIT_DATE = b"Mon Sep 17 00:00:00 2001"
"""What git puts into the first line of every patch; inside a mail it begins an attached patch."""

_FIELD = re.compile(rb"[!-9;-~]{1,100}[ \t]?:")
# Hosts and programs put these first; hardly any prose, quotation or pasted mail begins a line with one.
_TECHNICAL_FIELD = re.compile(
    rb"(?:X-[\w-]+|Return-Path|Received|Delivered-To|Envelope-To|Message-ID|MIME-Version|Content-[\w-]+|Status|DKIM-Signature"
    rb"|Authentication-Results|ARC-[\w-]+):",
    re.IGNORECASE,
)
_YEAR = re.compile(rb"(?<!\d)(?:19[6-9]\d|20\d\d|\d\d(?=\s*$))(?!\d)")
_CLOCK = re.compile(rb"(?<!\d)[ \d]\d:\d\d")
_LENGTH = re.compile(rb"^Content-Length:[ \t]*(\d{1,10})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_ESCAPED = re.compile(rb"^>(>*From )", re.MULTILINE)
_BLANK = re.compile(rb"\n\r?\n")
_COUNT = re.compile(rb"\d{1,10}[ \t]*\r?\n")  # of an .emlx


@dataclass(frozen=True)
class RawMail:
    """A mail as it lies in its file.

    Attributes:
        data: Headers and body; of a long mail the first ``LOOKED_AT`` bytes.
        line: Where it begins, from 1.
        envelope: The line before it in an mbox, from behind ``From ``; empty in a file of one mail.
        whole: Whether ``data`` is all of it.
    """

    data: bytes
    line: int
    envelope: bytes = b""
    whole: bool = True


def begins_mbox(data: bytes) -> bool:
    """Return whether a text begins with the line that begins a mail in an mbox."""
    start = _start(data)
    return data.startswith(b"From ", start) and _separates(data[start : start + AHEAD], first=True)


def begins_mail(data: bytes) -> bool:
    """Return whether a text begins with a header's field."""
    return _FIELD.match(data, _start(data)) is not None


def mails(chunks: Iterator[bytes]) -> Iterator[RawMail]:
    """Yield the mails of a file in their order.

    What stands before the first mail of an mbox comes as one without an envelope.

    Args:
        chunks: The file, cut anywhere.
    """
    first = next(chunks, b"")
    if begins_mbox(first) or not begins_mail(first):
        yield from _Mbox(first, chunks).mails()
    else:
        yield _one(first, chunks)


def unescaped(data: bytes) -> bytes:
    """Return a mail of an mbox with its lines ``>From `` as they were before they got there."""
    return _ESCAPED.sub(rb"\1", data) if b">From " in data else data


def _one(data: bytes, chunks: Iterator[bytes]) -> RawMail:
    """Return the only mail of a file; one that Apple Mail stores has its length before it and a property list behind it."""
    start = _start(data)
    size = LOOKED_AT
    if count := _COUNT.match(data):
        size = min(size, int(count[0]))
    pieces = [data[start:]]
    length = len(pieces[0])
    for chunk in chunks:
        if length <= LOOKED_AT:
            pieces.append(chunk)
            length += len(chunk)
    return RawMail(b"".join(pieces)[:size], 1 + data.count(b"\n", 0, start), whole=length <= LOOKED_AT)


def _start(data: bytes) -> int:
    """Return where a file's first line begins that isn't empty or Apple's count of bytes."""
    count = _COUNT.match(data)
    start = count.end() if count else 0
    while data.startswith((b"\n", b"\r"), start):
        start += 1
    return start


class _Mbox:
    """Where the cutting stands."""

    def __init__(self, first: bytes, chunks: Iterator[bytes]) -> None:
        self._data = first
        self._chunks = chunks
        self._at = 0  # where in the data the next mail begins
        self._line = 1  # which line that is

    def mails(self) -> Iterator[RawMail]:
        """Yield all mails."""
        self._step(_start(self._data))
        line, envelope = self._line, self._separator(first=True)
        while True:
            data, whole = self._mail()
            if envelope is not None or data.strip():
                yield RawMail(data, line, envelope or b"", whole)
            line, envelope = self._line, self._separator()
            if envelope is None:
                return

    def _separator(self, *, first: bool = False) -> bytes | None:
        """Step over the line that begins a mail, and return what it says; None if there is none."""
        if not self._data.startswith(b"From ", self._at) or not self._separates_at(self._at, first=first):
            return None
        end = self._data.index(b"\n", self._at) + 1
        envelope = self._data[self._at + len(b"From ") : end].strip()
        self._step(end)
        return envelope

    def _mail(self) -> tuple[bytes, bool]:
        """Return the mail that begins here, as far as it is looked at, and whether that is all; step behind it."""
        if self._at > KEPT_BEHIND:
            self._data, self._at = self._data[self._at :], 0
        kept: bytes | None = None
        at = self._at - 1  # a mail may be empty: the next begins at once
        while True:
            end = self._next(at)
            if end is None:
                at = max(at, len(self._data) - AHEAD)
                if at - self._at > LOOKED_AT:
                    kept = self._data[self._at : self._at + LOOKED_AT] if kept is None else kept
                    self._step(at)
                    self._data, self._at, at = self._data[at:], 0, 0
                if self._grow():
                    continue
                end = len(self._data)
            elif kept is None:
                end = self._told_end(end)
            data = self._data[self._at : min(end, self._at + LOOKED_AT)] if kept is None else kept
            whole = kept is None and end - self._at <= LOOKED_AT
            self._step(end)
            return data, whole

    def _next(self, at: int) -> int | None:
        """Return where the next mail begins behind the line that ends at a place or later; None if not in what has been read."""
        if at < 0:
            if self._data.startswith(b"From ") and self._separates_at(0):
                return 0
            at = 0
        while (at := self._data.find(b"\nFrom ", at)) >= 0:
            if self._separates_at(at + 1):
                return at + 1
            at += 1
        return None

    def _separates_at(self, at: int, *, first: bool = False) -> bool:
        while len(self._data) - at < AHEAD and self._grow():
            pass
        return _separates(self._data[at : at + AHEAD], first=first)

    def _told_end(self, end: int) -> int:
        """Return where the mail ends according to its ``Content-Length``, if another begins there; else ``end``."""
        blank = _BLANK.search(self._data, self._at, self._at + MOST_HEADERS)
        told = _LENGTH.search(self._data, self._at, blank.end()) if blank else None
        if blank is None or told is None:
            return end
        wanted = blank.end() + int(told[1])
        if not end < wanted <= self._at + LOOKED_AT:
            return end
        while len(self._data) < wanted + AHEAD and self._grow():
            pass
        if len(self._data) < wanted:
            return end
        while self._data.startswith((b"\n", b"\r"), wanted):
            wanted += 1
        begins = self._data.startswith(b"From ", wanted) and self._data[wanted - 1] == NEWLINE and self._separates_at(wanted)
        return wanted if begins or wanted == len(self._data) else end

    def _step(self, to: int) -> None:
        self._line += self._data.count(b"\n", self._at, to)
        self._at = to

    def _grow(self) -> bool:
        """Read on; return False at the end."""
        chunk = next(self._chunks, b"")
        self._data += chunk
        return bool(chunk)


def _separates(data: bytes, *, first: bool = False) -> bool:
    """Return whether a text that begins with ``From `` begins a mail.

    Args:
        data: The text.
        first: Whether it is the first of its file, where nothing else is to be expected.
    """
    end = data.find(b"\n")
    if not 0 <= end <= LONGEST_SEPARATOR:
        return False
    told, following = data[len(b"From ") : end].strip(), data[end + 1 :]
    if following.startswith(b">From "):  # a second such line, which some programs write
        following = following[following.find(b"\n") + 1 :]
    if not _FIELD.match(following):
        return False
    if first or told in (b"", b"-", b"???@???"):
        return True
    if GIT_DATE in told:
        return False
    if _YEAR.search(told) and _CLOCK.search(told):
        return True
    return b" " not in told and _TECHNICAL_FIELD.match(following) is not None
