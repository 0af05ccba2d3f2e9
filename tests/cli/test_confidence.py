"""Characters in the colour of their probability."""

from __future__ import annotations

import math

from talklike.cli.confidence import coloured
from talklike.generation.scored import Scored


def symbol(data: bytes, probability: float) -> Scored:
    """Return a symbol."""
    return Scored(0, "", data, math.log(probability))


def test_characters_are_coloured_by_their_probability() -> None:
    """Likely ones are green, unlikely ones red; the bytes of a character count together."""
    symbols = [symbol(b"a", 0.9), symbol(b"b", 0.3), symbol(b"c", 0.1), symbol(b"d", 0.01)]
    symbols += [symbol(byte, 0.75) for byte in (b"\xc3", b"\xa9")]
    assert coloured(symbols) == "\x1b[32ma\x1b[0m\x1b[33mb\x1b[0m\x1b[35mc\x1b[0m\x1b[31md\x1b[0m\x1b[32mé\x1b[0m"
    assert coloured(symbols, colours=False) == "abcdé"
