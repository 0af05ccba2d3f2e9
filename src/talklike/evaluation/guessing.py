"""Digits that a voice expects behind some words: how unlikely it finds given ones, and how many others it finds likelier."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from talklike.corpus.alphabet import END
from talklike.evaluation.bits import surprisal

if TYPE_CHECKING:
    from talklike.generation.voice import Voice

MOST_BRANCHES = 50_000
"""Beginnings of secrets that a search goes on from at most: about a second."""

_LOGITS_AT_ONCE = 1 << 21  # 16 MB as float64
_ROUNDING = 1e-3  # nat by which the same secret may cost more in another batch
_DIGITS = 10

State = dict[str, np.ndarray]


class Guessing:
    """A voice that has read the words before a secret, once for all secrets.

    Args:
        voice: The voice.
        before: Words that begin a message.
        author: Input value of the author as whom it writes.
    """

    def __init__(self, voice: Voice, before: str, *, author: int = 1) -> None:
        self._engine, self._author = voice.engine, author
        self._symbols = np.array([voice.alphabet.encode(str(digit)) for digit in range(_DIGITS)], np.int64)[:, 0]
        one, two = (self._engine.zero_state(count) for count in (1, 2))
        # Which axis of each state tells texts apart.
        self._axes = {name: int(np.not_equal(one[name].shape, two[name].shape).argmax()) for name in one}
        read = self._engine.streams(1, author)
        context = np.concatenate([[END], voice.alphabet.encode(before)]).astype(np.int64)
        self._first = read.read(context[None])[:, -1:]  # (1, 1, V)
        self._state = read.state

    def costs(self, secrets: np.ndarray) -> np.ndarray:
        """Return how unlikely the voice finds secrets [nat], float64, shape (S,).

        Args:
            secrets: Digits, values 0 to 9, shape (S, D).
        """
        symbols = self._symbols[secrets]
        costs = surprisal(np.broadcast_to(self._first, (len(symbols), 1, self._first.shape[-1])), symbols[:, :1])[:, 0]
        for cut in self._cuts(len(symbols), symbols.shape[1]) if symbols.shape[1] > 1 else ():
            streams = self._engine.streams(len(symbols[cut]), self._author)
            streams.state = self._taken(self._state, np.zeros(len(symbols[cut]), np.int64))
            costs[cut] += surprisal(streams.read(symbols[cut, :-1]), symbols[cut, 1:]).sum(axis=1)
        return costs

    def rank(self, secret: np.ndarray, *, most: int = MOST_BRANCHES) -> int | None:
        """Return how many secrets of its length the voice finds at least as likely as a secret, itself included; exact.

        A beginning that costs more than the whole secret can't be that of a likelier one. Few are left of a voice that knows the
        secret, and far too many of one that doesn't.

        Args:
            secret: Digits, shape (D,).
            most: Beginnings to go on from at most.

        Returns:
            The rank, from 1 on; None if there would be more beginnings.
        """
        limit = self.costs(secret[None])[0] + _ROUNDING
        costs = self._of_each_digit(self._first)[0]
        digits = np.flatnonzero(costs <= limit)
        costs, state = costs[digits], self._taken(self._state, np.zeros(len(digits), np.int64))
        for _ in secret[1:]:
            most -= len(digits)
            if most < 0:
                return None
            if not len(digits):
                break  # an int8 voice rounded the secret itself beyond the limit
            found = [self._longer(digits[cut], costs[cut], self._taken(state, cut), limit) for cut in self._cuts(len(digits), 1)]
            digits, costs = (np.concatenate([part[which] for part in found]) for which in (0, 1))
            state = {name: np.concatenate([part[2][name] for part in found], axis=axis) for name, axis in self._axes.items()}
        return max(1, len(digits))

    def _longer(self, digits: np.ndarray, costs: np.ndarray, state: State, limit: float) -> tuple[np.ndarray, np.ndarray, State]:
        """Return last digit, cost and state of the beginnings that are one digit longer and cost no more than the limit.

        Args:
            digits: Last digit of each beginning, shape (N,).
            costs: Its cost [nat].
            state: What the voice knew before that digit.
            limit: The most that a beginning may cost.
        """
        streams = self._engine.streams(len(digits), self._author)
        streams.state = state
        longer = costs[:, None] + self._of_each_digit(streams.read(self._symbols[digits][:, None]))  # (N, 10)
        which, digits = np.nonzero(longer <= limit)
        return digits, longer[which, digits], self._taken(streams.state, which)

    def _of_each_digit(self, logits: np.ndarray) -> np.ndarray:
        """Return what each digit costs where some logits, (N, 1, V), are expected [nat], shape (N, 10)."""
        shape = (len(logits), _DIGITS)
        return surprisal(np.broadcast_to(logits, (*shape, logits.shape[-1])), np.broadcast_to(self._symbols, shape))

    def _taken(self, state: State, which: np.ndarray | slice) -> State:
        """Return the state of some of the texts, in that order."""
        if isinstance(which, slice):
            which = np.arange(which.start, which.stop)
        return {name: state[name].take(which, axis=axis) for name, axis in self._axes.items()}

    def _cuts(self, rows: int, length: int) -> list[slice]:
        """Return slices of texts to be read at once, so that their logits stay small."""
        together = max(1, _LOGITS_AT_ONCE // (self._first.shape[-1] * max(length, _DIGITS)))
        return [slice(start, min(start + together, rows)) for start in range(0, rows, together)]
