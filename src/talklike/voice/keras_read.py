"""Reads what people trained with Keras: whole models and files of weights, of Keras 1 to 3; the file may come from anyone."""

from __future__ import annotations

import hashlib
import io
import json
import lzma
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from talklike.errors import KerasFileError, OptionError
from talklike.voice.hdf5 import SIGNATURE, read_hdf5
from talklike.voice.keras_config import EXPECTED, Architecture, architecture
from talklike.voice.keras_layout import held_layers
from talklike.voice.keras_model import HARD_SCALE
from talklike.voice.read import MAX_FILE, MAX_WEIGHT
from talklike.voice.stack import Layer, Stack

if TYPE_CHECKING:
    import os

    from talklike.voice.hdf5 import Hdf5
    from talklike.voice.keras_layout import Held

MAX_CONFIG = 1 << 24
"""Largest configuration that is read [bytes]."""

GATES = ("sigmoid", "hard-sigmoid")
"""What can be said of a model's gates."""


_ARCHIVE_ERRORS = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, OSError, ValueError, EOFError, AttributeError,
    NotImplementedError, RuntimeError,
)  # fmt: skip
"""What a damaged archive makes its reader raise; the last two are for a compression that isn't known, and for a password."""


@dataclass(frozen=True)
class KerasFile:
    """What a file of Keras's holds.

    Attributes:
        stack: The network.
        window: Characters that the model reads, if the file says.
        layout: What kind of file it is, in a few words.
        version: The version of Keras that wrote it, if the file says.
        assumed: Whether the file doesn't say what the gates are, nor did the caller.
        sha256: Fingerprint of the file.
    """

    stack: Stack
    window: int | None
    layout: str
    version: str | None
    assumed: bool
    sha256: str


def read_keras(path: str | os.PathLike[str], gates: str | None = None) -> KerasFile:
    """Return what a ``.keras``, ``.h5``, ``.hdf5`` or ``.weights.h5`` file holds.

    Args:
        path: The file.
        gates: What opens the LSTM's gates, one of ``GATES``, for a file that doesn't say. Without it: as the version of Keras
            that wrote the file had it unless told otherwise, which is ``hard-sigmoid`` before 2.3.

    Raises:
        KerasFileError: It is missing, damaged, or isn't a plain stack of LSTMs on characters.
        OptionError: The gates must be given, or contradict the file.
        MissingExtraError: The extra ``keras`` is needed.
    """
    if gates is not None and gates not in GATES:
        raise OptionError(f"gates are {gates[:20]!r}, must be {' or '.join(GATES)}")
    where = str(path)
    data = _read(Path(path))
    version: str | None
    if data.startswith(b"PK\3\4"):
        text, weights, version = _archive(data, where)
        config: str | None = text
        file, layout = read_hdf5(weights, where), "a .keras model"
    elif SIGNATURE in (data[at : at + len(SIGNATURE)] for at in (0, 512, 1024, 2048)):
        file = read_hdf5(data, where)
        config = file.attributes.get("", {}).get("model_config")
        version = _version(file)
        layout = "a Keras model in HDF5" if config is not None else "weights of a Keras model"
    else:
        raise KerasFileError(f"{where}: not a file of Keras's; expected .keras, .h5, .hdf5 or .weights.h5")
    held = held_layers(file, where)
    if config is None:
        known = None
        named = _told(gates, version, held, where)
        assumed = gates is None and not _on_cudnn(held)
    else:
        known = architecture(str(config), _usual_gates(version) or "sigmoid", where)
        named, assumed = known.gates, False
        if gates is not None and gates.replace("-", "_") != named:
            raise OptionError(f"{where}: its model says that its gates are {named}, not {gates}")
    return KerasFile(
        stack=_stack(held, known, _scale(named, version), hard=named == "hard_sigmoid", where=where),
        window=known.window if known else None, layout=layout, version=version, assumed=assumed,
        sha256=hashlib.sha256(data).hexdigest(),
    )  # fmt: skip


