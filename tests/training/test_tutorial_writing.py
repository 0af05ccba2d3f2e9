"""The tutorial's way to write; against the tutorial's own loop on Keras in test_tutorial_loop."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from talklike.training.tutorial_network import TutorialNetwork
from talklike.training.tutorial_writing import predictor, sample, written


@pytest.mark.parametrize("temperature", [0.2, 0.5, 1.0, 1.2])
def test_characters_are_drawn_with_the_tempered_probabilities(temperature: float) -> None:
    """As often as p to the power of 1/T says."""
    shares = np.array([0.5, 0.3, 0.15, 0.05])
    tempered = shares ** (1 / temperature)
    random = np.random.RandomState(3)
    drawn = np.bincount([sample(shares, temperature, random) for _ in range(4000)], minlength=4) / 4000
    np.testing.assert_allclose(drawn, tempered / tempered.sum(), atol=0.03)


def test_a_low_temperature_takes_the_likeliest() -> None:
    """Nothing overflows or vanishes, even where a probability is zero."""
    assert sample(np.array([0.0, 0.4, 0.6]), 0.001, np.random.RandomState(0)) == 2


def test_each_character_is_predicted_from_the_window_before_it() -> None:
    """The window moves on by what was written."""
    seen: list[list[int]] = []

    def predict(window: np.ndarray) -> np.ndarray:
        seen.append(window.tolist())
        return np.asarray(np.eye(10)[(window[-1] + 1) % 10])

    assert written(predict, np.array([1, 2, 3]), 4, 1.0, np.random.RandomState(0)) == [4, 5, 6, 7]
    assert seen == [[1, 2, 3], [2, 3, 4], [3, 4, 5], [4, 5, 6]]


def test_the_network_is_asked_for_probabilities_and_left_in_training() -> None:
    """They add up to 1, are those of its logits, and it trains on."""
    network = TutorialNetwork(5, (4,))
    network.initialise(0)
    shares = predictor(network, torch.device("cpu"))(np.array([0, 3, 1]))
    expected = torch.softmax(network(torch.tensor([[0, 3, 1]]))[0], 0).detach().numpy()
    np.testing.assert_allclose(shares, expected, rtol=1e-6)
    assert network.training
