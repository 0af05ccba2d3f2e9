"""Calibration finds by how much scores were exaggerated, and the prior of what was drawn."""

from __future__ import annotations

import numpy as np
import pytest

from talklike.errors import OptionError
from talklike.evaluation.calibration import Calibration


def drawn(trust: float, prior: np.ndarray, count: int = 20_000) -> tuple[np.ndarray, np.ndarray]:
    """Return scores, and answers drawn as they would be if the scores were to be trusted so much."""
    random = np.random.default_rng(1)
    scores = random.normal(0, 3, (count, len(prior))) - 100
    shares = Calibration(trust, prior).probabilities(scores)
    answers = (shares.cumsum(axis=1) > random.random(count)[:, None]).argmax(axis=1)
    return scores, answers


@pytest.mark.parametrize("trust", [0.2, 1.0, 1.7])
def test_what_was_drawn_is_found_again(trust: float) -> None:
    """Trust and prior come back as they were, as nearly as 20,000 texts tell."""
    prior = np.array([0.6, 0.3, 0.1])
    found = Calibration.fit(*drawn(trust, prior))
    assert found.trust == pytest.approx(trust, rel=0.07)
    np.testing.assert_allclose(found.prior, prior, atol=0.03)
    assert found.prior.sum() == pytest.approx(1)


def test_scores_that_say_nothing_are_not_trusted() -> None:
    """What is left then is how often each answer is right."""
    random = np.random.default_rng(2)
    answers = random.choice(3, 9_000, p=[0.5, 0.3, 0.2])
    found = Calibration.fit(random.normal(0, 5, (9_000, 3)), answers)
    assert found.trust == pytest.approx(0, abs=0.02)
    np.testing.assert_allclose(found.prior, [0.5, 0.3, 0.2], atol=0.02)


def test_far_scores_do_not_overshoot() -> None:
    """Scores that are right and hundreds of nats apart, as those of long texts, still end in finite numbers."""
    answers = np.arange(30) % 3
    found = Calibration.fit(1000.0 * np.eye(3)[answers], answers)
    assert np.isfinite(found.trust)
    np.testing.assert_array_equal(found.probabilities(1000.0 * np.eye(3)).argmax(axis=1), [0, 1, 2])
    wrong = Calibration.fit(-1000.0 * np.eye(3)[answers], answers)
    assert wrong.trust == pytest.approx(0, abs=0.01)


def test_an_answer_that_no_text_has_stays_possible() -> None:
    """Its prior is small and above 0."""
    found = Calibration.fit(np.zeros((50, 3)), np.array([0, 1] * 25))
    assert 0 < found.prior[2] < 0.05


def test_even_changes_nothing() -> None:
    """Without a calibration probabilities are the softmax."""
    scores = np.log([[0.2, 0.3, 0.5]]) - 500
    np.testing.assert_allclose(Calibration.even(3).probabilities(scores), [[0.2, 0.3, 0.5]])
    assert Calibration.even(3).probabilities(np.zeros((0, 3))).shape == (0, 3)


def test_nothing_can_not_be_calibrated_by() -> None:
    """Without texts there is an error."""
    with pytest.raises(OptionError, match="no texts"):
        Calibration.fit(np.zeros((0, 3)), np.zeros(0, np.int64))
