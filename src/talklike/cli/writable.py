"""Refuses, before long work, a file that can't be written after it."""

from __future__ import annotations

import importlib.util
import os
from typing import TYPE_CHECKING

from talklike.errors import MissingExtraError, OptionError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

PICTURES = (".png", ".svg", ".pdf")
"""What a picture can be drawn as."""


def check_file(path: Path, option: str) -> None:
    """Refuse a file that can't be written.

    Args:
        path: The file; its folder must be there.
        option: Who names it, as it is typed.

    Raises:
        OptionError: It is a folder, or its folder isn't there or can't be written.
    """
    if path.is_dir():
        raise OptionError(f"{option} {path} is a folder; name a file in it")
    if not path.parent.is_dir():
        raise OptionError(f"{option} {path}: there is no folder {path.parent}")
    if not os.access(path.parent, os.W_OK):
        raise OptionError(f"{option} {path}: the folder {path.parent} can't be written; name a file in another one")


def check_plot(path: Path, suffixes: Sequence[str] = PICTURES) -> None:
    """Refuse a picture of ``--plot`` that can't be drawn or written.

    Args:
        path: The file.
        suffixes: What can be drawn.

    Raises:
        OptionError: It has another suffix, or ``check_file`` refuses it.
        MissingExtraError: matplotlib isn't installed.
    """
    if path.suffix.lower() not in suffixes:
        *most, last = suffixes
        raise OptionError(f"--plot {path}: draw into a {' or '.join([', '.join(most), last] if most else [last])}")
    check_file(path, "--plot")
    if importlib.util.find_spec("matplotlib") is None:
        raise MissingExtraError("matplotlib", "plot")
