"""Which symbols training can tell apart: those of the training part, and one column for all the others together.

An alphabet has 256 byte symbols so that any text can be spelt, of which a training text uses a handful. Nothing can be learnt of
the rest, so they share one column of the output layer while training, whose work shrinks with the columns. In the voice each of
them is that column, less the logarithm of how many share it.
"""

from __future__ import annotations

import math

import numpy as np


class Columns:
    """The columns of the output layer while training.

    Args:
        counts: How often each symbol is to be predicted in the training part, shape (V,).

    Attributes:
        of: Column of each symbol, int64 (V,).
        counts: How often each column is to be predicted, float64 (C,); the last is that of the unseen symbols.
        sharing: How many symbols share the last column.
    """

    def __init__(self, counts: np.ndarray) -> None:
        seen = np.flatnonzero(counts)
        self.of = np.full(len(counts), len(seen), np.int64)
        self.of[seen] = np.arange(len(seen))
        self.counts = np.append(counts[seen], 0.0)
        self.sharing = len(counts) - len(seen)

    def __len__(self) -> int:
        """Return C."""
        return len(self.counts)

    @property
    def spread(self) -> float:
        """What a symbol of the last column costs beyond the column [nat]: it could be any of those that share it."""
        return math.log(max(1, self.sharing))

    def expanded(self, weight: np.ndarray) -> np.ndarray:
        """Return an array with a row for each column, (C, …), as one with a row for each symbol, (V, …)."""
        rows: np.ndarray = weight[self.of]
        return rows

    def expanded_bias(self, bias: np.ndarray) -> np.ndarray:
        """Return the bias of each symbol, (V,), so that the symbols of the last column have its probability together."""
        shared = self.of == len(self) - 1
        row: np.ndarray = bias[self.of] - np.where(shared, self.spread, 0.0).astype(bias.dtype)
        return row
