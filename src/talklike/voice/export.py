"""A voice for other programs: as a Keras model or its weights, as safetensors, as ONNX in full precision."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from talklike.errors import MissingExtraError, OptionError, RunError
from talklike.voice.card import METADATA_KEY
from talklike.voice.full_precision import full_precision
from talklike.voice.graph import INDEX, SIGNATURES
from talklike.voice.keras_model import functional_model, sequential_model
from talklike.voice.keras_write import keras_file, legacy_weights, weights_h5
from talklike.voice.stack import stack_of
from talklike.voice.write import atomic_write, voice_bytes

if TYPE_CHECKING:
    import os

    import numpy as np

    from talklike.voice.full_precision import FullPrecision
    from talklike.voice.keras_model import KerasModel

TARGETS = ("keras", "weights-h5", "safetensors", "onnx-float32")
"""What a voice can be written as."""

SUFFIXES = {"keras": (".keras",), "weights-h5": (".h5", ".hdf5"), "safetensors": (".safetensors",), "onnx-float32": (".onnx",)}
"""How each of those files is called; Keras and others go by it."""

MEMORY = ("memory.table", "memory.multipliers", "memory.salts")
"""What of the n-gram memory isn't float32, and can't be made of the sizes without our code."""

WINDOW = 40
"""Characters that the tutorial's model reads, where a voice's recipe says nothing of it."""


@dataclass(frozen=True)
class Exported:
    """What was written.

    Attributes:
        path: The file.
        bytes: Its size.
        layout: What it is, in a few words.
        restored: Whether its weights are int8 ones times their scales, as nothing better was there.
    """

    path: Path
    bytes: int
    layout: str
    restored: bool


def export_voice(path: str | os.PathLike[str], to: str, output: str | os.PathLike[str]) -> Exported:
    """Write a voice for other programs, in full precision.

    Args:
        path: A voice file, or the folder of a training run. Of a voice with int8 weights, ``voice.float32.onnx`` beside it is
            taken if it is the same voice, else the int8 weights times their scales.
        to: One of ``TARGETS``. ``keras`` is a model that Keras 3 loads as it is; ``weights-h5`` its weights: in Keras 3's layout
            if ``output`` ends with ``.weights.h5``, in that of the tutorial's ``weights.hdf5`` otherwise.
        output: The file to write; its suffix is one of ``SUFFIXES[to]``.

    Raises:
        VoiceFileError: The voice is missing, damaged, foreign or hostile.
        OptionError: There is no such target, the suffix is another's, or Keras can't hold the voice.
        MissingExtraError: The extra ``keras`` is needed.
        RunError: The file can't be written.
    """
    file = check_output(to, output)
    voice = full_precision(path)
    named = Path(path) / "voice.onnx" if Path(path).is_dir() else Path(path)
    if file.exists() and (file.samefile(voice.source) or file.samefile(named)):
        raise OptionError(f"{file} is the voice itself; write to another file")
    if to == "safetensors":
        data, layout = _safetensors(voice), "safetensors"
    elif to == "onnx-float32":
        data, layout = voice.data or voice_bytes(voice.card, voice.weights), "a voice with float32 weights"
    elif to == "keras":
        data, layout = keras_file(_keras_model(voice)), "a Keras model"
    elif file.name.endswith(".weights.h5"):
        data, layout = weights_h5(_keras_model(voice)), "weights in Keras 3's layout"
    else:
        data, layout = legacy_weights(_keras_model(voice)), "weights in Keras 2's layout"
    atomic_write(file, data)
    return Exported(file, len(data), layout, restored=voice.data is None)


def check_output(to: str, output: str | os.PathLike[str]) -> Path:
    """Return the file to write, once it can be.

    Raises:
        OptionError: There is no such target, the file's suffix is another's, or it is a folder.
        RunError: Its folder isn't there.
    """
    if to not in TARGETS:
        raise OptionError(f"a voice can't be written as {to[:20]!r}; choose one of {', '.join(TARGETS)}")
    file = Path(output)
    if file.suffix.lower() not in SUFFIXES[to]:
        raise OptionError(f"{file}: the name of a file for {to} must end with {' or '.join(SUFFIXES[to])}")
    if file.is_dir():
        raise OptionError(f"{file} is a folder; name a file in it")
    if not file.parent.is_dir():
        raise RunError(f"{file}: there is no folder {file.parent}")
    return file


def _keras_model(voice: FullPrecision) -> KerasModel:
    units, window = (voice.card.recipe.get(name) for name in ("units", "window"))
    if units is None:
        return functional_model(voice.card.sizes, voice.weights, voice.card.gates)
    reads = window if isinstance(window, int) and window > 0 else WINDOW
    return sequential_model(stack_of(voice.card, voice.weights), reads)


def _safetensors(voice: FullPrecision) -> bytes:
    """Return a voice's arrays, and its card under ``talklike``, as safetensors."""
    try:
        from safetensors.numpy import save
    except ImportError as error:
        raise MissingExtraError("safetensors", "keras") from error
    kept: dict[str, np.ndarray] = {
        name: array for name, array in voice.weights.items() if array.dtype.kind == "f" or name in (*MEMORY, INDEX, SIGNATURES[0])
    }
    return bytes(save(kept, {METADATA_KEY: voice.card.to_json()}))
