"""Calibration: how far a judge's scores are to be believed, and how likely each answer is before anything is known of a text.

A judge of N texts gives each of A answers a log-likelihood; labelled texts that it hasn't learnt from say by what factor they are
too sure of themselves, and with what prior they are right most often. Nothing else of the judge changes.

Source: Guo et al. (2017), On calibration of modern neural networks, for the temperature; with a bias for each answer it is
Platt's logistic regression (1999).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from talklike.errors import OptionError

_PULL = 1e-3  # towards temperature 1 and equal priors, for answers that no text has
_STEPS = 100
_CLOSE = 1e-9


@dataclass(frozen=True)
class Calibration:
    """What to make of log-likelihoods.

    Attributes:
        trust: What they are multiplied by; 1 divided by the temperature.
        prior: How likely each answer is beforehand, shape (A,); sums to 1.
    """

    trust: float
    prior: np.ndarray

    @classmethod
    def even(cls, answers: int) -> Calibration:
        """Return the one that takes log-likelihoods as they are, and so many answers as equally likely beforehand."""
        return cls(1.0, np.full(answers, 1 / answers))

    @classmethod
    def fit(cls, scores: np.ndarray, answers: np.ndarray) -> Calibration:
        """Return the one under which the true answers of some texts are likeliest, found by Newton's method.

        Args:
            scores: Log-likelihoods, shape (N, A).
            answers: The true answer of each text, from 0 on, shape (N,).

        Raises:
            OptionError: There are no texts.
        """
        if not len(scores):
            raise OptionError("there are no texts to calibrate by; give some whose author is known")
        N, A = scores.shape
        inputs = np.zeros((N, A, A + 1))
        inputs[:, :, 0] = scores - scores.mean(axis=1, keepdims=True)
        inputs[:, :, 1:] = np.eye(A)
        weights = start = np.append(1.0, np.zeros(A))
        for _ in range(_STEPS):
            shares = _shares(inputs @ weights)  # (N, A)
            expected = np.einsum("na,naw->nw", shares, inputs)
            gradient = (expected - inputs[np.arange(N), answers]).sum(axis=0) / N + _PULL * (weights - start)
            spread = np.einsum("na,nav,naw->vw", shares, inputs, inputs) - expected.T @ expected
            step = np.linalg.solve(spread / N + _PULL * np.eye(A + 1), gradient)
            weights = weights - step / max(1.0, float(np.abs(step).max()))  # no step of more than 1: far out, Newton's overshoot
            if np.abs(step).max() < _CLOSE:
                break
        return cls(max(float(weights[0]), 0.0), _shares(weights[None, 1:])[0])

    def probabilities(self, scores: np.ndarray) -> np.ndarray:
        """Return how likely each answer is, shape (N, A); rows sum to 1.

        Args:
            scores: Log-likelihoods, shape (N, A).
        """
        return _shares(self.trust * scores + np.log(self.prior))


def _shares(scores: np.ndarray) -> np.ndarray:
    shares: np.ndarray = np.exp(scores - scores.max(axis=1, keepdims=True, initial=-np.inf))
    shares /= shares.sum(axis=1, keepdims=True)
    return shares
