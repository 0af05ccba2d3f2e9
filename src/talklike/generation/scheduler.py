"""Writes for many at once: requests come at any time, their texts join the batch between steps and leave it when finished.

A thread of its own steps the batch. Whoever asked gets a ticket, and takes from it what has happened; nobody waits for anybody
else's text. A long prompt is read in pieces, between steps, so that it holds nobody up.

Source: continuous batching after Yu et al. (2022), Orca: A Distributed Serving System for Transformer-Based Generative Models.
"""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from talklike.errors import BusyError, OptionError, RunError, TalklikeError
from talklike.generation.batch import Batch
from talklike.generation.rows import READ_AT_ONCE, Reading
from talklike.generation.scored import Scored, score
from talklike.generation.write import begin, best

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np

    from talklike.generation.request import Request
    from talklike.generation.voice import Voice
    from talklike.generation.writing import Writing


@dataclass(frozen=True)
class Prompt:
    """The prompt has been read.

    Attributes:
        length: Its symbols, those of the conversation before included.
        symbols: How likely each of the prompt's was, if that was asked for.
    """

    length: int
    symbols: tuple[Scored, ...] = ()


@dataclass(frozen=True)
class Piece:
    """A text has grown.

    Attributes:
        number: Which of the request's texts.
        text: By what.
        symbols: Of which symbols, if they were asked for.
    """

    number: int
    text: str
    symbols: tuple[Scored, ...] = ()


@dataclass(frozen=True)
class Finished:
    """A text is finished.

    Attributes:
        number: Which of the request's texts.
        reason: ``end``, ``stop`` or ``length`` (``talklike.generation.stopping.Reason``).
        symbols: How many symbols it took.
    """

    number: int
    reason: str
    symbols: int


@dataclass(frozen=True)
class Failed:
    """The request can't be finished.

    Attributes:
        error: Why.
    """

    error: TalklikeError


Event = Prompt | Piece | Finished | Failed


class Ticket:
    """A request that has been taken.

    Attributes:
        request: What is to be written.
        ranked: Whether more texts are written than wanted, and the best are told.
        done: Whether everything has happened that will.
    """

    def __init__(self, request: Request) -> None:
        self.request = request
        self.ranked = request.written > request.count
        self.done = False
        self.cancelled = False
        self._events: deque[Event | tuple[int, str]] = deque()
        # Of the scheduler's thread alone:
        self.reading: Reading | None = None
        self.scores: list[np.ndarray] = []
        self.writings: list[Writing] = []
        self.pieces: dict[int, tuple[list[str], list[Scored]]] = {}

    def put(self, event: Event | tuple[int, str]) -> None:
        """Add what has happened; text alone as its number and itself, since an object for each character takes too long."""
        self._events.append(event)

    @property
    def pending(self) -> bool:
        """Whether something has happened since the last time."""
        return bool(self._events)

    def take(self) -> list[Event]:
        """Return what has happened since the last time, text that has grown meanwhile in one piece; from any thread."""
        events: list[Event] = []
        grown: dict[int, list[str]] = {}
        while self._events:
            event = self._events.popleft()
            if isinstance(event, tuple):
                grown.setdefault(event[0], []).append(event[1])
                continue
            # Text first that came before: of that text, or of all before the end.
            before = [event.number] if isinstance(event, Piece | Finished) else list(grown)
            events += [Piece(number, "".join(grown.pop(number))) for number in before if number in grown]
            events.append(event)
        return events + [Piece(number, "".join(text)) for number, text in grown.items()]

    def cancel(self) -> None:
        """Give up: its texts leave before the next step; from any thread."""
        self.cancelled = True


