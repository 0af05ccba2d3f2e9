"""Checkpoints: everything a run needs to go on as if it had never stopped, in one file, replaced whole."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import torch

from talklike.errors import RunError
from talklike.voice.write import atomic_write

if TYPE_CHECKING:
    from pathlib import Path

FORMAT_VERSION = 1


def save_checkpoint(path: Path, state: dict[str, Any]) -> None:
    """Write ``state``, nested dicts and lists of tensors and plain values; a kill leaves the old file or the new one.

    Raises:
        RunError: The disk is full or the folder can't be written.
    """
    buffer = io.BytesIO()
    torch.save({"format_version": FORMAT_VERSION, **state}, buffer)
    atomic_write(path, buffer.getvalue())


def load_checkpoint(path: Path) -> dict[str, Any]:
    """Return what ``save_checkpoint`` wrote. Nothing but tensors and plain values is unpickled.

    Raises:
        RunError: There is none, or it can't be read.
    """
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except FileNotFoundError as error:
        raise RunError(f"{path.parent.parent}: no checkpoint in it to resume from; train without --resume") from error
    except Exception as error:
        raise RunError(f"{path}: the checkpoint is damaged; train again without --resume") from error
    if not isinstance(state, dict) or state.get("format_version") != FORMAT_VERSION:
        raise RunError(f"{path}: not a checkpoint of this version of talklike; train again without --resume")
    return state
