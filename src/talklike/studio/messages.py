"""Reads a few messages out of a chat's table."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

PAGE = 12
"""Messages that are shown at once."""

LONGEST = 1_000
"""Characters of a message that are shown."""


def some_messages(table: Path, authors: Sequence[str], words: str, at: int, *, with_quotes: bool = False) -> list[dict[str, Any]]:
    """Return some messages as a voice learns them: ``time`` (as text, to the minute), ``author``, ``name``, ``text``.

    Args:
        table: The table of a chat (``talklike.studio.chats``).
        authors: Whose; everyone's if there are none.
        words: What they contain, in any case; anything if empty.
        at: How many to pass over.
        with_quotes: Whether lines that quote someone are kept.
    """
    import polars as pl

    from talklike.corpus.clean import cleaned

    if table.is_dir():
        lines = islice(_lines(table, authors, words.casefold()), at, at + PAGE)
        return [{"time": "", "author": author, "name": author, "text": line[:LONGEST]} for author, line in lines]
    rows = pl.scan_parquet(table, glob=False)
    if authors:
        rows = rows.filter(pl.col("author").is_in(list(authors)))
    rows = cleaned(rows, with_quotes=with_quotes)
    if words:
        rows = rows.filter(pl.col("text").str.to_lowercase().str.contains(words.lower(), literal=True))
    shown = rows.slice(at, PAGE).select(
        time=pl.col("time").dt.strftime("%Y-%m-%d %H:%M").fill_null(""),
        author="author",
        name="name",
        text=pl.col("text").str.slice(0, LONGEST),
    )
    return shown.collect(engine="streaming").to_dicts()


def _lines(folder: Path, authors: Sequence[str], words: str) -> Iterator[tuple[str, str]]:
    """Yield lines of running text that have these words, each with its author."""
    for path in sorted(folder.glob("*.txt")):
        if not authors or path.stem in authors:
            with path.open(encoding="utf-8") as file:
                for line in file:
                    if line.strip() and words in line.casefold():
                        yield path.stem, line.rstrip("\n")
