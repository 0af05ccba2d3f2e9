"""``talklike generate``: let a voice write."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from talklike.cli.confidence import coloured, shows_colours
from talklike.cli.output import write_json, write_text
from talklike.cli.sampling_options import with_sampling
from talklike.errors import OptionError

if TYPE_CHECKING:
    from talklike.generation.scored import Scored
    from talklike.generation.voice import Voice as LoadedVoice

Voice = Annotated[str, typer.Argument(metavar="VOICE", help="A voice file, or the folder of a training run.")]
Device = Annotated[str, typer.Option(help="cpu, or cuda with onnxruntime-gpu; best with voice.float32.onnx.")]


@with_sampling
def generate(
    voice: Voice,
    prompt: Annotated[str, typer.Argument(help="What the text begins with; any text, emoji included.")] = "",
    author: Annotated[str | None, typer.Option(help="Whose, by id or name, if the voice knows several.")] = None,
    prompt_author: Annotated[
        str | None, typer.Option("--from", metavar="AUTHOR", help="Whose the prompt is, if someone else's sentence is completed.")
    ] = None,
    said: Annotated[
        list[str] | None,
        typer.Option(metavar="AUTHOR: TEXT", help="What was said before, to be answered; may be repeated, oldest first."),
    ] = None,
    count: Annotated[int, typer.Option("--count", "-n", help="How many texts, written at once.")] = 1,
    best_of: Annotated[
        int | None, typer.Option(help="Write so many, show those that are more like the author than like the room.")
    ] = None,
    max_chars: Annotated[
        int | None,
        typer.Option(
            "--max-chars", "--max-new-tokens", "--max-tokens", "--n-predict", help="Most characters, without the prompt."
        ),
    ] = None,
    min_chars: Annotated[
        int, typer.Option("--min-chars", "--min-new-tokens", help="Fewest characters before a message may end.")
    ] = 0,
    chars: Annotated[
        int | None, typer.Option(help="Write exactly this many characters, on through the ends of messages.")
    ] = None,
    stop: Annotated[
        list[str] | None,
        typer.Option("--stop", "--stop-strings", "--reverse-prompt", help="End the text before this string; may be repeated."),
    ] = None,
    regex: Annotated[str | None, typer.Option(help="What the text, without the prompt, must match.")] = None,
    seed: Annotated[int | None, typer.Option(help="The same seed gives the same text.")] = None,
    device: Device = "cpu",
    show_confidence: Annotated[
        bool, typer.Option("--show-confidence", help="Colour each character by how likely it was: green, yellow, magenta, red.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the texts as a JSON list.")] = False,
    *,
    sampling: dict[str, Any],
) -> None:
    """Let a voice write: whole messages, or a number of characters, from nothing, from a prompt, or as an answer."""
    from talklike.generation.voice import load_voice

    if chars is not None and max_chars is not None and max_chars < chars:
        raise OptionError(f"--chars {chars} and --max-chars {max_chars} contradict each other; leave away one of the two")
    loaded = load_voice(voice, device=device)
    options = {
        "author": author, "prompt_author": prompt_author, "conversation": [turn(one) for one in said or ()], "best_of": best_of,
        "max_chars": max_chars, "min_chars": min_chars, "chars": chars, "stop": stop or (), "regex": regex, "seed": seed,
    } | sampling  # fmt: skip
    if as_json:
        write_json(loaded.generate_many(count, prompt, **options))
    elif show_confidence:
        _write_coloured(loaded, count, prompt, options)
    elif count == 1:
        for piece in loaded.stream(prompt, **options):
            write_text(piece)
            sys.stdout.flush()
        write_text("\n")
    else:
        write_text("\n".join(loaded.generate_many(count, prompt, **options)) + "\n")


def turn(said: str) -> tuple[str | None, str]:
    """Return who said what in ``AUTHOR: TEXT``; without an author, someone."""
    author, colon, text = said.partition(": ")
    return (author, text) if colon else ("someone", said)


def _write_coloured(voice: LoadedVoice, count: int, prompt: str, options: dict[str, Any]) -> None:
    """Write texts whose characters have the colour of their probability, where that can be shown."""
    texts: list[list[Scored]] = [[] for _ in range(count)]
    for number, _, symbols in voice.write(voice.request(prompt, count=count, logprobs=0, **options)):
        texts[number].extend(symbols)
    for text in texts:
        write_text(f"{prompt}{coloured(text, colours=shows_colours())}\n")
