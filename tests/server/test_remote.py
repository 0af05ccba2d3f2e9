"""A voice in a process of its own: as good as one in this process, and replaced when it dies."""

from __future__ import annotations

import os
import queue
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from talklike.errors import BusyError, OptionError, RunError
from talklike.generation.request import Request
from talklike.generation.scheduler import Failed, Piece, Ticket
from talklike.server import remote
from talklike.server.remote import RemoteScheduler
from tests.server.running import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from talklike.generation.voice import Voice

ENDLESS: dict[str, Any] = {"max_chars": 10_000_000, "min_chars": 10_000_000}


class Client:
    """A scheduler in another process, and everything that its tickets were told."""

    def __init__(self, voice: Voice, data: bytes, **options: Any) -> None:
        self.woken: queue.Queue[list[Ticket]] = queue.Queue()
        self.told: dict[int, list[Any]] = {}
        self.scheduler = RemoteScheduler(voice, data, on_events=self.woken.put, **options)

    def wait(self, until: Callable[[], bool]) -> None:
        """Take what happens until something is so."""
        while not until():
            for ticket in self.woken.get(timeout=PATIENCE):
                self.told.setdefault(id(ticket), []).extend(ticket.take())

    def events(self, ticket: Ticket) -> list[Any]:
        """Return what a ticket was told, once it is done."""
        self.wait(lambda: ticket.done)
        return self.told.setdefault(id(ticket), []) + ticket.take()

    def text(self, ticket: Ticket) -> str:
        """Return a ticket's text."""
        return "".join(event.text for event in self.events(ticket) if isinstance(event, Piece))


@pytest.fixture
def client(harbour: Voice, voice_files: list[str]) -> Iterator[Client]:
    """Return a process that writes two texts at once, and lets four wait."""
    made = Client(harbour, Path(voice_files[0]).read_bytes(), streams=2, queue=4)
    yield made
    made.scheduler.close(PATIENCE)


def test_texts_are_the_library_s(client: Client, harbour: Voice) -> None:
    """Seeds make the same texts in another process; when all are done, nothing is active or waits."""
    tickets = [client.scheduler.submit(harbour.request("tea", seed=seed, max_chars=50)) for seed in range(6)]
    assert client.scheduler.active + client.scheduler.waiting <= 6
    assert [client.text(ticket) for ticket in tickets] == [
        harbour.generate("tea", seed=seed, max_chars=50, echo=False) for seed in range(6)
    ]
    assert client.scheduler.active == client.scheduler.waiting == 0


def test_what_is_too_much_is_refused_at_once(client: Client, harbour: Voice) -> None:
    """Too many texts, too many waiting, an unknown symbol: the error comes from ``submit``."""
    endless = [client.scheduler.submit(harbour.request("tea", seed=seed, **ENDLESS)) for seed in range(6)]
    assert (client.scheduler.active, client.scheduler.waiting) == (2, 4)
    with pytest.raises(BusyError, match="4 texts wait already"):
        client.scheduler.submit(harbour.request("tea", seed=9))
    with pytest.raises(OptionError, match="3 texts at once"):
        client.scheduler.submit(harbour.request("tea", count=3))
    with pytest.raises(OptionError, match="symbol of the prompt"):
        client.scheduler.submit(Request((60_000,)))
    for ticket in endless:
        ticket.cancel()
        ticket.cancel()
    client.wait(lambda: all(ticket.done for ticket in endless))
    assert client.scheduler.active == client.scheduler.waiting == 0


def test_a_process_that_dies_is_replaced(client: Client, harbour: Voice, caplog: pytest.LogCaptureFixture) -> None:
    """Whoever waited is told, the log too, and the next request is written by another process."""
    endless = [client.scheduler.submit(harbour.request("tea", seed=seed, **ENDLESS)) for seed in range(4)]
    client.wait(lambda: bool(client.told))
    dead = client.scheduler.process
    os.kill(dead, signal.SIGKILL)
    for ticket in endless:
        failed = client.events(ticket)[-1]
        assert isinstance(failed, Failed)
        assert "has ended before the text was finished" in str(failed.error)
    assert "the process that writes has ended" in caplog.text
    ticket = client.scheduler.submit(harbour.request("tea", seed=5, max_chars=50))
    assert client.text(ticket) == harbour.generate("tea", seed=5, max_chars=50, echo=False)
    assert client.scheduler.process != dead
    assert client.scheduler.active == client.scheduler.waiting == 0


def test_a_process_that_ends_by_itself_is_replaced(
    client: Client, harbour: Voice, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """As when a step raises what nobody foresaw: whoever waited is told, the error is shown, and the voice lives on."""
    broken = """
from talklike.generation.rows import Rows
from talklike.server.worker import main

def step(self, symbols):
    raise MemoryError("too little")

Rows.step = step
main()
"""
    data, restart = client.scheduler._data, remote.COMMAND
    monkeypatch.setattr(remote, "COMMAND", [sys.executable, "-c", broken])
    other = Client(harbour, data, streams=2, queue=4)
    monkeypatch.setattr(remote, "COMMAND", restart)
    failed = other.events(other.scheduler.submit(harbour.request("tea", **ENDLESS)))[-1]
    assert isinstance(failed, Failed)
    assert isinstance(failed.error, RunError)
    other.scheduler._thread.join(PATIENCE)
    assert "MemoryError: too little" in capfd.readouterr().err
    ticket = other.scheduler.submit(harbour.request("tea", seed=5, max_chars=50))
    assert other.text(ticket) == harbour.generate("tea", seed=5, max_chars=50, echo=False)
    other.scheduler.close(PATIENCE)


def test_signals_are_not_its_business(client: Client, harbour: Voice) -> None:
    """Ctrl-C reaches all processes of a terminal, but what was begun is to be finished."""
    ticket = client.scheduler.submit(harbour.request("tea", seed=1, max_chars=20_000, min_chars=20_000))
    client.wait(lambda: bool(client.told))
    for sign in (signal.SIGINT, signal.SIGTERM):
        os.kill(client.scheduler.process, sign)
    assert len(client.text(ticket)) == 20_000


def test_closing_fails_what_is_left(client: Client, harbour: Voice) -> None:
    """Nobody waits for ever, and nothing new is taken."""
    ticket = client.scheduler.submit(harbour.request("tea", seed=1, **ENDLESS))
    client.scheduler.close(PATIENCE)
    assert "put away" in str(client.events(ticket)[-1].error)
    with pytest.raises(BusyError, match="put away"):
        client.scheduler.submit(harbour.request("tea"))


def test_one_that_does_not_end_is_killed(client: Client) -> None:
    """A process that is stuck doesn't keep the server from ending."""
    os.kill(client.scheduler.process, signal.SIGSTOP)
    client.scheduler.close(0.1)
    with pytest.raises(ProcessLookupError):
        os.kill(client.scheduler.process, 0)


def test_a_process_that_does_not_start(harbour: Voice, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says with which status it ended."""
    monkeypatch.setattr(remote, "COMMAND", [sys.executable, "-c", "raise SystemExit(3)"])
    with pytest.raises(RunError, match="status 3"):
        RemoteScheduler(harbour, b"", streams=1, queue=1, on_events=print)
