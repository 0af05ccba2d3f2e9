"""A voice for other programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file
from safetensors.torch import load_file as load_torch_file

from talklike.errors import MissingExtraError, OptionError, RunError, TalklikeError, VoiceFileError
from talklike.generation.voice import Voice, load_voice
from talklike.voice.card import Card
from talklike.voice.export import TARGETS, export_voice
from talklike.voice.read import arrays, read_voice
from talklike.voice.stack import stack_sizes, stack_weights
from talklike.voice.write import voice_bytes
from tests.real_keras import predicted, quietly, real_keras
from tests.voice.test_stack import ALPHABET, probabilities, random_stack

if TYPE_CHECKING:
    from pathlib import Path

MakeBytes = Callable[..., bytes]
Textbook = Callable[..., tuple[np.ndarray, np.ndarray, np.ndarray]]


@pytest.fixture
def tutorial_voice(tmp_path: Path) -> Path:
    """Return a voice made of a stack of two layers."""
    stack = random_stack((4, 3))
    card = Card(
        ALPHABET, ("u1",), ("name",), "messages", stack_sizes(len(ALPHABET), stack.units),
        recipe={"name": "tutorial", "units": [4, 3], "window": 7},
    )  # fmt: skip
    path = tmp_path / "tutorial.onnx"
    path.write_bytes(voice_bytes(card, stack_weights(stack, ALPHABET, 0.1)))
    return path


def test_a_tutorial_voice_becomes_the_tutorials_model(tutorial_voice: Path, tmp_path: Path) -> None:
    """It reads as many one-hot characters as the recipe says, and predicts as the network did before it was a voice."""
    done = export_voice(tutorial_voice, "keras", tmp_path / "m.keras")
    assert (done.layout, done.restored, done.bytes) == ("a Keras model", False, (tmp_path / "m.keras").stat().st_size)
    model = real_keras().models.load_model(tmp_path / "m.keras")
    assert model.input_shape == (None, 7, len(ALPHABET))
    read = [1, 3, 0, 5, 2, 2, 1]
    expected = probabilities(random_stack((4, 3)), read)[-1]
    np.testing.assert_allclose(predicted(model, np.eye(len(ALPHABET))[read][None])[0], expected, atol=1e-5)
    kernel = quietly(model.get_weights)[0]
    for name in ("m.weights.h5", "m.hdf5"):
        export_voice(tutorial_voice, "weights-h5", tmp_path / name)
        model.set_weights([np.zeros_like(array) for array in quietly(model.get_weights)])
        model.load_weights(tmp_path / name)
        np.testing.assert_array_equal(quietly(model.get_weights)[0], kernel)


def test_any_other_voice_becomes_a_model_of_ids_and_authors(make_bytes: MakeBytes, tmp_path: Path) -> None:
    """An int8 voice does too, and it is said that its weights were restored."""
    (tmp_path / "v.onnx").write_bytes(make_bytes(authors=("a", "b"), precision="int8"))
    assert export_voice(tmp_path / "v.onnx", "keras", tmp_path / "v.keras").restored
    model = real_keras().models.load_model(tmp_path / "v.keras")
    assert [put.name for put in model.inputs] == ["ids", "authors"]


def test_a_stack_that_is_none_is_refused(make_bytes: MakeBytes, tmp_path: Path) -> None:
    """A card that speaks of units that the weights don't have gives one line."""
    (tmp_path / "v.onnx").write_bytes(make_bytes(recipe={"units": [7]}))
    with pytest.raises(OptionError, match="aren't those of the stack"):
        export_voice(tmp_path / "v.onnx", "keras", tmp_path / "v.keras")


def test_safetensors_hold_every_array_and_the_card(make_bytes: MakeBytes, tmp_path: Path) -> None:
    """They load in NumPy and in torch, in the voice file's names and layout; the card is their metadata."""
    data = make_bytes(layers=2, orders=(2, 3), authors=("a", "b"))
    (tmp_path / "v.onnx").write_bytes(data)
    export_voice(tmp_path / "v.onnx", "safetensors", tmp_path / "v.safetensors")
    found, expected = load_file(tmp_path / "v.safetensors"), arrays(data)
    left_out = {name for name in expected if name == "one" or (name.startswith("memory.") and expected[name].dtype == np.int64)}
    assert expected.keys() - found.keys() == left_out - {"memory.multipliers", "memory.salts"}
    for name, array in found.items():
        np.testing.assert_array_equal(array, expected[name])
    assert load_torch_file(tmp_path / "v.safetensors")["output.weight"].dtype == torch.float32
    raw = (tmp_path / "v.safetensors").read_bytes()
    header = json.loads(raw[8 : 8 + int.from_bytes(raw[:8], "little")])
    card = Card.from_json(header["__metadata__"]["talklike"], "safetensors")
    assert card == read_voice(tmp_path / "v.onnx")[0]


