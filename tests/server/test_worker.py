"""The process that writes, here as a thread between two pipes."""

from __future__ import annotations

import os
import pickle
import threading
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import pytest

from talklike.generation.request import Request
from talklike.generation.scheduler import Failed, Finished, Piece, Prompt
from talklike.server.worker import work
from tests.server.running import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talklike.generation.voice import Voice


@dataclass
class Ends:
    """Our ends of the pipes."""

    requests: BinaryIO
    told: BinaryIO
    thread: threading.Thread

    def send(self, *message: Any) -> None:
        """Send a message."""
        pickle.dump(message, self.requests)
        self.requests.flush()

    def until_done(self, *numbers: int) -> dict[int, list[Any]]:
        """Return what is told of requests until all are done."""
        found: dict[int, list[Any]] = {number: [] for number in numbers}
        left = set(numbers)
        while left:
            for number, events, done in pickle.load(self.told):
                found[number] += events
                if done:
                    left.remove(number)
        return found


@pytest.fixture
def ends(voice_files: list[str]) -> Iterator[Ends]:
    """Return a worker that has loaded a voice and writes two texts at once; it must end when its input does."""
    read_requests, write_requests = os.pipe()
    read_told, write_told = os.pipe()
    inner = (os.fdopen(read_requests, "rb"), os.fdopen(write_told, "wb"))

    def run() -> None:
        with inner[1]:  # a reader sees the end of a worker that fails, instead of waiting for ever
            work(*inner)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    made = Ends(os.fdopen(write_requests, "wb"), os.fdopen(read_told, "rb"), thread)
    made.send(Path(voice_files[0]).read_bytes(), 2, "cpu")
    assert pickle.load(made.told) == []
    yield made
    made.requests.close()
    thread.join(PATIENCE)
    assert not thread.is_alive()
    for stream in (*inner, made.told):
        stream.close()


def text(events: list[Any]) -> str:
    """Return the text that was told."""
    return "".join(event.text for event in events if isinstance(event, Piece))


def test_texts_are_the_library_s(ends: Ends, harbour: Voice) -> None:
    """More texts than rows, long and short: each is told whole and in order, and ends with why."""
    requests = {number: harbour.request("tea", seed=number, max_chars=5 + 40 * number, min_chars=5) for number in range(8)}
    for number, request in requests.items():
        ends.send(number, request)
    for number, events in ends.until_done(*requests).items():
        assert text(events) == harbour.generate("tea", seed=number, max_chars=5 + 40 * number, min_chars=5, echo=False)
        assert isinstance(events[0], Prompt)
        assert isinstance(events[-1], Finished)


def test_much_is_told_at_once(ends: Ends, harbour: Voice) -> None:
    """The first character comes alone, later ones together."""
    ends.send(7, harbour.request("tea", seed=1, max_chars=3000, min_chars=3000))
    pieces = [event.text for event in ends.until_done(7)[7] if isinstance(event, Piece)]
    assert len(pieces[0]) == 1
    assert len(pieces) < 1500


def test_what_nobody_wants_ends(ends: Ends, harbour: Voice) -> None:
    """Texts that were given up, begun or waiting, make room for others; giving up what is done or unknown does nothing."""
    endless = harbour.request("tea", seed=1, max_chars=10_000_000, min_chars=10_000_000)
    for number in range(4):
        ends.send(number, replace(endless, seed=number))
    for number in range(4):
        ends.send(number, None)
    ends.send(9, harbour.request("tea", seed=2, max_chars=9))
    found = ends.until_done(*range(4), 9)
    assert text(found[9]) == harbour.generate("tea", seed=2, max_chars=9, echo=False)
    ends.send(9, None)
    ends.send(1000, None)
    ends.send(10, Request("t", most=0, prompt_logprobs=True))
    assert isinstance(ends.until_done(10)[10][-1], Finished)


def test_a_request_that_cannot_be_taken_is_told_so(ends: Ends, harbour: Voice) -> None:
    """It fails, and the next is written."""
    ends.send(1, harbour.request("tea", seed=1, count=3))
    ends.send(2, harbour.request("tea", seed=2, max_chars=4))
    found = ends.until_done(1, 2)
    assert isinstance(found[1][0], Failed)
    assert "2 are possible" in str(found[1][0].error)
    assert text(found[2])
