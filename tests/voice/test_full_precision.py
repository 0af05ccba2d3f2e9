"""A voice in full precision."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from talklike.voice.card import Card
from talklike.voice.full_precision import BESIDE, full_precision
from talklike.voice.weights import packed
from talklike.voice.write import voice_bytes

if TYPE_CHECKING:
    from pathlib import Path

MakeCard = Callable[..., Card]
MakeBytes = Callable[..., bytes]
MakeWeights = Callable[..., dict[str, np.ndarray]]


def test_a_float32_voice_is_itself(make_bytes: MakeBytes, tmp_path: Path) -> None:
    """The file is handed out as it is, from its path and from its folder."""
    (tmp_path / "voice.onnx").write_bytes(make_bytes())
    for path in (tmp_path, tmp_path / "voice.onnx"):
        found = full_precision(path)
        assert (found.data, found.source) == (make_bytes(), tmp_path / "voice.onnx")


def test_a_run_has_what_was_trained(make_bytes: MakeBytes, tmp_path: Path) -> None:
    """Beside an int8 voice lies the same with float32 weights; that is taken, whether folder or file is named."""
    (tmp_path / "voice.onnx").write_bytes(make_bytes(precision="int8", layers=2))
    (tmp_path / BESIDE).write_bytes(make_bytes(layers=2))
    for path in (tmp_path, tmp_path / "voice.onnx"):
        found = full_precision(path)
        assert (found.data, found.source, found.card.precision) == (make_bytes(layers=2), tmp_path / BESIDE, "float32")


def test_another_voice_beside_it_is_not_taken(make_bytes: MakeBytes, tmp_path: Path) -> None:
    """What lies beside may be of another run, of another size, or damaged."""
    (tmp_path / "voice.onnx").write_bytes(make_bytes(precision="int8"))
    for other in (make_bytes(seed=1), make_bytes(hidden=9), make_bytes(precision="int8"), b"nothing"):
        (tmp_path / BESIDE).write_bytes(other)
        found = full_precision(tmp_path)
        assert (found.data, found.source) == (None, tmp_path / "voice.onnx")


def test_int8_weights_are_multiplied_with_their_scales(make_card: MakeCard, make_weights: MakeWeights, tmp_path: Path) -> None:
    """Each weight comes back to half a step of its column, in the layout of a float32 voice that can be written."""
    card = make_card(precision="int8", layers=2, orders=(2,))
    weights = make_weights(card.sizes)
    (tmp_path / "voice.onnx").write_bytes(voice_bytes(card, packed(weights, "int8")))
    found = full_precision(tmp_path / "voice.onnx")
    assert found.card.precision == "float32"
    assert voice_bytes(found.card, found.weights)
    assert not [name for name in found.weights if name.endswith((".scale", ".zero"))]
    for name in ("lstm.0.input", "lstm.1.recurrent", "output.weight"):
        columns = weights[name] if name == "output.weight" else weights[name].transpose(0, 2, 1)
        half = np.abs(columns).max(axis=-2, keepdims=True) / 64 / 2
        restored = found.weights[name] if name == "output.weight" else found.weights[name].transpose(0, 2, 1)
        assert (np.abs(restored - columns) <= half * 1.001).all()
    np.testing.assert_array_equal(found.weights["lstm.0.bias"], weights["lstm.0.bias"])
