"""A corpus: messages (or one running text), split, encoded, and lying on disk as memory-mapped arrays."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from talklike.corpus import arrange
from talklike.corpus.alphabet import FIRST_CHARACTER, Alphabet, count_characters
from talklike.corpus.canaries import planted
from talklike.corpus.choose import choose_author, without
from talklike.corpus.clean import cleaned, cleaned_stream
from talklike.corpus.encode import Encoded, Part, let_go, running_part
from talklike.corpus.split import split
from talklike.errors import AuthorNotFoundError, CorpusError, TooLittleTextError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from talklike.chat.table import Chat, Kind
    from talklike.corpus.arrange import Arrangement
    from talklike.corpus.canaries import Canary
    from talklike.corpus.split import Split

MIN_CHARACTERS = 500
"""Fewest characters in the training part: below this there is nothing to average over."""

MOST_SORTED = (1 << 16) - FIRST_CHARACTER
"""Most characters where each is a symbol: ids have 16 bits."""

_BATCH = 20_000  # rows collected at a time: a few MB of text


@dataclass(frozen=True)
class Corpus:
    """Text ready to learn from.

    Attributes:
        kind: Messages, or one running text.
        authors: Ids of the authors the voice names; author i is input value i + 1.
        names: Their display names.
        alphabet: Symbols of the training part.
        train: What is trained on: the author's messages, or everyone's.
        validation: What chooses the checkpoint.
        test: What is reported.
        first: Time of the first message, if the chat has times.
        last: Time of the last message.
        sha256: Fingerprint of everything above that decides a training run.
        own: The author's training messages alone, if ``train`` is everyone's and the voice is one author's; else None.
        room: Whether everyone's messages are trained on.
        timeless: Messages of others left out because they have no time, so may have come after the split.
        left_out: Ids of those whose messages are no part of the room.
    """

    kind: Kind
    authors: tuple[str, ...]
    names: tuple[str, ...]
    alphabet: Alphabet
    train: Part
    validation: Part
    test: Part
    first: datetime | None
    last: datetime | None
    sha256: str
    own: Part | None = None
    room: bool = False
    timeless: int = 0
    left_out: tuple[str, ...] = ()

    @property
    def target(self) -> Part:
        """The training text of whose voice this is: the author's, or everyone's in a room voice."""
        return self.own or self.train

    @property
    def whole_room(self) -> bool:
        """Whether this is for a voice of everyone, not of one author."""
        return self.room and self.own is None


def build_corpus(
    chat: Chat,
    author: str | None,
    folder: Path,
    *,
    name: str | None = None,
    room: int = 0,
    fraction: float = 1.0,
    lowercase: bool = False,
    canaries: Sequence[Canary] = (),
    canary_times: int = 1,
    learnt: float = 1.0,
    every_character: bool = False,
    left_out: Sequence[str] = (),
) -> Corpus:
    """Choose messages, split them by time, and encode them into ``folder``.

    Args:
        chat: The chat to take them from.
        author: The author's id (see ``talklike.chat.authors.find_author``); None for a voice of the whole room.
        folder: Where the encoded arrays are written; it exists.
        name: The author's display name; the id without it.
        room: Train on everyone's messages and know this many authors by name; 0 trains on the author's alone.
        fraction: Keep only this share of the messages, the first by time.
        lowercase: Fold letters to lower case.
        canaries: Secrets to plant among the training messages.
        canary_times: How often each.
        learnt: Train on only this share of one author's messages, the first by time; what is held out stays the same.
        every_character: Make every character of the training part a symbol, in the order of their code points.
        left_out: Ids of those whose messages are no part of the room.

    Returns:
        The corpus, its arrays memory-mapped from ``folder``.

    Raises:
        TooLittleTextError: The author wrote too little.
        CorpusError: There is no room to learn from, canaries can't be planted, or the folder can't be written.
    """
    if chat.kind == "stream":
        if canaries:
            raise CorpusError("canaries are messages, and this is one running text; train without --canaries")
        if room:
            raise CorpusError("this is one running text, and nobody else is in the room; train without --room")
        return _running(
            chat, author or "", folder, name, fraction, lowercase=lowercase, learnt=learnt, every_character=every_character
        )
    chat = without(chat, left_out)
    frame, table, where = arranged(chat, author, room=room, fraction=fraction, lowercase=lowercase, learnt=learnt)
    target = where.own or where.train
    _check_amount(int(table["characters"].gather(target.rows).cast(pl.Int64).sum()))
    counts = count_characters(text for _, text in texts_of(frame, where.train.rows, len(table)))
    if canaries:
        counts += count_characters([canary.text for canary in canaries] * canary_times)
        where = planted(where, range(len(table), len(table) + len(canaries)), canary_times)
    alphabet = _alphabet(counts, every_character=every_character)
    selections = {"train": where.train, "own": where.own, "validation": where.validation, "test": where.test}
    used = np.concatenate([selection.rows for selection in selections.values() if selection is not None])
    whole = folder / "messages.u16"
    behind = enumerate((canary.text for canary in canaries), len(table))
    encoded = Encoded(whole, chain(texts_of(frame, used[used < len(table)], len(table)), behind), alphabet)
    parts = {
        part: encoded.part(selection, folder / f"{part}.u16") for part, selection in selections.items() if selection is not None
    }
    whole.unlink()
    names = (name or author,) if author is not None and not room else _names(chat, where, author, name)
    made = _made(chat, where.authors, names, alphabet, parts, where, room=room > 0)
    return replace(made, left_out=tuple(left_out))


def arranged(
    chat: Chat, author: str | None, *, room: int = 0, fraction: float = 1.0, lowercase: bool = False, learnt: float = 1.0
) -> tuple[pl.LazyFrame, pl.DataFrame, Arrangement]:
    """Return the cleaned messages, what ``arrange.keys`` says of them, and where each goes; the arguments are ``build_corpus``'s.

    Raises:
        TooLittleTextError: The author wrote too little.
        CorpusError: There is no room to learn from.
    """
    frame = cleaned(chat.frame, lowercase=lowercase, with_quotes=chat.with_quotes)
    table = arrange.keys(frame)
    if author is None:
        return frame, table, arrange.everyone(table, _first_author(chat), room, fraction)
    if room:
        return frame, table, arrange.specialised(table, author, room, fraction)
    return frame, table, arrange.solo(table, author, fraction, learnt)


def running_text(
    chat: Chat, author: str, *, fraction: float = 1.0, lowercase: bool = False
) -> tuple[pl.LazyFrame, Split, tuple[datetime | None, datetime | None]]:
    """Return the rows of a running text, cleaned, the characters where its parts begin, and its first and last time.

    Raises:
        TooLittleTextError: The author wrote too little.
    """
    own = cleaned_stream(chat.frame.filter(pl.col("author") == author), lowercase=lowercase)
    characters, first, last = (
        own.select(pl.col("text").str.len_chars().sum(), first=pl.col("time").min(), last=pl.col("time").max())
        .collect(engine="streaming")
        .row(0)
    )
    return own, split(round(characters * fraction), least=MIN_CHARACTERS, unit="characters"), (first, last)


def _running(
    chat: Chat,
    author: str,
    folder: Path,
    name: str | None,
    fraction: float,
    *,
    lowercase: bool,
    learnt: float,
    every_character: bool,
) -> Corpus:
    """Return the corpus of one running text, split by position."""
    own, cut, (first, last) = running_text(chat, author, fraction=fraction, lowercase=lowercase)
    train_end = arrange.share_learnt(cut, learnt)
    _check_amount(train_end)
    alphabet = _alphabet(count_characters(part_of(own, 0, train_end)), every_character=every_character)
    bounds = {
        "train": (0, train_end),
        "validation": (cut.train_end, cut.validation_end),
        "test": (cut.validation_end, cut.total),
    }
    parts = {
        part: running_part(part_of(own, start, end), alphabet, folder / f"{part}.u16") for part, (start, end) in bounds.items()
    }
    return _made(chat, (author,), (name or author,), alphabet, parts, _Span(first, last), room=False)


@dataclass(frozen=True)
class _Span:
    """The dates of a running text."""

    first: datetime | None
    last: datetime | None
    timeless: int = 0


def _made(
    chat: Chat,
    authors: tuple[str, ...],
    names: tuple[str, ...],
    alphabet: Alphabet,
    parts: dict[str, Part],
    span: Arrangement | _Span,
    *,
    room: bool,
) -> Corpus:
    fingerprint = hashlib.sha256("\n".join((chat.kind, *authors, alphabet.characters, "")).encode())
    for part in parts.values():
        _digest(part.ids, fingerprint)
        if len(authors) > 1:
            _digest(part.authors, fingerprint)
    return Corpus(
        kind=chat.kind,
        authors=authors,
        names=names,
        alphabet=alphabet,
        train=parts["train"],
        own=parts.get("own"),
        validation=parts["validation"],
        test=parts["test"],
        first=span.first,
        last=span.last,
        sha256=fingerprint.hexdigest(),
        room=room,
        timeless=span.timeless,
    )


def _alphabet(counts: np.ndarray, *, every_character: bool) -> Alphabet:
    if not every_character:
        return Alphabet.from_counts(counts)
    seen = np.flatnonzero(counts)
    if len(seen) > MOST_SORTED:
        raise CorpusError(f"the text holds {len(seen):,} different characters, and at most {MOST_SORTED:,} can be symbols each")
    return Alphabet("".join(map(chr, seen.tolist())))


def _check_amount(learnable: int) -> None:
    if learnable < MIN_CHARACTERS:
        raise TooLittleTextError(
            f"only {learnable:,} characters to learn from; at least {MIN_CHARACTERS:,} are needed, and a good voice "
            "wants 100,000 or more: choose a more active author (talklike explore shows who) or a longer chat"
        )


def _first_author(chat: Chat) -> str:
    """Return whom a room voice writes as by default: the most active author, if possible one who doesn't look automated."""
    try:
        return choose_author(chat).author
    except AuthorNotFoundError:
        authors = chat.authors(top=1)["author"]
        if not len(authors):
            raise CorpusError("everybody in this chat looks automated; --with-bots learns from them too") from None
        return str(authors[0])


