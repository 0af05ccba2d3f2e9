"""How far a figure would move if other messages had been held out: intervals by the percentile bootstrap.

Messages are drawn with replacement, as many as there are, again and again; the interval holds the middle share of the figures
that come of it. Whole messages are drawn, because the characters of one depend on each other. What one message has to do with the
next isn't known here, so that intervals of somebody who writes in spells are a little too narrow.

Source: Efron and Tibshirani (1993), An introduction to the bootstrap, chapter 13; for two systems on the same texts, Koehn
(2004), Statistical significance tests for machine translation evaluation.
"""

from __future__ import annotations

import numpy as np

from talklike.errors import CorpusError

RESAMPLES = 1000
LEVEL = 0.95

_AT_ONCE = 1 << 20  # messages drawn together: about 24 MB


def interval(
    costs: np.ndarray, weights: np.ndarray, *, seed: int, resamples: int = RESAMPLES, level: float = LEVEL
) -> tuple[float, float]:
    """Return between which values the sum of costs over the sum of weights lies.

    Args:
        costs: Cost of each message, such as its bits, shape (M,).
        weights: What its cost is divided among, such as its characters, more than 0, shape (M,).
        seed: Decides what is drawn; two figures with the same seed are of the same messages.
        resamples: How often all messages are drawn.
        level: Share of the figures between the two ends.

    Returns:
        The lower and the upper end; of a single message, its own figure twice.

    Raises:
        CorpusError: There are no messages.
    """
    count = len(costs)
    if not count:
        raise CorpusError("no messages to draw from: the part holds no text")
    assert len(weights) == count, "each message has a weight"
    assert (weights > 0).all(), "each message weighs something"
    generator = np.random.default_rng(seed)
    together = max(1, _AT_ONCE // count)
    figures = []
    for start in range(0, resamples, together):
        drawn = generator.integers(0, count, (min(together, resamples - start), count))  # (R, M)
        figures.append(costs[drawn].sum(axis=1) / weights[drawn].sum(axis=1))
    low, high = np.quantile(np.concatenate(figures), [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def difference(
    first: np.ndarray,
    second: np.ndarray,
    weights: np.ndarray,
    *,
    seed: int,
    resamples: int = RESAMPLES,
    level: float = LEVEL,
) -> tuple[float, float]:
    """Return between which values the first system's figure less the second's lies, both on the same messages each time.

    What makes a message hard for both cancels, so this is far narrower than the two systems' own intervals; where it doesn't hold
    0, one is better than the other.

    Args:
        first: Cost of each message to the first system, shape (M,).
        second: The same of the second.
        weights: See ``interval``.
        seed: See ``interval``.
        resamples: See ``interval``.
        level: See ``interval``.

    Raises:
        CorpusError: There are no messages.
    """
    return interval(first - second, weights, seed=seed, resamples=resamples, level=level)