class Scheduler:
    """Writes with one voice for many at once.

    Args:
        voice: The voice.
        streams: Most texts that are written at once.
        queue: Most texts that wait for it.
        on_events: Called from the scheduler's thread after a step with the tickets to which something has happened; it should
            be quick, as everybody waits for it.
    """

    def __init__(self, voice: Voice, *, streams: int = 32, queue: int = 256, on_events: Callable[[list[Ticket]], None]) -> None:
        self.voice = voice
        self._streams = streams
        self._queue = queue
        self._on_events = on_events
        self._batch = Batch(voice.engine, voice.rules)
        self._waiting: deque[Ticket] = deque()
        self._reading: deque[Ticket] = deque()
        self._writing: dict[int, Ticket] = {}  # by the id of the text
        self._changed = threading.Condition()
        self._closing: bool | None = None  # whether to finish first
        self._thread = threading.Thread(target=self._run, name="talklike-scheduler", daemon=True)
        self._thread.start()

    @property
    def active(self) -> int:
        """How many texts are being written, or begin as soon as their prompts are read."""
        return len(self._writing) + sum(ticket.request.written for ticket in tuple(self._reading))

    @property
    def waiting(self) -> int:
        """How many texts wait to be begun."""
        with self._changed:
            return sum(ticket.request.written for ticket in self._waiting)

    def submit(self, request: Request) -> Ticket:
        """Take a request.

        Raises:
            OptionError: It can't be written: too many texts, a symbol or a regular expression that isn't one.
            BusyError: Too many texts wait already, or the scheduler is closing.
        """
        if request.written > self._streams:
            raise OptionError(f"{request.written} texts at once are asked for, {self._streams} are possible")
        request.prompt_symbols(self.voice.alphabet)
        self.voice.pattern_maker(request)
        ticket = Ticket(request)
        with self._changed:
            if self._closing is not None:
                raise BusyError("the voice is being put away; nothing new is begun")
            if sum(t.request.written for t in self._waiting) + request.written > self._queue:
                raise BusyError(f"{self._queue} texts wait already; try again in a moment")
            self._waiting.append(ticket)
            self._changed.notify()
        return ticket

    def close(self, *, finish: bool, timeout: float | None = None) -> bool:
        """Take nothing new and end; return whether the thread has ended.

        Args:
            finish: Whether what was taken is finished first; otherwise it fails.
            timeout: How long to wait for it [s].
        """
        with self._changed:
            self._closing = finish if self._closing is None else self._closing and finish
            self._changed.notify()
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _run(self) -> None:
        happened: dict[int, Ticket] = {}
        error: TalklikeError = BusyError("the voice was put away before the text was finished")
        try:
            while self._wait():
                self._drop_cancelled(happened)
                self._read(happened)
                self._step(happened)
                if happened:
                    told, happened = list(happened.values()), {}
                    self._on_events(told)
        except BaseException:
            error = RunError("something went wrong while the voice wrote; try again")
            raise
        finally:  # nobody is left waiting, whatever happens
            with self._changed:
                self._closing = False
                left = {id(ticket): ticket for ticket in (*self._waiting, *self._reading, *self._writing.values())}
            for ticket in left.values():
                ticket.put(Failed(error))
                ticket.done = True
            if left or happened:
                self._on_events(list((happened | left).values()))

    def _wait(self) -> bool:
        """Wait for something to do, and let requests begin; return whether to go on."""
        with self._changed:
            while not (self._waiting or self._reading or self._writing) and self._closing is None:
                self._changed.wait()
            if self._closing is False or not (self._waiting or self._reading or self._writing):
                return False
            self._admit()
        return True

    def _admit(self) -> None:
        """Let requests begin for which there is room, in the order in which they came."""
        taken = len(self._writing) + sum(ticket.request.written for ticket in self._reading)
        while self._waiting and taken + self._waiting[0].request.written <= self._streams:
            ticket = self._waiting.popleft()
            taken += ticket.request.written
            self._reading.append(ticket)

    def _drop_cancelled(self, happened: dict[int, Ticket]) -> None:
        with self._changed:
            gone = [ticket for ticket in self._waiting if ticket.cancelled]
            for ticket in gone:
                self._waiting.remove(ticket)
        gone += [ticket for ticket in (*self._reading, *self._writing.values()) if ticket.cancelled]
        for ticket in dict.fromkeys(gone):
            self._forget(ticket, happened)

    def _forget(self, ticket: Ticket, happened: dict[int, Ticket]) -> None:
        """Let a ticket's texts go."""
        if ticket in self._reading:
            self._reading.remove(ticket)
        self._batch.leave([writing for writing in ticket.writings if self._writing.pop(id(writing), None) is not None])
        ticket.done = True
        happened[id(ticket)] = ticket

    def _fail(self, ticket: Ticket, error: TalklikeError, happened: dict[int, Ticket]) -> None:
        ticket.put(Failed(error))
        self._forget(ticket, happened)

    def _read(self, happened: dict[int, Ticket]) -> None:
        """Read prompts, the oldest first: a piece of a long one or some short ones; more where nobody's text is held up by it."""
        read = 0
        while self._reading:
            ticket = self._reading[0]
            if ticket.reading is None:
                ticket.reading = Reading(self.voice.engine, *ticket.request.context(self.voice.alphabet))
            logits = ticket.reading.read()
            read += len(logits)
            if ticket.request.prompt_logprobs:
                ticket.scores.append(logits)
            if ticket.reading.done:
                self._reading.popleft()
                try:
                    self._begin(ticket, ticket.reading)
                except TalklikeError as error:
                    self._fail(ticket, error, happened)
                happened[id(ticket)] = ticket
            if (self._writing and read >= READ_AT_ONCE) or ticket.cancelled:
                return

    def _begin(self, ticket: Ticket, reading: Reading) -> None:
        """Let the texts of a prompt that is read join the batch."""
        request = ticket.request
        ticket.put(Prompt(reading.length, self._prompt_scores(ticket)))
        ticket.scores.clear()
        ticket.reading = None
        if request.most == 0:
            for number in range(request.count):
                ticket.put(Finished(number, "length", 0))
            ticket.done = True
            return
        ticket.writings = begin(self.voice.rules, request, self.voice.pattern_maker(request))
        ticket.pieces = {number: ([], []) for number in range(request.written)}
        self._batch.join(ticket.writings, reading.primed())
        self._writing |= {id(writing): ticket for writing in ticket.writings}

    def _prompt_scores(self, ticket: Ticket) -> tuple[Scored, ...]:
        if not ticket.scores:
            return ()
        prompt = ticket.request.prompt_symbols(self.voice.alphabet).tolist()
        if not prompt:
            return ()
        rows = [row for piece in ticket.scores for row in piece][-len(prompt) - 1 : -1]
        alternatives = ticket.request.logprobs or 0
        return tuple(score(self.voice.alphabet, row, symbol, alternatives) for row, symbol in zip(rows, prompt, strict=True))

    def _step(self, happened: dict[int, Ticket]) -> None:
        """Write a symbol of every text, and tell the tickets."""
        for writing, text, symbols in self._batch.step():
            ticket = self._writing.get(id(writing))
            if ticket is None:  # another of its texts has failed in this step, and with it all
                continue
            happened[id(ticket)] = ticket
            ranked = ticket.ranked
            if not (ranked or symbols or writing.text.finished):  # as mostly
                ticket.put((writing.number, text))
                continue
            if writing.error is not None:
                del self._writing[id(writing)]
                self._fail(ticket, writing.error, happened)
                continue
            if ranked:
                ticket.pieces[writing.number][0].append(text)
                ticket.pieces[writing.number][1].extend(symbols)
            elif symbols:
                ticket.put(Piece(writing.number, text, symbols))
            elif text:
                ticket.put((writing.number, text))
            if writing.text.finished:
                del self._writing[id(writing)]
                if not ranked:
                    ticket.put(Finished(writing.number, writing.text.finished, writing.symbols))
                if all(one.text.finished for one in ticket.writings):
                    if ranked:
                        self._rank(ticket)
                    ticket.done = True

    def _rank(self, ticket: Ticket) -> None:
        """Tell a ticket the best of its texts."""
        texts: list[tuple[str, tuple[Scored, ...], str]] = [
            ("".join(ticket.pieces[w.number][0]), tuple(ticket.pieces[w.number][1]), w.text.finished or "length")
            for w in ticket.writings
        ]
        for number, (chosen, text, symbols) in enumerate(best(self.voice.engine, self.voice.rules, ticket.request, texts)):
            ticket.put(Piece(number, text, symbols))
            ticket.put(Finished(number, texts[chosen][2], ticket.writings[chosen].symbols))
