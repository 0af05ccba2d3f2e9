"""A real server in a thread of this process."""

from __future__ import annotations

import contextlib
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx
import uvicorn

from talklike.server.app import application
from talklike.server.voices import Voices

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talklike.server.settings import Settings

PATIENCE = 30  # seconds; only a hang takes so long


@dataclass
class Running:
    """A server that runs in a thread of this process."""

    url: str
    voices: Voices
    client: httpx.Client


@contextlib.contextmanager
def running(paths: list[str], settings: Settings) -> Iterator[Running]:
    """Run a server in a thread."""
    voices = Voices(paths, settings)
    server = uvicorn.Server(uvicorn.Config(application(voices, settings), port=0, log_config=None, access_log=False))
    thread = threading.Thread(target=server.run)
    thread.start()
    until = time.monotonic() + PATIENCE
    while not server.started:
        assert time.monotonic() < until
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE) as client:
            yield Running(f"http://127.0.0.1:{port}", voices, client)
    finally:
        server.should_exit = True
        thread.join(PATIENCE)
        assert not thread.is_alive()


def post(server: Running, path: str = "/v1/completions", **body: Any) -> httpx.Response:
    """Return the answer to a body."""
    return server.client.post(path, json={"model": "harbour", "seed": 1, "max_tokens": 20} | body)
