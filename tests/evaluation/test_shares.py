"""Shares, ratios and areas under curves, with their intervals, against formulas and counting."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from talklike.evaluation.shares import auc, ratio, share

SCORES = st.lists(st.integers(0, 5), min_size=1, max_size=12)


@pytest.mark.parametrize("rate", [0.1, 0.5])
def test_the_interval_of_a_share_is_that_of_a_normal_distribution(rate: float) -> None:
    """With 2,000 texts it is 1.96 standard errors wide to each side, nearly."""
    hits = np.arange(2000) < 2000 * rate
    found = share(hits)
    error = 1.96 * math.sqrt(rate * (1 - rate) / 2000)
    assert found.share == pytest.approx(rate)
    assert (found.low, found.high) == pytest.approx((rate - error, rate + error), abs=0.004)
    assert found.texts == 2000


@pytest.mark.parametrize("hit", [True, False])
def test_what_is_always_so_has_an_interval_to_one_side(hit: bool) -> None:
    """Seven of seven is everything, but may be two in three of all that there are."""
    found = share(np.full(7, hit))
    assert found.share == float(hit)
    assert (found.high if hit else 1 - found.low) == pytest.approx(1)
    assert (found.low if hit else 1 - found.high) == pytest.approx(7 / (7 + 1.96**2), abs=1e-3)  # Wilson's, at p = 1


def test_a_ratio_stands_in_its_interval() -> None:
    """Half as often is 0.5, and the interval is wider than that of the share alone."""
    few, many = np.arange(1000) < 300, np.arange(1000) < 600
    found = ratio(few, many)
    assert found is not None
    assert found.ratio == pytest.approx(0.5)
    assert found.low < 0.47 < 0.53 < found.high


def test_nothing_is_no_part_of_nothing() -> None:
    """Without a hit to compare with there is no ratio, and never a number that isn't one."""
    assert ratio(np.ones(3, bool), np.zeros(3, bool)) is None
    rare = ratio(np.ones(3, bool), np.arange(3) < 1)
    assert rare is not None
    assert np.isfinite([rare.low, rare.high]).all()


@given(SCORES, SCORES)
def test_an_area_is_how_often_the_right_one_is_higher(high: list[int], low: list[int]) -> None:
    """Counted over all pairs, a tie as half."""
    wins = [(a > b) + 0.5 * (a == b) for a in high for b in low]
    found = auc([(np.array(high, float), np.array(low, float))])
    assert found.auc == pytest.approx(sum(wins) / len(wins))
    assert 0 <= found.low <= found.high <= 1


def test_folds_need_not_be_comparable() -> None:
    """Where each fold is right by itself, the area is 1 although one fold's scores are all above the other's."""
    found = auc([(np.array([2.0, 3.0]), np.array([0.0, 1.0])), (np.array([12.0, 13.0]), np.array([10.0, 11.0]))])
    assert (found.auc, found.low, found.high) == (1, 1, 1)


def test_the_interval_of_an_area_covers_what_is_so() -> None:
    """Of 40 samples of normal scores a deviation apart, at least 34 intervals hold the true area, 0.76."""
    random = np.random.default_rng(3)
    true = 0.5 * (1 + math.erf(1 / 2))
    found = [auc([(random.normal(1, 1, 100), random.normal(0, 1, 100))]) for _ in range(40)]
    assert sum(one.low <= true <= one.high for one in found) >= 34


def test_the_figures_are_json() -> None:
    """By name, in plain numbers."""
    assert json.loads(json.dumps(share(np.array([True])).to_dict())).keys() == {"share", "low", "high", "texts"}
    assert set(auc([(np.ones(1), np.zeros(1))]).to_dict()) == {"auc", "low", "high"}
    assert ratio(np.ones(2, bool), np.ones(2, bool)).to_dict() == {"ratio": 1.0, "low": 1.0, "high": 1.0}  # type: ignore[union-attr]  # there is a ratio
