"""A voice of a model that someone trained with Keras."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from talklike.errors import KerasFileError, OptionError
from talklike.version import __version__
from talklike.voice.card import GATES, MAX_LAYERS, Card
from talklike.voice.read import MAX_FILE
from talklike.voice.stack import stack_sizes, stack_weights
from talklike.voice.write import voice_bytes

if TYPE_CHECKING:
    from talklike.voice.keras_read import KerasFile

WORDS = 10.0
"""Words of a message where nobody says: chats of freeCodeCamp, of #perl6 and of South Park have 9 to 10."""


def voice_of_keras(keras: KerasFile, alphabet: str, *, words: float | None, author: str, name: str | None = None) -> bytes:
    """Return a voice file, float32, that predicts what a Keras model does from a fresh state.

    The model joined messages by spaces and knows no end of one: of the spaces that it predicts, one in ``words`` ends a message.

    Args:
        keras: The model.
        alphabet: The character of each of its columns.
        words: Words of a message, above 1; None for a running text, which it also is without a space in the alphabet.
        author: Whose voice it is.
        name: The author's name; the id without it.

    Raises:
        OptionError: The number of words makes no sense.
        KerasFileError: A voice can't be as large.
        MissingExtraError: The package onnx is needed.
    """
    if words is not None and not (1 < words < math.inf):
        raise OptionError(f"words-per-message is {words:g}, must be above 1, or 0 for a running text")
    stack = keras.stack
    sizes = stack_sizes(stack.characters, stack.units)
    if 4 * sizes.parameters > MAX_FILE or sizes.layers > MAX_LAYERS:
        raise KerasFileError(
            f"{sizes.layers} layers of {sizes.hidden:,} units in all are more than a voice may have: {MAX_LAYERS} layers, and "
            f"{MAX_FILE >> 20:,} MB as one matrix a layer"
        )
    messages = words is not None and " " in alphabet
    recipe = {"name": "keras", "units": list(stack.units), "lowercase": alphabet == alphabet.lower()}
    if keras.window is not None:
        recipe["window"] = keras.window
    imported = {
        "layout": keras.layout, "keras_version": keras.version, "sha256": keras.sha256, "gates_assumed": keras.assumed,
    }  # fmt: skip
    provenance = {"author": author, "imported": imported, "version": __version__}
    kind, gates = "messages" if messages else "stream", GATES[1 if stack.hard else 0]
    card = Card(alphabet, (author,), (name or author,), kind, sizes, recipe=recipe, provenance=provenance, gates=gates)
    return voice_bytes(card, stack_weights(stack, alphabet, 1 / words if messages and words else None))
