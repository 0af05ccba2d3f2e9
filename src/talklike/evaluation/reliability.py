"""Reliability: when a voice is 80 % sure of the next symbol, is it right 80 times of a hundred?

Only the symbol that it finds likeliest is asked about. Symbols are gathered by how sure the voice was; the expected calibration
error is how far being sure and being right are apart, on average over all symbols.

Source: Guo, Pleiss, Sun and Weinberger (2017), On calibration of modern neural networks, section 2.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from talklike.errors import CorpusError

BINS = 10


@dataclass(frozen=True)
class Bin:
    """The symbols that a voice was about equally sure of.

    Attributes:
        low: Its probability was more than this,
        high: and at most this.
        count: How many symbols there are.
        predicted: Mean of its probabilities; None without symbols.
        right: Share of the symbols that it was right about; None without symbols.
    """

    low: float
    high: float
    count: int
    predicted: float | None
    right: float | None


@dataclass(frozen=True)
class Reliability:
    """How sure a voice was, and how often right.

    Attributes:
        bins: By how sure it was, least first.
        expected_error: Mean over all symbols of the distance between ``predicted`` and ``right`` of their bin, 0 to 1.
    """

    bins: tuple[Bin, ...]
    expected_error: float

    def to_dict(self) -> dict[str, Any]:
        """Return the figures as plain JSON-ready values."""
        return {"expected_error": self.expected_error, "bins": [asdict(one) for one in self.bins]}


class Predictions:
    """Predictions, counted piece by piece, in memory that doesn't grow.

    Args:
        bins: How many bins of equal width.
    """

    def __init__(self, bins: int = BINS) -> None:
        self._counts = np.zeros(bins, np.int64)
        self._predicted = np.zeros(bins)
        self._right = np.zeros(bins)

    def add_logits(self, logits: np.ndarray, targets: np.ndarray, counted: np.ndarray) -> None:
        """Count what logits predicted.

        Args:
            logits: Scores of each next symbol, shape (B, T, V).
            targets: The symbols that came next, shape (B, T).
            counted: Which of them count, bool (B, T).
        """
        scores, symbols = logits[counted].astype(np.float64), targets[counted]  # (N, V), (N,)
        best = scores.argmax(axis=-1)
        scores -= np.take_along_axis(scores, best[:, None], axis=-1)
        self.add(1 / np.exp(scores, out=scores).sum(axis=-1), best == symbols)

    def add(self, probabilities: np.ndarray, right: np.ndarray) -> None:
        """Count predictions.

        Args:
            probabilities: Probability of each predicted symbol, shape (N,).
            right: Whether it came next, bool (N,).
        """
        bins = len(self._counts)
        places = np.clip(np.ceil(probabilities * bins).astype(np.int64) - 1, 0, bins - 1)
        self._counts += np.bincount(places, minlength=bins)
        self._predicted += np.bincount(places, probabilities, bins)
        self._right += np.bincount(places, right, bins)

    def reliability(self) -> Reliability:
        """Return what was counted.

        Raises:
            CorpusError: Nothing was.
        """
        total = int(self._counts.sum())
        if not total:
            raise CorpusError("no predictions to compare: the part holds no text")
        edges = np.linspace(0, 1, len(self._counts) + 1).tolist()
        return Reliability(
            bins=tuple(map(self._bin, range(len(self._counts)), edges, edges[1:])),
            expected_error=float(np.abs(self._predicted - self._right).sum() / total),
        )

    def _bin(self, place: int, low: float, high: float) -> Bin:
        count = int(self._counts[place])
        if not count:
            return Bin(low, high, 0, None, None)
        return Bin(low, high, count, float(self._predicted[place] / count), float(self._right[place] / count))
