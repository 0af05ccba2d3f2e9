"""Chooses whose messages are learnt, and narrows a chat to some of its authors."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import polars as pl

from talklike.chat.authors import authors, find_author
from talklike.errors import AuthorNotFoundError

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from talklike.chat.table import Chat

_LOOKED_AT = 50  # authors, most active first, among whom the first human is looked for


@dataclass(frozen=True)
class Chosen:
    """An author.

    Attributes:
        author: Stable id.
        name: Display name, the most recent.
    """

    author: str
    name: str


def choose_author(chat: Chat, wanted: str | None = None) -> Chosen:
    """Return the author whom an id or a display name means; the most active who doesn't look automated without one.

    Raises:
        AuthorNotFoundError: Nobody is called so, or several are, or all look automated.
    """
    if wanted is None:
        humans = authors(chat, top=_LOOKED_AT).filter(~pl.col("automated"))
        if humans.is_empty():
            raise AuthorNotFoundError("every author of this chat looks automated; name the one you want with --author")
        return Chosen(humans["author"][0], humans["name"][0])
    author = find_author(chat, wanted)
    own = chat.frame.filter(pl.col("author") == author)
    # Times may be missing or equal; among those the later row has the later name.
    latest = own.with_row_index("row").sort("time", "row", nulls_last=False).select(pl.col("name").last())
    return Chosen(author, latest.collect(engine="streaming")["name"][0])


def only(chat: Chat, *, include: Sequence[str] = (), exclude: Sequence[str] = ()) -> Chat:
    """Return the chat with some of its authors.

    Args:
        chat: The chat.
        include: Ids or names to keep; everyone if there are none.
        exclude: Ids or names to drop; wins over ``include``.

    Raises:
        AuthorNotFoundError: Nobody is called so, several are, or nobody is left.
    """
    if not include and not exclude:
        return chat
    frame = chat.frame
    if include:
        frame = frame.filter(pl.col("author").is_in([find_author(chat, name) for name in include]))
    if exclude:
        frame = frame.filter(~pl.col("author").is_in([find_author(chat, name) for name in exclude]))
    if frame.head(1).collect(engine="streaming").is_empty():
        raise AuthorNotFoundError("nobody is left: --exclude names everyone whom --include keeps")
    return replace(chat, frame=frame)


def automated(chat: Chat, keep: str | None = None) -> tuple[str, ...]:
    """Return the ids of the authors who look automated, most messages first.

    Args:
        chat: The chat.
        keep: The id of one who isn't among them, however they look: someone wants their voice.
    """
    found = authors(chat, without=() if keep is None else (keep,)).filter("automated")
    return tuple(found["author"].to_list())


def without(chat: Chat, left_out: Collection[str]) -> Chat:
    """Return the chat without some of its authors.

    Args:
        chat: The chat.
        left_out: Their ids; those that the chat doesn't hold are no matter.
    """
    return replace(chat, frame=chat.frame.filter(~pl.col("author").is_in(list(left_out)))) if left_out else chat
