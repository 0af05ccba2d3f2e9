"""Quantisation of a voice's weights."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from talklike.voice.card import Sizes
from talklike.voice.graph import FLOAT, INT8, describe
from talklike.voice.weights import BYTE_RANGE, MEMORY_RANGE, packed, quantised

SIZES = Sizes(symbols=270, authors=2, embedding=5, hidden=7, layers=2)
MakeWeights = Callable[..., dict[str, np.ndarray]]


def test_the_layout_is_that_of_the_int8_graph(make_weights: MakeWeights) -> None:
    """Names, shapes and types are those that the graph describes."""
    found = quantised(make_weights(SIZES))
    described = describe(SIZES, "int8").constants
    assert found.keys() | {"one"} == described.keys()
    for name, array in found.items():
        assert array.shape == described[name].shape
        assert array.dtype == {FLOAT: np.float32, INT8: np.int8}[described[name].element]
        assert array.flags.c_contiguous


@pytest.mark.parametrize("name", ["lstm.0.input", "lstm.1.recurrent", "output.weight"])
def test_each_weight_is_within_half_a_step(make_weights: MakeWeights, name: str) -> None:
    """Scale times byte is the weight, to half the scale of its column; the largest of a column takes the whole range."""
    weights = make_weights(SIZES)
    found = quantised(weights)
    original = weights[name].transpose(0, 2, 1) if name.startswith("lstm") else weights[name]
    scale = found[f"{name}.scale"][..., None, :]
    assert (np.abs(found[name] * scale - original) <= scale * 0.5001).all()
    assert (np.abs(found[name].astype(int)).max(axis=-2) == BYTE_RANGE).all()
    assert not found[f"{name}.zero"].any()


def test_everything_else_stays_as_it_is(make_weights: MakeWeights) -> None:
    """Embeddings and biases are not quantised, and the given weights are not changed."""
    weights = make_weights(SIZES)
    before = {name: array.copy() for name, array in weights.items()}
    found = quantised(weights)
    for name in ("symbol_embedding", "author_embedding", "lstm.0.bias", "lstm.1.bias", "output.bias"):
        assert found[name] is weights[name]
    for name, array in before.items():
        np.testing.assert_array_equal(weights[name], array)


def test_a_column_of_zeros_stays_zero(make_weights: MakeWeights) -> None:
    """A column that holds nothing has the scale 1 rather than a division by zero."""
    weights = make_weights(SIZES)
    weights["output.weight"][:, 3] = 0
    found = quantised(weights)
    assert not found["output.weight"][:, 3].any()
    assert found["output.weight.scale"][3] == 1


@pytest.mark.parametrize("precision", ["float32", "int8"])
def test_the_table_of_a_memory_is_bytes_with_its_scale_in_the_projection(make_weights: MakeWeights, precision: str) -> None:
    """Rows times projection are what they were, to half a byte's step; a column of zeros stays zero."""
    sizes = Sizes(300, 1, 5, 7, 1, (2, 3), 97, 4)
    weights = make_weights(sizes)
    weights["memory.table"][:, 2] = 0
    found = packed(weights, precision)
    table, projection = found["memory.table"], found["memory.projection"]
    assert table.dtype == np.int8
    assert np.abs(table).max(axis=0).tolist() == [MEMORY_RANGE, MEMORY_RANGE, 0, MEMORY_RANGE]
    for order in range(2):
        block = np.s_[order * 4 : order * 4 + 4]
        step = np.abs(weights["memory.table"]).max(axis=0) / MEMORY_RANGE / 2
        error = np.abs(table @ projection[block].astype(float) - weights["memory.table"] @ weights["memory.projection"][block])
        assert (error <= step @ np.abs(weights["memory.projection"][block]) + 1e-5).all()
    assert weights["memory.table"].dtype == np.float32
