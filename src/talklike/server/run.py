"""Runs a server until it is told to stop, and then finishes what it has begun."""

from __future__ import annotations

import json
import logging
import sys
from typing import TYPE_CHECKING

import uvicorn

from talklike.errors import TalklikeError
from talklike.server.app import application
from talklike.server.door import LOG
from talklike.server.listening import BACKLOG, listen
from talklike.server.settings import is_local
from talklike.server.voices import Voices

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from talklike.server.settings import Settings

KEEP_ALIVE = 30  # seconds that a connection may be idle


def serve(paths: Sequence[str], host: str, port: int, settings: Settings, say: Callable[[str], None]) -> None:
    """Serve voices until SIGINT or SIGTERM.

    A first signal lets what was begun be finished (at most ``settings.shutdown`` seconds), a second doesn't.

    Args:
        paths: Voice files and run folders.
        host: Address to listen on.
        port: Port; 0 takes any that is free.
        settings: Keys, origins and limits.
        say: Told where the server is, and what to beware of.

    Raises:
        VoiceFileError: A voice can't be loaded.
        RunError: The address can't be listened on.
    """
    listening = listen(host, port)
    try:
        voices = Voices(paths, settings)
    except TalklikeError:
        listening.close()
        raise
    _log_to_stderr()
    shown = f"[{host}]" if ":" in host else host
    say(f"serving {', '.join(voices.by_name)} at http://{shown}:{listening.getsockname()[1]}/v1 (Ctrl-C stops)")
    if not is_local(host) and not settings.keys:
        say(f"warning: {host} can be reached by others and no API key is set: whoever reaches it can write with these voices")
    config = uvicorn.Config(
        application(voices, settings),
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=round(settings.shutdown),
        backlog=BACKLOG,
    )
    try:
        uvicorn.Server(config).run(sockets=[listening])
    finally:
        voices.close(timeout=1.0)
        listening.close()


def _log_to_stderr() -> None:
    """Log a JSON object a line: requests of ours, and what uvicorn warns of."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Line())
    for log in (LOG, logging.getLogger("uvicorn.error")):
        log.addHandler(handler)
        log.propagate = False
    LOG.setLevel(logging.INFO)


class _Line(logging.Formatter):
    """A JSON object a line, the trace of an error included."""

    def format(self, record: logging.LogRecord) -> str:
        told = record.getMessage()
        line = {
            "time": self.formatTime(record),
            "level": record.levelname,
            "log": json.loads(told) if record.name == LOG.name else told,
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line)
