"""What a job tells whoever watches it: one JSON object a line, in a file in its folder."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

EVENTS = "events.jsonl"
FOLDER = "TALKLIKE_JOB"
"""Environment variable with the folder of the job that a process does."""


def tell(event: str, **facts: Any) -> None:
    """Tell whoever watches this job something; without a job, nothing.

    Args:
        event: What kind of news it is; ``end`` is told by the process itself.
        **facts: The news; plain JSON-ready values.
    """
    if folder := os.environ.get(FOLDER):
        line = json.dumps({"event": event, **facts}, ensure_ascii=False) + "\n"
        # One write to a file opened for appending: a reader sees whole lines, or the beginning of one.
        with open(os.path.join(folder, EVENTS), "ab", buffering=0) as file:  # noqa: PTH118, PTH123  (unbuffered, and called often)
            file.write(line.encode("utf-8", "replace"))


class Reader:
    """Reads events as they come, each once.

    Args:
        path: The file; it may not be there yet.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._at = 0

    def new(self) -> list[dict[str, Any]]:
        """Return the events that have come since the last call, oldest first."""
        try:
            with self._path.open("rb") as file:
                file.seek(self._at)
                data = file.read()
        except FileNotFoundError:
            return []
        whole = data[: data.rfind(b"\n") + 1]  # a line may be half written
        self._at += len(whole)
        return [event for line in whole.splitlines() if isinstance(event := _parsed(line), dict) and "event" in event]


def _parsed(line: bytes) -> Any:
    """Return what a line holds; None if a full disk has cut it short."""
    try:
        return json.loads(line)
    except ValueError:
        return None
