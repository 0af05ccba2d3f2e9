"""The ONNX graph, run by ONNX Runtime, against a textbook LSTM in NumPy."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pytest

from talklike.generation.engine import Engine
from talklike.voice.card import Card, Sizes
from talklike.voice.graph import FLOAT, INT8, INT64, Tensor, describe
from talklike.voice.weights import packed
from talklike.voice.write import voice_bytes

if TYPE_CHECKING:
    from talklike.generation.voice import Voice

Textbook = Callable[..., tuple[np.ndarray, np.ndarray, np.ndarray]]
MakeWeights = Callable[..., dict[str, np.ndarray]]


@pytest.mark.parametrize("layers", [1, 2, 3])
@pytest.mark.parametrize("authors", [("u1",), ("u1", "u2", "u3")])
def test_a_voice_computes_the_textbook_lstm(
    make_card: Callable[..., Card], make_weights: MakeWeights, textbook: Textbook, layers: int, authors: tuple[str, ...]
) -> None:
    """Logits and states are those of the equations to 1e-4, from any state, for any author of each symbol."""
    card = make_card(layers=layers, authors=authors)
    weights = make_weights(card.sizes, seed=layers)
    session = Engine(card, voice_bytes(card, weights), threads=1).session
    random = np.random.default_rng(layers)
    ids = random.integers(0, card.sizes.symbols, (3, 11))
    who = random.integers(0, len(authors) + 1, (3, 11))
    h, c = (random.standard_normal((layers, 3, 7)).astype(np.float32) for _ in range(2))
    logits, h_next, c_next = session.run(["logits", "h_next", "c_next"], {"ids": ids, "authors": who, "h": h, "c": c})
    expected = textbook(weights, ids, who, h, c)
    assert logits.shape == (3, 11, card.sizes.symbols)
    for found, should in zip((logits, h_next, c_next), expected, strict=True):
        np.testing.assert_allclose(found, should, atol=1e-4, rtol=0)


@pytest.mark.parametrize("precision", ["float32", "int8"])
@pytest.mark.parametrize("orders", [(2,), (1, 2, 3, 5), (4, 9)])
def test_a_memory_adds_what_its_definition_says(
    make_card: Callable[..., Card],
    make_weights: MakeWeights,
    textbook_memory: Callable[..., np.ndarray],
    precision: str,
    orders: tuple[int, ...],
) -> None:
    """The logits with a memory, less those of the same network without, are those of the definition."""
    card = make_card(orders=orders, precision=precision)
    weights = make_weights(card.sizes)
    without = make_card(precision=precision)
    ids = np.random.default_rng(0).integers(0, card.sizes.symbols, (3, 20))
    network = {name: array for name, array in weights.items() if not name.startswith("memory")}
    logits = [
        Engine(c, voice_bytes(c, packed(w, precision)), threads=1).streams(3, 1).read(ids)
        for c, w in ((card, weights), (without, network))
    ]
    expected = textbook_memory(weights, card.sizes, ids)
    np.testing.assert_allclose(logits[0] - logits[1], expected, atol=0.03)  # the table's numbers are bytes: 1/254 of the largest
    assert np.abs(expected).max() > 0.5


def test_the_author_changes_what_is_said(make_voice: Callable[..., Voice]) -> None:
    """The same symbols written as another author have other logits."""
    engine = make_voice(authors=("u1", "u2")).engine
    first, second = (engine.streams(1, 1).read(np.array([[0]]), np.array([[author]])) for author in (1, 2))
    assert np.abs(first - second).max() > 0.01


@pytest.mark.parametrize("layers", [1, 2])
def test_int8_weights_are_close_to_float32(make_card: Callable[..., Card], make_weights: MakeWeights, layers: int) -> None:
    """One byte a weight changes the logits of a 64-unit voice by less than 3 % of their spread, on average."""
    sizes = {"hidden": 64, "embedding": 16, "layers": layers}
    logits = {}
    for precision in ("float32", "int8"):
        card = make_card(precision=precision, **sizes)
        weights = make_weights(card.sizes, scale=0.2)
        data = voice_bytes(card, packed(weights, precision))
        streams = Engine(card, data, threads=1).streams(1, 1)
        random = np.random.default_rng(1)
        logits[precision] = streams.read(random.integers(0, card.sizes.symbols, (1, 200)))
    difference = logits["int8"] - logits["float32"]
    assert np.sqrt((difference**2).mean()) < 0.03 * logits["float32"].std()
    assert np.abs(difference).max() < 0.25 * logits["float32"].std()


def test_the_description_names_inputs_and_outputs() -> None:
    """Inputs are ids, authors and the state; only B and T are free; each state has its successor."""
    graph = describe(Sizes(symbols=300, authors=4, embedding=5, hidden=7, layers=2), "float32")
    assert graph.inputs == {
        "ids": Tensor(INT64, ("B", "T")),
        "authors": Tensor(INT64, ("B", "T")),
        "h": Tensor(FLOAT, (2, "B", 7)),
        "c": Tensor(FLOAT, (2, "B", 7)),
    }
    assert graph.outputs == {
        "logits": Tensor(FLOAT, ("B", "T", 300)),
        "h_next": Tensor(FLOAT, (2, "B", 7)),
        "c_next": Tensor(FLOAT, (2, "B", 7)),
    }
    assert graph.constants["author_embedding"] == Tensor(FLOAT, (5, 5))  # "someone" and four authors
    assert graph.constants["lstm.1.input"] == Tensor(FLOAT, (1, 28, 7))


def test_the_description_of_int8_has_a_scale_for_each_column() -> None:
    """Matrices of the layers and of the output are one byte a weight, transposed; embeddings and biases stay float32."""
    constants = describe(Sizes(symbols=300, authors=1, embedding=5, hidden=7, layers=1), "int8").constants
    assert constants["lstm.0.input"] == Tensor(INT8, (1, 5, 28))
    assert constants["lstm.0.input.scale"] == Tensor(FLOAT, (1, 28))
    assert constants["lstm.0.recurrent.zero"] == Tensor(INT8, (1, 28))
    assert constants["output.weight"] == Tensor(INT8, (7, 300))
    assert constants["output.weight.scale"] == Tensor(FLOAT, (300,))
    assert constants["symbol_embedding"] == Tensor(FLOAT, (300, 5))
    assert constants["lstm.0.bias"] == Tensor(FLOAT, (1, 56))
