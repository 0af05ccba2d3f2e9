"""What a voice is judged on: texts of its author and of the others, taken from the chat and split as they were for training."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from talklike.corpus.arrange import in_conversation, share_learnt
from talklike.corpus.canaries import planted_by
from talklike.corpus.choose import choose_author, without
from talklike.corpus.corpus import arranged, build_corpus, part_of, running_text, texts_of
from talklike.errors import AuthorNotFoundError, CorpusError, OptionError
from talklike.generation.request import Turn

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from talklike.chat.table import Chat
    from talklike.voice.card import Card

MOST_TESTED = 2000
"""Held-out messages that are scored; of more, the first so many, so that each follows the one before it."""

MOST_OTHERS = 20_000
"""Messages of others that an author is told from, on each side of the split; of more, so many at random."""

MOST_LEARNT = 40_000_000
"""Characters of training text in which copies are looked for, the author's own and then the latest: about 1 GB of memory."""

REACH = 300
"""Characters of a conversation that stand before a message: whole messages, or the end of the last one."""

PASSAGE = 200
"""Characters of a passage: a running text is judged by passages as others are by messages."""


@dataclass(frozen=True)
class Material:
    """Texts to judge a voice on; where it is a running text's, its passages are meant by messages.

    Attributes:
        author: Id of the author who is judged.
        name: His display name.
        speaker: His input value.
        train: The author's messages that the voice learnt from, oldest first.
        validation: Held-out messages that chose the checkpoint, and choose here whatever has to be chosen.
        test: Held-out messages that nothing was chosen by, oldest first.
        contexts: What was said right before each of ``test``, by everyone.
        own: The author's own messages before each of ``test``.
        others_train: Messages of others from before the split.
        others_test: Messages of others from after it.
        learnt: Author and text of what was learnt from, in which copies are looked for.
        left_out: Characters learnt from that aren't in ``learnt``, because there were more than ``MOST_LEARNT``.
        same: Whether this is just the text that the voice learnt from. If not, held-out messages may have been among it.
    """

    author: str
    name: str
    speaker: int
    train: tuple[str, ...]
    validation: tuple[str, ...]
    test: tuple[str, ...]
    contexts: tuple[tuple[Turn, ...], ...]
    own: tuple[tuple[Turn, ...], ...]
    others_train: tuple[str, ...]
    others_test: tuple[str, ...]
    learnt: tuple[tuple[str, str], ...]
    left_out: int
    same: bool


def gather(chat: Chat, card: Card, author: str | None = None, *, seed: int = 0) -> Material:
    """Return what to judge a voice on.

    Args:
        chat: The chat that it learnt from, read in the same way.
        card: The voice's.
        author: Which of its authors is judged, by id or name; the one it learnt, or its first, without it.
        seed: Decides which messages of others are taken, where there are too many.

    Raises:
        AuthorNotFoundError: The chat or the voice doesn't hold the author.
        OptionError: The chat is a running text and the voice writes messages, or the other way round.
        TooLittleTextError: The chat holds too little of the author.
        CorpusError: The temporary folder can't be written.
    """
    if chat.kind != card.kind:
        kinds = {"messages": "messages", "stream": "one running text"}
        raise OptionError(
            f"the voice learnt from {kinds[card.kind]}, and this is {kinds[chat.kind]}; give the chat that it learnt from"
        )
    settings = settings_of(card)
    if chat.kind == "stream" and settings["author"] is not None:
        chat = _named(chat, settings["author"])
    judged = _judged(chat, card, settings["author"], author)
    chat = without(chat, settings["left_out"])
    with tempfile.TemporaryDirectory(prefix="talklike-") as folder:
        corpus = build_corpus(
            chat, settings["author"], Path(folder), room=settings["room"], fraction=settings["fraction"],
            lowercase=settings["lowercase"], canaries=planted_by(card.recipe), canary_times=settings["canary_times"],
            learnt=settings["learnt"], every_character=settings["every_character"],
        )  # fmt: skip
        same = corpus.sha256 == card.provenance.get("sha256")
    if chat.kind == "stream":
        return _passages(chat, card, settings, same=same)
    return _messages(chat, card, settings, judged, same=same, seed=seed)


