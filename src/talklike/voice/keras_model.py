"""A voice as a Keras model: the layers that stock Keras 3 builds it of, and the arrays in them.

A voice that is a plain stack (``talklike.voice.stack``) becomes the tutorial's Sequential model, which reads windows of one-hot
characters and tells the next one. Any other becomes a Functional model that reads ``ids`` and ``authors``, both (B, T), and
returns the ``probabilities`` of each next symbol, (B, T, V), from a fresh state.

The n-gram memory, too, is stock layers. Each symbol of the window looks up its part of the hash, mod P, in an embedding of its
own; a row of nothing, from before the text, is so negative that the sum is too. ReLU makes that 0, the row that holds zeros. All
numbers are whole and below 2^24, where float32 is exact on any backend.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from talklike.errors import OptionError
from talklike.voice.ngrams import multipliers, salts
from talklike.voice.stack import Layer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from talklike.voice.card import Sizes
    from talklike.voice.stack import Stack

EXACT = 1 << 24
"""float32 holds every whole number up to here."""

HARD_SCALE = 1.2
"""Keras 3's ``hard_sigmoid`` is x / 6 + 1/2 between 0 and 1, Keras 2's (and ONNX's) 0.2 x + 1/2: the same, of 1.2 x."""

_ONNX_TO_KERAS = (0, 2, 3, 1)  # where i, f, c, o stand among i, o, f, c


@dataclass(frozen=True)
class KerasLayer:
    """A layer of a model.

    Attributes:
        kind: Keras's class.
        name: The layer's own name.
        config: Its arguments, but for the name.
        arrays: Its variables by the names that Keras gives them, in Keras's order.
        inputs: Names of the layers that it reads; the one before it, in a Sequential model.
        number: A number that it is given beside what it reads, for an operation.
    """

    kind: str
    name: str
    config: dict[str, Any] = field(default_factory=dict)
    arrays: dict[str, np.ndarray] = field(default_factory=dict)
    inputs: tuple[str, ...] = ()
    number: float | None = None


@dataclass(frozen=True)
class KerasModel:
    """A model.

    Attributes:
        kind: ``Sequential`` or ``Functional``.
        layers: Its layers, in Keras's order, by which files of weights name them.
    """

    kind: str
    layers: tuple[KerasLayer, ...]

    @property
    def config(self) -> dict[str, Any]:
        """What Keras's ``config.json`` holds."""
        config: dict[str, Any] = {"name": self.kind.lower(), "trainable": True}
        module, registered = "keras", None
        if self.kind == "Sequential":
            config["layers"] = [_layer_config(layer) for layer in self.layers]
        else:
            module, registered = "keras.src.models.functional", self.kind
            by_name = {layer.name: layer for layer in self.layers}
            config["layers"] = [
                _layer_config(layer) | {"name": layer.name, "inbound_nodes": _inbound(layer, by_name)} for layer in self.layers
            ]
            config["input_layers"] = [["ids", 0, 0], ["authors", 0, 0]]
            config["output_layers"] = [["probabilities", 0, 0]]
        return {"module": module, "class_name": self.kind, "config": config, "registered_name": registered}


def sequential_model(stack: Stack, window: int) -> KerasModel:
    """Return the tutorial's model: one-hot characters (B, window, C) → probabilities of the next one, (B, C).

    Args:
        stack: Its layers.
        window: Characters that it reads.
    """
    layers = [KerasLayer("InputLayer", "input_layer", {"batch_shape": [None, window, stack.characters], "dtype": "float32"})]
    for number, layer in enumerate(stack.layers):
        sequences = number < len(stack.layers) - 1
        layers.append(_lstm(_numbered("lstm", number), layer, sequences=sequences, hard=stack.hard))
    dense = {"kernel": stack.dense, "bias": stack.dense_bias}
    layers.append(KerasLayer("Dense", "dense", {"units": stack.characters, "activation": "softmax"}, dense))
    return KerasModel("Sequential", tuple(layers))


def functional_model(sizes: Sizes, weights: dict[str, np.ndarray], gates: str = "sigmoid") -> KerasModel:
    """Return any voice as a model.

    Args:
        sizes: The voice's sizes.
        weights: Its constants in float32, but for the memory's table of bytes.
        gates: The card's ``gates``.

    Raises:
        OptionError: Its memory has more rows than float32 can count to.
    """
    V, E = sizes.symbols, sizes.embedding
    layers = [KerasLayer("InputLayer", name, {"batch_shape": [None, None], "dtype": "int32"}) for name in ("ids", "authors")]
    for name, rows in (("symbol", V), ("author", sizes.authors + 1)):
        table = {"embeddings": weights[f"{name}_embedding"]}
        source = ("ids" if name == "symbol" else "authors",)
        layers.append(KerasLayer("Embedding", f"{name}_embedding", {"input_dim": rows, "output_dim": E}, table, source))
    layers.append(KerasLayer("Add", "embedded", inputs=("symbol_embedding", "author_embedding")))
    source = ("embedded",)
    names = [f"lstm_{number}" for number in range(sizes.layers)]
    for number, name in enumerate(names):
        layers.append(_lstm(name, _layer_of(weights, number), sequences=True, hard=gates != "sigmoid", inputs=source))
        source = (name,)
    if len(names) > 1:
        layers.append(KerasLayer("Add", "features", inputs=tuple(names)))
        source = ("features",)
    dense = {"kernel": weights["output.weight"], "bias": weights["output.bias"]}
    layers.append(KerasLayer("Dense", "network", {"units": V, "activation": "linear"}, dense, source))
    last = "network"
    if sizes.orders:
        layers += _memory(sizes, weights)
        layers.append(KerasLayer("Add", "logits", inputs=("network", "remembered")))
        last = "logits"
    layers.append(KerasLayer("Softmax", "probabilities", {"axis": -1}, inputs=(last,)))
    return KerasModel("Functional", tuple(_as_keras_orders(layers)))


def _memory(sizes: Sizes, weights: dict[str, np.ndarray]) -> Iterator[KerasLayer]:
    """Yield the n-gram memory: ids (B, T) → remembered (B, T, V)."""
    K, O, P, D = max(sizes.orders), len(sizes.orders), sizes.buckets, sizes.memory  # noqa: E741  (O is the number of orders)
    if (K + 1) * P > EXACT:
        raise OptionError(
            f"this voice's n-gram memory has {P:,} rows, and Keras's float32 can't count that far; train with --memory 0"
        )
    yield KerasLayer("Reshape", "column", {"target_shape": [-1, 1]}, inputs=("ids",))
    yield KerasLayer("Rescaling", "counted", {"scale": 1.0, "offset": 1.0}, inputs=("column",))  # 0 is nothing
    yield KerasLayer("ZeroPadding1D", "text", {"padding": [K - 1, 0]}, inputs=("counted",))
    tables = _hash_tables(sizes)
    for back, table in enumerate(tables):
        yield KerasLayer("Cropping1D", f"back_{back}", {"cropping": [K - 1 - back, back]}, inputs=("text",))
        lookup = {"input_dim": sizes.symbols + 1, "output_dim": O}
        yield KerasLayer("Embedding", f"hash_{back}", lookup, {"embeddings": table}, (f"back_{back}",))
    yield KerasLayer("Add", "sums", inputs=tuple(f"hash_{back}" for back in range(K)))  # (B, T, 1, O)
    yield KerasLayer("ReLU", "there", inputs=("sums",))
    yield KerasLayer("Mod", "rows", inputs=("there",), number=float(P))
    numbers = {"embeddings": weights["memory.table"].astype(np.float32)}
    yield KerasLayer("Embedding", "memory", {"input_dim": P, "output_dim": D}, numbers, ("rows",))
    yield KerasLayer("Reshape", "found", {"target_shape": [-1, O * D]}, inputs=("memory",))
    projection = {"kernel": weights["memory.projection"]}
    config = {"units": sizes.symbols, "activation": "linear", "use_bias": False}
    yield KerasLayer("Dense", "remembered", config, projection, ("found",))


def _hash_tables(sizes: Sizes) -> np.ndarray:
    """Return what each symbol adds to the hash of each order, by how far back it stands: float32 (K, V + 1, O)."""
    factors, P = multipliers(sizes.orders, sizes.buckets), sizes.buckets  # (K, O)
    symbols = np.arange(sizes.symbols + 1, dtype=np.int64)
    parts = symbols[None, :, None] * factors[:, None, :] % P
    parts[0] += salts(sizes.orders, P)
    reached = np.arange(max(sizes.orders))[:, None] < np.array(sizes.orders)  # (K, O)
    parts[:, 0] = np.where(reached, -EXACT, 0)
    tables: np.ndarray = parts.astype(np.float32)
    return tables


def _lstm(name: str, layer: Layer, *, sequences: bool, hard: bool, inputs: tuple[str, ...] = ()) -> KerasLayer:
    gates = np.ones((4, 1), np.float32)
    gates[[0, 1, 3]] = HARD_SCALE if hard else 1  # the candidate is no gate
    scale = gates.repeat(layer.units, axis=1).reshape(-1)
    config: dict[str, Any] = {
        "units": layer.units, "activation": "tanh", "recurrent_activation": "hard_sigmoid" if hard else "sigmoid",
        "return_sequences": sequences,
    }  # fmt: skip
    arrays = {"kernel": layer.kernel * scale, "recurrent_kernel": layer.recurrent * scale, "bias": layer.bias * scale}
    return KerasLayer("LSTM", name, config, arrays, inputs)


def _layer_of(weights: dict[str, np.ndarray], number: int) -> Layer:
    """Return an LSTM layer of a voice in Keras's layout."""

    def turned(array: np.ndarray) -> np.ndarray:  # (4H, rows) → (rows, 4H)
        gates = array.reshape(4, -1, array.shape[1])[list(_ONNX_TO_KERAS)]
        return np.ascontiguousarray(gates.reshape(array.shape).T)

    both = weights[f"lstm.{number}.bias"].reshape(2, -1).sum(axis=0)
    return Layer(
        turned(weights[f"lstm.{number}.input"][0]), turned(weights[f"lstm.{number}.recurrent"][0]), turned(both[:, None])[0]
    )


def _numbered(name: str, number: int) -> str:
    return f"{name}_{number}" if number else name


def _layer_config(layer: KerasLayer) -> dict[str, Any]:
    if layer.number is not None:  # an operation, which has no arguments of its own
        config: dict[str, Any] = {"name": layer.name}
        return {"module": "keras.src.ops.numpy", "class_name": layer.kind, "config": config, "registered_name": layer.kind}
    config = {"name": layer.name} | {"dtype": "float32"} | layer.config
    return {"module": "keras.layers", "class_name": layer.kind, "config": config, "registered_name": None}


def _inbound(layer: KerasLayer, by_name: dict[str, KerasLayer]) -> list[dict[str, Any]]:
    """Return how a layer is called in a Functional model."""
    if not layer.inputs:
        return []
    tensors: list[Any] = []
    for name in layer.inputs:
        # The shape isn't read: Keras works it out again.
        config = {"shape": [None, None], "dtype": by_name[name].config.get("dtype", "float32"), "keras_history": [name, 0, 0]}
        tensors.append({"class_name": "__keras_tensor__", "config": config})
    args = [tensors] if layer.kind == "Add" else tensors
    if layer.number is not None:
        args = [*args, layer.number]
    return [{"args": args, "kwargs": {}}]


def _as_keras_orders(layers: Sequence[KerasLayer]) -> list[KerasLayer]:
    """Return a Functional model's layers in the order that Keras finds when it builds the model, which numbers their weights.

    The farthest from the output come first; of those equally far, the first that one meets walking back from the output.

    Source: ``keras.src.ops.function.map_graph``.
    """
    by_name = {layer.name: layer for layer in layers}
    met: list[str] = []
    finished: list[str] = []

    def walk(name: str) -> None:
        if name in met:
            return
        met.append(name)
        for source in by_name[name].inputs:
            walk(source)
        finished.append(name)

    walk(layers[-1].name)
    depths = dict.fromkeys(by_name, 0)
    for name in reversed(finished):
        for source in by_name[name].inputs:
            depths[source] = max(depths[source], depths[name] + 1)
    return [by_name[name] for name in sorted(met, key=lambda name: -depths[name])]
