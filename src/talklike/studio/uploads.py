"""Takes chats that are dropped on a page: files in, a folder of the workspace out, limited in size, kept from everyone else."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from starlette.requests import ClientDisconnect

from talklike.errors import ChatFileError, TalklikeError
from talklike.studio import chats
from talklike.studio.page_text import whole

if TYPE_CHECKING:
    from fastapi import FastAPI

    from talklike.studio.workspace import Workspace

MOST_FILES = 200_000
"""Files of a dropped folder: the largest exports have one for each day and channel."""

LEFT_FREE = 500 << 20
"""Space that an upload leaves on the disk [byte]."""

MOST_NAME = 400
"""Longest path of a file within a dropped folder, in characters."""


def add(app: FastAPI, workspace: Workspace, most_bytes: int) -> None:
    """Add the paths to which pages send files.

    Args:
        app: The application.
        workspace: Where they are put.
        most_bytes: Largest chat [byte].
    """
    router = APIRouter(prefix="/studio/chats")
    taken: dict[str, list[int]] = {}  # bytes and files, by chat

    @app.exception_handler(TalklikeError)
    async def mistaken(_: Request, error: TalklikeError) -> JSONResponse:
        return JSONResponse({"message": str(error)}, 400)

    @router.post("")
    async def begin() -> dict[str, Any]:
        return {"id": chats.begin(workspace)}

    @router.put("/{id}/file")
    async def take(id: str, request: Request) -> dict[str, Any]:  # noqa: A002  (what it is called everywhere)
        folder = chats.upload_folder(workspace, id)
        file = folder / inner_path(request.headers.get("x-path", ""))
        so_far = taken.setdefault(id, [0, 0])
        room = min(most_bytes - so_far[0], shutil.disk_usage(folder).free - LEFT_FREE)
        if so_far[1] >= MOST_FILES:
            raise ChatFileError(f"this folder has more than {MOST_FILES:,} files; pack it as a zip and drop that")
        so_far[0] += await _receive(request, file, room)
        so_far[1] += 1
        return {}

    @router.post("/{id}/read")
    async def read(id: str, request: Request) -> dict[str, Any]:  # noqa: A002  (an opaque id, called so in addresses)
        options = whole(await request.json())
        chats.read_uploaded(workspace, id, options if isinstance(options, dict) else {})
        taken.pop(id, None)
        return {}

    @router.delete("/{id}")
    async def remove(id: str) -> dict[str, Any]:  # noqa: A002  (an opaque id, called so in addresses)
        await asyncio.to_thread(chats.remove, workspace, id)
        return {}

    app.include_router(router)


async def _receive(request: Request, file: Path, room: int) -> int:
    """Write what a request brings into a file; return how much it was [byte].

    Raises:
        ChatFileError: It is more than there is room for.
    """
    size = 0
    file.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(ClientDisconnect), file.open("wb") as out:  # who goes away while sending has given up
        async for piece in request.stream():
            size += len(piece)
            if size > room:
                raise ChatFileError("this is more than may be uploaded, or than the disk holds; open it by its path instead")
            out.write(piece)
    return size


def inner_path(header: str) -> PurePosixPath:
    """Return the path of a dropped file within its folder.

    Args:
        header: It as the page sends it, percent-encoded.

    Raises:
        ChatFileError: It leads elsewhere.

    >>> inner_path("export/general/2024-05-01.json")
    PurePosixPath('export/general/2024-05-01.json')
    """
    path = PurePosixPath(unquote(header).replace("\\", "/"))
    if not path.parts or path.is_absolute() or ".." in path.parts or "\0" in str(path) or len(str(path)) > MOST_NAME:
        raise ChatFileError("a dropped file has a name that can't be used; rename it, or pack the folder as a zip")
    return path