def _named(chat: Chat, author: str) -> Chat:
    """Return a running text as the author's: it is called like its file, which may have another name by now."""
    names = chat.frame.select(pl.col("author").unique()).collect(engine="streaming")["author"].to_list()
    return replace(chat, frame=chat.frame.with_columns(author=pl.lit(author))) if len(names) == 1 else chat


def _judged(chat: Chat, card: Card, learnt: str | None, wanted: str | None) -> str:
    """Return the id of the author who is judged.

    Args:
        chat: The chat.
        card: The voice's.
        learnt: The one author whom the voice learnt; None if it learnt a whole room.
        wanted: Who is asked for, by id or name.

    Raises:
        AuthorNotFoundError: The chat doesn't hold him, or nothing of his was held out.
    """
    first = card.authors[0] if learnt is None else learnt
    judged = first
    if wanted is not None and wanted not in (first, *card.names[:1]):
        judged = choose_author(chat, wanted).author
    possible = card.authors if learnt is None else (learnt,)
    if judged not in possible:
        raise AuthorNotFoundError(
            f"nothing of {wanted!r} was held out from this voice; it can be judged as {', '.join(possible)}"
        )
    if chat.frame.filter(pl.col("author") == judged).head(1).collect(engine="streaming").is_empty():
        raise AuthorNotFoundError(f"this chat holds nothing of {judged!r}; give the chat that the voice learnt from")
    return judged


def settings_of(card: Card) -> dict[str, Any]:
    """Return what of a voice's recipe decides its text; a card isn't trusted, so what makes no sense is as if not given."""
    recipe, author, left_out = card.recipe, card.provenance.get("author"), card.provenance.get("left_out")
    room, fraction, times = (recipe.get(name) for name in ("room", "fraction", "canary_times"))
    share = fraction if isinstance(fraction, float | int) and 0 < fraction <= 1 else 1.0
    tutorial = recipe.get("name") == "tutorial"  # its fraction is of what is learnt, not of what is used
    return {
        "author": author if isinstance(author, str) else None,
        "room": room if isinstance(room, int) and 0 <= room <= len(card.authors) * 1000 else 0,
        "fraction": 1.0 if tutorial else share,
        "learnt": share if tutorial else 1.0,
        "every_character": tutorial,
        "lowercase": recipe.get("lowercase") is True,
        "left_out": tuple(map(str, left_out)) if isinstance(left_out, list) else (),
        "canary_times": times if isinstance(times, int) and 1 <= times <= 10_000 else 1,
    }


def _messages(chat: Chat, card: Card, settings: dict[str, Any], author: str, *, same: bool, seed: int) -> Material:
    frame, table, where = arranged(
        chat, settings["author"], room=settings["room"], fraction=settings["fraction"], lowercase=settings["lowercase"],
        learnt=settings["learnt"],
    )  # fmt: skip
    ids = table["author"].cast(pl.String)
    mine = (ids == author).to_numpy()
    train = (where.own or where.train).rows
    train, validation, test = (rows[mine[rows]] for rows in (train, where.validation.rows, where.test.rows))
    if not len(validation) or not len(test):
        raise CorpusError("none of the author's messages were held out, so there is nothing to judge the voice on")
    tested = test[:MOST_TESTED]
    before, after = _of_others(table, mine, np.concatenate([validation, test]))
    generator = np.random.default_rng(seed)
    before, after = (_drawn(rows, MOST_OTHERS, generator) for rows in (before, after))
    learnt, left_out = _learnt(table, where.train.rows, mine)
    contexts = _before(table, tested)
    own = _before(table.filter(pl.Series(mine)), tested)
    parts: list[Sequence[int] | np.ndarray] = [train, validation, tested, before, after, learnt, *contexts, *own]
    wanted = np.unique(np.concatenate([np.asarray(rows, np.int64) for rows in parts]))
    texts = dict(texts_of(frame, wanted, len(table)))
    number = card.authors.index(author)

    def speaker(row: int) -> int:
        if len(card.authors) == 1:
            return 1
        return card.authors.index(ids[row]) + 1 if ids[row] in card.authors else 0

    def turns(rows: Sequence[int]) -> tuple[Turn, ...]:
        return tuple(Turn(speaker(row), texts[row][-REACH:]) for row in rows)

    def of(rows: np.ndarray) -> tuple[str, ...]:
        return tuple(texts[row] for row in rows.tolist())

    return Material(
        author=author,
        name=card.names[number],
        speaker=number + 1,
        train=of(train),
        validation=of(validation),
        test=of(tested),
        contexts=tuple(map(turns, contexts)),
        own=tuple(map(turns, own)),
        others_train=of(before),
        others_test=of(after),
        learnt=tuple((ids[row], texts[row]) for row in learnt.tolist()),
        left_out=left_out,
        same=same,
    )


