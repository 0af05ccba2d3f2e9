"""Writes files as old versions of Keras did, whose layouts no package of today writes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import h5py
import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    from talklike.voice.stack import Layer, Stack

Arrays = list[tuple[str, np.ndarray]]


def write_weights(target: h5py.Group, layers: dict[str, Arrays], version: str | None) -> None:
    """Write weights as ``save_weights_to_hdf5_group`` of Keras 1.2 and 2.x does.

    Args:
        target: The file, or its group ``model_weights``.
        layers: Each layer's arrays with their names.
        version: What ``keras_version`` says.
    """
    target.attrs["layer_names"] = np.array([name.encode() for name in layers])
    target.attrs["backend"] = b"tensorflow"
    if version is not None:
        target.attrs["keras_version"] = version.encode()
    for name, arrays in layers.items():
        group = target.create_group(name)
        group.attrs["weight_names"] = np.array([array.encode() for array, _ in arrays])
        for array, values in arrays:
            group.create_dataset(array, data=values)


def keras_2(stack: Stack) -> dict[str, Arrays]:
    """Return a stack's layers by the names that Keras 2.1 gave them."""
    layers: dict[str, Arrays] = {}
    for number, layer in enumerate(stack.layers, 1):
        name = f"lstm_{number}"
        layers[name] = [(f"{name}/kernel:0", layer.kernel), (f"{name}/recurrent_kernel:0", layer.recurrent)]
        layers[name] += [(f"{name}/bias:0", layer.bias)]
        layers[f"dropout_{number}"] = []
    layers["dense_1"] = [("dense_1/kernel:0", stack.dense), ("dense_1/bias:0", stack.dense_bias)]
    return layers | {"activation_1": []}


def keras_1(stack: Stack) -> dict[str, Arrays]:
    """Return a stack's layers as Keras 1 had them: an LSTM's gates one by one, in the order i, c, f, o."""
    layers: dict[str, Arrays] = {}
    for number, layer in enumerate(stack.layers, 1):
        name = f"lstm_{number}"
        parts = [np.split(array, 4, axis=-1) for array in (layer.kernel, layer.recurrent, layer.bias)]
        layers[name] = [
            (f"{name}_{letter}_{gate}:0", part["ifco".index(gate)])
            for gate in "icfo"
            for letter, part in zip("WUb", parts, strict=True)
        ]
    return layers | {"dense_1": [("dense_1_W:0", stack.dense), ("dense_1_b:0", stack.dense_bias)]}


def cudnn(layer: Layer) -> Arrays:
    """Return an LSTM as ``CuDNNLSTM`` keeps it (``_convert_rnn_weights`` of Keras 2.1.6, the other way)."""
    kernel = np.hstack([part.T.reshape(part.shape, order="C") for part in np.hsplit(layer.kernel, 4)])
    recurrent = np.hstack([part.T for part in np.hsplit(layer.recurrent, 4)])
    return [
        ("cu_dnnlstm_1/kernel:0", kernel),
        ("cu_dnnlstm_1/recurrent_kernel:0", recurrent),
        ("cu_dnnlstm_1/bias:0", np.tile(0.5 * layer.bias, 2)),
    ]


def write_model(path: Path, stack: Stack, version: str, layers: list[dict[str, Any]]) -> None:
    """Write a whole model as ``model.save`` of Keras 2.1 does: its configuration, its weights, its training.

    Args:
        path: The file.
        stack: The weights.
        version: What ``keras_version`` says.
        layers: The configurations.
    """
    with h5py.File(path, "w") as file:
        file.attrs["keras_version"] = version.encode()
        file.attrs["backend"] = b"tensorflow"
        file.attrs["model_config"] = json.dumps({"class_name": "Sequential", "config": layers}).encode()
        file.attrs["training_config"] = b"{}"
        write_weights(file.create_group("model_weights"), keras_2(stack), version)
        file.create_group("optimizer_weights").create_dataset("training/RMSprop/lr:0", data=np.float32(0.01))
