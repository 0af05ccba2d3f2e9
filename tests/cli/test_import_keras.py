"""``talklike import-keras`` as a user runs it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import h5py
import pytest

from talklike.generation.voice import load_voice
from talklike.voice.keras_model import sequential_model
from talklike.voice.keras_write import keras_file
from tests.voice.keras_files import keras_2, write_weights
from tests.voice.test_stack import ALPHABET, random_stack

if TYPE_CHECKING:
    from pathlib import Path

Run = Callable[..., Any]


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    """Return the tutorial's ``weights.hdf5``."""
    with h5py.File(tmp_path / "weights.hdf5", "w") as file:
        write_weights(file, keras_2(random_stack((4,))), "2.1.6")
    return tmp_path / "weights.hdf5"


def test_the_tutorials_weights_become_a_voice(talklike: Run, weights: Path, tmp_path: Path) -> None:
    """With the notebook's ``char_indices``; what the file doesn't say is told, and the voice writes."""
    (tmp_path / "char_indices.json").write_text(json.dumps({c: i for i, c in enumerate(ALPHABET)}))
    voice = tmp_path / "voice.onnx"
    ran = talklike("import-keras", weights, "--alphabet", tmp_path / "char_indices.json", "-o", voice)
    assert (ran.status, ran.out) == (0, "")
    first, second = ran.err.splitlines()
    assert first == f"wrote {voice}: weights of a Keras model, LSTM layers of 4 units on 6 characters"
    assert "taken is what Keras 2.1.6 had by default, hard-sigmoid" in second
    ran = talklike("generate", voice, "ab", "--chars", "30", "--seed", "1")
    assert (ran.status, len(ran.out)) == (0, 33)


def test_a_model_says_everything(talklike: Run, tmp_path: Path) -> None:
    """There is nothing to assume; characters may be given as they are."""
    (tmp_path / "m.keras").write_bytes(keras_file(sequential_model(random_stack((4, 3)), 8)))
    ran = talklike("import-keras", tmp_path / "m.keras", "--alphabet", ALPHABET, "-o", tmp_path / "v.onnx", "--author", "mo")
    assert (ran.status, len(ran.err.splitlines())) == (0, 1)
    assert load_voice(tmp_path / "v.onnx").card.authors == ("mo",)


def test_the_chat_may_say_what_the_columns_are(talklike: Run, tmp_path: Path) -> None:
    """The characters of the author's first messages, sorted; the voice is the author's."""
    (tmp_path / "chat.csv").write_text(
        "author,text\n" + "".join(f"quay,{text}\n" for text in ("A b", "C d", "é", "x", "y")) + "ferry,z\n"
    )
    (tmp_path / "m.keras").write_bytes(keras_file(sequential_model(random_stack((4,)), 8)))
    arguments = ["import-keras", tmp_path / "m.keras", "--alphabet-from", tmp_path / "chat.csv", "-o", tmp_path / "v.onnx"]
    ran = talklike(*arguments, "--author", "quay", "--fraction", "0.6")
    assert ran.status == 0, ran.err
    card = load_voice(tmp_path / "v.onnx").card
    assert (card.alphabet, card.authors) == (ALPHABET, ("quay",))
    ran = talklike(*arguments, "--author", "quay")
    assert (ran.status, ran.out) == (2, "")
    assert "the chat: 3 characters, but the model has 6" in ran.err.splitlines()[-1]


def test_mistakes_are_one_line(talklike: Run, weights: Path, tmp_path: Path) -> None:
    """Files that aren't Keras's, alphabets that don't fit, options that contradict each other."""
    (tmp_path / "empty.h5").write_bytes(b"")
    (tmp_path / "text.h5").write_text("epoch,loss\n")
    (tmp_path / "half.h5").write_bytes(weights.read_bytes()[:1500])
    alphabet, out = ("--alphabet", ALPHABET), ("-o", tmp_path / "v.onnx")
    cases: list[tuple[list[Any], int, str]] = [
        ([tmp_path / "none.h5", *alphabet], 1, "no such file"),
        ([tmp_path / "empty.h5", *alphabet], 1, "not a file of Keras's"),
        ([tmp_path / "text.h5", *alphabet], 1, "not a file of Keras's"),
        ([tmp_path / "half.h5", *alphabet], 1, "is damaged, or broke off"),
        ([weights, "--alphabet", "abc"], 2, "3 characters, but the model has 6"),
        ([weights], 2, "either --alphabet, or --alphabet-from"),
        ([weights, *alphabet, "--alphabet-from", "x.csv"], 2, "either --alphabet, or --alphabet-from"),
        ([weights, *alphabet, "--fraction", "0.5"], 2, "--fraction is of the chat"),
        ([weights, *alphabet, "--gates", "relu"], 2, "must be sigmoid or hard-sigmoid"),
        ([weights, *alphabet, "--words-per-message", "0.5"], 2, "must be above 1"),
    ]
    for arguments, status, message in cases:
        ran = talklike("import-keras", *arguments, *out)
        assert (ran.status, ran.out, len(ran.err.splitlines())) == (status, "", 1), ran.err
        assert message in ran.err
        assert not (tmp_path / "v.onnx").exists()
