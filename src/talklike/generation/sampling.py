"""How the next symbol is picked from what the voice expects.

Filters are applied in llama.cpp's order, top-k, top-p, min-p, and then temperature, so that temperature changes how bold the
choice is and not which symbols there are to choose from.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from talklike.errors import OptionError

if TYPE_CHECKING:
    from typing import Any


_GREEDY_BELOW = 1e-4
"""Temperatures below this are 0: no two logits that differ at all would leave the lesser one a chance."""


@dataclass(frozen=True)
class Sampling:
    """What to pick from, and how boldly.

    Attributes:
        temperature: Divides the logits: below 1 safer, above 1 wilder; 0 takes the most likely symbol.
        top_k: Pick only from the k most likely symbols; 0 from all.
        top_p: Pick only from the most likely symbols that together have this probability; 1 from all
            (Holtzman et al. 2020).
        min_p: Pick only from symbols at least this share as likely as the most likely one; 0 from all
            (Nguyen et al. 2024).

    Raises:
        OptionError: A value makes no sense.
    """

    temperature: float = 0.7
    top_k: int = 0
    top_p: float = 1.0
    min_p: float = 0.02

    def __post_init__(self) -> None:
        wrong = []
        if not 0 <= self.temperature <= 100:  # also false for NaN
            wrong.append(f"temperature is {self.temperature}, must be from 0 to 100")
        if not isinstance(self.top_k, int) or self.top_k < 0:
            wrong.append(f"top-k is {self.top_k}, must be a whole number, 0 (off) or more")
        if not 0 < self.top_p <= 1:
            wrong.append(f"top-p is {self.top_p}, must be above 0 and at most 1 (off)")
        if not 0 <= self.min_p <= 1:
            wrong.append(f"min-p is {self.min_p}, must be from 0 (off) to 1")
        if wrong:
            raise OptionError("; ".join(wrong))

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Sampling:
        """Return the sampling that a voice's card asks for; names this version doesn't know are passed over."""
        known = {f.name for f in fields(cls)}
        return cls(**{name: value for name, value in values.items() if name in known})


def pick(logits: np.ndarray, sampling: Sampling, draws: np.ndarray) -> np.ndarray:
    """Return one symbol for each row.

    Args:
        logits: Scores of each symbol, float32, shape (B, V); −inf where a symbol isn't allowed.
        sampling: How to pick.
        draws: A uniform number in [0, 1) for each row, shape (B,).

    Returns:
        Ids, int64, shape (B,). A row's symbol depends on that row alone.
    """
    if sampling.temperature < _GREEDY_BELOW:
        likeliest: np.ndarray = logits.argmax(axis=1)
        return likeliest
    if sampling.top_k and sampling.top_k < logits.shape[1]:
        least = np.partition(logits, -sampling.top_k, axis=1)[:, -sampling.top_k, None]
        logits = np.where(logits >= least, logits, -np.inf)
    relative = logits - logits.max(axis=1, keepdims=True)
    if sampling.top_p < 1:
        relative[relative < _nucleus(relative, sampling.top_p)] = -np.inf
    if sampling.min_p > 0:
        relative[relative < math.log(sampling.min_p)] = -np.inf
    relative *= 1 / sampling.temperature
    # Cumulated in float64, where rounding can't leave a draw beyond the last symbol.
    cumulated = np.exp(relative, out=relative).cumsum(axis=1, dtype=np.float64)
    targets = draws * cumulated[:, -1]
    return np.array([row.searchsorted(target, "right") for row, target in zip(cumulated, targets, strict=True)])


def pick_one(logits: np.ndarray, sampling: Sampling, draw: float) -> int:
    """Return the symbol that ``pick`` picks for a single row, in half the time: what is out of the question is not computed on.

    Args:
        logits: Scores of each symbol, float32, shape (V,).
        sampling: How to pick.
        draw: A uniform number in [0, 1).
    """
    likeliest = int(logits.argmax())
    if sampling.temperature < _GREEDY_BELOW:
        return likeliest
    if sampling.top_k or sampling.top_p < 1 or sampling.min_p == 0:
        return int(pick(logits[None], sampling, np.array([draw]))[0])
    relative = logits - logits[likeliest]
    candidates = (relative >= math.log(sampling.min_p)).nonzero()[0]
    cumulated = np.exp(relative[candidates] * (1 / sampling.temperature)).astype(np.float64).cumsum()
    return int(candidates[cumulated.searchsorted(draw * cumulated[-1], "right")])


def _nucleus(relative: np.ndarray, top_p: float) -> np.ndarray:
    """Return the smallest logit, (B, 1), of the fewest symbols whose probabilities sum to ``top_p``.

    Args:
        relative: Logits less the largest of their row, (B, V).
        top_p: The sum to reach.
    """
    descending = -np.sort(-relative, axis=1)
    probabilities = np.exp(descending)
    before = probabilities.cumsum(axis=1) - probabilities
    inside = before < top_p * probabilities.sum(axis=1, keepdims=True)
    smallest: np.ndarray = np.take_along_axis(descending, np.maximum(inside.sum(axis=1, keepdims=True), 1) - 1, axis=1)
    return smallest
