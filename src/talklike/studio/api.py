"""The API of ``talklike serve`` beside the pages: every voice of the workspace, under the same address."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from talklike.studio.voices import desk_of

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from talklike.server.voices import Served
    from talklike.studio.workspace import Workspace

PATHS = ("/v1", "/health", "/metrics", "/docs")
"""Where the API is; all else are pages."""


def is_api(path: str) -> bool:
    """Return whether the API answers a path."""
    return path.startswith(PATHS)


class Api:
    """An ASGI application that serves the voices that are there when it is asked.

    The server and its packages are loaded with the first request, and each voice's process starts when it is to write.

    Args:
        workspace: Whose voices.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._desk = desk_of(workspace)
        self._app: ASGIApp | None = None
        self._served: dict[str, Served] = {}
        self._refreshing = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        async with self._refreshing:
            await asyncio.to_thread(self._refresh)
        assert self._app is not None, "made by _refresh"
        await self._app(scope, receive, send)

    def close(self) -> None:
        """Put all voices away."""
        self._desk.close()

    def _refresh(self) -> None:
        """Serve the voices that are there now."""
        from talklike.server.app import application
        from talklike.server.settings import Settings
        from talklike.server.voices import Voices

        served = self._desk.by_name()
        if self._app is not None and served == self._served:
            return
        self._served = served
        settings = Settings()
        voices = Voices([], settings)
        voices.by_name = served
        self._app = application(voices, settings)