def _passages(chat: Chat, card: Card, settings: dict[str, Any], *, same: bool) -> Material:
    author = settings["author"] or card.authors[0]
    rows, cut, _ = running_text(chat, author, fraction=settings["fraction"], lowercase=settings["lowercase"])
    train_end = share_learnt(cut, settings["learnt"])
    first = max(0, train_end - MOST_LEARNT)
    train, validation, test = (
        "".join(part_of(rows, *bounds))
        for bounds in ((first, train_end), (cut.train_end, cut.validation_end), (cut.validation_end, cut.total))
    )
    tested = range(0, min(len(test), MOST_TESTED * PASSAGE), PASSAGE)
    whole = validation + test  # what stands before the first passages of the test part
    begins = [len(validation) + start for start in tested]
    own = tuple((Turn(1, whole[max(0, begin - REACH) : begin]),) for begin in begins)
    return Material(
        author=author,
        name=card.names[0],
        speaker=1,
        train=tuple(_cut(train)),
        validation=tuple(_cut(validation)),
        test=tuple(test[start : start + PASSAGE] for start in tested),
        contexts=own,
        own=own,
        others_train=(),
        others_test=(),
        learnt=((author, train),),
        left_out=first,
        same=same,
    )


def _cut(text: str) -> Iterator[str]:
    return (text[start : start + PASSAGE] for start in range(0, len(text), PASSAGE))


def _drawn(rows: np.ndarray, most: int, generator: np.random.Generator) -> np.ndarray:
    """Return at most so many rows, drawn at random, in their order."""
    return rows if len(rows) <= most else np.sort(generator.choice(rows, most, replace=False))


def _of_others(table: pl.DataFrame, mine: np.ndarray, held_out: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows of others' messages from before the first that is held out, and from then on."""
    clock = "row" if table["time"].null_count() == len(table) else "time"
    moment = table[clock].gather(held_out).min()
    if moment is None:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    others = table.filter(pl.Series(~mine))
    earlier = pl.col(clock) < pl.lit(moment)
    before, after = (others.filter(condition)["row"].to_numpy() for condition in (earlier, ~earlier))
    return before, after


def _learnt(table: pl.DataFrame, rows: np.ndarray, mine: np.ndarray) -> tuple[np.ndarray, int]:
    """Return the rows of training messages in which copies are looked for, each once, and how many characters are left out."""
    rows = np.unique(rows)
    characters = table["characters"].to_numpy()[rows]
    order = np.lexsort((-np.arange(len(rows)), ~mine[rows]))  # the author's own first, each from the last back
    kept = order[characters[order].cumsum() <= MOST_LEARNT]
    return rows[np.sort(kept)], int(characters.sum() - characters[kept].sum())


def _before(table: pl.DataFrame, rows: np.ndarray) -> list[list[int]]:
    """Return the rows that stand before each of some rows in its channel, oldest first: as many as ``REACH`` characters hold.

    The nearest one is among them even if it is longer.
    """
    timeless = table["time"].null_count() == len(table)
    ordered = table.sort(pl.col("channel").to_physical(), "row") if timeless else in_conversation(table, "time")
    channels = pl.col("channel").to_physical().fill_null(pl.col("channel").to_physical().max() + 1).fill_null(0)
    row, channel, characters = (ordered.select(one).to_series().to_numpy() for one in ("row", channels, "characters"))
    by_row = np.argsort(row)
    found = []
    for here in by_row[np.searchsorted(row, rows, sorter=by_row)].tolist():
        place, left = here, REACH
        while place > 0 and channel[place - 1] == channel[here] and left > 0 and (place == here or characters[place - 1] < left):
            place -= 1
            left -= int(characters[place]) + 1
        found.append(row[place:here].tolist())
    return found
