"""The message table: what every chat becomes, whatever it was exported from."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Literal

import polars as pl

if TYPE_CHECKING:
    from talklike.chat.report import ReadReport

SCHEMA = pl.Schema(
    {
        "time": pl.Datetime("us", "UTC"),  # when it was sent; null where the export has no times
        "author": pl.String(),  # stable id; never null
        "name": pl.String(),  # display name; the id where there is none
        "channel": pl.String(),  # room or conversation; null where there is only one
        "text": pl.String(),  # verbatim; never null, never empty
    }
)
"""Columns of the message table, in order."""

Kind = Literal["messages", "stream"]
"""``messages``: each row is a message. ``stream``: one author's running text, cut into rows anywhere (a book)."""


_SHOWN = 5  # messages, in a notebook


@dataclass(frozen=True, repr=False)
class Chat:
    """A chat that has been read.

    Attributes:
        frame: The message table (``SCHEMA``), in the order of the file. Lazy: a large chat lies in a temporary
            file, removed when the chat is, so that memory does not grow with it.
        report: What was read and what was skipped, and why.
        kind: Whether rows are messages or pieces of one running text.
        with_quotes: Whether the user wants to keep what authors quoted, which is otherwise no text to learn from.
    """

    frame: pl.LazyFrame
    report: ReadReport
    kind: Kind = "messages"
    owner: object = field(default=None, compare=False)
    """Whatever must live as long as ``frame`` (the temporary file of a large chat)."""
    with_quotes: bool = False

    def __repr__(self) -> str:
        return f"<Chat of {self.report.source}: {self.report.kept:,} messages read as {self.report.format}>"

    def _repr_html_(self) -> str:
        """Return the first messages as a table, for notebooks."""
        first = self.frame.head(_SHOWN).collect(engine="streaming")
        return f"<p>{escape(repr(self)[1:-1])}; the first of them:</p>{first._repr_html_()}"

    def authors(self, *, top: int | None = None) -> pl.DataFrame:
        """Return who writes, most messages first; see ``talklike.chat.authors.authors``."""
        from talklike.chat.authors import authors

        return authors(self, top=top)