def _read(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise KerasFileError(f"{path}: a folder, a SavedModel perhaps; save the model as .keras or .h5")
        if not path.is_file() and path.exists():
            raise KerasFileError(f"{path}: not a plain file")
        if path.stat().st_size > MAX_FILE:
            raise KerasFileError(f"{path}: larger than {MAX_FILE >> 20} MB; no model of characters is")
        return path.read_bytes()
    except FileNotFoundError as error:
        raise KerasFileError(f"{path}: no such file") from error
    except OSError as error:
        raise KerasFileError(f"{path}: can't be read: {error.strerror}") from error
    except ValueError as error:  # a NUL in it
        raise KerasFileError(f"{str(path)!r}: no file can have this name") from error


def _archive(data: bytes, where: str) -> tuple[str, bytes, str | None]:
    """Return configuration, weights and version of a ``.keras`` file."""
    limits = {"config.json": MAX_CONFIG, "metadata.json": MAX_CONFIG, "model.weights.h5": MAX_FILE}
    parts: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name, limit in limits.items():
                if archive.getinfo(name).file_size > limit:
                    raise KerasFileError(f"{where}: its {name} is larger than {limit >> 20} MB; no model of characters has that")
                with archive.open(name) as part:
                    parts[name] = part.read(limit)
        version = json.loads(parts["metadata.json"]).get("keras_version")
        return parts["config.json"].decode(), parts["model.weights.h5"], str(version)[:20] if version else None
    except KeyError as error:
        raise KerasFileError(f"{where}: an archive, but not Keras's: {name} is not in it") from error
    except _ARCHIVE_ERRORS as error:
        raise KerasFileError(f"{where}: an archive that can't be read; it is damaged, or broke off") from error


def _version(file: Hdf5) -> str | None:
    """Return the version that a file names; the layout of Keras 1 and 2 without one is Keras 1's, as Keras 2 takes it."""
    groups = [file.attributes.get(group, {}) for group in ("", "model_weights")]
    named = [str(group["keras_version"])[:20] for group in groups if "keras_version" in group]
    by_name = any(attribute.startswith("layer_names") for group in groups for attribute in group)
    return named[0] if named else ("1" if by_name else None)


def _told(gates: str | None, version: str | None, held: list[Held], where: str) -> str:
    """Return what opens the gates of weights without a model."""
    if gates is not None:
        return gates.replace("-", "_")
    if _on_cudnn(held):
        return "sigmoid"
    usual = _usual_gates(version)
    if usual is None:
        raise OptionError(
            f"{where}: Keras {version} came with TensorFlow 1, whose LSTM's gates are hard-sigmoid, and with 2.0, where they are "
            "sigmoid; say which with --gates"
        )
    return usual


def _on_cudnn(held: list[Held]) -> bool:
    """Return whether the layers were cuDNN's, whose gates can't be others than the usual ones."""
    return any(layer.kind == "CuDNNLSTM" for layer in held)


def _usual_gates(version: str | None) -> str | None:
    """Return the default activation of an LSTM's gates in a version of Keras; None where there were two.

    Source: https://github.com/keras-team/keras/releases/tag/2.3.0
    """
    numbers = re.match(r"(\d{1,4})(?:\.(\d{1,4}))?", version or "")
    if numbers is None:
        return "sigmoid"
    release = (int(numbers[1]), int(numbers[2] or 0))
    if release == (2, 2) and "tf" in (version or ""):
        return None
    return "hard_sigmoid" if release < (2, 3) else "sigmoid"


def _scale(gates: str, version: str | None) -> float:
    """Return what a model's gates are to be multiplied with: Keras 3 has another line than Keras 2 by the same name."""
    newer = not (version or "3").startswith(("1", "2."))
    return 1 / HARD_SCALE if gates == "hard_sigmoid" and newer else 1


def _stack(held: list[Held], known: Architecture | None, scale: float, *, hard: bool, where: str) -> Stack:
    """Return the layers of a file as a stack, once they are one."""
    kinds = [layer.kind for layer in held]
    if not kinds or kinds[-1] != "Dense" or not set(kinds[:-1]) <= {"LSTM", "CuDNNLSTM"} or len(kinds) == 1:
        raise KerasFileError(f"{where}: the layers {', '.join(kinds)[:80] or 'of nothing'}; {EXPECTED}")
    try:
        layers = tuple(_scaled(layer.lstm, scale) for layer in held[:-1])
    except ValueError as error:
        raise KerasFileError(f"{where}: an LSTM whose arrays don't fit together; the file is damaged") from error
    dense, *rest = held[-1].arrays
    bias = rest[0] if rest else np.zeros(dense.shape[1], np.float32)
    stack = Stack(layers, dense, bias, hard=hard)
    widths = [stack.characters, *stack.units]
    for number, (layer, width) in enumerate(zip(layers, widths, strict=False), 1):
        if len(layer.kernel) != width:
            reads = "characters that it predicts" if number == 1 else "units of the layer before it"
            raise KerasFileError(f"{where}: LSTM {number} reads {len(layer.kernel)} numbers, not the {width} {reads}; {EXPECTED}")
    if dense.shape != (stack.units[-1], len(bias)) or (known and known.units != stack.units):
        raise KerasFileError(f"{where}: its weights aren't those of its model; the file is damaged")
    for array in (dense, bias, *(part for layer in layers for part in (layer.kernel, layer.recurrent, layer.bias))):
        if not (np.abs(array) <= MAX_WEIGHT).all():  # NaN neither
            raise KerasFileError(f"{where}: weights that aren't numbers, or beyond {MAX_WEIGHT:g}; its training has diverged")
    return stack


def _scaled(layer: Layer, scale: float) -> Layer:
    """Return a layer whose gates, but not its candidates, are multiplied by a number."""
    if scale == 1:
        return layer
    factors = np.array([scale, scale, 1, scale], np.float32).repeat(layer.units)  # i, f, c, o
    return Layer(layer.kernel * factors, layer.recurrent * factors, layer.bias * factors)
