"""Bootstrap intervals, against a formula, against SciPy, and by how often they hold the truth."""

from __future__ import annotations

import math
from importlib import import_module

import numpy as np
import pytest

from talklike.errors import CorpusError
from talklike.evaluation.bootstrap import difference, interval


def messages(seed: int, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return bits and characters of messages that cost 2 bits a character on average."""
    random = np.random.default_rng(seed)
    characters = 1 + random.poisson(random.gamma(2, 20, count))
    return characters * random.gamma(20, 0.1, count), characters


def test_the_interval_is_that_of_the_formula() -> None:
    """For many messages, 1.96 standard errors of a ratio on either side (Cochran 1977, equation 6.13)."""
    bits, characters = messages(0, 2000)
    ratio = bits.sum() / characters.sum()
    error = np.std(bits - ratio * characters, ddof=1) / characters.mean() / math.sqrt(len(bits))
    low, high = interval(bits, characters, seed=0, resamples=4000)
    assert (low, high) == pytest.approx((ratio - 1.96 * error, ratio + 1.96 * error), abs=0.15 * error)


def test_the_interval_is_scipys() -> None:
    """The percentile method of an independent implementation, but for what is drawn."""
    stats = pytest.importorskip("scipy.stats")
    bits, characters = messages(1, 100)
    expected = stats.bootstrap(
        (bits, characters),
        lambda costs, weights, axis: costs.sum(axis=axis) / weights.sum(axis=axis),
        paired=True, vectorized=True, n_resamples=20_000, method="percentile", rng=np.random.default_rng(0),
    ).confidence_interval  # fmt: skip
    found = interval(bits, characters, seed=0, resamples=20_000)
    assert found == pytest.approx((expected.low, expected.high), abs=0.03 * (expected.high - expected.low))


def test_about_95_of_100_intervals_hold_the_truth() -> None:
    """Of 200 sets of messages; three standard deviations of chance are 4.6 %."""
    held = [low < 2 < high for low, high in (interval(*messages(seed, 150), seed=seed, resamples=400) for seed in range(200))]
    assert np.mean(held) == pytest.approx(0.95, abs=0.05)


def test_memory_is_bounded_and_leaves_no_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawn a few at a time, the interval is the same to the last bit."""
    bits, characters = messages(2, 300)
    whole = interval(bits, characters, seed=5)
    monkeypatch.setattr(import_module("talklike.evaluation.bootstrap"), "_AT_ONCE", 1000)
    assert interval(bits, characters, seed=5) == whole
    assert interval(bits, characters, seed=6) != whole


def test_a_higher_level_is_a_wider_interval() -> None:
    """And each holds the figure itself."""
    bits, characters = messages(3, 300)
    narrow, wide = (interval(bits, characters, seed=0, level=level) for level in (0.5, 0.99))
    assert wide[0] < narrow[0] < bits.sum() / characters.sum() < narrow[1] < wide[1]


def test_two_systems_on_the_same_messages_are_told_apart() -> None:
    """Where one always needs 3 % less, the difference is sure, although the systems' own intervals overlap."""
    bits, characters = messages(4, 300)
    own, other = (interval(costs, characters, seed=0) for costs in (bits, 0.97 * bits))
    assert own[0] < other[1]
    low, high = difference(bits, 0.97 * bits, characters, seed=0)
    assert 0 < low < 0.06 < high
    assert difference(bits, bits, characters, seed=0) == (0, 0)


def test_the_difference_is_of_the_same_draws() -> None:
    """It is exactly as wide as if both figures were drawn together."""
    bits, characters = messages(5, 50)
    other, _ = messages(6, 50)
    random = np.random.default_rng(7)
    drawn = random.integers(0, 50, (1000, 50))
    figures = [costs[drawn].sum(axis=1) / characters[drawn].sum(axis=1) for costs in (bits, other)]
    expected = np.quantile(figures[0] - figures[1], [0.025, 0.975])
    np.testing.assert_allclose(difference(bits, other, characters, seed=7), expected)


def test_one_message_is_its_own_interval_and_none_has_none() -> None:
    """There is nothing else to draw."""
    assert interval(np.array([6.0]), np.array([3]), seed=0) == (2, 2)
    with pytest.raises(CorpusError, match="no messages"):
        interval(np.zeros(0), np.zeros(0), seed=0)
