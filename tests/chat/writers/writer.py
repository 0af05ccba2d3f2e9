"""How a chat is written in a format, for the contract that every format keeps (``tests/chat/test_format.py``)."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

Rows = Sequence[tuple[str, str]]
"""Author and text of each message."""

AUTHORS = ("55b977f00fc9f982beab7883", "546fd99cdb8155e6700d6ec8", "54a4804fb2b2de4b786502bf")

CHARACTERS = st.one_of(st.sampled_from("abc \"',;|\\\té😀#@<>{}"), st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]))

TEXT = st.text(CHARACTERS, min_size=1, max_size=30).filter(str.strip)
"""One line of anything."""

LINES = st.lists(TEXT, min_size=1, max_size=3).map("\n".join)
"""One line or several."""


@dataclass(frozen=True)
class Writer:
    """How to write a chat in one format.

    Attributes:
        write: Returns the bytes of a file with these messages, in this order, at ``time_of`` their position.
        text: Texts that the format can hold and gives back to the letter.
        authors: Ids that it can hold and gives back; empty if all messages are by one author, named after the file.
        times: Whether each message carries its time.
        whole: Whether a file of which a piece is missing can't be read at all.
        name: What the file is called.
    """

    write: Callable[[Rows], bytes]
    text: st.SearchStrategy[str] = TEXT
    authors: tuple[str, ...] = AUTHORS
    times: bool = True
    whole: bool = False
    name: str = "chat.dat"


def time_of(position: int) -> datetime:
    """Return when the message at a position was sent, in UTC: a minute after the one before, on days that can't be months."""
    return datetime(2016, 12, 22, 2, 37, tzinfo=UTC) + timedelta(minutes=position)


def delimited(rows: Sequence[Sequence[str]], delimiter: str, end: str = "\n") -> bytes:
    """Return rows as delimited text."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=delimiter, lineterminator=end).writerows(rows)
    return buffer.getvalue().encode()
