"""Reliability, on predictions of which it is known."""

from __future__ import annotations

import numpy as np
import pytest

from talklike.errors import CorpusError
from talklike.evaluation.reliability import Predictions, Reliability


def reliability(probabilities: np.ndarray, right: np.ndarray) -> Reliability:
    """Return the calibration of some predictions."""
    predictions = Predictions()
    predictions.add(probabilities, right)
    return predictions.reliability()


def test_who_is_right_as_often_as_sure_is_calibrated() -> None:
    """With 200,000 predictions, chance leaves less than a percent."""
    random = np.random.default_rng(0)
    probabilities = random.uniform(0.05, 1, 200_000)
    found = reliability(probabilities, random.random(200_000) < probabilities)
    assert found.expected_error < 0.01
    for one in found.bins:
        assert one.predicted == pytest.approx(one.right, abs=0.02)


def test_who_is_too_sure_is_not() -> None:
    """Always 95 % sure and right seven times of ten is an error of a quarter, in one bin."""
    found = reliability(np.full(1000, 0.95), np.arange(1000) % 10 < 7)
    assert found.expected_error == pytest.approx(0.25)
    assert [one.count for one in found.bins] == [0] * 9 + [1000]
    assert found.bins[-1].predicted == pytest.approx(0.95)
    assert found.bins[-1].right == pytest.approx(0.7)
    assert found.bins[0].predicted is None


def test_the_error_is_weighted_by_how_many_there_are() -> None:
    """Equation 3 of the paper, by hand: three quarters are 0.1 too sure, one quarter is 0.2 too modest."""
    probabilities = np.array([0.6] * 30 + [0.3] * 10)
    right = np.array([True] * 15 + [False] * 15 + [True] * 5 + [False] * 5)
    assert reliability(probabilities, right).expected_error == pytest.approx(0.75 * 0.1 + 0.25 * 0.2)


def test_bins_hold_their_upper_edge() -> None:
    """A probability of exactly one tenth belongs to the first bin, and of 1 to the last."""
    found = reliability(np.array([0.1, 0.10001, 0.2, 1.0]), np.ones(4, bool))
    assert [one.count for one in found.bins] == [1, 2, 0, 0, 0, 0, 0, 0, 0, 1]
    assert [(one.low, one.high) for one in found.bins[:2]] == [(0.0, 0.1), (0.1, 0.2)]


def test_logits_piece_by_piece_are_the_predictions_they_stand_for() -> None:
    """The largest softmax of each counted position, however the logits are cut and shifted."""
    random = np.random.default_rng(1)
    logits = 3 * random.standard_normal((4, 60, 20)).astype(np.float32)
    targets = random.integers(0, 20, (4, 60))
    counted = random.random((4, 60)) < 0.8
    powers = np.exp(logits.astype(np.float64))
    softmax = powers / powers.sum(axis=-1, keepdims=True)
    expected = reliability(softmax.max(axis=-1)[counted], (softmax.argmax(axis=-1) == targets)[counted])
    predictions = Predictions()
    for start in range(0, 60, 7):
        cut = np.s_[:, start : start + 7]
        predictions.add_logits(logits[cut] + 1000, targets[cut], counted[cut])
    found = predictions.reliability()
    assert found.expected_error == pytest.approx(expected.expected_error, abs=1e-3)
    assert [one.count for one in found.bins] == [one.count for one in expected.bins]
    assert sum(one.count for one in found.bins) == counted.sum()


def test_a_piece_in_which_nothing_counts_changes_nothing() -> None:
    """Such as padding at the end."""
    predictions = Predictions()
    predictions.add(np.array([0.5]), np.array([True]))
    predictions.add_logits(np.zeros((2, 3, 4), np.float32), np.zeros((2, 3), np.int64), np.zeros((2, 3), bool))
    assert sum(one.count for one in predictions.reliability().bins) == 1


def test_it_is_json() -> None:
    """Ten bins, in plain numbers."""
    found = reliability(np.array([0.95]), np.array([True])).to_dict()
    assert found["expected_error"] == pytest.approx(0.05)
    assert len(found["bins"]) == 10
    assert found["bins"][0] == {"low": 0.0, "high": 0.1, "count": 0, "predicted": None, "right": None}


def test_nothing_counted_is_refused() -> None:
    """There is no error of no predictions."""
    with pytest.raises(CorpusError, match="no predictions"):
        Predictions().reliability()
