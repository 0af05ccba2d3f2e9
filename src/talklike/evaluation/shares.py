"""How sure a share is: its 95 % interval, by Wilson's formula or by drawing as many texts again from the same.

Source: Wilson (1927), Probable inference, the law of succession, and statistical inference; Efron (1979), Bootstrap methods:
another look at the jackknife, for the percentile interval; Fawcett (2006), An introduction to ROC analysis, for the area under
the curve and its mean over folds.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

DRAWS = 1000
_TAILS = (2.5, 97.5)
_Z = 1.959964  # standard deviations within which 95 % of a normal distribution lie

Fold = tuple[np.ndarray, np.ndarray]
"""Scores of the texts that should have high ones, (P,), and of those that should have low ones, (N,)."""


@dataclass(frozen=True)
class Share:
    """A share of some texts, from 0 to 1, with the 95 % interval from ``low`` to ``high``."""

    share: float
    low: float
    high: float
    texts: int

    def to_dict(self) -> dict[str, float]:
        """Return the figures as plain JSON-ready values."""
        return asdict(self)


@dataclass(frozen=True)
class Ratio:
    """One share as part of another, with the 95 % interval from ``low`` to ``high``."""

    ratio: float
    low: float
    high: float

    def to_dict(self) -> dict[str, float]:
        """Return the figures as plain JSON-ready values."""
        return asdict(self)


@dataclass(frozen=True)
class Auc:
    """How often the higher of two scores is the right text's, with the 95 % interval from ``low`` to ``high``."""

    auc: float
    low: float
    high: float

    def to_dict(self) -> dict[str, float]:
        """Return the figures as plain JSON-ready values."""
        return asdict(self)


def share(hits: np.ndarray) -> Share:
    """Return the share of the texts that are hits, bool (N,), N at least 1; Wilson's interval has a width even at 0 and 1."""
    n, p = len(hits), float(hits.mean())
    middle = (p + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
    half = _Z * math.sqrt(p * (1 - p) / n + _Z**2 / (4 * n**2)) / (1 + _Z**2 / n)
    return Share(p, max(0.0, middle - half), min(1.0, middle + half), n)


def ratio(hits: np.ndarray, others: np.ndarray, *, seed: int = 0) -> Ratio | None:
    """Return the share of hits as part of the share of other hits; None if of the others there are none."""
    if not others.any():
        return None
    random = np.random.default_rng(seed)
    upper, lower = _shares(hits, random), _shares(others, random)
    return Ratio(float(hits.mean() / others.mean()), *_ends(upper[lower > 0] / lower[lower > 0]))


def auc(folds: Sequence[Fold], *, seed: int = 0) -> Auc:
    """Return the mean area under the curve of some folds, whose scores need not be comparable.

    Args:
        folds: At least one; each has texts of both kinds.
        seed: Decides the draws.
    """
    random = np.random.default_rng(seed)
    values, draws = 0.0, np.zeros(DRAWS)
    for high, low in folds:
        wins = (high[:, None] > low) + 0.5 * (high[:, None] == low)  # (P, N)
        values += wins.mean()
        again, against = (random.multinomial(len(scores), np.full(len(scores), 1 / len(scores)), DRAWS) for scores in (high, low))
        draws += ((again @ wins) * against).sum(axis=1) / wins.size
    return Auc(float(values / len(folds)), *_ends(draws / len(folds)))


def _shares(hits: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Return the shares of hits among as many texts drawn from the same, (DRAWS,)."""
    return random.binomial(len(hits), hits.mean(), DRAWS) / len(hits)


def _ends(draws: np.ndarray) -> tuple[float, float]:
    low, high = np.percentile(draws, _TAILS)
    return float(low), float(high)
