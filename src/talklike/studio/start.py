"""What the studio shows first: a chat, a run or a voice, by its path."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from talklike.errors import ChatFileError
from talklike.studio import chats
from talklike.studio.workspace import RECIPE, VOICE, Workspace

if TYPE_CHECKING:
    from talklike.studio.chats import ChatEntry


def opened(runs: Path, what: str | None) -> tuple[Workspace, str]:
    """Return the workspace, tidied up, and the page to open.

    Args:
        runs: The folder of runs.
        what: A chat, a run folder or a voice file; None for the first page.

    Raises:
        ChatFileError: There is no such file.
        RunError: The studio's folder can't be made.
    """
    workspace = Workspace(runs)
    workspace.make_private()
    chats.tidy(workspace)
    workspace.tidy()
    if what is None:
        return workspace, "/"
    path = Path(what)
    if not path.exists():
        raise ChatFileError(f"{what}: no such file or folder; name a chat, a run folder or a voice file")
    if (path / VOICE).is_file() or path.suffix == ".onnx":
        return workspace, f"/talk?voice={workspace.add(path)}"
    if (path / RECIPE).is_file():
        return workspace, "/runs"  # it has no voice yet
    return workspace, f"/?chat={_chat(workspace, path).id}"


def _chat(workspace: Workspace, path: Path) -> ChatEntry:
    """Return the chat at a path, which is read anew if it has changed since the studio read it last."""
    source = str(path.resolve())
    for entry in chats.all_chats(workspace):
        if entry.about.get("source") == source and entry.base and entry.base.stat().st_mtime > path.stat().st_mtime:
            return entry.change()
    return chats.open_path(workspace, source, {})
