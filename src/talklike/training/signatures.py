"""Learns what tells a room's authors apart (``talklike.voice.signatures``): softmax regression on the runs of their messages.

A step takes ``BATCH`` messages, and changes the rows that they point to by Adagrad with one accumulator a row, as the n-gram
memory's rows (``talklike.training.memory``): the many rows that one author alone has ever used take large steps, those of every
message small ones. How much each author has written is told to the softmax while it learns, so that the table needn't say it:
what is learnt is what speaks for an author whoever is likely beforehand.

Source: Menon et al. (2021), Long-tail learning via logit adjustment.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch.nn.functional import embedding_bag

from talklike.corpus.alphabet import END
from talklike.evaluation.calibration import Calibration
from talklike.voice.signatures import Signatures, runs_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from talklike.corpus.encode import Part
    from talklike.voice.signatures import Runs

BATCH = 256
RATE = 0.02
"""Larger ones learn messages by heart: with 0.3 the true author of an unseen one is found less often, and costs four times as
many nats (docs/experiments.md)."""

MOST_SYMBOLS = 1 << 25
"""Of a larger part the last so many symbols are used, which bounds time and memory."""

LEAST_CALIBRATED, MOST_CALIBRATED = 30, 2000
"""Fewest held-out messages that can say how far the numbers are to be believed, and so many are enough."""

_EPSILON = 1e-8


@dataclass(frozen=True)
class Labelled:
    """Messages whose author is known by name.

    Attributes:
        messages: The symbols of each, without the END around them.
        authors: Number of each one's author, from 0 on, int64.
    """

    messages: Sequence[np.ndarray]
    authors: np.ndarray

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.messages)


def labelled(part: Part) -> Labelled:
    """Return the messages of a part whose author is named, those of its last ``MOST_SYMBOLS`` symbols."""
    ids, authors = part.ids[-MOST_SYMBOLS:], part.authors[-MOST_SYMBOLS:]
    ends = np.flatnonzero(ids == END)
    named = np.flatnonzero(authors[ends[1:]])
    messages = [ids[first + 1 : last] for first, last in zip(ends[named].tolist(), ends[named + 1].tolist(), strict=True)]
    return Labelled(messages, authors[ends[named + 1]].astype(np.int64) - 1)


def learn_signatures(
    train: Labelled, held_out: Labelled, *, people: int, rows: int, rounds: float, seed: int
) -> tuple[Signatures, float | None]:
    """Return what tells authors apart, and how often it does.

    Args:
        train: What is learnt from.
        held_out: What says how far the numbers are to be believed; too few messages leave them as they are.
        people: How many authors there are, A.
        rows: Of the table, a power of two.
        rounds: How often the messages are read.
        seed: Decides in which order.

    Returns:
        The numbers, and which share of the held-out messages they have right; None where those are too few.
    """
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # steps of ten thousand numbers: two threads wait for each other longer than they work
    try:
        table = _learnt(train, people, rows, rounds, seed)
    finally:
        torch.set_num_threads(threads)
    largest = table.abs().amax(0).clamp(min=_EPSILON)
    found = Signatures((table * (127 / largest)).round().to(torch.int8).numpy(), (largest / 127).numpy())
    if len(held_out) < LEAST_CALIBRATED:
        return found, None
    each = -(-len(held_out) // MOST_CALIBRATED)
    scores, authors = found.logits(held_out.messages[::each]), held_out.authors[::each]
    trust = Calibration.fit(scores, authors).trust
    return replace(found, units=(found.units * trust).astype(np.float32)), float((scores.argmax(axis=1) == authors).mean())


def _learnt(train: Labelled, people: int, rows: int, rounds: float, seed: int) -> torch.Tensor:
    """Return the table, float32 (rows, A)."""
    table, squares = torch.zeros(rows, people), torch.zeros(rows)
    random = np.random.default_rng(seed)
    before = torch.from_numpy(np.log(np.bincount(train.authors, minlength=people) + 1.0)).float()
    left = round(rounds * len(train))
    while left > 0:
        order = random.permutation(len(train))[:left]
        left -= len(order)
        for first in range(0, len(order), BATCH):
            chosen = order[first : first + BATCH]
            _step(table, squares, before, runs_of([train.messages[number] for number in chosen], rows), train.authors[chosen])
    return table


@torch.no_grad()
def _step(table: torch.Tensor, squares: torch.Tensor, before: torch.Tensor, runs: Runs, authors: np.ndarray) -> None:
    """Change the rows that some messages point to.

    Args:
        table: Numbers for each author, float32 (rows, A).
        squares: Adagrad's accumulators, float32 (rows,).
        before: How likely each author is before a message is read [nat], float32 (A,).
        runs: The rows of B messages.
        authors: Number of each one's author, int64 (B,).
    """
    rows, weights, starts = (torch.from_numpy(array) for array in (runs.rows, runs.weights, runs.starts))
    found = embedding_bag(rows, table, starts, mode="sum", per_sample_weights=weights)  # (B, A)
    errors = (found + before).softmax(1)
    errors[torch.arange(len(authors)), torch.from_numpy(authors)] -= 1
    # The gradient of a row is the sum of its messages' errors: the same operation, with the pairs in the order of their rows.
    messages = np.repeat(np.arange(len(runs.starts)), np.diff(runs.starts, append=len(runs.rows)))
    order = np.argsort(runs.rows, kind="stable")
    by_row = runs.rows[order]
    first = np.flatnonzero(np.diff(by_row, prepend=-1))
    gradients = embedding_bag(
        torch.from_numpy(messages[order]),
        errors,
        torch.from_numpy(first),
        mode="sum",
        per_sample_weights=weights[torch.from_numpy(order)],
    )
    touched = torch.from_numpy(by_row[first])
    sums = squares[touched] + gradients.square().mean(1)
    squares[touched] = sums
    table[touched] -= RATE * gradients / (sums + _EPSILON).sqrt().unsqueeze(1)
