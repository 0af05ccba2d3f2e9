"""A voice in full precision, for other programs: its float32 weights as trained, or what int8 left of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from talklike.errors import VoiceFileError
from talklike.voice.read import arrays, read_voice
from talklike.voice.weights import quantised

if TYPE_CHECKING:
    import os

    from talklike.voice.card import Card

BESIDE = "voice.float32.onnx"
"""What a run calls its voice in full precision, beside the one with int8 weights."""


@dataclass(frozen=True)
class FullPrecision:
    """A float32 voice.

    Attributes:
        card: Its card.
        weights: The constants of its file, by name.
        data: The file, if there is one; None where the weights were made of int8 ones.
        source: Where the weights come from.
    """

    card: Card
    weights: dict[str, np.ndarray]
    data: bytes | None
    source: Path


def full_precision(path: str | os.PathLike[str]) -> FullPrecision:
    """Return a voice in full precision.

    That is the file itself if its weights are float32; else ``voice.float32.onnx`` beside it, if that is the same voice; else
    the int8 weights times their scales.

    Args:
        path: A voice file or a run folder.

    Raises:
        VoiceFileError: It is missing, damaged, foreign or hostile.
    """
    card, data = read_voice(path)
    weights = arrays(data)
    file = Path(path)
    file = file / "voice.onnx" if file.is_dir() else file
    if card.precision == "float32":
        return FullPrecision(card, weights, data, file)
    beside = file.with_name(BESIDE)
    if beside.is_file():
        try:
            trained, trained_data = read_voice(beside)
        except VoiceFileError:  # nobody asked for it
            return _restored(card, weights, file)
        if _same(card, weights, trained, trained_weights := arrays(trained_data)):
            return FullPrecision(trained, trained_weights, trained_data, beside)
    return _restored(card, weights, file)


def _same(card: Card, weights: dict[str, np.ndarray], trained: Card, trained_weights: dict[str, np.ndarray]) -> bool:
    """Return whether int8 weights are those of a float32 voice."""
    if (card.sizes, card.alphabet, trained.precision) != (trained.sizes, trained.alphabet, "float32"):
        return False
    name = "output.weight"
    return np.array_equal(quantised({name: trained_weights[name]})[name], weights[name])


def _restored(card: Card, weights: dict[str, np.ndarray], file: Path) -> FullPrecision:
    restored = {}
    for name, array in weights.items():
        if f"{name}.scale" not in weights:
            if not name.endswith((".scale", ".zero")):
                restored[name] = array
            continue
        matrix = array * weights[f"{name}.scale"][..., None, :]
        restored[name] = np.ascontiguousarray(matrix if matrix.ndim == 2 else matrix.transpose(0, 2, 1))
    return FullPrecision(replace(card, precision="float32"), restored, None, file)
