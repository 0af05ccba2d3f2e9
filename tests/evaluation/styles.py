"""Two people whose messages nobody could take for each other's, and people who write alike."""

from __future__ import annotations

import random

_WORDS = [
    "tide",
    "rope",
    "crab",
    "gull",
    "mast",
    "pier",
    "salt",
    "sail",
    "knot",
    "fog",
    "net",
    "reef",
    "boat",
    "oar",
    "wave",
    "sand",
    "shell",
    "hook",
    "line",
    "bait",
]


def plain(count: int, seed: int = 0) -> list[str]:
    """Return messages in small letters, without a mark."""
    draw = random.Random(seed)
    return [" ".join(draw.choices(_WORDS, k=draw.randint(3, 9))) for _ in range(count)]


def loud(count: int, seed: int = 0) -> list[str]:
    """Return messages of the same words in capitals, with marks and a smile."""
    return [", ".join(text.upper().split()) + "!! :-)" for text in plain(count, seed)]


def noise(count: int, seed: int = 0) -> list[str]:
    """Return messages of letters and signs drawn at random."""
    draw = random.Random(seed)
    return ["".join(chr(draw.randrange(33, 127)) for _ in range(draw.randint(15, 50))) for _ in range(count)]
