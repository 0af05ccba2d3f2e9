"""Lets voices write what a request asks for, and makes answers of it: whole, or as server-sent events."""

from __future__ import annotations

import asyncio
import contextlib
import time
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from talklike.errors import TalklikeError
from talklike.generation.scheduler import Finished, Piece, Prompt
from talklike.server.answers import ApiError, compact
from talklike.server.shapes import REASONS, chat_logprobs, completion_logprobs, usage

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from talklike.generation.request import Request
    from talklike.generation.scheduler import Ticket
    from talklike.generation.scored import Scored
    from talklike.server.bodies import Chat, Completion
    from talklike.server.metrics import Metrics
    from talklike.server.voices import Served

TOGETHER = 0.015
"""Characters that come within this time of each other travel in one event [s]: a screen shows 60 pictures a second."""

EVENTS = 600
"""So many events are sent in a second to all clients together, where many read at once: each costs as much as ten characters."""


@dataclass
class Written:
    """A text so far."""

    text: str = ""
    symbols: list[Scored] = field(default_factory=list)
    reason: str | None = None


class Job:
    """The texts of one HTTP request: a ticket for each prompt.

    Args:
        served: The voice.
        body: What was asked for.
        requests: The same for the voice, one for each prompt.
        metrics: Where characters are counted.

    Attributes:
        read: Symbols read.
        written: Symbols written.
        texts: The texts so far, prompt by prompt.
        prompts: How likely each prompt's symbols were, if that was asked for; None while a prompt isn't read.
        characters: How many characters they have.

    Raises:
        ApiError: Too many texts wait already.
    """

    def __init__(self, served: Served, body: Completion | Chat, requests: list[Request], metrics: Metrics) -> None:
        self.served = served
        self.body = body
        self.requests = requests
        self.read = self.written = self.characters = 0
        self.texts = [Written() for request in requests for _ in range(request.count)]
        self.prompts: list[tuple[Scored, ...] | None] = [None for _ in requests]
        self._metrics = metrics
        self._began = time.perf_counter()
        self._happened = asyncio.Event()
        self.tickets: list[Ticket] = []
        try:
            self.tickets.extend(served.submit(request, self._happened) for request in requests)
        except TalklikeError as error:
            self.close()
            raise ApiError.of(error) from error

    def close(self) -> None:
        """Free whatever is still being written."""
        for ticket in self.tickets:
            self.served.forget(ticket)

    def prompt_of(self, index: int) -> int:
        """Return the number of a text's prompt."""
        return index // self.requests[0].count

    @property
    def done(self) -> bool:
        """Whether all texts are finished and taken."""
        return all(text.reason is not None for text in self.texts)

    async def grow(self) -> None:
        """Wait until something has happened, and take it.

        Raises:
            ApiError: A text can't be finished.
        """
        await self.served.happens(self.tickets, self._happened)
        self.take()

    async def rest(self, seconds: float) -> None:
        """Wait so long, but no longer than until everything is written.

        Args:
            seconds: How long [s].
        """
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not all(ticket.done for ticket in self.tickets):
                    self._happened.clear()
                    await self._happened.wait()

    def take(self) -> None:
        """Take what has happened.

        Raises:
            ApiError: A text can't be finished.
        """
        before, first = self.characters, 0
        for number, ticket in enumerate(self.tickets):
            pieces: dict[int, list[str]] = {}
            for event in ticket.take():
                if isinstance(event, Piece):
                    pieces.setdefault(event.number, []).append(event.text)
                    if event.symbols:
                        self.texts[first + event.number].symbols.extend(event.symbols)
                elif isinstance(event, Finished):
                    self.texts[first + event.number].reason = REASONS[event.reason]
                    self.written += event.symbols
                elif isinstance(event, Prompt):
                    self.read += event.length - 1  # the start of the text is no symbol of theirs
                    self.prompts[number] = event.symbols
                else:
                    raise ApiError.of(event.error)
            for which, texts in pieces.items():
                grown = "".join(texts)
                self.texts[first + which].text += grown
                self.characters += len(grown)
            first += ticket.request.count
        if self.characters > before:
            name = self.served.name
            if not before:
                self._metrics.first_character.labels(name).observe(time.perf_counter() - self._began)
            self._metrics.characters.labels(name).inc(self.characters - before)


class Shape:
    """How a kind of answer looks.

    Args:
        job: What is written.
        body: What was asked for.
    """

    whole = piece = prefix = ""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.alphabet = job.served.voice.alphabet
        self.head = {"id": f"{self.prefix}-{uuid.uuid4().hex}", "created": int(time.time()), "model": job.served.name}

    def answer(self) -> dict[str, Any]:
        """Return the whole answer."""
        choices = [self.choice(index) for index in range(len(self.job.texts))]
        return self.head | {"object": self.whole, "choices": choices, "usage": usage(self.job.read, self.job.written)}

    def chunk(self, choices: list[dict[str, Any]], **more: Any) -> bytes:
        """Return an event of a stream."""
        return b"data: " + compact(self.head | {"object": self.piece, "choices": choices} | more) + b"\n\n"

    def choice(self, index: int) -> dict[str, Any]:
        """Return a whole text."""
        raise NotImplementedError

    def echo(self, index: int) -> str:  # noqa: ARG002 - only completions have one
        """Return what stands before the text."""
        return ""

    def begin(self, index: int) -> dict[str, Any] | None:
        """Return what the stream of a text begins with, if with anything, once its prompt is read."""
        raise NotImplementedError

    def grown(self, index: int, text: str, symbols: list[Scored], reason: str | None, offset: int) -> dict[str, Any]:
        """Return by what a text has grown.

        Args:
            index: Which text.
            text: By what.
            symbols: Its symbols.
            reason: Why it is finished, if it is.
            offset: Where in the text that begins [character].
        """
        raise NotImplementedError


