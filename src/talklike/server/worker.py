"""Writes with one voice in a process of its own: the server's own Python then never waits for the voice's, nor that for it.

The parent sends pickled ``(number, request)`` to the standard input, ``(number, None)`` for one that nobody wants any longer, and
gets pickled lists of ``(number, events, done)`` from the standard output, the first of them empty: the voice is loaded. The
process ends with its input. Both ends are ours, so pickles are safe.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
import threading
import time
from typing import TYPE_CHECKING, BinaryIO

from talklike.errors import TalklikeError
from talklike.generation.scheduler import Event, Failed, Piece, Scheduler, Ticket
from talklike.generation.voice import Voice

if TYPE_CHECKING:
    from talklike.generation.request import Request

Told = list[tuple[int, list[Event], bool]]
"""What has happened to which request, and whether it is done."""

TOGETHER = 0.01
"""What happens within this time is told together [s], but for first characters and ends, which are told without delay."""

EACH = 0.001
"""The same for each text, where that is more [s]: to tell of it costs as much as writing three characters."""


class Outbox:
    """What has happened, on its way to the parent.

    Args:
        stream: Where it goes.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()  # of the stream: texts are told by the scheduler's thread, refusals by the reader's
        self._numbers: dict[int, int] = {}  # by the id of the request, which is there before the ticket
        self._fresh: set[int] = set()  # numbers of requests of which no character was told
        self._open: dict[int, Ticket] = {}  # by number
        self._last = 0.0

    def send(self, told: Told) -> None:
        """Send something at once."""
        with self._lock:
            pickle.dump(told, self._stream, pickle.HIGHEST_PROTOCOL)
            self._stream.flush()

    def add(self, number: int, request: Request) -> None:
        """Note the number of a request that is about to be taken."""
        self._fresh.add(number)
        self._numbers[id(request)] = number

    def note(self, tickets: list[Ticket]) -> None:
        """Take, from the scheduler's thread, to which tickets something has happened; send what is due."""
        now = time.perf_counter()
        every = now - self._last >= max(TOGETHER, len(self._open) * EACH)
        if not (every or self._fresh or any(ticket.done for ticket in tickets)):  # as mostly
            return
        due = {number: ticket for ticket in tickets if (number := self._number(ticket)) in self._fresh or ticket.done}
        if every:
            self._last = now
            due |= {number: ticket for number, ticket in self._open.items() if ticket.pending}
        if due:
            self.send([self._told(number, ticket) for number, ticket in due.items()])

    def _number(self, ticket: Ticket) -> int:
        number = self._numbers[id(ticket.request)]
        self._open[number] = ticket
        return number

    def _told(self, number: int, ticket: Ticket) -> tuple[int, list[Event], bool]:
        events = ticket.take()
        if ticket.done:
            del self._numbers[id(ticket.request)], self._open[number]
        if ticket.done or any(isinstance(event, Piece) for event in events):
            self._fresh.discard(number)
        return number, events, ticket.done


def work(requests: BinaryIO, told: BinaryIO) -> None:
    """Write until there are no more requests.

    Args:
        requests: Where requests come from; first the voice file, how many texts are written at once, and the device.
        told: Where goes what has happened.
    """
    data, streams, device = pickle.load(requests)  # noqa: S301 - from our parent
    outbox = Outbox(told)
    voice = Voice.from_bytes(data, shares=True, device=device)
    scheduler = Scheduler(voice, streams=streams, queue=sys.maxsize, on_events=outbox.note)
    outbox.send([])
    tickets: dict[int, Ticket] = {}
    try:
        while True:
            number, request = pickle.load(requests)  # noqa: S301 - from our parent
            if request is None:
                if (ticket := tickets.pop(number, None)) is not None:
                    ticket.cancel()
                continue
            tickets = {number: ticket for number, ticket in tickets.items() if not ticket.done}
            outbox.add(number, request)
            try:
                tickets[number] = scheduler.submit(request)
            except TalklikeError as error:
                outbox.send([(number, [Failed(error)], True)])
    except EOFError:
        scheduler.close(finish=False)


def end_with(broken: threading.ExceptHookArgs) -> None:
    """End the process, for the parent to start another, when its scheduler's thread has ended by an error that nobody foresaw."""
    if issubclass(broken.exc_type, BrokenPipeError):  # the parent is gone
        os._exit(0)
    threading.__excepthook__(broken)
    sys.stderr.flush()
    os._exit(1)


def main() -> None:
    """Work for the parent; signals are the parent's to answer, which closes the input."""
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, signal.SIG_IGN)
    threading.excepthook = end_with
    told = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever prints must not come between
    try:
        work(sys.stdin.buffer, told)
    except BrokenPipeError:  # the parent is gone
        os._exit(0)


if __name__ == "__main__":
    main()
