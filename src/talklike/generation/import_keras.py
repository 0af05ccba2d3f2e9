"""What someone trained with Keras, as a voice."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from talklike.corpus.sorted_characters import SortedCharacters
from talklike.errors import OptionError, RunError
from talklike.generation.voice import Voice
from talklike.voice.from_keras import WORDS, voice_of_keras
from talklike.voice.keras_alphabet import characters_of, checked
from talklike.voice.keras_read import read_keras
from talklike.voice.write import atomic_write

if TYPE_CHECKING:
    import os

AUTHOR = "imported"
"""Whose an imported voice is where nobody says."""


def import_keras(
    path: str | os.PathLike[str],
    alphabet: str | SortedCharacters,
    *,
    output: str | os.PathLike[str] | None = None,
    gates: str | None = None,
    words_per_message: float | None = None,
    author: str | None = None,
) -> Voice:
    """Return a voice that predicts what a Keras model does that was trained with the tutorial's notebook, or much like it.

    Args:
        path: A ``.keras``, ``.h5``, ``.hdf5`` or ``.weights.h5`` file of Keras 1 to 3: LSTM layers on one-hot characters,
            dropout if any, a dense softmax.
        alphabet: What its columns mean: the characters, or a file with them (``talklike.voice.keras_alphabet.characters_of``), or
            what ``talklike.corpus.sorted_characters.sorted_characters`` finds in the chat that it was trained on.
        output: A voice file to write.
        gates: ``sigmoid`` or ``hard-sigmoid``, for a file that doesn't say what opens its LSTM's gates; without it, as the
            version of Keras that wrote the file had it by default.
        words_per_message: The model knows no end of a message, only spaces; one in so many ends one. 0 is a running text, which
            never ends. Without it: as in the chat whose characters are given, else 10.
        author: Whose voice it is; the chat's author, if one was chosen there.

    Raises:
        KerasFileError: The file is missing, damaged, or isn't a plain stack of LSTMs on characters.
        OptionError: The alphabet is another model's, or a value makes no sense.
        MissingExtraError: The extra ``keras`` is needed.
        RunError: The voice can't be written.
    """
    keras = read_keras(path, gates)
    columns, words, name = keras.stack.characters, words_per_message, author
    if isinstance(alphabet, SortedCharacters):
        characters = checked(alphabet.characters, columns, "the chat")
        words = (alphabet.words or 0) if words is None else words
        author, name = author or alphabet.author, author or alphabet.name
    else:
        characters = characters_of(alphabet, columns)
    words = WORDS if words is None else words
    data = voice_of_keras(keras, characters, words=words or None, author=author or AUTHOR, name=name)
    voice = Voice.from_bytes(data, where=str(path))
    if output is not None:
        file = Path(output)
        if file.is_dir():
            raise OptionError(f"{file} is a folder; name a file in it")
        if not file.parent.is_dir():
            raise RunError(f"{file}: there is no folder {file.parent}")
        if file.exists() and file.samefile(path):
            raise OptionError(f"{file} is the Keras file itself; write to another file")
        atomic_write(file, data)
    return voice
