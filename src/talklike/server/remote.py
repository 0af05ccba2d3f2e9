"""A voice that writes in a process of its own, seen from the server: the same as a scheduler in this one."""

from __future__ import annotations

import contextlib
import logging
import pickle
import subprocess
import sys
import threading
from collections import deque
from itertools import count
from typing import TYPE_CHECKING

from talklike.errors import BusyError, OptionError, RunError, TalklikeError
from talklike.generation.scheduler import Failed, Ticket

if TYPE_CHECKING:
    from collections.abc import Callable

    from talklike.generation.request import Request
    from talklike.generation.scheduler import Event
    from talklike.generation.voice import Voice
    from talklike.server.worker import Told

LOG = logging.getLogger("talklike.server")
COMMAND = [sys.executable, "-P", "-m", "talklike.server.worker"]


class RemoteTicket(Ticket):
    """A request that another process has taken.

    Args:
        request: What is to be written.
        scheduler: Where it was taken.
        process: The process that has it.
        number: What it is called there.
    """

    def __init__(self, request: Request, scheduler: RemoteScheduler, process: subprocess.Popen[bytes], number: int) -> None:
        super().__init__(request)
        self._scheduler = scheduler
        self.process = process
        self.number = number

    def cancel(self) -> None:
        """Give up: its texts leave before the next step; from any thread."""
        if not self.done and not self.cancelled:
            self.cancelled = True
            self._scheduler.cancel(self)


class RemoteScheduler:
    """Writes with one voice for many at once, in a process of its own; a process that dies is replaced.

    Args:
        voice: The voice, whose engine isn't used here.
        data: Its file.
        streams: Most texts that are written at once.
        queue: Most texts that wait for it.
        on_events: Called from a thread of this class with the tickets to which something has happened.
        device: Where it writes: ``cpu`` or ``cuda``.

    Raises:
        RunError: The process doesn't start.
    """

    def __init__(
        self,
        voice: Voice,
        data: bytes,
        *,
        streams: int,
        queue: int,
        on_events: Callable[[list[Ticket]], None],
        device: str = "cpu",
    ) -> None:
        self._voice = voice
        self._data = data
        self._streams = streams
        self._device = device
        self._queue = queue
        self._on_events = on_events
        self._numbers = count()
        self._sending = threading.Lock()  # never held by who reads: a process whose output is full must be able to take input
        self._lock = threading.Lock()  # of all that follows
        self._tickets: dict[int, RemoteTicket] = {}
        self._waiting: deque[RemoteTicket] = deque()  # as the process has it: first come, first served
        self._active = 0
        self._closing = False
        self._process, self._thread = self._start()

    @property
    def active(self) -> int:
        """How many texts are being written, or begin as soon as their prompts are read."""
        return self._active

    @property
    def waiting(self) -> int:
        """How many texts wait to be begun."""
        with self._lock:
            return sum(ticket.request.written for ticket in self._waiting)

    @property
    def process(self) -> int:
        """The id of the process."""
        return self._process.pid

    def submit(self, request: Request) -> Ticket:
        """Take a request.

        Raises:
            OptionError: It can't be written: too many texts, a symbol or a regular expression that isn't one.
            BusyError: Too many texts wait already, or the voice is being put away.
            RunError: The process has ended, and another doesn't start.
        """
        if request.written > self._streams:
            raise OptionError(f"{request.written} texts at once are asked for, {self._streams} are possible")
        request.prompt_symbols(self._voice.alphabet)
        self._voice.pattern_maker(request)
        with self._lock:
            if self._closing:
                raise BusyError("the voice is being put away; nothing new is begun")
            if sum(ticket.request.written for ticket in self._waiting) + request.written > self._queue:
                raise BusyError(f"{self._queue} texts wait already; try again in a moment")
            if self._process.poll() is not None:
                self._process, self._thread = self._start()
            ticket = RemoteTicket(request, self, self._process, next(self._numbers))
            self._tickets[ticket.number] = ticket
            self._waiting.append(ticket)
            self._admit()
        self._send(ticket, request)
        return ticket

    def cancel(self, ticket: RemoteTicket) -> None:
        """Give a request up."""
        self._send(ticket, None)

    def close(self, timeout: float) -> None:
        """Take nothing new and end the process; what it hasn't finished fails.

        Args:
            timeout: How long it may take to end of itself [s].
        """
        with self._lock:
            self._closing = True
            process, thread = self._process, self._thread
        self._close_input(process)
        try:
            process.wait(timeout)
        except subprocess.TimeoutExpired:
            process.kill()
        thread.join()

    def _close_input(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdin is not None
        with self._sending, contextlib.suppress(BrokenPipeError):  # what was still to be sent has nobody to go to
            process.stdin.close()

    def _start(self) -> tuple[subprocess.Popen[bytes], threading.Thread]:
        process = subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603 - ourselves
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            pickle.dump((self._data, self._streams, self._device), process.stdin)
            process.stdin.flush()
            pickle.load(process.stdout)  # noqa: S301 - our child says so when it has loaded the voice
        except (OSError, EOFError) as error:
            process.kill()
            process.wait()
            self._close_input(process)
            process.stdout.close()
            raise RunError(f"the process that writes ended at once, with status {process.returncode}") from error
        thread = threading.Thread(target=self._listen, args=(process,), name="talklike-remote", daemon=True)
        thread.start()
        return process, thread

    def _send(self, ticket: RemoteTicket, request: Request | None) -> None:
        """Send what is to be written, or that it isn't any longer; if the process has ended, ``_listen`` fails the ticket."""
        stdin = ticket.process.stdin
        assert stdin is not None
        with self._sending, contextlib.suppress(BrokenPipeError, ValueError):  # the process has ended, or we are closing
            pickle.dump((ticket.number, request), stdin, pickle.HIGHEST_PROTOCOL)
            stdin.flush()

    def _listen(self, process: subprocess.Popen[bytes]) -> None:
        """Take what the process tells, until it ends."""
        assert process.stdout is not None
        try:
            while True:
                told: Told = pickle.load(process.stdout)  # noqa: S301 - from our child
                self._on_events([ticket for number, events, done in told if (ticket := self._take(number, events, done))])
        except (EOFError, pickle.UnpicklingError):  # it was killed in the middle of a message, perhaps
            process.kill()
            process.wait()  # from here on it is seen to have ended, and nobody else is given to it
        process.stdout.close()
        self._close_input(process)
        with self._lock:
            closing, left = self._closing, [ticket for ticket in self._tickets.values() if ticket.process is process]
        if not closing:
            LOG.error('"the process that writes has ended; what it hadn\'t finished fails, and the next request starts another"')
        error: TalklikeError = RunError("the process that writes has ended before the text was finished; try again")
        if closing:
            error = BusyError("the voice was put away before the text was finished")
        for ticket in left:
            self._take(ticket.number, [Failed(error)], True)
        self._on_events(list(left))

    def _take(self, number: int, events: list[Event], done: bool) -> Ticket | None:
        with self._lock:
            ticket = self._tickets.get(number)
            if ticket is None:
                return None
            if done:
                del self._tickets[number]
                if ticket in self._waiting:
                    self._waiting.remove(ticket)
                else:
                    self._active -= ticket.request.written
                self._admit()
        for event in events:
            ticket.put(event)
        ticket.done = ticket.done or done
        return ticket

    def _admit(self) -> None:
        """Count those as being written for which there is room, as the process does."""
        while self._waiting and self._active + self._waiting[0].request.written <= self._streams:
            self._active += self._waiting.popleft().request.written
