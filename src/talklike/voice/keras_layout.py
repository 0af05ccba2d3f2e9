"""Which layers a file of Keras's holds, in each of the layouts that Keras has had since 2015.

========================  ============================================================================================
layout                    where the arrays of a layer lie
========================  ============================================================================================
Keras 3                   ``layers/lstm_1/cell/vars/0``: by class, numbered; so inside ``.keras`` and in ``.weights.h5``
TensorFlow 2.12 to 2.15   the same below ``_layer_checkpoint_dependencies``
Keras 2                   attributes ``layer_names`` and, of each layer's group, ``weight_names``: ``lstm_1/kernel:0``, …
Keras 1                   the same, an LSTM as twelve arrays: ``lstm_1_W_i``, ``lstm_1_U_i``, ``lstm_1_b_i``, …
========================  ============================================================================================

A model saved whole with Keras 1 or 2 has those below ``model_weights``, and its architecture in the attribute ``model_config``.

Source: ``preprocess_weights_for_loading`` in ``keras/engine/topology.py`` of Keras 2.1.6; ``keras.src.saving.saving_lib`` of 3.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from talklike.errors import KerasFileError
from talklike.voice.stack import Layer

if TYPE_CHECKING:
    from talklike.voice.hdf5 import Hdf5

_CONTAINERS = ("layers", "_layer_checkpoint_dependencies")
_RECURRENT = {1: "SimpleRNN", 3: "GRU", 4: "LSTM"}
_KERAS_1_GATES = (0, 2, 1, 3)  # Keras 1 kept i, c, f, o
_LSTM_1 = 12  # arrays


@dataclass(frozen=True)
class Held:
    """A layer that a file holds.

    Attributes:
        name: What the file calls it.
        arrays: Its arrays, in Keras's order.
    """

    name: str
    arrays: tuple[np.ndarray, ...]

    @property
    def kind(self) -> str:
        """What it is, as its arrays tell: ``LSTM``, ``CuDNNLSTM``, ``Dense``, or something that a stack hasn't."""
        shapes = [array.shape for array in self.arrays]
        if len(shapes) == _LSTM_1:
            return "LSTM"
        if len(shapes) in (2, 3) and len(shapes[0]) == len(shapes[1]) == 2:
            gates = shapes[0][1] / max(shapes[1][0], 1)
            kind = _RECURRENT.get(int(gates), "recurrent") if gates == int(gates) else "recurrent"
            return "CuDNNLSTM" if kind == "LSTM" and len(shapes) == 3 and shapes[2] == (2 * shapes[0][1],) else kind
        if len(shapes[0]) == 2 and [len(shape) for shape in shapes[1:]] in ([], [1]) and "embedding" not in self.name:
            return "Dense"
        if len(shapes) in (4, 6) and re.search("bidirectional", self.name):
            return "Bidirectional"
        return re.sub(r"_?\d+$", "", self.name)

    @property
    def lstm(self) -> Layer:
        """Its arrays, if it is an LSTM, in today's layout.

        Raises:
            ValueError: They don't fit together.
        """
        if len(self.arrays) == _LSTM_1:
            parts = [np.concatenate([self.arrays[3 * gate + part] for gate in _KERAS_1_GATES], axis=-1) for part in range(3)]
            return _fitting(Layer(*parts))
        kernel, recurrent = self.arrays[:2]
        bias = self.arrays[2] if len(self.arrays) == 3 else np.zeros(kernel.shape[1], np.float32)
        if self.kind == "CuDNNLSTM":
            # cuDNN reads matrices by column and has a bias for the input and one for the state.
            kernel = np.hstack([part.T.reshape(part.shape, order="F") for part in np.hsplit(kernel, 4)])
            recurrent = np.hstack([part.T for part in np.hsplit(recurrent, 4)])
            bias = bias.reshape(2, -1).sum(axis=0)
        return _fitting(Layer(kernel, recurrent, bias))


def _fitting(layer: Layer) -> Layer:
    """Return a layer whose arrays fit together.

    Raises:
        ValueError: They don't.
    """
    H = layer.units
    if H == 0 or layer.kernel.shape[1:] != (4 * H,) or layer.recurrent.shape != (H, 4 * H) or layer.bias.shape != (4 * H,):
        raise ValueError("arrays that aren't those of an LSTM")
    return layer


def held_layers(file: Hdf5, where: str) -> list[Held]:
    """Return the layers of a file that have arrays, in the model's order as far as the file tells.

    Args:
        file: A ``.weights.h5``, the one inside a ``.keras``, or any HDF5 of Keras 1 or 2.
        where: Its name, for errors.

    Raises:
        KerasFileError: It isn't laid out as Keras does, or arrays are missing.
    """
    for container in _CONTAINERS:
        if found := _by_class(file, container):
            return found
    for root in ("", "model_weights"):
        if (names := _listed(file.attributes.get(root, {}), "layer_names")) is not None:
            return _by_name(file, root, names, where)
    raise KerasFileError(f"{where}: an HDF5 file, but without weights as Keras lays them out; write it with save_weights")


def _by_class(file: Hdf5, container: str) -> list[Held]:
    groups: dict[str, list[tuple[int, np.ndarray]]] = {}
    for path, array in file.arrays.items():
        parts = path.split("/")
        if parts[0] == container and len(parts) > 3 and parts[-2] == "vars" and parts[-1].isdecimal():
            groups.setdefault(parts[1], []).append((int(parts[-1]), array))

    def place(name: str) -> int:
        number = re.search(r"_(\d{1,9})$", name)
        return int(number[1]) if number else 0

    ordered = sorted(groups, key=place)
    # Of one kind they are in order; a dense layer has no number that could say whether it comes before or after an LSTM.
    ordered.sort(key=lambda name: name.startswith("dense"))
    return [Held(name, tuple(array for _, array in sorted(groups[name], key=lambda one: one[0]))) for name in ordered]


def _by_name(file: Hdf5, root: str, names: list[str], where: str) -> list[Held]:
    found = []
    for name in names:
        group = f"{root}/{name}" if root else name
        arrays = _listed(file.attributes.get(group, {}), "weight_names") or []
        paths = [f"{group}/{array}" for array in arrays]
        if missing := [path for path in paths if path not in file.arrays]:
            raise KerasFileError(f"{where}: the array {missing[0][:60]!r}, which it names, is not in it; the file is damaged")
        if paths:
            found.append(Held(name, tuple(file.arrays[path] for path in paths)))
    return found


def _listed(attributes: dict[str, Any], name: str) -> list[str] | None:
    """Return a list of names, which Keras cuts into ``name0``, ``name1``, … where it is long."""
    values: list[str] = []
    parts = (
        [name] if name in attributes else sorted((key for key in attributes if key.startswith(name)), key=lambda k: (len(k), k))
    )
    for part in parts:
        value = attributes[part]
        values += value if isinstance(value, list) else [value]
    return values if parts else None
