"""How likely a symbol was: its log-probability and those of what might have come instead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from talklike.corpus.alphabet import Alphabet


@dataclass(frozen=True)
class Scored:
    r"""A symbol and how likely the voice found it, before any filter or temperature.

    Attributes:
        symbol: Its id.
        text: What it adds; a byte that is only part of a character as ``\\xNN``.
        data: The same in UTF-8.
        logprob: Its log-probability [nat].
        top: The likeliest symbols and their log-probabilities, the likeliest first.
    """

    symbol: int
    text: str
    data: bytes
    logprob: float
    top: tuple[tuple[int, float], ...] = ()


def score(alphabet: Alphabet, logits: np.ndarray, symbol: int, alternatives: int) -> Scored:
    """Return how likely ``symbol`` was.

    Args:
        alphabet: The voice's alphabet.
        logits: What the voice expected, float32, shape (V,).
        symbol: What came.
        alternatives: How many of the likeliest to give.
    """
    relative = logits.astype(np.float64) - logits.max()
    logprobs = relative - np.log(np.exp(relative).sum())
    likeliest = np.argsort(-logprobs, kind="stable")[:alternatives].tolist()
    data = alphabet.bytes_of[symbol]
    return Scored(
        symbol, shown(data), data, float(logprobs[symbol]), tuple((other, float(logprobs[other])) for other in likeliest)
    )


def shown(data: bytes) -> str:
    r"""Return what a symbol adds as text, a byte that is only part of a character as ``\\xNN``.

    >>> shown("é".encode()), shown(b"\xc3")
    ('é', '\\xc3')
    """
    try:
        return data.decode()
    except UnicodeDecodeError:
        return "".join(f"\\x{byte:02x}" for byte in data)
