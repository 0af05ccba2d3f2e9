"""Tests of texts that are shown while they are written."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from math import exp, log
from typing import TYPE_CHECKING, Any, cast

import pytest

from talklike.errors import BusyError
from talklike.generation.request import Request
from talklike.generation.scheduler import Event, Failed, Finished, Piece
from talklike.generation.scored import Scored
from talklike.studio.talk_stream import Character, Spelling, Stream

if TYPE_CHECKING:
    from talklike.server.voices import Served


class Written:
    """Stands for a voice: what it writes is there at once, or when it is put."""

    def __init__(self, *events: Event) -> None:
        self.events: deque[Event] = deque(events)
        self.forgotten = False
        self._happened: asyncio.Event | None = None

    def submit(self, _: Request, happened: asyncio.Event) -> Any:
        """Take a request."""
        self._happened = happened
        return self

    @property
    def pending(self) -> bool:
        """Whether there is something to take."""
        return bool(self.events)

    def take(self) -> list[Event]:
        """Return what has happened."""
        taken = list(self.events)
        self.events.clear()
        return taken

    async def happens(self, tickets: list[Any], happened: asyncio.Event) -> None:
        """Return when there is something to take."""
        happened.clear()
        if not any(ticket.pending for ticket in tickets):
            await happened.wait()

    def forget(self, _: Any) -> None:
        """Be let go."""
        self.forgotten = True

    def put(self, event: Event) -> None:
        """Let something happen."""
        assert self._happened is not None
        self.events.append(event)
        self._happened.set()


def scored(text: str, probability: float = 0.5) -> tuple[Scored, ...]:
    """Return the characters of a text as symbols."""
    return tuple(Scored(0, one, one.encode(), log(probability)) for one in text)


def frames_of(written: Written, pace: float | None) -> tuple[list[str], str | None]:
    """Return the frames of a text, and why it ended."""
    stream = Stream(cast("Served", written), Request(), pace)

    async def run() -> list[str]:
        return ["".join(one.text for one in frame) async for frame in stream.frames()]

    return asyncio.run(run()), stream.reason


def test_without_a_pace_all_comes_at_once() -> None:
    """In one frame, and then the end with its reason; nothing is left behind."""
    written = Written(Piece(0, "tide", scored("tide")), Finished(0, "end", 4))
    assert frames_of(written, None) == (["tide"], "end")
    assert written.forgotten


def test_a_pace_is_kept() -> None:
    """The first character comes at once, the others one by one, none is lost."""
    written = Written(Piece(0, "the tide", scored("the tide")), Finished(0, "length", 8))
    began = time.perf_counter()
    frames, reason = frames_of(written, 80.0)
    assert time.perf_counter() - began >= 7 / 80
    assert ("".join(frames), reason, frames[0]) == ("the tide", "length", "t")
    assert len(frames) >= 4


def test_what_is_stopped_stays_as_far_as_it_was_shown() -> None:
    """Though more was written by then."""
    written = Written(Piece(0, "the tide", scored("the tide")), Finished(0, "end", 8))
    stream = Stream(cast("Served", written), Request(), 1.0)

    async def run() -> str:
        shown = ""
        async for frame in stream.frames():
            shown += "".join(one.text for one in frame)
            stream.stop()
        return shown

    assert asyncio.run(run()) == "t"
    assert stream.reason == "stopped"
    assert written.forgotten


def test_waiting_can_be_stopped() -> None:
    """Before there is anything to show."""
    stream = Stream(cast("Served", Written()), Request())

    async def run() -> int:
        asyncio.get_running_loop().call_later(0.02, stream.stop)
        return len([frame async for frame in stream.frames()])

    assert asyncio.run(run()) == 0
    assert stream.reason == "stopped"


def test_a_failure_is_raised() -> None:
    """After which the voice is let go."""
    written = Written(Failed(BusyError("too much")))
    with pytest.raises(BusyError, match="too much"):
        frames_of(written, None)
    assert written.forgotten


def test_what_comes_later_is_shown_later() -> None:
    """A text may come in any number of pieces, whenever they are there."""
    written = Written()
    stream = Stream(cast("Served", written), Request())

    async def run() -> str:
        loop = asyncio.get_running_loop()
        for number, character in enumerate("tide"):
            loop.call_later(0.02 * number, written.put, Piece(0, character, scored(character)))
        loop.call_later(0.1, written.put, Finished(0, "end", 4))
        return "".join([one.text async for frame in stream.frames() for one in frame])

    assert asyncio.run(run()) == "tide"


def test_bytes_are_put_together() -> None:
    """A character of several is as likely as all of them together, and comes with the last of them."""
    spelling = Spelling()
    first, second = (Scored(0, "", bytes([byte]), log(0.5)) for byte in "é".encode())
    assert spelling.add([first]) == []
    found = spelling.add([second, *scored("x", 0.25)])
    assert found == [Character("é", exp(2 * log(0.5))), Character("x", exp(log(0.25)))]
