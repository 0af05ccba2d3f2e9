"""Keras's optimisers against their formulas in NumPy; against Keras itself in test_tutorial_loop."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from talklike.training.tutorial_optimiser import KerasOptimiser
from talklike.training.tutorial_recipe import OPTIMISERS


def textbook(name: str, weights: np.ndarray, gradients: list[np.ndarray], rate: float) -> np.ndarray:
    """Return the weights after a step for each of some gradients, by Keras's formulas."""
    v, m = np.zeros_like(weights), np.zeros_like(weights)
    for t, g in enumerate(gradients, 1):
        if name == "sgd":
            weights = weights - rate * g
        elif name == "rmsprop":
            v = 0.9 * v + 0.1 * g**2
            weights = weights - rate * g / np.sqrt(v + 1e-7)
        else:
            m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
            weights = weights - rate * np.sqrt(1 - 0.999**t) / (1 - 0.9**t) * m / (np.sqrt(v) + 1e-7)
    return weights


@pytest.mark.parametrize("name", OPTIMISERS)
def test_it_does_what_the_formula_says(name: str) -> None:
    """Also for gradients so small that the place of epsilon decides."""
    random = np.random.default_rng(1)
    start = random.standard_normal((3, 4))
    gradients = [random.standard_normal((3, 4)) * 10.0**-exponent for exponent in (0, 2, 4, 5)]
    parameter = torch.from_numpy(start.copy())
    optimiser = KerasOptimiser(name, [parameter], 0.01)
    for gradient in gradients:
        optimiser.step([torch.from_numpy(gradient)])
    np.testing.assert_allclose(parameter.numpy(), textbook(name, start, gradients, 0.01), rtol=1e-12)


@pytest.mark.parametrize("name", OPTIMISERS)
def test_its_state_can_be_put_back(name: str) -> None:
    """A fresh optimiser with a saved state goes on as the old one."""
    first, second = torch.ones(3), torch.ones(3)
    before = KerasOptimiser(name, [first], 0.1)
    before.step([torch.tensor([1.0, 2.0, 3.0])])
    second.copy_(first)
    after = KerasOptimiser(name, [second], 0.1)
    after.load_state_dict(before.state_dict())
    for optimiser in (before, after):
        optimiser.step([torch.tensor([0.5, -1.0, 0.1])])
    assert torch.equal(first, second)
