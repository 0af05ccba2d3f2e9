"""A channel's log as Limnoria writes it."""

from __future__ import annotations

from tests.chat.writers.writer import Rows, Writer, time_of


def write(rows: Rows) -> bytes:
    """Return messages, one a line."""
    lines = [f"{time_of(i):%Y-%m-%dT%H:%M:%S+0000}  <{author}> {text}\n" for i, (author, text) in enumerate(rows)]
    return "".join(lines).encode()


WRITER = Writer(write, name="#kelp.log")
