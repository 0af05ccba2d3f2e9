"""A stack of Keras's LSTM layers, as the weights of a voice and back, against the equations."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from talklike.corpus.alphabet import END, FIRST_CHARACTER
from talklike.generation.engine import Engine
from talklike.voice.card import Card
from talklike.voice.stack import UNSEEN, Layer, Stack, stack_sizes, stack_weights, weights_stack
from talklike.voice.write import voice_bytes

ALPHABET = " abcdé"


def random_stack(units: tuple[int, ...], characters: int = len(ALPHABET), seed: int = 0) -> Stack:
    """Return a stack with random weights."""
    random = np.random.default_rng(seed)

    def array(*shape: int) -> np.ndarray:
        return random.standard_normal(shape).astype(np.float32)

    widths = (characters, *units)
    layers = tuple(Layer(array(w, 4 * h), array(h, 4 * h), array(4 * h)) for w, h in zip(widths, units, strict=False))
    return Stack(layers, array(units[-1], characters), array(characters))


def probabilities(stack: Stack, read: list[int]) -> np.ndarray:
    """Return what comes next after each character read, (T, C), from Keras's equations in float64."""

    def sigmoid(x: np.ndarray) -> np.ndarray:
        return np.asarray(np.clip(0.2 * x + 0.5, 0, 1) if stack.hard else 1 / (1 + np.exp(-x)))

    x = np.eye(stack.characters)[read]
    for layer in stack.layers:
        h, c, outputs = np.zeros(layer.units), np.zeros(layer.units), []
        for row in x:
            i, f, g, o = np.split(row @ layer.kernel.astype(float) + h @ layer.recurrent.astype(float) + layer.bias, 4)
            c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
            h = sigmoid(o) * np.tanh(c)
            outputs.append(h)
        x = np.array(outputs)
    scores = np.exp(x @ stack.dense.astype(float) + stack.dense_bias)
    return np.asarray(scores / scores.sum(axis=1, keepdims=True))


def spoken(stack: Stack, ends: float | None, ids: list[int]) -> np.ndarray:
    """Return what the stack's voice says comes next after each symbol, (T, V)."""
    kind = "messages" if ends is not None else "stream"
    gates = "hard_sigmoid" if stack.hard else "sigmoid"
    card = Card(ALPHABET, ("u1",), ("name",), kind, stack_sizes(stack.characters, stack.units), gates=gates)
    data = voice_bytes(card, stack_weights(stack, ALPHABET, ends))
    logits = Engine(card, data, threads=1).streams(1, 1).read(np.array([ids]))[0].astype(np.float64)
    scores = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(scores / scores.sum(axis=1, keepdims=True))


@pytest.mark.parametrize("hard", [False, True])
@pytest.mark.parametrize("units", [(5,), (4, 4), (3, 6, 2)])
def test_a_voice_made_of_a_stack_predicts_the_same(units: tuple[int, ...], hard: bool) -> None:
    """Every character's probability is that of Keras's equations, whatever the layers' widths and gates."""
    stack = replace(random_stack(units), hard=hard)
    read = [1, 3, 0, 5, 2, 2]
    found = spoken(stack, None, [FIRST_CHARACTER + i for i in read])
    np.testing.assert_allclose(found[:, FIRST_CHARACTER:], probabilities(stack, read), atol=2e-6)
    assert found[:, :FIRST_CHARACTER].sum(axis=1).max() <= UNSEEN * 1.01


def test_the_end_of_a_message_is_a_space_to_the_network() -> None:
    """It is read as a space, and the two share the space's probability as asked."""
    stack = random_stack((5,))
    read = [1, 0, 2]
    expected = probabilities(stack, read)
    as_space = spoken(stack, 0.25, [FIRST_CHARACTER + i for i in read])
    as_end = spoken(stack, 0.25, [FIRST_CHARACTER + 1, END, FIRST_CHARACTER + 2])
    np.testing.assert_allclose(as_end, as_space, atol=1e-7)
    np.testing.assert_allclose(as_space[:, END], expected[:, 0] / 4, atol=2e-6)
    np.testing.assert_allclose(as_space[:, FIRST_CHARACTER], expected[:, 0] * 3 / 4, atol=2e-6)


@pytest.mark.parametrize("ends", [None, 0.1])
def test_the_stack_comes_back_out_of_the_weights(ends: float | None) -> None:
    """The arrays are the same bit for bit, but for the space's bias, which is rounded."""
    stack = random_stack((3, 6, 2))
    again = weights_stack(stack_weights(stack, ALPHABET, ends), ALPHABET, stack.units, ends=ends is not None)
    for before, after in zip(stack.layers, again.layers, strict=True):
        for name in ("kernel", "recurrent", "bias"):
            np.testing.assert_array_equal(getattr(after, name), getattr(before, name))
    np.testing.assert_array_equal(again.dense, stack.dense)
    np.testing.assert_allclose(again.dense_bias, stack.dense_bias, atol=1e-6)
    np.testing.assert_array_equal(again.dense_bias[1:], stack.dense_bias[1:])
