"""A voice of a Keras model."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from talklike.errors import KerasFileError, OptionError
from talklike.generation.voice import Voice
from talklike.voice.from_keras import voice_of_keras
from talklike.voice.keras_read import KerasFile
from talklike.voice.read import check_voice
from talklike.voice.stack import Stack
from tests.voice.test_stack import ALPHABET, probabilities, random_stack

KERAS = KerasFile(random_stack((4, 3)), 40, "weights of a Keras model", "2.4.0", assumed=True, sha256="ab")


def test_the_voice_predicts_what_the_model_does() -> None:
    """From a fresh state, with the space shared between itself and the end of a message."""
    voice = Voice.from_bytes(voice_of_keras(KERAS, ALPHABET, words=8, author="u1"), threads=1)
    read = [1, 3, 0, 5, 2, 2]
    logits = voice.engine.streams(1, 1).read(np.array([read]) + 257)[0, -1].astype(np.float64)
    scores = np.exp(logits - logits.max())
    found = scores / scores.sum()
    expected = probabilities(KERAS.stack, read)[-1]
    np.testing.assert_allclose(found[0], expected[0] / 8, atol=1e-6)
    found[257] += found[0]
    np.testing.assert_allclose(found[257:], expected, atol=1e-5)


def test_the_card_says_where_it_comes_from() -> None:
    """Layers, window, file, version, and that the gates were assumed; nothing of a corpus, which nobody knows."""
    card = check_voice(voice_of_keras(KERAS, ALPHABET, words=8, author="u1", name="Mo"), "voice")
    assert (card.kind, card.authors, card.names, card.precision, card.gates) == (
        "messages",
        ("u1",),
        ("Mo",),
        "float32",
        "sigmoid",
    )
    assert card.recipe == {"name": "keras", "units": [4, 3], "window": 40, "lowercase": True}
    assert card.provenance["author"] == "u1"
    assert card.provenance["imported"] == {
        "layout": "weights of a Keras model", "keras_version": "2.4.0", "sha256": "ab", "gates_assumed": True,
    }  # fmt: skip
    hard = replace(KERAS, stack=replace(KERAS.stack, hard=True), window=None)
    card = check_voice(voice_of_keras(hard, ALPHABET.upper(), words=8, author="u1"), "voice")
    assert (card.gates, card.recipe) == ("hard_sigmoid", {"name": "keras", "units": [4, 3], "lowercase": False})


def test_a_text_without_messages_is_a_running_text() -> None:
    """So is a model that knows no space."""
    assert check_voice(voice_of_keras(KERAS, ALPHABET, words=None, author="u1"), "voice").kind == "stream"
    assert check_voice(voice_of_keras(KERAS, "abcdef", words=8, author="u1"), "voice").kind == "stream"


def test_what_makes_no_voice_is_told() -> None:
    """Messages of less than a word, and a network beyond what a voice may have."""
    for words in (1, 0.5, -3, float("inf"), float("nan")):
        with pytest.raises(OptionError, match="must be above 1, or 0 for a running text"):
            voice_of_keras(KERAS, ALPHABET, words=words, author="u1")
    many = Stack(KERAS.stack.layers * 40, KERAS.stack.dense, KERAS.stack.dense_bias)
    with pytest.raises(KerasFileError, match="80 layers of 280 units in all are more than a voice may have"):
        voice_of_keras(replace(KERAS, stack=many), ALPHABET, words=8, author="u1")
