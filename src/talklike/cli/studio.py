"""``talklike studio``: see a chat, train a voice and talk to it, in a browser."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from talklike.errors import MissingExtraError, OptionError

FROM_ENVIRONMENT = "TALKLIKE_STUDIO_TOKEN"
"""Environment variable with a token of one's own: a token on the command line can be seen by everyone on the machine."""


def studio(
    what: Annotated[
        str | None,
        typer.Argument(
            metavar="[CHAT|RUN|VOICE]", help="What to open: a chat, a run folder or a voice file.", show_default=False
        ),
    ] = None,
    runs: Annotated[Path, typer.Option(help="Folder of the runs, with the studio's own files in .studio in it.")] = Path("runs"),
    host: Annotated[str, typer.Option(help="Address to listen on; one that others reach asks them for a token.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes one that is free.")] = 8800,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page in the browser.")] = True,
    max_upload: Annotated[
        float, typer.Option(min=0.001, help="Largest chat that can be dropped on the page, in gigabytes.")
    ] = 4.0,
) -> None:
    """Open the studio in the browser: look at a chat, train, watch, talk. Nothing leaves this machine."""
    if sys.platform == "win32":
        raise OptionError("the studio needs Linux or macOS (on Windows, WSL); the other commands do without it")
    try:
        from talklike.studio import app, start
    except ImportError as error:
        raise MissingExtraError(error.name or "nicegui", "studio") from error

    workspace, path = start.opened(runs, what)
    app.run(
        workspace, path, host=host, port=port, token=os.environ.get(FROM_ENVIRONMENT) or None, browser=browser,
        most_bytes=int(max_upload * 1e9), say=_say,
    )  # fmt: skip


def _say(text: str) -> None:
    sys.stderr.write(f"talklike: {text}\n")
    sys.stderr.flush()
