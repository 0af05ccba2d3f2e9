"""``talklike import-keras``: a voice of what someone trained with Keras."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from talklike.cli.reading import read
from talklike.errors import OptionError

if TYPE_CHECKING:
    from talklike.corpus.sorted_characters import SortedCharacters
    from talklike.generation.voice import Voice


def import_keras(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A model or its weights, of Keras 1 to 3: .keras, .h5, .hdf5, .weights.h5.")
    ],
    output: Annotated[Path, typer.Option("--output", "-o", metavar="VOICE", help="The voice file to write.")],
    alphabet: Annotated[
        str | None,
        typer.Option(metavar="TEXT|FILE", help="Its characters, or a file with them: char_indices as JSON, or text."),
    ] = None,
    alphabet_from: Annotated[
        str | None, typer.Option(metavar="CHAT", help="Sort the characters of this chat instead, as the tutorial did.")
    ] = None,
    author: Annotated[
        str | None, typer.Option(help="Whose voice it is; with --alphabet-from, whose messages were learnt, by id or name.")
    ] = None,
    fraction: Annotated[
        float | None,
        typer.Option(help="With --alphabet-from: the share of the messages learnt; else the tutorial's 0.2."),
    ] = None,
    gates: Annotated[
        str | None,
        typer.Option(
            metavar="sigmoid|hard-sigmoid",
            help="What opens the LSTM's gates, if the file doesn't say; else as its Keras had it.",
        ),
    ] = None,
    words_per_message: Annotated[
        float | None,
        typer.Option(
            metavar="N",
            help="One of N spaces ends a message, as the model knows no other end; 0: nothing ends. Else as in the chat, or 10.",
        ),
    ] = None,
) -> None:
    """Make a voice of a model that was trained with the tutorial's notebook in Keras, or of its weights.

    It reads stacks of LSTM layers on one-hot characters with a dense softmax, in the layouts of Keras 1, 2 and 3. The voice
    predicts what the model does; it writes, serves and is evaluated as any other.
    """
    from talklike.corpus.sorted_characters import FRACTION, sorted_characters
    from talklike.generation.import_keras import import_keras as make

    if (alphabet is None) == (alphabet_from is None):
        raise OptionError("say which characters the model knows: either --alphabet, or --alphabet-from CHAT")
    if fraction is not None and alphabet_from is None:
        raise OptionError("--fraction is of the chat that --alphabet-from names")
    characters: str | SortedCharacters
    if alphabet_from is not None:
        chat = read(alphabet_from, with_quotes=True)  # the notebook drops none
        characters = sorted_characters(chat, author, fraction=FRACTION if fraction is None else fraction)
        author = None  # the chat's, by id and name
    else:
        characters = alphabet or ""
    voice = make(file, characters, output=output, gates=gates, words_per_message=words_per_message, author=author)
    typer.echo(f"wrote {output}: {_said(voice)}", err=True)
    imported = voice.card.provenance["imported"]
    if imported["gates_assumed"]:
        version = f"Keras {imported['keras_version']}" if imported["keras_version"] else "its layout"
        typer.echo(
            f"the file doesn't say what opens the LSTM's gates; taken is what {version} had by default, "
            f"{voice.card.gates.replace('_', '-')}. If the model had another: --gates",
            err=True,
        )


def _said(voice: Voice) -> str:
    """Return what a voice is, in a few words."""
    layers = ", ".join(map(str, voice.card.recipe["units"]))
    return (
        f"{voice.card.provenance['imported']['layout']}, LSTM layers of {layers} units on {len(voice.card.alphabet)} characters"
    )
