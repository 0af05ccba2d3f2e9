"""A stack of LSTM layers on one-hot characters, as Keras holds it, and the same network as the weights of a voice.

The tutorial's model reads a character as a vector with a single 1, and only the last layer speaks to the output. A voice
embeds what it reads, and its layers are summed. So the embedding becomes the one-hot vectors themselves, and the layers lie side
by side in the width of all of them together: a layer's other units have no weights, are 0 at every step, and add nothing.

The tutorial joins messages by spaces, so its model knows no end of a message: a space is either. The voice reads both as the
space, and shares the space's probability between them as the training text does. What no character of the text spells gets
a probability that is next to nothing, and not zero, which would make any text with it infinitely surprising.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from talklike.corpus.alphabet import END, FIRST_CHARACTER
from talklike.errors import OptionError
from talklike.voice.card import GATES, Sizes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from talklike.voice.card import Card

UNSEEN = 1e-6
"""Most probability that all bytes have together: the characters lose no more than this to them."""

_KERAS_GATES_IN_ONNX_ORDER = (0, 3, 1, 2)  # Keras stacks i, f, c, o; ONNX stacks i, o, f, c


@dataclass(frozen=True)
class Layer:
    """An LSTM layer's arrays, float32, the gates side by side in Keras's order: i, f, c, o.

    Attributes:
        kernel: From the input, (W, 4H).
        recurrent: From the layer's own output before, (H, 4H).
        bias: (4H,).
    """

    kernel: np.ndarray
    recurrent: np.ndarray
    bias: np.ndarray

    @property
    def units(self) -> int:
        """H."""
        return len(self.recurrent)


@dataclass(frozen=True)
class Stack:
    """LSTM layers on one-hot characters and a dense layer with a softmax over the same characters.

    Attributes:
        layers: The layers, the first reads the characters, each other one the one before.
        dense: From the last layer's output, float32 (H, C).
        dense_bias: (C,).
        hard: Whether the gates are straight lines, as in Keras before 2.3: 0.2 x + 1/2, between 0 and 1.
    """

    layers: tuple[Layer, ...]
    dense: np.ndarray
    dense_bias: np.ndarray
    hard: bool = False

    @property
    def characters(self) -> int:
        """C, the characters that are read and predicted."""
        return len(self.dense_bias)

    @property
    def units(self) -> tuple[int, ...]:
        """H of each layer."""
        return tuple(layer.units for layer in self.layers)


def stack_sizes(characters: int, units: Sequence[int]) -> Sizes:
    """Return the sizes of the voice that a stack makes.

    Args:
        characters: C.
        units: H of each layer.
    """
    return Sizes(FIRST_CHARACTER + characters, 1, characters, sum(units), len(units))


def stack_weights(stack: Stack, alphabet: str, ends: float | None = None) -> dict[str, np.ndarray]:
    """Return a stack as the constants of a float32 voice (``talklike.voice.graph.describe``).

    Args:
        stack: The network.
        alphabet: The character of each of its columns, in order.
        ends: Which share of what it takes for spaces ends a message, above 0 and below 1; None for a running text, where
            nothing does, or where there is no space.
    """
    C, H = stack.characters, sum(stack.units)
    assert len(alphabet) == C, "each column is a character"
    embedding = np.zeros((FIRST_CHARACTER + C, C), np.float32)
    embedding[FIRST_CHARACTER:] = np.eye(C, dtype=np.float32)
    output, bias = np.zeros((H, FIRST_CHARACTER + C), np.float32), np.zeros(FIRST_CHARACTER + C, np.float32)
    last = H - stack.layers[-1].units
    output[last:, FIRST_CHARACTER:] = stack.dense
    bias[FIRST_CHARACTER:] = stack.dense_bias
    # The geometric mean of the characters' scores is below their sum by a factor of C at least, whatever the network says.
    output[last:, :FIRST_CHARACTER] = stack.dense.mean(axis=1, keepdims=True)
    bias[:FIRST_CHARACTER] = stack.dense_bias.mean() + math.log(C * UNSEEN / FIRST_CHARACTER)
    if ends is not None:
        space = FIRST_CHARACTER + alphabet.index(" ")
        embedding[END], output[:, END] = embedding[space], output[:, space]
        bias[END] = bias[space] + math.log(ends)
        bias[space] += math.log1p(-ends)
    weights = {
        "symbol_embedding": embedding,
        "author_embedding": np.zeros((2, C), np.float32),
        "output.weight": output,
        "output.bias": bias,
    }
    for number, (layer, place) in enumerate(zip(stack.layers, _places(stack.units), strict=True)):
        rows = slice(0, C) if number == 0 else _places(stack.units)[number - 1]
        width = C if number == 0 else H
        gates = slice(place.start, place.stop)
        kernel, recurrent, both = np.zeros((4, H, width)), np.zeros((4, H, H)), np.zeros((2, 4, H))
        kernel[:, gates, rows] = _onnx_gates(layer.kernel)
        recurrent[:, gates, gates] = _onnx_gates(layer.recurrent)
        both[0, :, gates] = _onnx_gates(layer.bias[None])[..., 0]
        weights[f"lstm.{number}.input"] = kernel.reshape(1, 4 * H, width).astype(np.float32)
        weights[f"lstm.{number}.recurrent"] = recurrent.reshape(1, 4 * H, H).astype(np.float32)
        weights[f"lstm.{number}.bias"] = both.reshape(1, 8 * H).astype(np.float32)
    return weights


def weights_stack(weights: dict[str, np.ndarray], alphabet: str, units: Sequence[int], *, ends: bool) -> Stack:
    """Return the stack that ``stack_weights`` made weights of: the same numbers, but for the rounding of the space's bias.

    Args:
        weights: The constants of a float32 voice.
        alphabet: The character of each column.
        units: H of each layer.
        ends: Whether the space's probability is shared with the end of a message.
    """
    H = sum(units)
    layers = []
    for number, place in enumerate(_places(units)):
        width = weights[f"lstm.{number}.input"].shape[2]
        rows = slice(0, width) if number == 0 else _places(units)[number - 1]
        kernel = weights[f"lstm.{number}.input"].reshape(4, H, width)[:, place, rows]
        recurrent = weights[f"lstm.{number}.recurrent"].reshape(4, H, H)[:, place, place]
        bias = weights[f"lstm.{number}.bias"].reshape(2, 4, H)[:, :, place].sum(axis=0)
        layers.append(Layer(_keras_gates(kernel), _keras_gates(recurrent), _keras_gates(bias[..., None])[0]))
    dense, bias = weights["output.weight"][H - units[-1] :, FIRST_CHARACTER:], weights["output.bias"][FIRST_CHARACTER:].copy()
    if ends:
        space = alphabet.index(" ")
        bias[space] = np.logaddexp(np.float64(bias[space]), np.float64(weights["output.bias"][END]))
    return Stack(tuple(layers), dense.copy(), bias)


def stack_of(card: Card, weights: dict[str, np.ndarray]) -> Stack:
    """Return the stack that a voice was made of.

    Args:
        card: The voice's card; its recipe's ``units`` says how wide each layer is.
        weights: The voice's constants.

    Raises:
        OptionError: The voice isn't made of a stack, or has int8 weights.
    """
    sizes, units = card.sizes, card.recipe.get("units")
    if not isinstance(units, list) or not all(isinstance(u, int) and u > 0 for u in units):
        raise OptionError("this voice isn't a plain stack of LSTM layers; one trained with --recipe tutorial is")
    if card.precision != "float32":
        raise OptionError("this voice has int8 weights, which are no longer the stack's; take the run's voice.float32.onnx")
    fits = (sum(units), len(units), len(card.alphabet), ()) == (sizes.hidden, sizes.layers, sizes.embedding, sizes.orders)
    if not fits or not np.array_equal(weights["symbol_embedding"][FIRST_CHARACTER:], np.eye(sizes.embedding)):
        raise OptionError("this voice's weights aren't those of the stack that its card speaks of")
    stack = weights_stack(weights, card.alphabet, units, ends=card.kind == "messages" and " " in card.alphabet)
    return replace(stack, hard=card.gates != GATES[0])


def _places(units: Sequence[int]) -> list[slice]:
    """Return where each layer's units lie in the width of all."""
    bounds = [0, *np.cumsum(units).tolist()]
    return [slice(start, end) for start, end in pairwise(bounds)]


def _onnx_gates(array: np.ndarray) -> np.ndarray:
    """Return an array (rows, 4H) as (4, H, rows), its gates from Keras's order into ONNX's."""
    gates = array.reshape(len(array), 4, -1)[:, list(_KERAS_GATES_IN_ONNX_ORDER)]
    return gates.transpose(1, 2, 0)


def _keras_gates(array: np.ndarray) -> np.ndarray:
    """Return an array (4, H, rows) as (rows, 4H), its gates from ONNX's order into Keras's."""
    order = np.argsort(_KERAS_GATES_IN_ONNX_ORDER)
    return np.ascontiguousarray(array[order].transpose(2, 0, 1).reshape(array.shape[2], -1))