class CompletionShape(Shape):
    """``/v1/completions``."""

    whole = piece = "text_completion"
    prefix = "cmpl"

    def echo(self, index: int) -> str:
        """Return the prompt, if it is to be echoed."""
        return self.echoed(index)[0]

    def echoed(self, index: int) -> tuple[str, list[Scored]]:
        """Return the prompt of a text and its symbols, if it is to be echoed."""
        body: Any = self.job.body
        if not body.echo:
            return "", []
        number = self.job.prompt_of(index)
        prompt = self.job.requests[number].prompt
        return prompt if isinstance(prompt, str) else self.alphabet.decode(prompt), list(self.job.prompts[number] or ())

    def choice(self, index: int) -> dict[str, Any]:
        """Return a whole text, its prompt before it if it is to be echoed."""
        written = self.job.texts[index]
        prompt, symbols = self.echoed(index)
        return self.grown(index, prompt + written.text, [*symbols, *written.symbols], written.reason, 0)

    def begin(self, index: int) -> dict[str, Any] | None:
        """Return the prompt, if it is to be echoed."""
        prompt, symbols = self.echoed(index)
        return self.grown(index, prompt, symbols, None, 0) if prompt or symbols else None

    def grown(self, index: int, text: str, symbols: list[Scored], reason: str | None, offset: int) -> dict[str, Any]:
        """Return by what a text has grown."""
        scored = self.job.body.logprobs is not None
        logprobs = completion_logprobs(symbols, self.alphabet, offset) if scored else None
        return {"index": index, "text": text, "logprobs": logprobs, "finish_reason": reason}


class ChatShape(Shape):
    """``/v1/chat/completions``."""

    whole, piece = "chat.completion", "chat.completion.chunk"
    prefix = "chatcmpl"

    def choice(self, index: int) -> dict[str, Any]:
        """Return a whole text."""
        written = self.job.texts[index]
        message = {"role": "assistant", "content": written.text, "refusal": None}
        return {"index": index, "message": message} | self._end(written.symbols, written.reason)

    def begin(self, index: int) -> dict[str, Any] | None:
        """Return whose turn it is."""
        return {"index": index, "delta": {"role": "assistant", "content": "", "refusal": None}} | self._end([], None)

    def grown(self, index: int, text: str, symbols: list[Scored], reason: str | None, offset: int) -> dict[str, Any]:  # noqa: ARG002 - chats have no offsets
        """Return by what a text has grown."""
        return {"index": index, "delta": {"content": text} if text else {}} | self._end(symbols, reason)

    def _end(self, symbols: list[Scored], reason: str | None) -> dict[str, Any]:
        logprobs = chat_logprobs(symbols, self.alphabet) if self.job.body.logprobs else None
        return {"logprobs": logprobs, "finish_reason": reason}


async def write_whole(job: Job, shape: Shape, timeout: float) -> dict[str, Any]:
    """Return the whole answer.

    Args:
        job: What is to be written.
        shape: How it looks.
        timeout: How long it may take [s].

    Raises:
        ApiError: It took longer, or can't be finished.
    """
    try:
        async with asyncio.timeout(timeout):
            while not job.done:
                await job.grow()
    except TimeoutError as error:
        raise late(timeout) from error
    finally:
        job.close()
    return shape.answer()


async def write_events(job: Job, shape: Shape, timeout: float, *, with_usage: bool) -> AsyncIterator[bytes]:
    """Yield the answer as server-sent events; an error that comes too late for a status is the last of them.

    Args:
        job: What is to be written.
        shape: How it looks.
        timeout: How long it may take [s].
        with_usage: Whether the last chunk tells how many symbols were read and written.
    """
    sent: list[tuple[int, int] | None] = [None] * len(job.texts)  # characters and symbols; None before the beginning
    ended = [False] * len(job.texts)
    more = {"usage": None} if with_usage else {}
    last = 0.0
    try:
        async with asyncio.timeout(timeout):
            while not job.done:
                await job.grow()
                pause = last + max(TOGETHER, job.served.scheduler.active / EVENTS) - time.perf_counter()
                if last and pause > 0 and not job.done:
                    await job.rest(pause)
                    job.take()
                for index, text in enumerate(job.texts):
                    if ended[index] or job.prompts[job.prompt_of(index)] is None:
                        continue
                    if (before := sent[index]) is None:
                        sent[index] = before = (len(shape.echo(index)), 0)
                        if (opening := shape.begin(index)) is not None:
                            yield shape.chunk([opening], **more)
                    offset, symbols = before
                    characters = offset - len(shape.echo(index))
                    if len(text.text) == characters and len(text.symbols) == symbols and text.reason is None:
                        continue
                    grown = shape.grown(index, text.text[characters:], text.symbols[symbols:], text.reason, offset)
                    yield shape.chunk([grown], **more)  # one choice each: clients read the first of a chunk only
                    sent[index] = offset + len(text.text) - characters, len(text.symbols)
                    ended[index] = text.reason is not None
                    last = time.perf_counter()
        if with_usage:
            yield shape.chunk([], usage=usage(job.read, job.written))
        yield b"data: [DONE]\n\n"
    except TimeoutError:
        yield b"data: " + compact(late(timeout).body) + b"\n\n"
    except ApiError as error:
        yield b"data: " + compact(error.body) + b"\n\n"
    finally:
        job.close()


def late(timeout: float) -> ApiError:
    """Return the error of a text that took too long."""
    return ApiError(504, f"the text wasn't finished within {timeout:g} seconds; ask for fewer characters", code="timeout")
