"""How the next symbol is picked from what the voice expects: the filters that need nothing but this step's logits, and the draw.

They are applied in llama.cpp's order: top-n-sigma, top-k, typical-p, top-p, min-p, XTC, and then temperature, so that temperature
changes how bold the choice is and not which symbols there are to choose from.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from talklike.generation.sampling import Sampling

CERTAIN = np.float32(1 << 36)
"""What a row's likeliest symbol weighs. With whole numbers for weights a row is the same wherever it begins among others, and the
sum over 100,000 rows of 300 equally likely symbols still fits in 64 bits."""

GREEDY_BELOW = 1e-4
"""Temperatures below this are 0: no two logits that differ at all would leave the lesser one a chance."""


def pick(
    logits: np.ndarray,
    sampling: Sampling,
    draws: np.ndarray,
    *,
    temperatures: np.ndarray | None = None,
    chances: np.ndarray | None = None,
) -> np.ndarray:
    """Return one symbol for each row.

    Args:
        logits: Scores of each symbol, float32, shape (B, V); −inf where a symbol isn't allowed. At least one is, in each row.
        sampling: How to pick.
        draws: A uniform number in [0, 1) for each row, shape (B,).
        temperatures: The temperature of each row, shape (B,), where it isn't ``sampling.temperature``.
        chances: Another uniform number for each row, which XTC draws, shape (B,); without them it is off.

    Returns:
        Ids, int64, shape (B,). A row's symbol depends on that row alone.
    """
    if temperatures is None:
        if sampling.temperature < GREEDY_BELOW:
            return _likeliest(logits)
        if plain(sampling):
            return _pick_plain(logits, sampling, draws)
        inverse: float | np.ndarray = 1 / sampling.temperature
        greedy = None
    else:
        greedy = temperatures < GREEDY_BELOW
        inverse = (1 / np.where(greedy, 1, temperatures)).astype(np.float32)[:, None]
    relative = kept(logits, sampling, chances)
    # Most symbols are left out of every row: adding up zeros for them would take most of the time.
    columns = np.isfinite(relative).any(axis=0).nonzero()[0]
    relative = relative[:, columns]
    relative *= inverse
    # Cumulated in float64, where rounding can't leave a draw beyond the last symbol.
    cumulated = np.exp(relative, out=relative).cumsum(axis=1, dtype=np.float64)
    targets = draws * cumulated[:, -1]
    found: np.ndarray = columns[(cumulated <= targets[:, None]).sum(axis=1)]
    return found if greedy is None else np.where(greedy, _likeliest(logits), found)


def _pick_plain(logits: np.ndarray, sampling: Sampling, draws: np.ndarray) -> np.ndarray:
    """Return one symbol for each row; few are likely enough, and only those are computed on, all rows' in one array.

    Each operation on all symbols lets other threads run, who may keep this one waiting: there are three of them here.
    """
    count, symbols = logits.shape
    likeliest = np.maximum.reduce(logits, axis=1)
    places = (logits >= (likeliest + math.log(sampling.min_p))[:, None]).reshape(-1).nonzero()[0]
    rows = places // symbols
    cumulated = _cumulated(logits.reshape(-1)[places] - likeliest[rows], sampling)
    ends = cumulated[rows.searchsorted(np.arange(count), "right") - 1]
    begins = np.zeros(count, np.int64)
    begins[1:] = ends[:-1]
    targets = begins + (draws * (ends - begins)).astype(np.int64)
    chosen: np.ndarray = places[cumulated.searchsorted(targets, "right")] % symbols
    return chosen


def pick_one(logits: np.ndarray, sampling: Sampling, draw: float) -> int:
    """Return the symbol that ``pick`` picks for a single row, in a third of the time.

    Args:
        logits: Scores of each symbol, float32, shape (V,).
        sampling: How to pick; ``plain`` says whether this way is open to it.
        draw: A uniform number in [0, 1).
    """
    likeliest = int(logits.argmax())
    if sampling.temperature < GREEDY_BELOW:
        return likeliest
    largest = logits[likeliest]
    candidates = (logits >= largest + math.log(sampling.min_p)).nonzero()[0]
    cumulated = _cumulated(logits[candidates] - largest, sampling)
    return int(candidates[cumulated.searchsorted(int(draw * int(cumulated[-1])), "right")])


def _cumulated(relative: np.ndarray, sampling: Sampling) -> np.ndarray:
    """Return the running sum of how likely symbols are, in parts of ``CERTAIN``: whole numbers, whose sums are exact.

    Args:
        relative: Logits less the largest of their row, float32; one row's or one row after the other.
        sampling: Tells the temperature.
    """
    weights = np.exp(relative * (1 / sampling.temperature))
    weights *= CERTAIN
    cumulated: np.ndarray = weights.astype(np.int64).cumsum()
    return cumulated


def plain(sampling: Sampling) -> bool:
    """Return whether temperature and min-p are all that there is, so that ``pick_one`` will do."""
    return (
        sampling.min_p > 0
        and not sampling.top_k
        and sampling.top_p == sampling.typical_p == 1
        and sampling.top_n_sigma < 0
        and not sampling.xtc_probability
        and not sampling.mirostat
        and not sampling.logit_bias
        and not sampling.looks_back
        and sampling.temperature_end is None
    )


def kept(logits: np.ndarray, sampling: Sampling, chances: np.ndarray | None = None) -> np.ndarray:
    """Return the logits less the largest of their row, −inf where a filter leaves a symbol out; a new array, shape (B, V)."""
    relative: np.ndarray = logits - logits.max(axis=1, keepdims=True)
    if sampling.top_n_sigma >= 0:
        relative[relative < -sampling.top_n_sigma * _deviation(relative)] = -np.inf
    if sampling.top_k and sampling.top_k < relative.shape[1]:
        relative[relative < np.partition(relative, -sampling.top_k, axis=1)[:, -sampling.top_k, None]] = -np.inf
    if sampling.typical_p < 1:
        _leave_untypical(relative, sampling.typical_p)
    if sampling.top_p < 1:
        relative[relative < _nucleus(relative, sampling.top_p)] = -np.inf
    if sampling.min_p > 0:
        relative[relative < math.log(sampling.min_p)] = -np.inf
    if chances is not None and sampling.xtc_probability > 0:
        for row in np.flatnonzero(chances < sampling.xtc_probability):
            _leave_top_choices(relative[row], sampling.xtc_threshold)
    return relative


def _likeliest(logits: np.ndarray) -> np.ndarray:
    likeliest: np.ndarray = logits.argmax(axis=1)
    return likeliest


def _deviation(relative: np.ndarray) -> np.ndarray:
    """Return the standard deviation of the logits of the symbols that are allowed, (B, 1)."""
    allowed = np.isfinite(relative)
    count = allowed.sum(axis=1, keepdims=True)
    values = np.where(allowed, relative, 0).astype(np.float64)
    mean = values.sum(axis=1, keepdims=True) / count
    squares = np.where(allowed, (values - mean) ** 2, 0).sum(axis=1, keepdims=True)
    deviation: np.ndarray = np.sqrt(squares / count)
    return deviation


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


def _leave_untypical(relative: np.ndarray, typical_p: float) -> None:
    """Keep the symbols whose surprise is nearest to the entropy until their probabilities reach ``typical_p``, in place."""
    probabilities = np.exp(relative.astype(np.float64))
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    with np.errstate(divide="ignore"):
        surprise = -np.log(probabilities)  # inf where it can't come
    entropy = np.where(probabilities > 0, probabilities * np.where(probabilities > 0, surprise, 0), 0).sum(axis=1, keepdims=True)
    order = np.argsort(np.abs(surprise - entropy), axis=1, kind="stable")
    gathered = np.take_along_axis(probabilities, order, axis=1)
    outside = gathered.cumsum(axis=1) - gathered >= typical_p
    outside[:, 0] = False
    left_out = np.zeros_like(outside)
    np.put_along_axis(left_out, order, outside, axis=1)
    relative[left_out] = -np.inf


def _leave_top_choices(relative: np.ndarray, threshold: float) -> None:
    """Leave out all symbols with a probability of ``threshold`` or more but the least likely of them, in place, shape (V,)."""
    probabilities = np.exp(relative.astype(np.float64))
    top = np.flatnonzero(probabilities >= threshold * probabilities.sum())
    if len(top) > 1:
        relative[np.delete(top, relative[top].argmin())] = -np.inf
