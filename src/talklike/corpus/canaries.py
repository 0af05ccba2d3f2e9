"""Canaries: random secrets planted among the training messages, so that it can be measured how much of them a voice gives away.

A canary is a message such as "my code for belano: 48203917". Which there are follows from the recipe's seed alone, by SHA-256, so
that whoever has a voice's recipe knows what was planted, on any machine and in any version. Right before its secret each has a
word of its own: behind the same words, several canaries would take each other's place.

Source: Carlini et al. (2019), The Secret Sharer: evaluating and testing unintended memorization in neural networks.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from itertools import count as numbers
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from talklike.corpus.arrange import Arrangement, Selection

DIGITS = 8
SECRETS = 10**DIGITS
"""How many secrets a canary could have had, all equally likely."""

MOST_CANARIES = 1000
"""Most canaries in a training text."""

_BEGIN = ("b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "z", "br", "tr")
_VOWELS = ("a", "e", "i", "o")
_SYLLABLES = 3


@dataclass(frozen=True)
class Canary:
    """A message with a secret in it.

    Attributes:
        before: What stands before the secret; no other canary has the same.
        secret: ``DIGITS`` digits.
    """

    before: str
    secret: str

    @property
    def text(self) -> str:
        """The whole message."""
        return self.before + self.secret


def canaries(seed: int, count: int) -> tuple[Canary, ...]:
    """Return the first canaries of a seed; those beyond what was planted are of the same kind and were never seen.

    Args:
        seed: The recipe's.
        count: How many.

    >>> canaries(0, 2) == canaries(0, 5)[:2]
    True
    """
    found: dict[str, Canary] = {}
    for number in numbers():
        if len(found) == count:
            break
        drawn = int.from_bytes(hashlib.sha256(f"talklike canary {seed} {number}".encode()).digest())
        drawn, secret = divmod(drawn, SECRETS)
        word = ""
        for _ in range(_SYLLABLES):
            drawn, begin = divmod(drawn, len(_BEGIN))
            drawn, vowel = divmod(drawn, len(_VOWELS))
            word += _BEGIN[begin] + _VOWELS[vowel]
        found.setdefault(word, Canary(f"my code for {word}: ", f"{secret:0{DIGITS}}"))
    return tuple(found.values())


def planted_by(recipe: Mapping[str, Any]) -> tuple[Canary, ...]:
    """Return the canaries that a recipe planted, none where it says nothing sensible.

    Args:
        recipe: Of a voice's card, which is not trusted.
    """
    seed, count = recipe.get("seed", 0), recipe.get("canaries", 0)
    if not all(isinstance(value, int) and not isinstance(value, bool) for value in (seed, count)):
        return ()
    return canaries(seed, min(max(count, 0), MOST_CANARIES))


def planted(where: Arrangement, rows: Sequence[int], times: int) -> Arrangement:
    """Return an arrangement with messages planted among those that train, evenly, each as often as asked for.

    They are the first author's. With a room behind an author they are part of both, as the author's own messages are.

    Args:
        where: Where the messages of the chat go.
        rows: Rows of the messages to plant.
        times: How often each is planted.
    """

    def among(selection: Selection) -> Selection:
        added = np.tile(np.array(rows, selection.rows.dtype), times)
        places = ((np.arange(len(added)) + 0.5) / max(1, len(added)) * len(selection)).astype(np.int64)
        mine = np.ones(len(added), selection.authors.dtype)
        return replace(
            selection, rows=np.insert(selection.rows, places, added), authors=np.insert(selection.authors, places, mine)
        )

    return replace(where, train=among(where.train), own=None if where.own is None else among(where.own))
