"""The layouts of Keras's files."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from talklike.errors import KerasFileError
from talklike.voice.hdf5 import Hdf5
from talklike.voice.keras_layout import Held, held_layers


def zeros(*shapes: tuple[int, ...]) -> tuple[np.ndarray, ...]:
    """Return arrays of these shapes."""
    return tuple(np.zeros(shape, np.float32) for shape in shapes)


@pytest.mark.parametrize(
    ("name", "shapes", "kind"),
    [
        ("lstm", [(6, 16), (4, 16), (16,)], "LSTM"),
        ("layer", [(6, 16), (4, 16)], "LSTM"),
        ("lstm_1", [(6, 4), (4, 4), (4,)] * 4, "LSTM"),
        ("lstm", [(6, 16), (4, 16), (32,)], "CuDNNLSTM"),
        ("gru_7", [(6, 12), (4, 12), (2, 12)], "GRU"),
        ("gru", [(6, 4), (4, 4), (4,)] * 3, "gru"),
        ("simple_rnn", [(6, 4), (4, 4), (4,)], "SimpleRNN"),
        ("dense_1", [(4, 6), (6,)], "Dense"),
        ("dense", [(4, 6)], "Dense"),
        ("embedding_2", [(6, 4)], "embedding"),
        ("bidirectional", [(6, 16), (4, 16), (16,)] * 2, "Bidirectional"),
        ("batch_normalization", [(4,), (4,), (4,), (4,)], "batch_normalization"),
        ("odd", [(6, 10), (4, 10), (10,)], "recurrent"),
    ],
)
def test_a_layer_is_known_by_its_arrays(name: str, shapes: list[tuple[int, ...]], kind: str) -> None:
    """Names are the user's to choose; the shapes tell what a layer is."""
    assert Held(name, zeros(*shapes)).kind == kind


def test_arrays_that_do_not_fit_are_no_lstm() -> None:
    """A bias too short, a gate too narrow, and no units at all are told."""
    for shapes in ([(6, 16), (4, 16), (15,)], [(6, 16), (4, 12), (16,)], [(6, 0), (0, 0), (0,)]):
        with pytest.raises(ValueError, match="aren't those of an LSTM"):
            _ = Held("lstm", zeros(*shapes)).lstm


@pytest.mark.parametrize("container", ["layers", "_layer_checkpoint_dependencies"])
def test_layers_by_class_come_in_their_order(container: str) -> None:
    """``lstm_10`` follows ``lstm_2``, and the dense layer the LSTMs."""
    arrays = {}
    for name, size in (("dense", 9), ("lstm", 1), ("lstm_1", 2), ("lstm_10", 4), ("lstm_2", 3)):
        arrays[f"{container}/{name}/cell/vars/0"] = np.full((size, size), size, np.float32)
    found = held_layers(Hdf5(arrays, {}), "x.h5")
    assert [layer.name for layer in found] == ["lstm", "lstm_1", "lstm_2", "lstm_10", "dense"]


def test_layers_by_name_come_in_the_order_of_the_attribute() -> None:
    """It may be cut into parts where it is long; layers without arrays are left out."""
    arrays = {"model_weights/b/b/k:0": np.ones((1, 1)), "model_weights/a/a/k:0": np.zeros((1, 1))}
    attributes: dict[str, dict[str, Any]] = {
        "model_weights": {"layer_names1": ["a"], "layer_names0": ["b", "drop"]},
        "model_weights/a": {"weight_names": "a/k:0"},
        "model_weights/b": {"weight_names": ["b/k:0"]},
        "model_weights/drop": {"weight_names": []},
    }
    assert [layer.name for layer in held_layers(Hdf5(arrays, attributes), "x.h5")] == ["b", "a"]


def test_what_is_missing_is_told() -> None:
    """An array that is named but not there, and a file that is laid out otherwise, give one line."""
    attributes: dict[str, dict[str, Any]] = {"": {"layer_names": ["a"]}, "a": {"weight_names": ["k"]}}
    with pytest.raises(KerasFileError, match=r"x\.h5: the array 'a/k', which it names, is not in it"):
        held_layers(Hdf5({}, attributes), "x.h5")
    with pytest.raises(KerasFileError, match="without weights as Keras lays them out"):
        held_layers(Hdf5({"a": np.zeros(3)}, {}), "x.h5")
