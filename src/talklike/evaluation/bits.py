"""Likelihood: how many bits a voice spends on each character that someone really wrote."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from talklike.errors import CorpusError
from talklike.generation.engine import Streams

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talklike.corpus.encode import Part
    from talklike.generation.engine import Engine

BURN_IN = 256
"""Symbols read before a stretch without being counted, so that a stretch is met with context like the one before it."""

MOST_STRETCHES = 16
LEAST_STRETCH = 4096
"""A part is read in up to 16 stretches side by side, each at least this many symbols, which is several times faster than one
after the other; with the burn-in the result differs by less than 0.001 bits (docs/experiments.md)."""

MOST_SCORED = 2_000_000
"""Symbols of a part that are scored; of longer ones (of who wrote 40 MB) about so many, spread evenly."""

_PIECE = 128  # symbols a call: 16 × 128 × V logits are a few MB


@dataclass(frozen=True)
class Score:
    """How likely a voice finds a text.

    Attributes:
        bits_per_character: Mean cost of a character; the end of a message counts as one. Lower is better.
        bits_per_byte: The same for each byte of UTF-8, comparable with compressors.
        characters: How many characters were scored; of a part longer than ``MOST_SCORED``, about how many.
    """

    bits_per_character: float
    bits_per_byte: float
    characters: int

    def to_dict(self) -> dict[str, float]:
        """Return the two likelihoods by name, rounded to what is meaningful."""
        return {
            "bits_per_character": round(self.bits_per_character, 4),
            "bits_per_byte": round(self.bits_per_byte, 4),
        }


@dataclass(frozen=True)
class Stretches:
    """A part cut into B stretches to be read side by side.

    Attributes:
        read: Symbols read, int64 (B, T).
        targets: Symbols that come next, int64 (B, T).
        authors: Input values of the targets' authors, int64 (B, T).
        counted: Which targets count, bool (B, T): not the burn-in, and not the padding at the end.
    """

    read: np.ndarray
    targets: np.ndarray
    authors: np.ndarray
    counted: np.ndarray

    def pieces(self, length: int) -> Iterator[Stretches]:
        """Yield the stretches ``length`` symbols at a time."""
        for start in range(0, self.read.shape[1], length):
            cut = np.s_[:, start : start + length]
            yield Stretches(self.read[cut], self.targets[cut], self.authors[cut], self.counted[cut])


def stretches(part: Part, *, most: int = MOST_STRETCHES, limit: int | None = None) -> Stretches:
    """Cut a part into stretches of one length, each with the symbols before it as burn-in.

    Args:
        part: What to cut.
        most: Most stretches.
        limit: Count only about this many symbols, spread evenly over the part; all without it.
    """
    total = len(part)
    count = max(1, min(most, total // LEAST_STRETCH))
    whole = math.ceil(total / count)
    length = whole if limit is None else min(whole, math.ceil(limit / count))
    burn_in = BURN_IN if count > 1 else 0
    shape = (count, burn_in + length)
    read, targets, authors = (np.zeros(shape, np.int64) for _ in range(3))
    counted = np.zeros(shape, bool)
    for row in range(count):
        first = row * whole
        start, end = max(0, first - burn_in), min(total, first + length)
        n = end - start
        read[row, :n] = part.ids[start:end]
        targets[row, :n] = part.ids[start + 1 : end + 1]
        authors[row, :n] = part.authors[start + 1 : end + 1]
        counted[row, first - start : n] = True
    return Stretches(read, targets, authors, counted)


def score(engine: Engine, part: Part, *, most: int = MOST_SCORED) -> Score:
    """Return how likely a voice finds a part of a corpus, read as one stream from a fresh state.

    Args:
        engine: The voice.
        part: What to score; it isn't empty.
        most: Symbols that are scored at most.

    Raises:
        CorpusError: There is nothing to score.
    """
    if not len(part):
        raise CorpusError("nothing to score: the part holds no text")
    cut = stretches(part, limit=most if len(part) > most else None)
    streams = Streams(engine, len(cut.read), author=0)
    nats = 0.0
    for piece in cut.pieces(_PIECE):
        logits = streams.read(piece.read, piece.authors)
        nats += float((surprisal(logits, piece.targets) * piece.counted).sum())
    share = np.count_nonzero(cut.counted) / len(part)
    bits = nats / math.log(2) / share
    return Score(bits / part.characters, bits / part.utf8_bytes, round(part.characters * share))


def surprisal(logits: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """Return the cost of each true symbol [nat], float64, shape (B, T).

    Args:
        logits: Scores of each next symbol, shape (B, T, V).
        targets: The symbols that came next, shape (B, T).
    """
    logits = logits.astype(np.float64)
    largest = logits.max(axis=-1, keepdims=True)
    total = np.log(np.exp(logits - largest).sum(axis=-1)) + largest[..., 0]
    cost: np.ndarray = total - np.take_along_axis(logits, targets[..., None], axis=-1)[..., 0]
    return cost
