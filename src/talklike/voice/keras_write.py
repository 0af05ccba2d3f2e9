"""Writes Keras's files without Keras: the ``.keras`` model, its ``.weights.h5``, and the older HDF5 of weights."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

from talklike.errors import MissingExtraError

if TYPE_CHECKING:
    from talklike.voice.keras_model import KerasLayer, KerasModel

KERAS_VERSION = "3.0.0"
"""The version whose layout is written; later ones read it."""

_DATE = (1980, 1, 1, 0, 0, 0)
"""The date of the files in the archive: the same voice gives the same bytes."""


def keras_file(model: KerasModel) -> bytes:
    """Return a model as a ``.keras`` file; the same model gives the same bytes."""
    parts = {
        "metadata.json": json.dumps({"keras_version": KERAS_VERSION}).encode(),
        "config.json": json.dumps(model.config).encode(),
        "model.weights.h5": weights_h5(model),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name, _DATE), data)
    return buffer.getvalue()


def weights_h5(model: KerasModel) -> bytes:
    """Return a model's weights as Keras 3 lays them out in ``.weights.h5``.

    Layers are named by their class, in snake case, and numbered in the model's order; an LSTM's arrays are its cell's.
    """
    arrays: dict[str, np.ndarray] = {}
    groups: dict[str, dict[str, Any]] = {"vars": {}}  # Keras 2 stops where an empty one is missing
    seen: Counter[str] = Counter()
    for layer in model.layers:
        if layer.number is not None:
            continue  # an operation is no layer
        name = _snake_case(layer.kind)
        folder = f"layers/{name}_{seen[name]}" if seen[name] else f"layers/{name}"
        seen[name] += 1
        groups[f"{folder}/vars"] = {}
        folder += "/cell/vars" if layer.kind == "LSTM" else "/vars"
        arrays |= {f"{folder}/{number}": array for number, array in enumerate(layer.arrays.values())}
    return _hdf5(arrays, groups)


def legacy_weights(model: KerasModel) -> bytes:
    """Return a model's weights as Keras 2 wrote them, in the tutorial's ``weights.hdf5``: by the layers' names."""
    layers = [layer for layer in model.layers if layer.arrays]
    arrays: dict[str, np.ndarray] = {}
    attributes: dict[str, dict[str, Any]] = {
        "/": {
            "layer_names": [layer.name.encode() for layer in layers],
            "backend": b"tensorflow",
            "keras_version": KERAS_VERSION.encode(),
        }
    }
    for layer in layers:
        names = [_legacy_name(layer, name) for name in layer.arrays]
        attributes[layer.name] = {"weight_names": [name.encode() for name in names]}
        arrays |= {f"{layer.name}/{name}": array for name, array in zip(names, layer.arrays.values(), strict=True)}
    return _hdf5(arrays, attributes)


def _legacy_name(layer: KerasLayer, array: str) -> str:
    inside = f"{layer.name}/lstm_cell" if layer.kind == "LSTM" else layer.name
    return f"{inside}/{array}:0"


def _hdf5(arrays: dict[str, np.ndarray], attributes: dict[str, dict[str, Any]]) -> bytes:
    """Return an HDF5 file.

    Args:
        arrays: Its datasets, by path.
        attributes: Its groups, each with its attributes by name.
    """
    try:
        import h5py
    except ImportError as error:
        raise MissingExtraError("h5py", "keras") from error
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        for path, array in arrays.items():
            file.create_dataset(path, data=array)
        for path, values in attributes.items():
            group = file.require_group(path)
            for name, value in values.items():
                group.attrs[name] = np.array(value) if isinstance(value, list) else value
    return buffer.getvalue()


def _snake_case(name: str) -> str:
    """Return a class's name as Keras writes it in paths.

    >>> [_snake_case(name) for name in ("LSTM", "ZeroPadding1D", "ReLU")]
    ['lstm', 'zero_padding1d', 're_lu']
    """
    parted = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z])([A-Z])", r"\1_\2", parted).lower()
