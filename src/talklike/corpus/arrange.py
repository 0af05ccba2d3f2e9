"""Which message goes where: whose train, in what order, and what is held out; decided on times and authors, without the texts.

Nothing that anyone wrote after the split is trained on: with the room behind a voice, a reply that quotes a held-out message
would otherwise give it away.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from talklike.corpus.split import split
from talklike.errors import CorpusError

if TYPE_CHECKING:
    from datetime import datetime

    from talklike.corpus.split import Split


@dataclass(frozen=True)
class Selection:
    """Some messages in the order in which they are read.

    Attributes:
        rows: Row of each in the cleaned message table, int64 (M,).
        authors: Input value of each one's author, uint16 (M,).
    """

    rows: np.ndarray
    authors: np.ndarray

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(frozen=True)
class Arrangement:
    """Where the messages of a chat go.

    Attributes:
        train: What is trained on: the author's messages, or the room's.
        own: The author's training messages alone, where ``train`` is the room's; else None.
        validation: Chooses the checkpoint.
        test: Is reported.
        authors: Ids of the named authors; author i is input value i + 1.
        first: Time of the first of the author's messages (of all in a room voice), if the chat has times.
        last: Time of the last.
        timeless: Messages of others left out because it isn't known whether they came before the split.
    """

    train: Selection
    own: Selection | None
    validation: Selection
    test: Selection
    authors: tuple[str, ...]
    first: datetime | None
    last: datetime | None
    timeless: int = 0


def keys(cleaned: pl.LazyFrame) -> pl.DataFrame:
    """Return what decides where messages go: columns row, time, author, channel, characters; tens of bytes a message.

    Args:
        cleaned: A message table, cleaned (``talklike.corpus.clean``).
    """
    columns = cleaned.with_row_index("row").select(
        "row", "time", pl.col("author", "channel").cast(pl.Categorical), characters=pl.col("text").str.len_chars()
    )
    table = columns.collect(engine="streaming")
    return table if table["row"].is_sorted() else table.sort("row")


def solo(table: pl.DataFrame, author: str, fraction: float = 1.0, learnt: float = 1.0) -> Arrangement:
    """Return the arrangement for one author's messages alone: split by time, the first of equal times first in the file.

    Args:
        table: What ``keys`` returned.
        author: The author's id.
        fraction: Use only this share of the messages, the first by time.
        learnt: Train on only this share of what is used, the first by time; what is held out stays the same.

    Raises:
        TooLittleTextError: There are too few to split.
    """
    # Narrow, as millions of messages are copied here.
    own = table.lazy().filter(pl.col("author") == author).select("row", "time").collect()
    own = own.sort("time", maintain_order=True, nulls_last=True)
    own = own.head(round(len(own) * fraction))
    cut = split(len(own))
    parts = (own[: share_learnt(cut, learnt)], own[cut.train_end : cut.validation_end], own[cut.validation_end :])
    train, validation, test = (
        Selection(part["row"].to_numpy().astype(np.int64), np.ones(len(part), np.uint16)) for part in parts
    )
    return Arrangement(train, None, validation, test, (author,), *_span(own))


def share_learnt(cut: Split, learnt: float) -> int:
    """Return where the training part ends if only a share of everything is trained on: never behind the split."""
    return min(cut.train_end, max(1, int(cut.total * learnt)))


def specialised(table: pl.DataFrame, author: str, named: int, fraction: float = 1.0) -> Arrangement:
    """Return the arrangement for one author's voice with everyone's messages behind it.

    What is held out is what ``solo`` holds out. Trained on are the author's other messages, and everyone else's from before the
    first that is held out; in a chat without times, those above it in the file.

    Args:
        table: What ``keys`` returned.
        author: The author's id.
        named: How many authors are known by name; the rest are "someone".
        fraction: Use only this share of the author's messages, the first by time.

    Raises:
        TooLittleTextError: There are too few to split.
        CorpusError: Nobody else wrote anything before the split.
    """
    alone = solo(table, author, fraction)
    clock = "row" if table["time"].null_count() == len(table) else "time"
    own = (table["author"] == author).to_numpy()
    timeless = int((table[clock].is_null().to_numpy() & ~own).sum())
    held_out = table[np.concatenate([alone.validation.rows, alone.test.rows]), clock]
    known = held_out if held_out.null_count() < len(held_out) else table[clock].filter(pl.Series(own))
    moment = known.min() if known is held_out else known.max()
    used = ~own & (table[clock] < moment).fill_null(value=False).to_numpy() if moment is not None else np.zeros(len(table), bool)
    if not used.any():
        raise CorpusError("nobody else wrote anything before the author's held-out messages; train without the room")
    used[alone.train.rows] = True
    room = table.filter(pl.Series(used))
    authors = (author, *[a for a in _most_active(room, named + 1) if a != author][: named - 1])
    train = _selection(in_conversation(room, clock), authors)
    return Arrangement(train, alone.train, alone.validation, alone.test, authors, alone.first, alone.last, timeless)


def everyone(table: pl.DataFrame, first_author: str, named: int, fraction: float = 1.0) -> Arrangement:
    """Return the arrangement for a room voice: everyone's messages, the last tenth by time held out.

    Args:
        table: What ``keys`` returned.
        first_author: Whom the voice writes as unless asked otherwise.
        named: How many authors are known by name; the rest are "someone".
        fraction: Use only this share of the messages, the first by time.

    Raises:
        TooLittleTextError: There are too few to split.
    """
    clock = "row" if table["time"].null_count() == len(table) else "time"
    timed = table.filter(pl.col(clock).is_not_null()).sort(clock, maintain_order=True)
    timed = timed.head(round(len(timed) * fraction))
    cut = split(len(timed))
    train = timed[: cut.train_end]
    authors = (first_author, *[a for a in _most_active(train, named + 1) if a != first_author][: named - 1])
    parts = (train, timed[cut.train_end : cut.validation_end], timed[cut.validation_end :])
    learnt, validation, test = (_selection(in_conversation(part, clock), authors) for part in parts)
    return Arrangement(learnt, None, validation, test, authors, *_span(timed), len(table) - table[clock].count())


def in_conversation(table: pl.DataFrame, clock: str) -> pl.DataFrame:
    """Return messages channel by channel, each in time order, as they would be read.

    Args:
        table: Messages with time, channel and row, of equal times the first of the file first.
        clock: ``time``, or ``row`` where there are no times.
    """
    if clock == "row":
        return table.sort("row")
    # Of channels that begin at one time the first of the file first: categories are numbered as Polars' threads meet them.
    began = table.group_by(pl.col("channel").to_physical()).agg(pl.col("time").min(), pl.col("row").min()).sort("time", "row")
    channels = began["channel"].cast(pl.Int64).fill_null(-1).to_numpy() + 1
    place = np.zeros(int(channels.max(initial=0)) + 1, np.int64)
    place[channels] = np.arange(len(channels))
    # A stable sort by two arrays of numbers: Polars would hold a copy of all columns and of the keys beside them.
    where = place[table["channel"].to_physical().cast(pl.Int64).fill_null(-1).to_numpy() + 1]
    times = table["time"].to_physical().fill_null(np.iinfo(np.int64).min).to_numpy()
    return table[np.lexsort((times, where))]


def _most_active(table: pl.DataFrame, count: int) -> list[str]:
    """Return the ids of those who wrote most characters, most first."""
    wrote = table.group_by("author").agg(pl.col("characters").cast(pl.Int64).sum()).with_columns(pl.col("author").cast(pl.String))
    return wrote.sort("characters", "author", descending=[True, False])["author"].head(count).to_list()


def _selection(table: pl.DataFrame, authors: tuple[str, ...]) -> Selection:
    known = table["author"].unique()
    codes = known.to_physical().to_numpy()
    values = {author: number for number, author in enumerate(authors, 1)}
    numbers = np.zeros(int(codes.max(initial=0)) + 1, np.uint16)
    numbers[codes] = [values.get(author, 0) for author in known.cast(pl.String)]
    return Selection(table["row"].to_numpy().astype(np.int64), numbers[table["author"].to_physical().to_numpy()])


def _span(table: pl.DataFrame) -> tuple[datetime | None, datetime | None]:
    first, last = table.select(pl.col("time").min(), last=pl.col("time").max()).row(0)
    return first, last
