"""What a format is: the door through which every reader, ours or anyone's, enters the registry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy as np
    import polars as pl

    from talklike.chat.options import ReadOptions
    from talklike.chat.report import ReadReport
    from talklike.chat.source import Head, Source
    from talklike.chat.table import Kind

    Rows = np.ndarray[Any, np.dtype[np.int64]]

RAW_COLUMNS = ("author", "name", "channel", "text", "time", "id")
"""Columns a batch may have; ``author`` and ``text`` it must. ``id`` tells repeated messages."""


@dataclass(frozen=True)
class Match:
    """A format's word that a file is its own.

    Attributes:
        confidence: 0 to 1; 0.9 where the layout is unmistakable, 0.1 where it is only not impossible.
        why: What told, for the report; never a message's text.
    """

    confidence: float
    why: str


@dataclass(frozen=True)
class Batch:
    """Rows as a format found them, before the common checks.

    Attributes:
        frame: Columns from ``RAW_COLUMNS``, of strings; ``time`` may be a Datetime instead, in UTC or, if it names no zone, in
            that of the options.
        lines: Gives for row numbers of ``frame`` the lines where they begin, from 1; called only for rows that are skipped.
    """

    frame: pl.DataFrame
    lines: Callable[[Rows], Rows]


class Format(Protocol):
    """A layout of chats that can be read."""

    @property
    def name(self) -> str:
        """What ``--format`` takes."""

    @property
    def title(self) -> str:
        """One line for people: the app, and what of it."""

    @property
    def rule(self) -> str:
        """What its files are recognised by, for the reference."""

    @property
    def limits(self) -> str:
        """What is not read of it, for the reference; empty if nothing is known."""

    @property
    def kind(self) -> Kind:
        """Whether rows are messages or pieces of one running text."""

    @property
    def has_columns(self) -> bool:
        """Whether ``--author-column`` and its siblings mean something."""

    def detect(self, head: Head) -> Match | None:
        """Say whether the file that begins like this is in this format."""

    def read(self, source: Source, options: ReadOptions, report: ReadReport) -> Iterator[Batch]:
        """Yield the rows in the order of the file; what is no row is counted in ``report``.

        Raises:
            FormatError: A column can't be found.
            ChatFileError: The file is damaged beyond reading on.
        """
