"""What someone trained with Keras, as a voice that writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from talklike.corpus.sorted_characters import SortedCharacters
from talklike.errors import OptionError, RunError
from talklike.generation.import_keras import import_keras
from talklike.generation.voice import Voice, load_voice
from talklike.voice.export import export_voice
from talklike.voice.keras_model import sequential_model
from talklike.voice.keras_write import keras_file, legacy_weights
from tests.real_keras import C, predicted, quietly, real_keras, real_model
from tests.voice.test_stack import ALPHABET, random_stack

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """Return a model file."""
    path = tmp_path / "model.keras"
    path.write_bytes(keras_file(sequential_model(random_stack((4,)), 8)))
    return path


def characters(voice: Voice, windows: np.ndarray) -> np.ndarray:
    """Return what a voice says of the character after each window (B, T) of columns, spaces and ends of messages as one."""
    logits = voice.engine.streams(len(windows), 1).read(windows + 257)[:, -1].astype(np.float64)
    scores = np.exp(logits - logits.max(axis=1, keepdims=True))
    found = scores / scores.sum(axis=1, keepdims=True)
    found[:, 257 + voice.card.alphabet.index(" ")] += found[:, 0]
    return np.asarray(found[:, 257:])


@pytest.mark.parametrize("gates", ["sigmoid", "hard_sigmoid"])
def test_a_voice_predicts_what_real_keras_does(tmp_path: Path, gates: str) -> None:
    """Windows from a fresh state give the same probabilities; so does the model that is made of the voice again."""
    theirs = real_model((5, 3), recurrent_activation=gates)
    quietly(theirs.save, tmp_path / "model.keras")
    voice = import_keras(tmp_path / "model.keras", ALPHABET, output=tmp_path / "voice.onnx")
    windows = np.random.default_rng(1).integers(0, C, (20, 8))
    expected = predicted(theirs, np.eye(C)[windows])
    np.testing.assert_allclose(characters(voice, windows), expected, atol=1e-5)
    export_voice(tmp_path / "voice.onnx", "keras", tmp_path / "again.keras")
    again = real_keras().models.load_model(tmp_path / "again.keras")
    assert again.input_shape == (None, 8, C)
    np.testing.assert_allclose(predicted(again, np.eye(C)[windows]), expected, atol=1e-5)


def test_it_writes_by_steps_what_it_reads_as_a_text(tmp_path: Path) -> None:
    """Straight gates are in both graphs: greedy text is what the likeliest character of each window says."""
    theirs = real_model((5,), recurrent_activation="hard_sigmoid")
    quietly(theirs.save_weights, tmp_path / "m.weights.h5")
    voice = import_keras(tmp_path / "m.weights.h5", ALPHABET, gates="hard-sigmoid", words_per_message=0)
    assert voice.card.kind == "stream"
    text = voice.generate("abc", chars=30, temperature=0)
    read = [[0, *(257 + ALPHABET.index(c) for c in text)]]
    logits = voice.engine.streams(1, 1).read(np.array(read))[0]
    assert [ALPHABET[best - 257] for best in logits[3:-1].argmax(axis=1)] == list(text[3:])


def test_the_voice_file_is_the_voice(model: Path, tmp_path: Path) -> None:
    """What is written loads as what is returned, and writes."""
    voice = import_keras(model, ALPHABET, output=tmp_path / "voice.onnx", author="mo")
    again = load_voice(tmp_path / "voice.onnx")
    assert again.card == voice.card
    assert again.generate("ab", chars=30, seed=1) == voice.generate("ab", chars=30, seed=1)
    assert (voice.card.authors, voice.card.kind) == (("mo",), "messages")
    assert import_keras(model, ALPHABET).card.authors == ("imported",)


def test_a_chat_says_whose_it_is_and_how_long_messages_are(model: Path) -> None:
    """Its author, name and words a message are the voice's; what is asked for wins."""
    chat = SortedCharacters(ALPHABET, 4.0, "u7", "Mo")
    voice = import_keras(model, chat)
    assert (voice.card.authors, voice.card.names) == (("u7",), ("Mo",))
    logits = voice.engine.streams(1, 1).read(np.array([[257]]))[0, 0]
    assert logits[257] - logits[0] == pytest.approx(np.log(3), abs=1e-5)  # one space in four ends a message
    assert import_keras(model, chat, author="x").card.names == ("x",)
    assert import_keras(model, SortedCharacters(ALPHABET, None, "u7", "Mo")).card.kind == "stream"
    with pytest.raises(OptionError, match="the chat: 3 characters, but the model has 6"):
        import_keras(model, SortedCharacters("abc", 4.0, "u7", "Mo"))


def test_where_it_cannot_be_written_is_told(model: Path, tmp_path: Path) -> None:
    """The file itself, a folder and a folder that isn't there are refused."""
    (tmp_path / "weights.hdf5").write_bytes(legacy_weights(sequential_model(random_stack((4,)), 8)))
    for output, kind, message in (
        (model, OptionError, "is the Keras file itself"),
        (tmp_path, OptionError, "is a folder"),
        (tmp_path / "none" / "v.onnx", RunError, "there is no folder"),
    ):
        with pytest.raises(kind, match=message):
            import_keras(model, ALPHABET, output=output)
