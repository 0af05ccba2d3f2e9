"""Writes texts as symbols to files and maps them, a few MB in memory at a time, whatever the length and the order of the chat."""

from __future__ import annotations

import contextlib
import errno
import mmap
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from talklike.corpus.alphabet import END
from talklike.errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from typing import BinaryIO

    from talklike.corpus.alphabet import Alphabet
    from talklike.corpus.arrange import Selection

FULL = (errno.ENOSPC, errno.EDQUOT)
"""What the system says where no space is left, or none for this user."""

_ENCODED_AT_ONCE = 1 << 18  # characters
_MOVED_AT_ONCE = 1 << 20  # symbols


@dataclass(frozen=True)
class Part:
    """One part of a corpus: a stream of symbols that begins with END, each message followed by END.

    Attributes:
        ids: Symbols, uint16, shape (N + 1,), memory-mapped. A running text has END only at the start.
        authors: Input value of the author of each symbol, uint16, shape (N + 1,); 0 is "someone".
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


class Encoded:
    """All messages that a corpus uses, encoded in the order of the file.

    Args:
        path: A file of symbols to write; it can be removed once the parts are made.
        texts: Row and text of each message, rows increasing.
        alphabet: The symbols.

    Raises:
        CorpusError: The file can't be written.
    """

    def __init__(self, path: Path, texts: Iterable[tuple[int, str]], alphabet: Alphabet) -> None:
        rows: list[np.ndarray] = []
        lengths: list[np.ndarray] = []
        characters: list[np.ndarray] = []
        utf8_bytes: list[np.ndarray] = []
        with written(path) as file:
            for batch in batches(texts):
                ids = alphabet.encode_messages([text for _, text in batch])
                file.write(ids.tobytes())
                rows.append(np.array([row for row, _ in batch], np.int64))
                lengths.append(np.diff(np.flatnonzero(ids == END), prepend=-1).astype(np.int32))
                characters.append(np.array([len(text) for _, text in batch], np.int32))
                utf8_bytes.append(np.array([len(text.encode("utf-8", "replace")) for _, text in batch], np.int32))
        empty = np.zeros(0, np.int32)
        self._rows, self._lengths, self._characters, self._bytes = (
            np.concatenate([empty, *arrays]) for arrays in (rows, lengths, characters, utf8_bytes)
        )
        self._starts = np.cumsum(self._lengths) - self._lengths
        self._ids = np.memmap(path, np.uint16, "r") if len(self._lengths) else np.zeros(0, np.uint16)

    def part(self, selection: Selection, path: Path) -> Part:
        """Write a selection's messages in its order, and return them mapped.

        Args:
            selection: Which messages, in what order, by whom.
            path: File of the symbols; a second one beside it holds the authors where there are several.

        Raises:
            CorpusError: A file can't be written.
        """
        which = np.searchsorted(self._rows, selection.rows)
        lengths, starts = self._lengths[which], self._starts[which]
        with written(path) as file:
            file.write(np.array([END], np.uint16).tobytes())
            for cut in _cuts(lengths):
                ends = np.cumsum(lengths[cut])
                # Where each symbol comes from: its message's start there, plus how far into the message it is.
                source = np.arange(ends[-1]) + np.repeat(starts[cut] - (ends - lengths[cut]), lengths[cut])
                file.write(self._ids[source].tobytes())
                let_go(self._ids)
        ids = np.memmap(path, np.uint16, "r")
        first = selection.authors[0] if len(selection) else 1
        if (selection.authors == first).all():
            authors = np.broadcast_to(np.uint16(first), ids.shape)  # no second file is needed
        else:
            beside = path.with_suffix(".authors.u16")
            with written(beside) as file:
                file.write(np.array([first], np.uint16).tobytes())
                for cut in _cuts(lengths):
                    file.write(np.repeat(selection.authors[cut], lengths[cut]).astype(np.uint16).tobytes())
            authors = np.memmap(beside, np.uint16, "r")
        messages = len(selection)
        counts = (int(self._characters[which].sum()), int(self._bytes[which].sum()))
        return Part(ids, authors, messages, counts[0] + messages, counts[1] + messages)


def running_part(texts: Iterable[str], alphabet: Alphabet, path: Path) -> Part:
    """Write the pieces of a running text, and return them mapped.

    Raises:
        CorpusError: The file can't be written.
    """
    characters = utf8_bytes = 0
    with written(path) as file:
        file.write(np.array([END], np.uint16).tobytes())
        for batch in batches((0, text) for text in texts):
            joined = "".join(text for _, text in batch)
            file.write(alphabet.encode(joined).tobytes())
            characters += len(joined)
            utf8_bytes += len(joined.encode("utf-8", "replace"))
    ids = np.memmap(path, np.uint16, "r")
    return Part(ids, np.broadcast_to(np.uint16(1), ids.shape), 0, characters, utf8_bytes)


def let_go(ids: np.ndarray) -> None:
    """Let the system take back the memory that reading a mapped array took, where it can; the array stays as it is."""
    mapped = getattr(ids, "_mmap", None)  # NumPy has no other way to it
    if mapped is not None and hasattr(mmap, "MADV_DONTNEED"):
        mapped.madvise(mmap.MADV_DONTNEED)


@contextlib.contextmanager
def written(path: Path) -> Iterator[BinaryIO]:
    """Open ``path`` for writing; what the disk refuses becomes a ``CorpusError``."""
    try:
        with path.open("wb") as file:
            yield file
    except OSError as error:
        raise CorpusError(f"{path}: can't be written: {error.strerror}; {elsewhere(error)}") from error


def elsewhere(error: OSError) -> str:
    """Return what to try where a file can't be written: to free some space, too, where that is what lacks."""
    return f"{'free some space or ' * (error.errno in FULL)}choose another folder"


def batches(texts: Iterable[tuple[int, str]]) -> Iterator[list[tuple[int, str]]]:
    """Yield ``texts`` some at a time, so that encoding them is a few calls and still a few MB."""
    batch: list[tuple[int, str]] = []
    length = 0
    for row, text in texts:
        batch.append((row, text))
        length += len(text)
        if length >= _ENCODED_AT_ONCE:
            yield batch
            batch, length = [], 0
    if batch:
        yield batch


def _cuts(lengths: np.ndarray) -> Iterator[slice]:
    """Yield slices of messages that hold about ``_MOVED_AT_ONCE`` symbols each."""
    total = np.cumsum(lengths)
    start = 0
    while start < len(lengths):
        done = total[start - 1] if start else 0
        end = max(start + 1, int(np.searchsorted(total, done + _MOVED_AT_ONCE, side="right")))
        yield slice(start, end)
        start = end
