"""Clients of a server in a process of their own: plain sockets and asyncio, as light as clients can be.

``python -m benchmarks.server.traffic.clients URL KIND COUNT SECONDS CHARACTERS`` prints what happened as JSON. It shares
the machine's cores with the server, as clients on the same machine do.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from dataclasses import asdict, dataclass, field
from urllib.parse import urlsplit

RUBBISH = (b"{", b"[]", b'{"prompt": 5}', b'{"temperature": -1}', b'{"model": "nobody"}', b"\xff\xfe", b'{"n": 99}', b"[" * 5000)
HANG_UP_AFTER = 3  # events
LONGER = 20  # so many times as long are the texts that nobody waits for to the end


@dataclass
class Found:
    """What the clients saw.

    Attributes:
        first: Seconds to each text's first character.
        characters: Characters received.
        seconds: How long it took.
        texts: Whole texts, by seed.
        hung_up: How often a client went away.
        refused: Statuses that rubbish got.
        wrong: What went wrong that a client is not to blame for.
    """

    first: list[float] = field(default_factory=list)
    characters: int = 0
    seconds: float = 0.0
    texts: dict[int, str] = field(default_factory=dict)
    hung_up: int = 0
    refused: list[int] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


class Client:
    """One client, which asks again and again.

    Args:
        url: The server.
        found: Where it notes what it saw.
        characters: How long its texts are.
    """

    def __init__(self, url: str, found: Found, characters: int) -> None:
        self._address = urlsplit(url)
        self._found = found
        self._characters = characters
        self._connection: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def stream(self, seed: int, *, hang_up: bool = False) -> None:
        """Ask for a text as a stream; with ``hang_up`` go away in its middle."""
        length = self._characters * LONGER if hang_up else self._characters
        body = {"prompt": "hi", "seed": seed, "max_tokens": length, "min_tokens": length, "stream": True}
        began = time.perf_counter()
        reader, writer, status = await self._post(json.dumps(body).encode())
        if status != 200:
            self._found.wrong.append(f"status {status}")
            await self._skip(reader, writer)
            return
        pieces: list[str] = []
        events = 0
        async for line in _events(reader):
            if line == b"[DONE]":
                continue  # to the last chunk, after which the next answer comes
            choice = json.loads(line)
            if "error" in choice:
                self._found.wrong.append(choice["error"]["message"])
                continue
            text = choice["choices"][0]["text"]
            if not pieces and text:
                self._found.first.append(time.perf_counter() - began)
            pieces.append(text)
            self._found.characters += len(text)
            events += 1
            if hang_up and events >= HANG_UP_AFTER:
                writer.close()
                self._connection = None
                self._found.hung_up += 1
                return
        self._found.texts[seed] = "".join(pieces)

    async def rubbish(self, body: bytes) -> None:
        """Send what makes no sense, and note what it gets."""
        reader, writer, status = await self._post(body)
        self._found.refused.append(status)
        if not 400 <= status < 500:
            self._found.wrong.append(f"rubbish got status {status}")
        await self._skip(reader, writer)

    async def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection[1].close()

    async def _post(self, body: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter, int]:
        if self._connection is None:
            self._connection = await asyncio.open_connection(self._address.hostname, self._address.port)
        reader, writer = self._connection
        head = (
            f"POST /v1/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        writer.write(head.encode() + body)
        answer = await reader.readuntil(b"\r\n\r\n")
        self._length = 0
        for line in answer.lower().split(b"\r\n"):
            if line.startswith(b"content-length:"):
                self._length = int(line.partition(b":")[2])
        return reader, writer, int(answer.split()[1])

    async def _skip(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Read an answer's body, or leave the connection where its end isn't known."""
        if self._length:
            await reader.readexactly(self._length)
        else:
            writer.close()
            self._connection = None


async def _events(reader: asyncio.StreamReader):  # type: ignore[no-untyped-def]  # an iterator of bytes
    """Yield the data of each event of a chunked answer, to the last chunk."""
    waiting = b""
    while size := int(await reader.readuntil(b"\r\n"), 16):
        waiting += await reader.readexactly(size)
        await reader.readexactly(2)
        *events, waiting = waiting.split(b"\n\n")
        for event in events:
            yield event.removeprefix(b"data: ")
    await reader.readexactly(2)


async def work(url: str, kind: str, count: int, seconds: float, characters: int) -> Found:
    """Let clients ask until the time is over; ``load`` has some hang up and some send rubbish."""
    found = Found()
    until = time.perf_counter() + seconds

    async def one(number: int) -> None:
        client = Client(url, found, characters)
        choose = random.Random(number)
        turn = 0
        while time.perf_counter() < until:
            seed = number * 100_000 + turn
            fate = choose.random() if kind == "load" else 1.0
            try:
                if fate < 0.1:
                    await client.stream(seed, hang_up=True)
                elif fate < 0.2:
                    await client.rubbish(choose.choice(RUBBISH))
                else:
                    await client.stream(seed)
            except (OSError, asyncio.IncompleteReadError) as error:
                found.wrong.append(type(error).__name__)
                client = Client(url, found, characters)
            turn += 1
        await client.close()

    began = time.perf_counter()
    await asyncio.gather(*(one(number) for number in range(count)))
    found.seconds = time.perf_counter() - began
    return found


if __name__ == "__main__":
    address, what, how_many, how_long, length = sys.argv[1:]
    print(json.dumps(asdict(asyncio.run(work(address, what, int(how_many), float(how_long), int(length))))))
