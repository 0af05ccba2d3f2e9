"""``talklike serve``: voices over HTTP."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from talklike.cli.generate import Device
from talklike.errors import MissingExtraError

KEYS = "TALKLIKE_API_KEY"
"""Environment variable with API keys, separated by commas: a key on the command line can be seen by everyone on the machine."""


def serve(
    voices: Annotated[list[str], typer.Argument(metavar="VOICE…", help="Voice files, or folders of training runs.")],
    host: Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 is all of this machine's.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes one that is free.")] = 8000,
    api_key: Annotated[
        list[str] | None,
        typer.Option(help=f"Answer only requests with this key; may be repeated. Better in {KEYS}, separated by commas."),
    ] = None,
    cors: Annotated[
        list[str] | None, typer.Option(metavar="ORIGIN", help="Let pages from this origin ask; may be repeated.")
    ] = None,
    streams: Annotated[int, typer.Option(min=1, help="Most texts written at once with a voice.")] = 32,
    queue: Annotated[int, typer.Option(min=1, help="Most texts that wait for it.")] = 256,
    max_body: Annotated[int, typer.Option(min=1, help="Largest body of a request, in bytes.")] = 1 << 20,
    max_prompt: Annotated[int, typer.Option(min=1, help="Longest prompt, in characters, the conversation included.")] = 16_384,
    max_chars: Annotated[int, typer.Option(min=1, help="Longest text, in characters.")] = 4096,
    timeout: Annotated[float, typer.Option(help="Longest time for a request, in seconds, waiting included.")] = 120.0,
    shutdown: Annotated[
        float, typer.Option(help="How long the server, told to stop, goes on with what it has begun, in seconds.")
    ] = 30.0,
    device: Device = "cpu",
) -> None:
    """Serve voices over HTTP, in the manner of OpenAI's API, to this machine alone unless told otherwise."""
    try:
        from talklike.server.run import serve as run
        from talklike.server.settings import Settings
    except ImportError as error:
        raise MissingExtraError(error.name or "fastapi", "serve") from error
    keys = [key for key in os.environ.get(KEYS, "").split(",") if key]
    settings = Settings(
        keys=(*(api_key or ()), *keys), origins=tuple(cors or ()), streams=streams, queue=queue, body=max_body, prompt=max_prompt,
        length=max_chars, texts=min(streams, Settings.texts), timeout=timeout, shutdown=shutdown, device=device,
    )  # fmt: skip
    run(voices, host, port, settings, lambda text: _say(f"talklike: {text}"))


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
