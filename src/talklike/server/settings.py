"""What a server allows: keys, origins and limits."""

from __future__ import annotations

from dataclasses import dataclass, fields

from talklike.errors import OptionError

LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True)
class Settings:
    """What a server allows.

    Attributes:
        keys: API keys, one of which a request must bear; without any, everyone may ask.
        origins: Origins whose pages may ask (CORS); none unless given.
        streams: Most texts that are written at once with a voice.
        queue: Most texts that wait for it.
        body: Largest body of a request [byte].
        prompt: Longest prompt, its conversation included [symbol].
        length: Longest text [character].
        texts: Most texts for a prompt (``n``, ``best_of``).
        prompts: Most prompts in a request.
        stops: Most stop strings.
        timeout: Longest time for a request, waiting included [s].
        shutdown: How long the server, told to stop, goes on with what it has begun [s].
        device: Where voices write: ``cpu`` or ``cuda``.

    Raises:
        OptionError: A limit makes no sense.
    """

    keys: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    streams: int = 32
    queue: int = 256
    body: int = 1 << 20
    prompt: int = 16_384
    length: int = 4096
    texts: int = 16
    prompts: int = 32
    stops: int = 16
    timeout: float = 120.0
    shutdown: float = 30.0
    device: str = "cpu"

    def __post_init__(self) -> None:
        wrong = [
            f"{field.name} is {value}, must be above 0"
            for field in fields(self)
            if isinstance(value := getattr(self, field.name), int | float) and not value > 0
        ]
        if any(not key or not key.isascii() or not key.isprintable() or " " in key for key in self.keys):
            wrong.append("an API key is empty or has characters that a header can't carry")
        if wrong:
            raise OptionError("; ".join(wrong))


def is_local(host: str) -> bool:
    """Return whether only this machine can reach a host."""
    return host in LOOPBACK or host.startswith("127.")
