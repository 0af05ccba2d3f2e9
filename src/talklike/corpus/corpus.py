"""A corpus: one author's messages (or one running text), split, encoded, and lying on disk as memory-mapped arrays."""

from __future__ import annotations

import contextlib
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from talklike.corpus.alphabet import END, Alphabet, count_characters
from talklike.corpus.clean import cleaned, cleaned_stream
from talklike.corpus.split import Split, split
from talklike.errors import CorpusError, TooLittleTextError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime
    from pathlib import Path
    from typing import BinaryIO

    from talklike.chat.table import Chat, Kind

MIN_CHARACTERS = 500
"""Fewest characters in the training part: below this there is nothing to average over."""

_BATCH = 20_000  # rows collected at a time: a few MB of text
_ENCODED_AT_ONCE = 1 << 18  # characters


@dataclass(frozen=True)
class Part:
    """One part of a corpus: a stream of symbols that begins with END, each message followed by END.

    Attributes:
        ids: Symbols, uint16, shape (N + 1,), memory-mapped. A running text has END only at the start.
        authors: Input value of the author of each symbol, shape (N + 1,); 0 is "someone".
        messages: Messages in the part; 0 for running text.
        characters: Characters to predict: those of the texts, and the end of each message as one more.
        utf8_bytes: The same in bytes of UTF-8.
    """

    ids: np.ndarray
    authors: np.ndarray
    messages: int
    characters: int
    utf8_bytes: int

    def __len__(self) -> int:
        """Return N, the number of symbols to predict."""
        return len(self.ids) - 1


@dataclass(frozen=True)
class Corpus:
    """Text ready to learn from.

    Attributes:
        kind: Messages, or one running text.
        authors: Ids of the authors the voice names; author i is input value i + 1.
        names: Their display names.
        alphabet: Symbols of the training part.
        train: What is trained on.
        validation: What chooses the checkpoint.
        test: What is reported.
        first: Time of the first message, if the chat has times.
        last: Time of the last message.
        sha256: Fingerprint of everything above that decides a training run.
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


def build_corpus(
    chat: Chat, author: str, folder: Path, *, name: str | None = None, fraction: float = 1.0, lowercase: bool = False
) -> Corpus:
    """Choose one author's messages, split them by time, and encode them into ``folder``.

    Args:
        chat: The chat to take them from.
        author: The author's id (see ``talklike.chat.authors.find_author``).
        folder: Where the encoded arrays are written; it exists.
        name: The author's display name; the id without it.
        fraction: Keep only this share of the messages, the first by time.
        lowercase: Fold letters to lower case.

    Returns:
        The corpus, its arrays memory-mapped from ``folder``.

    Raises:
        TooLittleTextError: The author wrote too little.
    """
    own = chat.frame.filter(pl.col("author") == author)
    running = chat.kind == "stream"
    if running:
        own = cleaned_stream(own, lowercase=lowercase)
    else:
        own = cleaned(own, lowercase=lowercase).sort("time", maintain_order=True, nulls_last=True)
    texts = _Texts(own.select("text"), running=running)
    counted = own.select(rows=pl.len(), characters=pl.col("text").str.len_chars().sum()).collect(engine="streaming")
    rows, characters = counted.row(0)
    total = round((characters if running else rows) * fraction)
    used = own if running else own.head(total)
    first, last = used.select(pl.col("time").min(), last=pl.col("time").max()).collect(engine="streaming").row(0)
    cut = split(total, least=MIN_CHARACTERS, unit="characters") if running else split(total)
    counts = count_characters(texts.slice(0, cut.train_end))
    if (learnable := int(counts.sum())) < MIN_CHARACTERS:
        raise TooLittleTextError(
            f"only {learnable:,} characters to learn from; at least {MIN_CHARACTERS:,} are needed, and a good voice "
            "wants 100,000 or more: choose a more active author (talklike explore shows who) or a longer chat"
        )
    alphabet = Alphabet.from_counts(counts)
    train, validation, test = (
        _encode_part(texts.slice(start, end), alphabet, folder / f"{part}.u16", running=running)
        for part, start, end in _bounds(cut)
    )
    fingerprint = hashlib.sha256(f"{chat.kind}\n{author}\n{alphabet.characters}\n".encode())
    for part in (train, validation, test):
        _digest(part.ids, fingerprint)
    return Corpus(
        kind=chat.kind,
        authors=(author,),
        names=(name or author,),
        alphabet=alphabet,
        train=train,
        validation=validation,
        test=test,
        first=first,
        last=last,
        sha256=fingerprint.hexdigest(),
    )


def _bounds(cut: Split) -> Iterator[tuple[str, int, int]]:
    yield "train", 0, cut.train_end
    yield "validation", cut.train_end, cut.validation_end
    yield "test", cut.validation_end, cut.total


@dataclass(frozen=True)
class _Texts:
    """The texts in order, sliced by message (by character if running), never all in memory."""

    frame: pl.LazyFrame
    running: bool

    def slice(self, start: int, end: int) -> Iterator[str]:
        """Yield texts ``start`` to ``end``; of a running text, pieces that hold just those characters."""
        position = 0
        batches = self.frame.collect_batches(chunk_size=_BATCH, maintain_order=True, engine="streaming")
        for batch in batches:
            for text in batch["text"]:
                length = len(text) if self.running else 1
                if position + length > start:
                    yield text[max(0, start - position) : end - position] if self.running else text
                position += length
                if position >= end:
                    return


def _encode_part(texts: Iterable[str], alphabet: Alphabet, path: Path, *, running: bool) -> Part:
    """Write the symbols of ``texts`` to ``path`` and return them mapped."""
    messages = characters = utf8_bytes = 0
    with _written(path) as file:
        file.write(np.array([END], np.uint16).tobytes())
        for batch in _batches(texts):
            joined = "".join(batch)
            file.write((alphabet.encode(joined) if running else alphabet.encode_messages(batch)).tobytes())
            characters += len(joined)
            utf8_bytes += len(joined.encode("utf-8", "replace"))
            messages += 0 if running else len(batch)
    ids = np.memmap(path, np.uint16, "r")
    # A voice of one author: its input value is 1 everywhere, so no second file is needed.
    authors = np.broadcast_to(np.uint16(1), ids.shape)
    return Part(ids, authors, messages, characters + messages, utf8_bytes + messages)


@contextlib.contextmanager
def _written(path: Path) -> Iterator[BinaryIO]:
    """Open ``path`` for writing; what the disk refuses becomes a ``CorpusError``."""
    try:
        with path.open("wb") as file:
            yield file
    except OSError as error:
        raise CorpusError(f"{path}: can't be written: {error.strerror}; free some space or choose another folder") from error


def _batches(texts: Iterable[str]) -> Iterator[list[str]]:
    """Yield ``texts`` some at a time, so that encoding them is a few calls and still a few MB."""
    batch: list[str] = []
    length = 0
    for text in texts:
        batch.append(text)
        length += len(text)
        if length >= _ENCODED_AT_ONCE:
            yield batch
            batch, length = [], 0
    if batch:
        yield batch


def _digest(ids: np.ndarray, fingerprint: hashlib._Hash) -> None:
    step = 1 << 24  # symbols at a time, so that the map is not read as a whole
    for start in range(0, len(ids), step):
        fingerprint.update(ids[start : start + step].tobytes())
