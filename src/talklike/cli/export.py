"""``talklike export``: a voice for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from talklike.cli.generate import Voice


def export(
    voice: Voice,
    to: Annotated[str, typer.Option(metavar="TARGET", help="What to write: keras, weights-h5, safetensors or onnx-float32.")],
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            help="The file, whose name ends with .keras; .weights.h5 (Keras 3), .hdf5 or .h5 (Keras 2); .safetensors; .onnx.",
        ),
    ],
) -> None:
    """Write a voice for other programs: a Keras model, its weights, safetensors, or ONNX with float32 weights.

    A voice of the tutorial's recipe becomes the tutorial's model, any other one that reads ids and authors; Keras 3 loads either
    without code of ours. A voice with int8 weights is written as its run trained it, if voice.float32.onnx lies beside it.
    """
    from talklike.voice.export import export_voice

    done = export_voice(voice, to, output)
    typer.echo(f"wrote {done.path}: {done.layout}, {done.bytes / 1e6:,.1f} MB", err=True)
    if done.restored:
        typer.echo("its weights are the int8 ones times their scales: no voice.float32.onnx of it lies beside it", err=True)
