"""The voices of a server, by name, each with a scheduler of its own."""

from __future__ import annotations

import asyncio
import time
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from talklike.generation.engine import check_device
from talklike.generation.voice import Voice
from talklike.server.answers import ApiError
from talklike.server.remote import RemoteScheduler
from talklike.voice.read import read_voice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from talklike.generation.request import Request
    from talklike.generation.scheduler import Ticket
    from talklike.server.settings import Settings


class Served:
    """A voice that is being served.

    Args:
        name: What it is called.
        voice: The voice, which says what can be asked for.
        data: Its file, for the process that writes.
        settings: How many texts at once.
        at_once: Whether its process starts now; else when something is to be written.

    Attributes:
        created: When it was loaded [s since 1970].

    Raises:
        RunError: The process doesn't start.
    """

    def __init__(self, name: str, voice: Voice, data: bytes, settings: Settings, *, at_once: bool = True) -> None:
        self.name = name
        self.voice = voice
        self.created = int(time.time())
        self._data = data
        self._settings = settings
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiting: dict[int, asyncio.Event] = {}
        self._starting = asyncio.Lock()
        if at_once:
            _ = self.scheduler

    @cached_property
    def scheduler(self) -> RemoteScheduler:
        """Who writes, in a process of its own; asking for it starts that."""
        limits = self._settings
        return RemoteScheduler(
            self.voice, self._data, streams=limits.streams, queue=limits.queue, device=limits.device, on_events=self._told
        )

    @property
    def started(self) -> bool:
        """Whether its process has been started."""
        return "scheduler" in vars(self)

    async def ready(self) -> None:
        """Return when its process is there.

        Raises:
            RunError: The process doesn't start.
        """
        if not self.started:
            async with self._starting:
                await asyncio.to_thread(getattr, self, "scheduler")

    @property
    def active(self) -> int:
        """How many texts are being written."""
        return self.scheduler.active if self.started else 0

    @property
    def waiting(self) -> int:
        """How many texts wait to be begun."""
        return self.scheduler.waiting if self.started else 0

    def submit(self, request: Request, happened: asyncio.Event) -> Ticket:
        """Take a request.

        Args:
            request: What is to be written.
            happened: Set, in this event loop, when something has happened to it.

        Raises:
            TalklikeError: It can't be taken (``Scheduler.submit``).
        """
        self._loop = asyncio.get_running_loop()
        ticket = self.scheduler.submit(request)
        self._waiting[id(ticket)] = happened
        return ticket

    async def happens(self, tickets: Sequence[Ticket], happened: asyncio.Event) -> None:
        """Wait until something has happened to one of a job's tickets."""
        happened.clear()
        if not any(ticket.pending for ticket in tickets):  # what comes from here on sets it again
            await happened.wait()

    def forget(self, ticket: Ticket) -> None:
        """Give up a ticket, if it isn't done, and no longer wait for it."""
        ticket.cancel()
        self._waiting.pop(id(ticket), None)

    def close(self, timeout: float) -> None:
        """Put it away; what isn't finished fails.

        Args:
            timeout: How long its process may take to end of itself [s].
        """
        if self.started:
            self.scheduler.close(timeout)

    def _told(self, tickets: list[Ticket]) -> None:
        """Pass on, from the scheduler's thread, to which tickets something has happened."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake, tickets)

    def _wake(self, tickets: list[Ticket]) -> None:
        for ticket in tickets:
            if (event := self._waiting.get(id(ticket))) is not None:
                event.set()


class Voices:
    """All voices of a server.

    Args:
        paths: Voice files and run folders; each is called like its file or folder, and is numbered if another is called so.
        settings: How many texts at once.

    Raises:
        VoiceFileError: A voice can't be loaded.
        RunError: A process that writes doesn't start.
        OptionError: ONNX Runtime can't use the device.
    """

    def __init__(self, paths: Sequence[str], settings: Settings) -> None:
        check_device(settings.device)
        files = [(Path(path).resolve(), *read_voice(path)) for path in paths]
        loaded = [(path, Voice(card, data, where=str(path), threads=1), data) for path, card, data in files]
        self.by_name: dict[str, Served] = {}
        for path, voice, data in loaded:
            stem = path.stem if path.is_file() else path.name
            name, number = stem, 2
            while name in self.by_name:
                name, number = f"{stem}-{number}", number + 1
            self.by_name[name] = Served(name, voice, data, settings)

    def find(self, model: str | None) -> tuple[Served, str | None]:
        """Return a voice, and the author after the colon if there is one; without a name the only voice.

        Raises:
            ApiError: There is none of this name.
        """
        if model is None:
            if len(self.by_name) == 1:
                return next(iter(self.by_name.values())), None
            raise ApiError(400, f"which model? There are {', '.join(self.by_name)}", code="missing_field", param="model")
        if model in self.by_name:
            return self.by_name[model], None
        name, colon, author = model.partition(":")
        if colon and name in self.by_name:
            return self.by_name[name], author
        raise ApiError(404, f"there is no such model; there are {', '.join(self.by_name)}", code="model_not_found", param="model")

    def close(self, timeout: float) -> None:
        """Put all voices away; what isn't finished fails.

        Args:
            timeout: How long each may take to end of itself [s].
        """
        for served in self.by_name.values():
            served.close(timeout)
