"""Plain text: a book by one author, named after the file; newlines are characters."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polars as pl

from talklike.chat.format import Batch, Match
from talklike.chat.lines import line_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talklike.chat.options import ReadOptions
    from talklike.chat.report import ReadReport
    from talklike.chat.source import Head, Source
    from talklike.chat.table import Kind

ROW = 1 << 20
"""Most bytes in a row [byte]."""

JSON_START = re.compile(rb"\s*(\{\s*(\"|\}|\Z)|\[\s*[\[{])")
"""How JSON begins, and hardly any prose."""

MESSAGE_START = re.compile(
    rb"\[?\d\d?:\d\d(:\d\d)?\]?\s+(<[^>\n]{1,40}>|[*=-])"  # IRC: [12:30] <nick> …, 12:30 * nick …, === nick joined
    rb"|\[[^\]\n]{4,30}\]\s*(<[^>\n]{1,60}>|[*-]|\S+ (joined|left|quit))"  # dircproxy: [14 Jan 10:36] <nick!user@host> …
    rb"|===? \S+ |<[^>\s]{1,40}> "
    rb"|\[?\d{1,4}[./-]\d{1,2}[./-]\d{1,4},?[T ]\[?\d{1,2}:\d\d"  # WhatsApp and whatever stamps its lines with a date
)


class Text:
    """Plain text: one author's running text."""

    name = "text"
    title = "plain text, a book: one author, named after the file"
    rule = "text in no layout that is known"
    limits = "one author, named after the file; no times"
    kind: Kind = "stream"
    has_columns = False

    def detect(self, head: Head) -> Match | None:
        """Say yes to whatever is neither JSON nor lines with a time or a nick in front."""
        if JSON_START.match(head.data) or looks_like_log(head.data):
            return None
        return Match(0.1, "plain text in no layout that is known")

    def read(self, source: Source, options: ReadOptions, report: ReadReport) -> Iterator[Batch]:  # noqa: ARG002 - as in every format
        """Yield the text in pieces, cut at the ends of lines where there are some."""
        line = 1
        for data in line_blocks(source, report, ROW):
            first = line
            frame = pl.DataFrame({"author": [source.stem], "text": [data.decode()]})
            yield Batch(frame, lambda rows, first=first: rows + first)  # type: ignore[misc]  # mypy infers no default
            line += data.count(b"\n")


def looks_like_log(data: bytes) -> bool:
    """Return whether most lines begin the way chat clients write messages."""
    lines = [line for line in data.split(b"\n")[:200] if line.strip()]
    return len(lines) > 2 and sum(MESSAGE_START.match(line) is not None for line in lines) > len(lines) / 2


TEXT = Text()