def _names(chat: Chat, where: Arrangement, author: str | None, name: str | None) -> tuple[str, ...]:
    """Return the latest display name of each named author."""
    known = chat.frame.filter(pl.col("author").is_in(where.authors)).with_row_index("row")
    latest = known.group_by("author").agg(pl.col("name").sort_by("time", "row", nulls_last=False).last())
    found = dict(latest.collect(engine="streaming").iter_rows())
    if author is not None and name is not None:
        found[author] = name
    return tuple(found.get(one, one) for one in where.authors)


def texts_of(frame: pl.LazyFrame, rows: np.ndarray, total: int) -> Iterator[tuple[int, str]]:
    """Yield row and text of some of the messages, in the order of the file."""
    wanted = np.zeros(total, bool)
    wanted[rows] = True
    row = 0
    for batch in frame.select("text").collect_batches(chunk_size=_BATCH, maintain_order=True, engine="streaming"):
        here = np.flatnonzero(wanted[row : row + len(batch)])
        yield from zip((here + row).tolist(), batch["text"].gather(here), strict=True)
        row += len(batch)


def part_of(frame: pl.LazyFrame, start: int, end: int) -> Iterator[str]:
    """Yield pieces that hold just the characters ``start`` to ``end`` of a running text."""
    position = 0
    for batch in frame.select("text").collect_batches(chunk_size=_BATCH, maintain_order=True, engine="streaming"):
        for text in batch["text"]:
            if position + len(text) > start:
                yield text[max(0, start - position) : end - position]
            position += len(text)
            if position >= end:
                return


def _digest(ids: np.ndarray, fingerprint: hashlib._Hash) -> None:
    step = 1 << 24  # symbols at a time, so that the map is not read as a whole
    for start in range(0, len(ids), step):
        fingerprint.update(ids[start : start + step].tobytes())
        let_go(ids)
