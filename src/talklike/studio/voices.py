"""The voices that the studio has loaded, each writing in a process of its own; the pages and the API share them."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from talklike.errors import RunError, TalklikeError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from talklike.server.voices import Served
    from talklike.studio.workspace import VoiceEntry, Workspace

MOST = 4
"""Voices that have a process at once: each takes some hundred megabytes."""

GRACE = 120.0
"""How long a voice that is put away may go on with what it has begun [s]."""

ENDING = 2.0
"""How long its process may then take to end of itself [s]."""

_desks: WeakKeyDictionary[Workspace, Desk] = WeakKeyDictionary()


class Desk:
    """The voices of a workspace, loaded when they are first asked for, and again when their files have changed.

    What loads them, and ONNX Runtime, are imported with the first of them: pages that need none are there sooner.

    Args:
        workspace: Where they are.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._loading = threading.Lock()
        self._loaded: dict[str, tuple[Served, tuple[int, int]]] = {}  # by id, the last used last

    async def open(self, id: str) -> Served:  # noqa: A002  (what it is called everywhere)
        """Return a voice as its file is now, its process started.

        Raises:
            RunError: There is none of this id, or its process doesn't start.
            VoiceFileError: It can't be loaded.
        """
        entry = self._workspace.voice(id)
        served = self._ready(entry)
        if served is None:
            served = await asyncio.to_thread(self._load, entry)
        if not served.started:
            await served.ready()
            await _write_once(served)
        return served

    def by_name(self) -> dict[str, Served]:
        """Return every voice that can be loaded, as its file is now, by what the API calls it; none is started for that."""
        entries = self._workspace.voices()
        for gone in self._loaded.keys() - {entry.id for entry in entries}:
            with self._loading:
                self._put_away(gone)
        found = {}
        for entry, name in zip(entries, model_names(entries).values(), strict=True):
            try:
                served = self._ready(entry) or self._load(entry)
            except TalklikeError:  # damaged, or being written
                continue
            served.name = name
            found[name] = served
        return found

    def close(self) -> None:
        """Put all voices away at once; what isn't finished fails."""
        with self._loading:
            for served, _ in self._loaded.values():
                served.close(ENDING)
            self._loaded.clear()

    def _ready(self, entry: VoiceEntry) -> Served | None:
        """Return a voice if it is loaded as it is."""
        loaded = self._loaded.get(entry.id)
        if loaded is None or loaded[1] != _state(entry.path):
            return None
        self._loaded[entry.id] = self._loaded.pop(entry.id)
        return loaded[0]

    def _load(self, entry: VoiceEntry) -> Served:
        from talklike.generation.voice import Voice
        from talklike.server.settings import Settings
        from talklike.server.voices import Served
        from talklike.voice.read import read_voice

        with self._loading:
            if (ready := self._ready(entry)) is not None:  # somebody else has loaded it meanwhile
                return ready
            state = _state(entry.path)
            card, data = read_voice(entry.path)
            voice = Voice(card, data, where=str(entry.path), threads=1)
            self._put_away(entry.id)
            self._loaded[entry.id] = Served(entry.name, voice, data, Settings(), at_once=False), state
            started = [one for one, (other, _) in self._loaded.items() if other.started]
            idle = [one for one in started if not self._loaded[one][0].active]
            for one in idle[: max(0, len(started) + 1 - MOST)]:
                self._put_away(one)
            return self._loaded[entry.id][0]

    def _put_away(self, id: str) -> None:  # noqa: A002  (an opaque id, called so in addresses)
        """Forget a voice, and close it once nobody waits for what it writes."""
        served, _ = self._loaded.pop(id, (None, None))
        if served is None or not served.started:
            return

        def close() -> None:
            until = time.monotonic() + GRACE
            while served.active and time.monotonic() < until:
                time.sleep(0.1)
            served.close(ENDING)

        threading.Thread(target=close, name="talklike-put-away", daemon=True).start()


def desk_of(workspace: Workspace) -> Desk:
    """Return the one desk of a workspace."""
    if workspace not in _desks:
        _desks[workspace] = Desk(workspace)
    return _desks[workspace]


async def _write_once(served: Served) -> None:
    """Let a voice write a character that nobody sees: the first one takes several times as long as all others."""
    happened = asyncio.Event()
    ticket = served.submit(served.voice.request(max_chars=1), happened)
    while not ticket.done:
        await served.happens([ticket], happened)
        ticket.take()
    served.forget(ticket)


def model_names(entries: Sequence[VoiceEntry]) -> dict[str, str]:
    """Return what the API calls voices, by id: each by its name, with a number where another before it is called so."""
    found: dict[str, str] = {}
    for entry in entries:
        name, number = entry.name, 2
        while name in found.values():
            name, number = f"{entry.name}-{number}", number + 1
        found[entry.id] = name
    return found


def _state(path: Path) -> tuple[int, int]:
    """Return what changes with a file.

    Raises:
        RunError: It is gone.
    """
    try:
        found = path.stat()
    except OSError as error:
        raise RunError(f"{path}: can't be read: {error.strerror}; choose another voice") from error
    return found.st_mtime_ns, found.st_size
