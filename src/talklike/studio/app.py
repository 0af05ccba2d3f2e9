"""The studio's one process: pages, uploads and the API behind one address."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import logging
import secrets
import threading
import webbrowser
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import uvicorn
from fastapi import FastAPI
from nicegui import ui

from talklike.errors import TalklikeError
from talklike.server.listening import listen
from talklike.server.settings import is_local
from talklike.studio import chat_page, chats, page_text, uploads
from talklike.studio.api import Api, is_api
from talklike.studio.guard import Guard

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from starlette.types import ASGIApp, Receive, Scope, Send

    from talklike.studio.workspace import Workspace

LATER = ("train_page", "runs_page", "talk_page", "report_page")
"""Pages that are loaded once the first one has been shown, because what they need takes a second."""

PATIENCE = 1.5
"""How long the first page is left alone before the others are loaded [s]."""

FIRST = ("/_nicegui", "/studio/chats", "/favicon.ico")
"""What the first page needs besides."""

TIDY_EVERY = 3 * 3600.0
"""Time between two looks for what nobody needs any more [s]."""

RECONNECT = 20.0
"""How long what a tab shows is kept when its connection breaks: a laptop that was closed for a moment goes on [s]."""

_BUBBLE = "M16 3a13 13 0 1 1 0 26H5.6A2.6 2.6 0 0 1 3 26.4V16A13 13 0 0 1 16 3z"
ICON = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path fill="#c2410c" d="{_BUBBLE}"/></svg>'


def application(workspace: Workspace, host: str, token: str | None, *, most_bytes: int) -> ASGIApp:
    """Return the application; there can be one in a process.

    Args:
        workspace: What it works with.
        host: The address that it listens on.
        token: What requests must bear; None lets all in that come from this machine.
        most_bytes: Largest chat that may be uploaded [byte].
    """
    page_text.listen()
    api = Api(workspace)
    later = _Later(workspace)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(later.load(after=PATIENCE)), asyncio.create_task(_tidying(workspace))]
        yield
        for task in tasks:
            task.cancel()
        api.close()

    app = FastAPI(title="talklike studio", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    uploads.add(app, workspace, most_bytes)
    chat_page.add(workspace)
    ui.run_with(
        app, title="talklike", favicon=ICON, language="en-US", dark=None, tailwind=False, reconnect_timeout=RECONNECT,
        show_welcome_message=False, binding_refresh_interval=None,
    )  # fmt: skip

    async def divided(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and is_api(scope["path"]):
            await api(scope, receive, send)
            return
        if scope["type"] == "http" and not scope["path"].startswith(FIRST) and scope["path"] != "/":
            await later.load()
        await app(scope, receive, send)

    return Guard(divided, host, token)


async def _tidying(workspace: Workspace) -> None:
    """Remove what nobody needs any more, for as long as the studio runs; before it starts that was done once."""
    while True:
        await asyncio.sleep(TIDY_EVERY)
        with contextlib.suppress(TalklikeError, OSError):  # what can't be removed now is looked at again
            await asyncio.to_thread(chats.tidy, workspace)


class _Later:
    """Loads pages when they are needed.

    Args:
        workspace: What they work with.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._waiting = list(LATER)
        self._loading = asyncio.Lock()

    async def load(self, *, after: float = 0.0) -> None:
        """Load the pages, if they aren't there yet.

        Args:
            after: How long to wait before [s].
        """
        await asyncio.sleep(after)
        async with self._loading:
            while self._waiting:
                module = await asyncio.to_thread(importlib.import_module, f"talklike.studio.{self._waiting[0]}")
                module.add(self._workspace)
                self._waiting.pop(0)


def run(
    workspace: Workspace,
    path: str,
    *,
    host: str,
    port: int,
    token: str | None,
    browser: bool,
    most_bytes: int,
    say: Callable[[str], None],
) -> None:
    """Run the studio until SIGINT or SIGTERM; work that it has started goes on.

    Args:
        workspace: What it works with.
        path: The page to open, such as ``/talk?voice=…``.
        host: Address to listen on.
        port: Port; 0 takes any that is free.
        token: What requests must bear; on an address that others reach, None makes one.
        browser: Whether to open the page in the browser.
        most_bytes: Largest chat that may be uploaded [byte].
        say: Told where the studio is.

    Raises:
        RunError: The address can't be listened on.
    """
    listening = listen(host, port)
    if token is None and not is_local(host):
        token = secrets.token_urlsafe(18)
    app = application(workspace, host, token, most_bytes=most_bytes)
    logging.getLogger("nicegui").setLevel(logging.ERROR)  # it logs the addresses of pages that aren't there
    shown = f"[{host}]" if ":" in host else "localhost" if host in ("127.0.0.1", "localhost") else host
    bearing = "" if token is None else ("&" if "?" in path else "?") + f"token={token}"
    address = f"http://{shown}:{listening.getsockname()[1]}{path}{bearing}"
    config = uvicorn.Config(app, log_config=None, access_log=False, server_header=False, timeout_graceful_shutdown=2)
    server = uvicorn.Server(config)
    if browser:
        threading.Thread(target=_open_when_started, args=(server, address), daemon=True).start()
    say(f"the studio is at {address} (Ctrl-C stops it; trainings go on)")
    try:
        server.run(sockets=[listening])
    finally:
        listening.close()


def _open_when_started(server: uvicorn.Server, address: str) -> None:
    pause = threading.Event()
    while not server.started and not server.should_exit:
        pause.wait(0.02)
    if server.started:
        webbrowser.open(address)
