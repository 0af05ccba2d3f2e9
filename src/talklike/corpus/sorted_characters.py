"""The characters of an author's first messages, sorted: the columns of a model that the tutorial's notebook trained."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from talklike.corpus.choose import choose_author
from talklike.errors import OptionError, TooLittleTextError

if TYPE_CHECKING:
    from talklike.chat.table import Chat

FRACTION = 0.2
"""The tutorial reads this share of the author's messages."""


@dataclass(frozen=True)
class SortedCharacters:
    """What the tutorial's ``char_indices`` were made of.

    Attributes:
        characters: The characters, in order.
        words: Words of a message, on average; None in a running text.
        author: The author's id.
        name: The author's name.
    """

    characters: str
    words: float | None
    author: str
    name: str


def sorted_characters(chat: Chat, author: str | None = None, *, fraction: float = FRACTION) -> SortedCharacters:
    """Return what the tutorial sorts: the first messages of an author, as the file has them, joined by spaces, in lower case.

    Args:
        chat: The chat; of a running text the first characters count.
        author: Id or name; the most active author who doesn't look automated without one.
        fraction: The share of the messages.

    Raises:
        AuthorNotFoundError: The chat holds no such author.
        OptionError: The fraction isn't above 0 and at most 1.
        TooLittleTextError: No message is left.
    """
    if not 0 < fraction <= 1:
        raise OptionError(f"fraction is {fraction}, must be above 0 and at most 1")
    chosen = choose_author(chat, author)
    texts = chat.frame.filter(pl.col("author") == chosen.author).select("text").collect(engine="streaming")["text"]
    if chat.kind == "stream":
        whole = "".join(texts)
        text, count = whole[: int(len(whole) * fraction)].lower(), 0
    else:
        count = int(len(texts) * fraction)
        text = " ".join(texts[:count]).lower()
    if not text:
        raise TooLittleTextError(f"{fraction:g} of this author's {len(texts):,} messages is none; take a larger --fraction")
    words = (text.count(" ") + 1) / count if count else None
    return SortedCharacters("".join(sorted(set(text))), words, chosen.author, chosen.name)
