"""What a model of Keras's says of itself."""

from __future__ import annotations

import json
from typing import Any

import pytest

from talklike.errors import KerasFileError
from talklike.voice.keras_config import Architecture, architecture

LSTM: dict[str, Any] = {"units": 4, "activation": "tanh", "recurrent_activation": "sigmoid"}
SOFTMAX = ("Dense", {"units": 6, "activation": "softmax"})


def told(*layers: tuple[str, dict[str, Any]], listed: bool = False, gates: str = "sigmoid") -> Architecture:
    """Return what a Sequential model of these layers says."""
    inside: Any = [{"class_name": kind, "config": config} for kind, config in layers]
    return architecture(
        json.dumps({"class_name": "Sequential", "config": inside if listed else {"layers": inside}}), gates, "m.h5"
    )


def test_stacks_are_known_in_every_version() -> None:
    """Keras 1 called things otherwise, Keras 2 listed the layers, Keras 3 wraps some names."""
    assert told(("InputLayer", {"batch_shape": [None, 40, 6]}), ("LSTM", LSTM), SOFTMAX) == Architecture((4,), "sigmoid", 40)
    first = {"output_dim": 5, "activation": "tanh", "inner_activation": "hard_sigmoid", "batch_input_shape": [None, 30, 6]}
    dense = ("Dense", {"output_dim": 6, "activation": "linear"})
    old = told(("LSTM", first), ("Dropout", {"p": 0.2}), dense, ("Activation", {"activation": "softmax"}), listed=True)
    assert old == Architecture((5,), "hard_sigmoid", 30)
    assert told(("LSTM", {"units": 3}), SOFTMAX, gates="hard_sigmoid").gates == "hard_sigmoid"
    wrapped = {"units": 3, "activation": {"class_name": "function", "config": "tanh"}, "stateful": True}
    assert told(("LSTM", wrapped), ("LSTM", {"units": 2}), SOFTMAX).units == (3, 2)
    assert told(("CuDNNLSTM", {"units": 3}), ("Dense", {"units": 6}), ("Softmax", {}), gates="hard_sigmoid").gates == "sigmoid"


@pytest.mark.parametrize(
    ("layers", "found"),
    [
        ([("GRU", {"units": 3}), SOFTMAX], "a layer GRU"),
        ([("Lambda", {"function": "!"}), ("LSTM", LSTM), SOFTMAX], "a layer Lambda"),
        ([("LSTM", LSTM | {"go_backwards": True}), SOFTMAX], "an LSTM with go_backwards"),
        ([("LSTM", LSTM | {"activation": "relu"}), SOFTMAX], "an LSTM with the activations relu and sigmoid"),
        ([("LSTM", LSTM | {"recurrent_activation": "tanh"}), SOFTMAX], "activations tanh and tanh"),
        ([("LSTM", LSTM | {"units": "4"}), SOFTMAX], "without a number of units"),
        ([("LSTM", LSTM), ("Dense", {"units": 6, "activation": "sigmoid"})], "a dense layer with the activation sigmoid"),
        ([("LSTM", LSTM), ("Dense", {"units": 6})], "a model without a softmax"),
        ([("LSTM", LSTM), SOFTMAX, SOFTMAX], "a layer Dense"),
        ([SOFTMAX], "a layer Dense"),
        ([], "a model without LSTM layers"),
        ([("LSTM", LSTM), ("LSTM", LSTM | {"recurrent_activation": "hard_sigmoid"}), SOFTMAX], "gates of several kinds"),
    ],
)
def test_what_is_no_stack_is_told(layers: list[tuple[str, dict[str, Any]]], found: str) -> None:
    """What was found, and what was expected."""
    with pytest.raises(KerasFileError, match=rf"m\.h5: .*{found}.*; expected a Sequential model"):
        told(*layers)


@pytest.mark.parametrize("text", ["", "[]", "3", '{"class_name": "Sequential"}', '{"class_name": "Sequential", "config": [3]}'])
def test_a_damaged_configuration_is_told(text: str) -> None:
    """What isn't Keras's JSON gives one line."""
    with pytest.raises(KerasFileError, match="configuration can't be read"):
        architecture(text, "sigmoid", "m.h5")


def test_other_kinds_of_models_are_told() -> None:
    """A Functional model may be anything."""
    with pytest.raises(KerasFileError, match=r"m\.h5: a Functional model; expected a Sequential"):
        architecture('{"class_name": "Functional", "config": {"layers": []}}', "sigmoid", "m.h5")
