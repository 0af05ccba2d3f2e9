"""The lines that were typed in earlier chats, kept in a file, so that the arrow keys find them again."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from prompt_toolkit.history import History, InMemoryHistory

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST = 1000
"""Lines that are kept; the file is cut to so many once it has twice as many."""


def state_folder() -> Path:
    """Return the folder in which this platform keeps what programs remember between runs."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "talklike"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "talklike"
    wanted = Path(os.environ.get("XDG_STATE_HOME", ""))
    return (wanted if wanted.is_absolute() else Path.home() / ".local" / "state") / "talklike"


def lines_typed_before(file: str) -> History:
    """Return the history in a file of the state folder; where nobody knows that folder, one that is forgotten."""
    try:
        return LineHistory(state_folder() / file)
    except RuntimeError:  # there is no home
        return InMemoryHistory()


class LineHistory(History):
    """Lines in a file, each a line of JSON, as what was pasted may hold line ends; only its owner may read it.

    Where the file can't be read or written there is no history, and no complaint: a chat doesn't need one.

    Args:
        path: The file.
    """

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path

    def load_history_strings(self) -> Iterable[str]:
        """Return the lines, the newest first."""
        lines = self._read()
        if len(lines) > 2 * MOST:
            lines = lines[-MOST:]
            with contextlib.suppress(OSError):
                self._rewrite(lines)
        return lines[::-1][:MOST]

    def store_string(self, string: str) -> None:
        """Add a line."""
        with contextlib.suppress(OSError):
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write(self._path, [string], os.O_APPEND)

    def _read(self) -> list[str]:
        try:
            content = self._path.read_text(encoding="utf-8", errors="replace")
        except OSError:
            return []
        found = []
        for line in content.splitlines():
            with contextlib.suppress(ValueError, RecursionError):  # a line that was cut off
                value = json.loads(line)
                if isinstance(value, str):
                    found.append(value)
        return found

    def _rewrite(self, lines: list[str]) -> None:
        new = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        _write(new, lines, os.O_TRUNC)
        new.replace(self._path)


def _write(path: Path, lines: list[str], how: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | how, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write("".join(json.dumps(line) + "\n" for line in lines))
