"""One author's messages as the networks that compete read them: a symbol for a character, one for the end of a message.

Characters that the training part has fewer than five times, by talklike's own rule, are one symbol more, UNKNOWN; without it a
network could not be asked about characters that it has never met. Predicting such a character costs what UNKNOWN costs, and then
the choice among all different characters that UNKNOWN stands for anywhere in the author's messages, each equally likely. Nobody
knows beforehand how few these are, so the networks are charged too little for them rather than too much. (talklike and Kneser-Ney
spell them in bytes, and pay for every byte.)

This module needs NumPy alone: it is used in talklike's virtual environment and in the peers'.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

END, UNKNOWN, FIRST_CHARACTER = 0, 1, 2
"""Ends a message, also stands before the first one; stands for a rare character; the first of the frequent characters."""

WINDOW = 40
"""Characters that the tutorial's model sees of the text before the one to predict."""

STEP = 3
"""Characters from the beginning of one of the tutorial's windows to that of the next."""


@dataclass(frozen=True)
class PeerText:
    """Messages as symbols.

    Attributes:
        train: What is trained on: END, then N symbols, uint16, shape (N + 1,).
        validation: What chooses among the weights of a training, in the same form.
        test: What is reported, in the same form.
        symbols: V; every symbol is less.
        unknown_bits: What it costs to say which character an UNKNOWN is [bit].
    """

    train: np.ndarray
    validation: np.ndarray
    test: np.ndarray
    symbols: int
    unknown_bits: float

    def save(self, path: Path) -> None:
        """Write the text as a ``.npz`` file, for another process."""
        arrays = {"train": self.train, "validation": self.validation, "test": self.test}
        np.savez(path, symbols=self.symbols, unknown_bits=self.unknown_bits, **arrays)  # type: ignore[arg-type]  # the stubs miss that NumPy saves numbers

    @classmethod
    def load(cls, path: Path) -> PeerText:
        """Return the text that ``save`` wrote."""
        with np.load(path) as file:
            return cls(file["train"], file["validation"], file["test"], int(file["symbols"]), float(file["unknown_bits"]))

    def bits_per_character(self, costs: np.ndarray, targets: np.ndarray) -> float:
        """Return the mean cost of some characters, the ends of messages among them.

        Args:
            costs: Cost of each symbol [bit], shape (N,).
            targets: The symbols, shape (N,).
        """
        unknown = int((targets == UNKNOWN).sum())
        return float((costs.sum(dtype=np.float64) + unknown * self.unknown_bits) / len(targets))


def peer_text(parts: Sequence[Sequence[str]], characters: str) -> PeerText:
    r"""Return an author's messages as symbols.

    Args:
        parts: Messages to train on, to choose weights by, and to report on, each in order.
        characters: The frequent characters, each once.

    >>> text = peer_text((["ab", "b?"], ["a!"], ["b\n"]), "ab")
    >>> text.train.tolist(), text.validation.tolist(), text.test.tolist()
    ([0, 2, 3, 0, 3, 1, 0], [0, 2, 1, 0], [0, 3, 1, 0])
    >>> text.symbols, round(text.unknown_bits, 3)  # log2 of "?", "!" and the line end
    (4, 1.585)
    """
    symbol_of = {character: number for number, character in enumerate(characters, FIRST_CHARACTER)}
    train, validation, test = (_encoded(texts, symbol_of) for texts in parts)
    rare = {character for texts in parts for text in texts for character in text} - set(symbol_of)
    return PeerText(train, validation, test, FIRST_CHARACTER + len(characters), math.log2(max(1, len(rare))))


def _encoded(texts: Sequence[str], symbol_of: dict[str, int]) -> np.ndarray:
    ids = [END]
    for text in texts:
        ids += [symbol_of.get(character, UNKNOWN) for character in text]
        ids.append(END)
    return np.array(ids, np.uint16)


def starts(ids: np.ndarray) -> np.ndarray:
    """Return where the tutorial's windows begin, int64: each is 40 symbols, and the one after them is what it learns to predict.

    Args:
        ids: The training text, shape (N + 1,).

    Source: the Keras example ``lstm_text_generation``, which the tutorial follows: ``range(0, len(text) - maxlen, step)``.
    """
    return np.arange(0, len(ids) - WINDOW, STEP, dtype=np.int64)


def contexts(ids: np.ndarray) -> np.ndarray:
    """Return the 40 symbols before each symbol but the first, shape (N, 40), a view; before the text stand ENDs.

    Args:
        ids: END, then N symbols, shape (N + 1,).
    """
    padded = np.concatenate([np.full(WINDOW - 1, END, ids.dtype), ids[:-1]])
    return np.lib.stride_tricks.sliding_window_view(padded, WINDOW)