def test_torch_runs_the_safetensors(make_bytes: MakeBytes, textbook: Textbook, tmp_path: Path) -> None:
    """``nn.LSTM`` takes the arrays with the gates put into its order, as the page on Keras shows."""
    (tmp_path / "v.onnx").write_bytes(make_bytes())
    export_voice(tmp_path / "v.onnx", "safetensors", tmp_path / "v.safetensors")
    w = load_torch_file(tmp_path / "v.safetensors")
    lstm = torch.nn.LSTM(5, 7, batch_first=True)
    order = [0, 2, 3, 1]  # i, o, f, c → i, f, c, o

    def gates(array: torch.Tensor) -> torch.Tensor:
        return array.reshape(4, 7, -1)[order].reshape(28, -1)

    both = w["lstm.0.bias"].reshape(2, 28)
    layer = {
        "weight_ih_l0": gates(w["lstm.0.input"]), "weight_hh_l0": gates(w["lstm.0.recurrent"]),
        "bias_ih_l0": gates(both[0])[:, 0], "bias_hh_l0": gates(both[1])[:, 0],
    }  # fmt: skip
    lstm.load_state_dict(layer)
    with torch.no_grad():
        ids, authors = torch.tensor([[0, 257, 260]]), torch.tensor([[1, 1, 1]])
        features, _ = lstm(w["symbol_embedding"][ids] + w["author_embedding"][authors])
        logits = features @ w["output.weight"] + w["output.bias"]
    expected = textbook(arrays(make_bytes()), ids.numpy(), authors.numpy())[0]
    np.testing.assert_allclose(logits.numpy(), expected, atol=1e-5)


def test_onnx_in_full_precision(make_bytes: MakeBytes, tmp_path: Path) -> None:
    """A float32 voice is copied byte for byte; an int8 one becomes a float32 voice that writes."""
    (tmp_path / "f.onnx").write_bytes(make_bytes())
    assert not export_voice(tmp_path / "f.onnx", "onnx-float32", tmp_path / "g.onnx").restored
    assert (tmp_path / "g.onnx").read_bytes() == make_bytes()
    (tmp_path / "q.onnx").write_bytes(make_bytes(precision="int8"))
    assert export_voice(tmp_path / "q.onnx", "onnx-float32", tmp_path / "r.onnx").restored
    voice: Voice = load_voice(tmp_path / "r.onnx")
    assert voice.card.precision == "float32"
    assert voice.generate(chars=20, seed=1)


def test_a_run_keeps_its_voice(make_bytes: MakeBytes, tmp_path: Path) -> None:
    """Neither of the voices in a run folder is overwritten, whichever the weights come from."""
    (tmp_path / "voice.onnx").write_bytes(make_bytes(precision="int8"))
    (tmp_path / "voice.float32.onnx").write_bytes(make_bytes())
    for name in ("voice.onnx", "voice.float32.onnx"):
        with pytest.raises(OptionError, match="is the voice itself"):
            export_voice(tmp_path, "onnx-float32", tmp_path / name)
    assert export_voice(tmp_path, "onnx-float32", tmp_path / "out.onnx").bytes == len(make_bytes())


def test_what_cannot_be_written_is_told(make_bytes: MakeBytes, tmp_path: Path) -> None:
    """A target, a name, a folder and a voice that aren't right give one line that says so."""
    voice = tmp_path / "v.onnx"
    voice.write_bytes(make_bytes())
    mistakes: list[tuple[object, str, object, type[TalklikeError], str]] = [
        (voice, "pickle", tmp_path / "a.pkl", OptionError, "'pickle'; choose one of keras, "),
        (voice, "keras", tmp_path / "a.h5", OptionError, r"must end with \.keras"),
        (voice, "weights-h5", tmp_path / "a.keras", OptionError, r"must end with \.h5 or \.hdf5"),
        (voice, "onnx-float32", voice, OptionError, "is the voice itself"),
        (voice, "keras", tmp_path / "none" / "a.keras", RunError, "there is no folder"),
        (tmp_path / "none.onnx", "keras", tmp_path / "a.keras", VoiceFileError, "no such file"),
    ]
    for path, to, output, kind, message in mistakes:
        with pytest.raises(kind, match=message):
            export_voice(str(path), to, str(output))
    (tmp_path / "folder.keras").mkdir()
    with pytest.raises(OptionError, match="is a folder"):
        export_voice(voice, "keras", tmp_path / "folder.keras")
    assert not list(tmp_path.glob(".*"))
    assert len(TARGETS) == 4


def test_without_safetensors_it_is_said_what_to_install(
    make_bytes: MakeBytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Writing them needs the extra."""
    (tmp_path / "v.onnx").write_bytes(make_bytes())
    monkeypatch.setitem(sys.modules, "safetensors.numpy", None)
    with pytest.raises(MissingExtraError, match=r"safetensors.*talklike\[keras\]"):
        export_voice(tmp_path / "v.onnx", "safetensors", tmp_path / "v.safetensors")
