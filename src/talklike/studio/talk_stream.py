"""Lets a text be written at a pace that the eye can follow, in the frames in which a page shows it."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from dataclasses import dataclass
from math import exp
from typing import TYPE_CHECKING

from talklike.generation.scheduler import Failed, Finished, Piece

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable

    from talklike.generation.request import Request
    from talklike.generation.scored import Scored
    from talklike.server.voices import Served

FRAME = 1 / 60
"""How often a page is told of new characters [s]."""

PACES = {"calmly": 60.0, "briskly": 240.0, "at once": None}
"""Characters a second that are shown, by what that is called."""


@dataclass(frozen=True)
class Character:
    """A character that was written.

    Attributes:
        text: The character.
        probability: How likely the voice found it, before any filter or temperature.
    """

    text: str
    probability: float


class Stream:
    """A text that is being written.

    Args:
        served: The voice.
        request: What it is to write; its ``logprobs`` must be asked for.
        pace: Characters a second that are shown; all that there are without it.

    Attributes:
        reason: Why it is finished (``talklike.generation.stopping.Reason``), once it is; ``stopped`` if it was.
    """

    def __init__(self, served: Served, request: Request, pace: float | None = None) -> None:
        self._served = served
        self._request = request
        self._pace = pace
        self._happened = asyncio.Event()
        self._stopped = False
        self.reason: str | None = None

    def stop(self) -> None:
        """Show no more of it."""
        self._stopped = True
        self._happened.set()

    async def frames(self) -> AsyncGenerator[list[Character]]:
        """Yield what is to be shown next, frame by frame: the first character as soon as it is there.

        Raises:
            TalklikeError: It can't be written, or not to its end.
        """
        ticket = self._served.submit(self._request, self._happened)
        waiting: deque[Character] = deque()
        spelling = Spelling()
        shown, began = 0, 0.0
        finished = None
        try:
            while not self._stopped:
                for event in ticket.take():
                    if isinstance(event, Piece):
                        waiting.extend(spelling.add(event.symbols))
                    elif isinstance(event, Finished):
                        finished = event.reason
                    elif isinstance(event, Failed):
                        raise event.error
                if waiting:
                    now = time.perf_counter()
                    began = began or now
                    due = len(waiting) if self._pace is None else int((now - began) * self._pace) + 1 - shown
                    if due > 0:
                        frame = [waiting.popleft() for _ in range(min(due, len(waiting)))]
                        shown += len(frame)
                        yield frame
                    await asyncio.sleep(FRAME)
                elif finished:
                    self.reason = finished
                    return
                else:
                    await self._served.happens([ticket], self._happened)
            self.reason = "stopped"
        finally:
            self._served.forget(ticket)


class Spelling:
    """Puts symbols together to characters."""

    def __init__(self) -> None:
        self._data = b""
        self._logprob = 0.0

    def add(self, symbols: Iterable[Scored]) -> list[Character]:
        """Return the characters that are complete; one of several bytes is as likely as all of them together."""
        found = []
        for one in symbols:
            self._data += one.data
            self._logprob += one.logprob
            try:
                text = self._data.decode()
            except UnicodeDecodeError:  # the character goes on
                continue
            found.append(Character(text, exp(self._logprob)))
            self._data, self._logprob = b"", 0.0
        return found
