"""What tells a room's authors apart: a table that a voice carries, with a number for each author for every short run of symbols.

A message is the symbols END, x_1 … x_m, END. All its runs of 1 to ``LONGEST`` symbols point to rows of the table: a run with the
sum

    s = Σ_j M^(n−j) · (x_j + 1)   mod 2^64

of its n symbols, M = ``MULTIPLIER``, has row ⌊(s · ``SPREAD`` mod 2^64) / 2^(64 − b)⌋ of the 2^b. A row to which c of a message's
runs point weighs 1 + ln c, and

    z_a = units[a] · Σ (1 + ln c) · table[row, a]

is how well the message goes with author a: softmax(z) are the probabilities, all authors being equally likely beforehand.

Sources: Weinberger et al. (2009), Feature hashing for large scale multitask learning; Dietzfelbinger et al. (1997), the
multiply-shift hash; Manning, Raghavan and Schütze (2008), Introduction to information retrieval, § 6.4, 1 + ln c.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from talklike.corpus.alphabet import END

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST = 5
"""Symbols of the longest run, as in ``talklike.evaluation.attributor``: longer ones stand in too few messages."""

FEWEST_ROWS, MOST_ROWS = 1 << 10, 1 << 24
"""A table has 2^b rows, from so many to so many."""

MULTIPLIER = 0x9E3779B97F4A7C15
SPREAD = 0xBF58476D1CE4E5B9


@dataclass(frozen=True)
class Signatures:
    """The numbers of A authors.

    Attributes:
        table: int8 (2^b, A).
        units: What 1 in each author's column is worth [nat], float32 (A,).
    """

    table: np.ndarray
    units: np.ndarray

    def logits(self, messages: Sequence[np.ndarray]) -> np.ndarray:
        """Return how well each message goes with each author, z [nat], float64 (N, A).

        Args:
            messages: The symbols of N messages, without the END around them.
        """
        found = np.zeros((len(messages), self.table.shape[1]))
        for number, message in enumerate(messages):
            runs = runs_of([message], len(self.table))
            found[number] = runs.weights @ self.table[runs.rows].astype(np.float32)
        found *= self.units
        return found


@dataclass(frozen=True)
class Runs:
    """The rows that some messages point to: N pairs of a message and a row.

    Attributes:
        rows: Row of each pair, int64 (N,), message by message, increasing in each.
        weights: Its 1 + ln c, float32 (N,).
        starts: Where each message's pairs begin, int64 (messages,).
    """

    rows: np.ndarray
    weights: np.ndarray
    starts: np.ndarray


def runs_of(messages: Sequence[np.ndarray], rows: int) -> Runs:
    """Return the rows that messages point to.

    Args:
        messages: The symbols of each, without the END around them.
        rows: 2^b.
    """
    lengths = np.array([len(message) + 2 for message in messages])
    firsts = np.cumsum(lengths) - lengths
    symbols = np.full(lengths.sum(), END, np.uint64)
    for first, message in zip(firsts, messages, strict=True):
        symbols[first + 1 : first + 1 + len(message)] = message
    symbols += np.uint64(1)
    before = np.arange(len(symbols)) - np.repeat(firsts, lengths)  # symbols of the same message before each
    bits = rows.bit_length() - 1
    which = np.repeat(np.arange(len(messages), dtype=np.uint64) << np.uint64(bits), lengths)
    pairs = []
    sums = np.zeros_like(symbols)
    for length in range(1, LONGEST + 1):
        sums[1:] = sums[:-1] * np.uint64(MULTIPLIER)
        sums[0] = 0
        sums += symbols
        there = before >= length - 1  # the run doesn't begin in the message before
        pairs.append((sums * np.uint64(SPREAD) >> np.uint64(64 - bits) | which)[there])
    return _counted(np.concatenate(pairs), bits, len(messages))


def _counted(pairs: np.ndarray, bits: int, messages: int) -> Runs:
    """Return each different pair once.

    Args:
        pairs: The message of each times 2^b, plus its row, uint64.
        bits: b.
        messages: How many messages there are.
    """
    ordered = np.sort(pairs).astype(np.int64)
    first = np.flatnonzero(np.diff(ordered, prepend=-1))
    counts = np.diff(first, append=len(ordered))
    different = ordered[first]
    starts = np.searchsorted(different, np.arange(messages, dtype=np.int64) << bits)
    return Runs(different & (1 << bits) - 1, (1 + np.log(counts)).astype(np.float32), starts)
