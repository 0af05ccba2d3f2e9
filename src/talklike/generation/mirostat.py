"""Mirostat 2: keeps the surprise of what is written near a wish, by leaving out what would surprise more than a moving limit.

Source: Basu et al. (2021), Mirostat: A Neural Text Decoding Algorithm that Directly Controls Perplexity; llama.cpp's order of
temperature first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from talklike.generation.filters import GREEDY_BELOW

if TYPE_CHECKING:
    from talklike.generation.sampling import Sampling


class Mirostat:
    """The limit of one text.

    Args:
        sampling: τ [bit/character] and η.

    Attributes:
        limit: The most surprise that is let through now [bit]; it begins at 2 τ.
    """

    def __init__(self, sampling: Sampling) -> None:
        self._tau = sampling.mirostat_tau
        self._eta = sampling.mirostat_eta
        self.limit = 2 * sampling.mirostat_tau

    def pick(self, logits: np.ndarray, temperature: float, draw: float) -> int:
        """Return a symbol, and move the limit by how much it surprised.

        Args:
            logits: Scores of each symbol, float32, shape (V,); −inf where a symbol isn't allowed.
            temperature: Divides them first.
            draw: A uniform number in [0, 1).
        """
        likeliest = int(logits.argmax())
        if temperature < GREEDY_BELOW:
            return likeliest
        weights = np.exp((logits.astype(np.float64) - logits[likeliest]) / temperature)
        with np.errstate(divide="ignore"):
            surprise = -np.log2(weights / weights.sum())
        weights[surprise > max(self.limit, surprise[likeliest])] = 0  # the most likely symbol always stays
        cumulated = weights.cumsum()
        symbol = int(cumulated.searchsorted(draw * cumulated[-1], "right"))
        seen = -np.log2(weights[symbol] / cumulated[-1])
        self.limit -= self._eta * (float(seen) - self._tau)
        return symbol
