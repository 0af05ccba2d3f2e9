"""Texts that are written together: they come and go between steps, and none notices the others."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

from talklike.corpus.alphabet import FIRST_CHARACTER
from talklike.errors import TalklikeError
from talklike.generation.filters import pick
from talklike.generation.rows import Primed, Rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from talklike.generation.engine import Engine
    from talklike.generation.sampling import Sampling
    from talklike.generation.scored import Scored
    from talklike.generation.writing import Rules, Writing

IDLE_SHARE = 8
"""A row in so many may be idle before the others close ranks: that copies states, while an idle row costs its share of a step."""

TOGETHER = 0.002
"""Characters that only lengthen their texts are told together at least so often [s]: telling each would take longer than to pick
it."""

NOTHING = -1
"""Stands for a symbol where none may come, and where a row is idle."""

Added = tuple["Writing", str, "tuple[Scored, ...]"]
"""A text, what it has grown by, and the symbols of that, if they were asked for."""


class Batch:
    """The texts being written, and the rows of the engine that hold their state.

    Args:
        engine: The voice.
        rules: What holds for all its texts.
    """

    def __init__(self, engine: Engine, rules: Rules) -> None:
        self._engine = engine
        self._rules = rules
        self._rows = Rows(engine)
        self._writings: list[Writing | None] = []  # by row; None where it is idle
        self._told = 0.0
        self._logits = np.zeros((0, engine.card.sizes.symbols), np.float32)
        self._alone: list[tuple[int, Writing]] = []
        self._together: list[tuple[Sampling, np.ndarray, list[Writing]]] = []

    def __len__(self) -> int:
        return sum(writing is not None for writing in self._writings)

    def join(self, writings: Iterable[Writing], primed: Primed) -> None:
        """Let texts begin that have the same prompt: in idle rows, or in new ones."""
        fresh = []
        for writing in writings:
            # One object for all that is the same: to compare it field by field takes too long whenever a text comes or goes.
            alike = (sampling for sampling, _, _ in self._together if sampling == writing.sampling)
            writing.sampling = next(alike, writing.sampling)
            if None in self._writings:
                row = self._writings.index(None)
                self._writings[row] = writing
                self._rows.put(row, primed, writing.request.author)
                self._logits[row] = primed.logits
            else:
                self._writings.append(writing)
                self._rows.add(primed, writing.request.author)
                fresh.append(primed.logits)
        if fresh:
            self._logits = np.concatenate([self._logits, fresh])
        self._group()

    def leave(self, gone: Iterable[Writing]) -> None:
        """Let texts go that nobody wants any longer."""
        for writing in gone:
            if writing in self._writings:
                self._writings[self._writings.index(writing)] = None
        self._close_ranks()

    def step(self) -> list[Added]:
        """Write one symbol of every text, and return what is to be told of each, if anything; finished ones have left then."""
        logits, chosen, text_of = self._logits, self._choose(), self._rules.alphabet.text_of
        added: list[Added] = []
        left = False
        for row, (writing, symbol) in enumerate(zip(self._writings, chosen.tolist(), strict=True)):
            if writing is None:
                continue
            if symbol >= FIRST_CHARACTER and len(writing.taken) < writing.easy:  # as mostly
                writing.taken.append(text_of[symbol])
                continue
            piece, scored = writing.add(None if symbol == NOTHING else symbol, logits, row)
            if writing.text.finished:
                self._writings[row], left = None, True
                added.append((writing, piece, scored))
            elif piece or scored:
                added.append((writing, piece, scored))
        if (now := time.perf_counter()) - self._told > TOGETHER:
            self._told = now
            added += [(w, w.tell(), ()) for w in self._writings if w is not None and w.taken]
        symbols = np.maximum(chosen, 0)  # what idle rows read doesn't matter
        if left:
            symbols = self._close_ranks(symbols)
        if self._writings:
            self._logits = self._rows.step(symbols)
        return added

    def _choose(self) -> np.ndarray:
        """Return the next symbol of each row or ``NOTHING``: picked together where sampling is alike and needs nothing else."""
        chosen = np.full(len(self._writings), NOTHING)
        for row, writing in self._alone:
            try:
                symbol = writing.choose(self._logits[row])
            except TalklikeError as error:  # of this text alone; the others go on
                writing.error, symbol = error, None
            if symbol is not None:
                chosen[row] = symbol
        for sampling, rows, writings in self._together:
            everyone = len(writings) == len(self._writings)
            logits = self._logits if everyone else self._logits[rows]
            states = [writing.mask for writing in writings]
            alike = states.count(states[0]) == len(states)  # as mostly: then they share a row, and none are gathered
            masked = logits + self._rules.masks[states[0] if alike else states]
            if sampling.novelty:
                for at, writing in enumerate(writings):
                    if (guard := writing.guard) is not None and guard.due and guard.acts():  # few at a time
                        masked[at] = guard.apply(masked[at])
            draws = np.fromiter([next(writing.draws) for writing in writings], np.float64, len(writings))
            moving = sampling.temperature_end is not None
            temperatures = np.array([writing.temperature for writing in writings]) if moving else None
            picked = pick(masked, sampling, draws, temperatures=temperatures)
            if everyone:
                return picked
            chosen[rows] = picked
        return chosen

    def _group(self) -> None:
        """Find anew which rows are picked together, after some came or went."""
        together: dict[int, list[int]] = {}
        by_id: dict[int, Sampling] = {}
        self._alone = []
        for row, writing in enumerate(self._writings):
            if writing is not None and writing.simple:
                by_id[id(writing.sampling)] = writing.sampling
                together.setdefault(id(writing.sampling), []).append(row)
            elif writing is not None:
                self._alone.append((row, writing))
        self._together = [
            (by_id[which], np.array(rows), [writing for row in rows if (writing := self._writings[row]) is not None])
            for which, rows in together.items()
        ]

    def _close_ranks(self, symbols: np.ndarray | None = None) -> np.ndarray:
        """Drop the idle rows if they are many; return the symbols of those that stay."""
        symbols = np.zeros(len(self._writings), np.int64) if symbols is None else symbols
        self._group()
        stay = [row for row, writing in enumerate(self._writings) if writing is not None]
        if len(self._writings) - len(stay) <= len(self._writings) // IDLE_SHARE and stay:
            return symbols
        self._rows.keep(stay)
        self._writings = [self._writings[row] for row in stay]
        self._logits = self._logits[stay]
        self._group()
        return symbols[stay]


def write_one(engine: Engine, rules: Rules, writing: Writing, primed: Primed) -> Iterator[str]:
    """Yield the pieces of one text that is ``plain``; what a batch does, without what only many need: twice as fast."""
    from talklike.corpus.alphabet import END
    from talklike.generation.filters import pick_one
    from talklike.generation.writing import FRESH, UNENDING

    rows = Rows(engine)
    rows.add(primed, writing.request.author)
    logits = primed.logits
    sampling, text, draws, state = writing.request.sampling, writing.text, writing.draws, writing.state
    masks, after, least = rules.masks_by_state[writing.rows :], rules.utf8.after_list, writing.least
    guard = writing.guard
    while not text.finished:
        mask = masks[state + UNENDING] if text.written < least else masks[state]
        allowed = logits + mask
        if guard is not None and guard.due and guard.acts():
            allowed = guard.apply(allowed)
        chosen = pick_one(allowed, sampling, next(draws))
        if guard is not None:
            guard.add(chosen)
        state = FRESH if chosen == END else after[state % FRESH][chosen]
        if piece := text.add(chosen):
            yield piece
        if not text.finished:
            logits = rows.step(chosen)[0]
