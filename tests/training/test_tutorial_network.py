"""The tutorial's network: Keras's initial weights and layout; its predictions against Keras in test_tutorial_loop."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from talklike.training.tutorial_network import TutorialNetwork


def test_weights_begin_as_keras_s() -> None:
    """Kernels within Glorot's bounds, recurrent kernels with orthonormal rows, biases 0 but the forget gate's 1."""
    network = TutorialNetwork(30, (16,))
    network.initialise(4)
    stack = network.stack()
    layer = stack.layers[0]
    assert np.abs(layer.kernel).max() <= np.sqrt(6 / (30 + 64))
    assert np.abs(layer.kernel).max() > 0.9 * np.sqrt(6 / (30 + 64))
    np.testing.assert_allclose(layer.recurrent @ layer.recurrent.T, np.eye(16), atol=1e-5)
    assert layer.bias.tolist() == [0.0] * 16 + [1.0] * 16 + [0.0] * 32
    assert np.abs(stack.dense).max() <= np.sqrt(6 / (16 + 30))
    assert not stack.dense_bias.any()


def test_the_seed_decides_the_weights() -> None:
    """Equal seeds give equal weights, whatever torch's own generator did."""
    networks = [TutorialNetwork(5, (4, 3)) for _ in range(3)]
    for network, seed in zip(networks, (1, 1, 2), strict=True):
        torch.rand(seed)
        network.initialise(seed)
    first, same, other = (network.stack() for network in networks)
    assert np.array_equal(first.layers[1].kernel, same.layers[1].kernel)
    assert not np.array_equal(first.layers[1].kernel, other.layers[1].kernel)


def test_a_stack_goes_in_and_comes_out() -> None:
    """The arrays are the same, and so is what the network says."""
    first, second = TutorialNetwork(5, (4, 3)), TutorialNetwork(5, (4, 3))
    first.initialise(1)
    second.initialise(2)
    second.load_stack(first.stack())
    windows = torch.tensor([[0, 1, 2], [4, 4, 0]])
    torch.testing.assert_close(first(windows), second(windows))


@pytest.mark.parametrize("units", [(4,), (4, 3)])
def test_keras_s_parameters_are_trained_and_no_others(units: tuple[int, ...]) -> None:
    """Torch's second bias stays zero."""
    network = TutorialNetwork(5, units)
    network.initialise(0)
    assert len(network.trained) == 3 * len(units) + 2
    assert not any(network.layers[n].get_parameter("bias_hh_l0").any() for n in range(len(units)))
