"""Who writes in a chat, how much and when; and which of them a name means."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Protocol

import polars as pl

from talklike.chat.automated import judge_drawn, sample
from talklike.errors import AuthorNotFoundError, OptionError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from talklike.chat.report import ReadReport

MOST_NAMED = 5
"""How many authors an error names."""

MARKED = "the app itself says that it is a bot"
"""Why an author looks automated whom the export marks as such."""


class MessageTable(Protocol):
    """What is needed of a ``talklike.chat.table.Chat``, which offers ``authors`` as a method and so can't be imported here."""

    @property
    def frame(self) -> pl.LazyFrame:
        """The messages."""

    @property
    def kind(self) -> str:
        """Whether rows are messages or pieces of one running text."""

    @property
    def report(self) -> ReadReport:
        """What was read; ``bots`` are those that the app itself marks as programs."""


@dataclass(frozen=True)
class Sizes:
    """How much one author wrote.

    Attributes:
        messages: Messages, or rows of a stream.
        characters: Unicode characters in them.
        distinct: Different characters among those.
    """

    messages: int
    characters: int
    distinct: int


def authors(
    chat: MessageTable,
    *,
    top: int | None = None,
    only: Collection[str] = (),
    without: Collection[str] = (),
    counted: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Return who writes in a chat, most messages first.

    Args:
        chat: The chat.
        top: How many authors; None for all.
        only: The ids of those to return; empty for all.
        without: The ids of those to leave out.
        counted: What ``count`` gives for the chat, if it has been called already.

    Returns:
        Columns ``author`` (id), ``name`` (the most recent), ``messages``, ``characters``, ``first`` and ``last`` (times
        in UTC, null where the chat has none), ``automated`` and ``reason`` (why an author looks automated, else null;
        see ``talklike.chat.automated``).

    Raises:
        OptionError: ``top`` is less than 1.
    """
    if top is not None and top < 1:
        raise OptionError(f"top must be 1 or more, not {top}")
    everyone = count(chat) if counted is None else counted
    return ranked(everyone, partial(sample, chat.frame), chat, top=top, only=only, without=without)


def ranked(
    everyone: pl.DataFrame,
    draw: Callable[[pl.DataFrame], pl.DataFrame],
    chat: MessageTable,
    *,
    top: int | None = None,
    only: Collection[str] = (),
    without: Collection[str] = (),
) -> pl.DataFrame:
    """Return what ``authors`` does, without another look at the messages.

    Args:
        everyone: What ``count`` gives.
        draw: Gives a sample of messages, see ``talklike.chat.automated.sample``.
        chat: Tells the kind, and who is marked as a bot.
        top: How many authors; None for all.
        only: The ids of those to return; empty for all.
        without: The ids of those to leave out.
    """
    wanted = pl.lit(value=True) if not only else pl.col("author").is_in(list(only))
    shown = everyone.filter(wanted & ~pl.col("author").is_in(list(without)))
    shown = shown if top is None else shown.head(top)
    names = pl.concat([everyone["author"], everyone["name"]])
    verdicts = judge_drawn(draw, shown, names) if chat.kind == "messages" else {}
    verdicts |= dict.fromkeys(chat.report.bots, MARKED)
    return shown.with_columns(
        automated=pl.Series([author in verdicts for author in shown["author"]], dtype=pl.Boolean),
        reason=pl.Series([verdicts.get(author) for author in shown["author"]], dtype=pl.String),
    )


def count(chat: MessageTable) -> pl.DataFrame:
    """Return how much everyone in a chat writes: the columns of ``authors`` up to ``last``, most messages first."""
    return united(by_name(chat.frame.with_row_index("row")).collect(engine="streaming"))


def by_name(rows: pl.LazyFrame, times: Collection[str] = ("time",)) -> pl.LazyFrame:
    """Return how much everyone writes under each of their names.

    Args:
        rows: A message table, with its row numbers as ``row``.
        times: Columns of times.

    Returns:
        Columns ``author``, ``name``, ``messages``, ``characters``, ``row`` (the last one) and, for each of ``times``, ``first``
        and ``last`` with the rest of its name behind ``time``.
    """
    return rows.group_by("author", "name").agg(
        messages=pl.len().cast(pl.Int64),
        characters=pl.col("text").str.len_chars().sum().cast(pl.Int64),
        row=pl.col("row").max(),
        **{time.replace("time", "first", 1): pl.col(time).min() for time in times},
        **{time.replace("time", "last", 1): pl.col(time).max() for time in times},
    )


def united(names: pl.DataFrame) -> pl.DataFrame:
    """Return how much everyone writes, from what ``by_name`` gives; the name is the most recent."""
    return (
        names.sort("last", "row", nulls_last=False)
        .group_by("author")
        .agg(
            name=pl.col("name").last(),
            messages=pl.col("messages").sum(),
            characters=pl.col("characters").sum(),
            first=pl.col("first").min(),
            last=pl.col("last").max(),
        )
        .sort("messages", "characters", "author", descending=[True, True, False])
    )


def sizes(chat: MessageTable, author: str) -> Sizes:
    """Return how much an author wrote.

    Args:
        chat: The chat.
        author: Their id.

    Raises:
        AuthorNotFoundError: The chat holds no such author.
    """
    text = chat.frame.filter(pl.col("author") == author).select("text")
    totals = text.select(messages=pl.len(), characters=pl.col("text").str.len_chars().sum()).collect(engine="streaming")
    messages, characters = totals.row(0)
    if not messages:
        raise AuthorNotFoundError(f"this chat holds no author {author!r}")
    distinct: set[str] = set()
    for batch in text.collect_batches(chunk_size=10_000, maintain_order=False):
        distinct.update("".join(batch["text"]))
    return Sizes(messages, characters, len(distinct))


def find_author(chat: MessageTable, wanted: str) -> str:
    """Return the id of the author whom an id or a display name means.

    Args:
        chat: The chat.
        wanted: An id, or a display name, past ones included; its case counts only where it decides.

    Raises:
        AuthorNotFoundError: Nobody is called so, or several are.
    """
    return find_among(chat.frame.group_by("author", "name").agg(messages=pl.len()).collect(engine="streaming"), wanted)


def find_among(known: pl.DataFrame, wanted: str) -> str:
    """Return what ``find_author`` does.

    Args:
        known: Columns ``author``, ``name`` and ``messages``, a row for each pair of the first two.
        wanted: An id, or a display name.

    Raises:
        AuthorNotFoundError: Nobody is called so, or several are.
    """
    known = known.sort("messages", "author", "name", descending=[True, False, False])
    for word in dict.fromkeys((wanted, wanted.strip().removeprefix("@"))):
        lower = pl.lit(word).str.to_lowercase()
        for same in (
            pl.col("author") == word,
            pl.col("name") == word,
            pl.col("author").str.to_lowercase() == lower,
            pl.col("name").str.to_lowercase() == lower,
        ):
            found = known.filter(same)["author"].unique(maintain_order=True).to_list()
            if len(found) == 1:
                return str(found[0])
            if found:
                ids = ", ".join(found[:MOST_NAMED]) + (", …" if len(found) > MOST_NAMED else "")
                raise AuthorNotFoundError(f"{len(found)} authors are called {word!r}: {ids}; say which by id")
    raise AuthorNotFoundError(f"this chat holds no author {wanted!r}; {_hint(known, wanted)}")


def _hint(known: pl.DataFrame, wanted: str) -> str:
    called: dict[str, str] = {}  # lower-cased id or name → how to show it
    for author, name in zip(known["author"], known["name"], strict=True):
        shown = author if author == name else f"{name} ({author})"
        called.setdefault(name.lower(), shown)
        called.setdefault(author.lower(), shown)
    near = difflib.get_close_matches(wanted.lower(), called, n=3, cutoff=0.6)
    if near:
        return f"did you mean {', '.join(dict.fromkeys(called[word] for word in near))}?"
    most = known.unique("author", maintain_order=True, keep="first").head(MOST_NAMED)
    shown = [called[author.lower()] for author in most["author"]]
    return f"the most active are {', '.join(shown)}"
