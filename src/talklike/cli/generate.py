"""``talklike generate``: let a voice write."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from talklike.cli.output import write_json, write_text

Voice = Annotated[str, typer.Argument(metavar="VOICE", help="A voice file, or the folder of a training run.")]


def generate(
    voice: Voice,
    prompt: Annotated[str, typer.Argument(help="What the text begins with; any text, emoji included.")] = "",
    author: Annotated[str | None, typer.Option(help="Whose, by id or name, if the voice knows several.")] = None,
    temperature: Annotated[
        float | None, typer.Option("--temperature", "-t", help="Below 1 safer, above 1 wilder, 0 the most likely.")
    ] = None,
    top_k: Annotated[int | None, typer.Option(help="Pick only from the k most likely symbols; 0 is off.")] = None,
    top_p: Annotated[
        float | None, typer.Option(help="Pick only from the most likely symbols that together are this probable; 1 is off.")
    ] = None,
    min_p: Annotated[
        float | None,
        typer.Option(help="Pick only from symbols at least this share as likely as the most likely; 0 is off."),
    ] = None,
    count: Annotated[int, typer.Option("--count", "-n", help="How many texts, written at once.")] = 1,
    max_chars: Annotated[int | None, typer.Option(help="Most characters of a message, without the prompt.")] = None,
    chars: Annotated[
        int | None, typer.Option(help="Write exactly this many characters, on through the ends of messages.")
    ] = None,
    stop: Annotated[list[str] | None, typer.Option(help="End the text before this string; may be repeated.")] = None,
    seed: Annotated[int | None, typer.Option(help="The same seed gives the same text.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the texts as a JSON list.")] = False,
) -> None:
    """Let a voice write: whole messages, or a number of characters, from nothing or from a prompt."""
    from talklike.generation.voice import load_voice

    if count == 1 and not as_json:
        pieces = load_voice(voice).stream(
            prompt,
            author=author, max_chars=max_chars, chars=chars, stop=stop or (), seed=seed,
            temperature=temperature, top_k=top_k, top_p=top_p, min_p=min_p,
        )  # fmt: skip
        for piece in pieces:
            write_text(piece)
            sys.stdout.flush()
        write_text("\n")
        return
    texts = load_voice(voice).generate_many(
        count,
        prompt,
        author=author, max_chars=max_chars, chars=chars, stop=stop or (), seed=seed,
        temperature=temperature, top_k=top_k, top_p=top_p, min_p=min_p,
    )  # fmt: skip
    write_json(texts) if as_json else write_text("\n".join(texts) + "\n")
