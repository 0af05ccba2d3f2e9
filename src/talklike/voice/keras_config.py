"""What a whole model of Keras's says of itself: whether it is a stack of LSTMs on one-hot characters, and with which gates."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from talklike.errors import KerasFileError

EXPECTED = "expected a Sequential model of LSTM layers, dropout if any, and a dense softmax over the characters"

_FREE = ("Dropout", "SpatialDropout1D", "GaussianDropout", "GaussianNoise", "AlphaDropout")
"""Layers that only do something while a model is trained."""

_FLAGS = ("go_backwards", "return_state")


@dataclass(frozen=True)
class Architecture:
    """What is known of a model but its weights.

    Attributes:
        units: H of each LSTM layer.
        gates: The activation of their gates, as the model names it.
        window: Characters that it reads, if that is fixed.
    """

    units: tuple[int, ...]
    gates: str
    window: int | None


def architecture(text: str, gates: str, where: str) -> Architecture:
    """Return what a model's configuration says.

    Args:
        text: Keras's JSON; not trusted.
        gates: What the gates are if it doesn't say.
        where: The file, for errors.

    Raises:
        KerasFileError: It isn't a plain stack of LSTMs.
    """
    try:
        model = json.loads(text)
        kind, inside = model["class_name"], model["config"]
        listed = inside if isinstance(inside, list) else inside["layers"]
        layers = [(str(layer["class_name"]), dict(layer["config"])) for layer in listed]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise KerasFileError(f"{where}: its model's configuration can't be read; the file is damaged") from error
    if kind != "Sequential":
        raise KerasFileError(f"{where}: a {str(kind)[:40]} model; {EXPECTED}")
    return _Chain(gates, where).read(layers)


class _Chain:
    """Walks through the layers of a Sequential model."""

    def __init__(self, gates: str, where: str) -> None:
        self._where = where
        self._usual = gates
        self._units: list[int] = []
        self._gates: set[str] = set()
        self._window: int | None = None

    def read(self, layers: list[tuple[str, dict[str, Any]]]) -> Architecture:
        dense = softmax = False
        for kind, config in layers:
            shape = config.get("batch_shape") or config.get("batch_input_shape") or [None, config.get("input_length")]
            if self._window is None and isinstance(shape, list) and len(shape) > 1 and isinstance(shape[1], int):
                self._window = shape[1]
            if kind in ("InputLayer", *_FREE):
                continue
            if kind in ("LSTM", "CuDNNLSTM") and not dense:
                self._lstm(kind, config)
            elif kind == "Dense" and self._units and not dense:
                dense, activation = True, _named(config.get("activation", "linear"))
                softmax = activation == "softmax"
                if activation not in ("softmax", "linear"):
                    raise self._wrong(f"a dense layer with the activation {activation}")
            elif dense and not softmax and _is_softmax(kind, config):
                softmax = True
            else:
                raise self._wrong(f"a layer {kind[:40]}")
        if not self._units or not dense or not softmax:
            raise self._wrong(f"a model without {'a softmax' if self._units else 'LSTM layers'}")
        if len(self._gates) > 1:
            raise self._wrong(f"gates of several kinds ({', '.join(sorted(self._gates))})")
        return Architecture(tuple(self._units), self._gates.pop(), self._window)

    def _lstm(self, kind: str, config: dict[str, Any]) -> None:
        for flag in _FLAGS:
            if config.get(flag):
                raise self._wrong(f"an LSTM with {flag}")
        activation = _named(config.get("activation", "tanh"))
        gates = _named(config.get("recurrent_activation", config.get("inner_activation", self._usual)))
        if kind == "CuDNNLSTM":
            activation, gates = "tanh", "sigmoid"
        if activation != "tanh" or gates not in ("sigmoid", "hard_sigmoid"):
            raise self._wrong(f"an LSTM with the activations {activation} and {gates}")
        units = config.get("units", config.get("output_dim"))
        if not isinstance(units, int) or units < 1:
            raise self._wrong("an LSTM without a number of units")
        self._units.append(units)
        self._gates.add(gates)

    def _wrong(self, found: str) -> KerasFileError:
        return KerasFileError(f"{self._where}: {found}; {EXPECTED}")


def _is_softmax(kind: str, config: dict[str, Any]) -> bool:
    return kind == "Softmax" or (kind == "Activation" and _named(config.get("activation")) == "softmax")


def _named(activation: object) -> str:
    """Return the name of an activation, which some versions wrap."""
    if isinstance(activation, dict):
        activation = activation.get("config", activation.get("class_name"))
    return str(activation)[:40]
