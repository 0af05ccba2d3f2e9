"""Mirostat keeps the surprise where it is wished."""

from __future__ import annotations

import numpy as np
import pytest

from talklike.generation.mirostat import Mirostat
from talklike.generation.sampling import Sampling

FLAT = np.zeros(64, np.float32)  # 6 bits of surprise, whatever comes


@pytest.mark.parametrize("tau", [1.0, 2.5, 4.0])
def test_the_surprise_comes_near_the_wish(tau: float) -> None:
    """Over many draws from a distribution with a long tail, the mean surprise of what was picked is about τ."""
    logits = -np.log(np.arange(1, 200, dtype=np.float32))  # Zipf: 5.2 bits
    random = np.random.default_rng(1)
    mirostat = Mirostat(Sampling(mirostat=2, mirostat_tau=tau))
    limits = []
    for _ in range(4000):
        mirostat.pick(logits, 1.0, random.random())
        limits.append(mirostat.limit)
    kept = np.exp(logits.astype(float))
    kept /= kept.sum()
    mean = []
    for limit in limits[1000:]:
        p = np.where(-np.log2(kept) <= limit, kept, 0)
        p /= p.sum()
        mean.append(-(p[p > 0] * np.log2(p[p > 0])).sum())
    assert np.mean(mean) == pytest.approx(tau, abs=0.3)


def test_the_limit_moves_by_how_much_it_was_off() -> None:
    """The equation of the paper: μ ← μ − η (surprise − τ)."""
    mirostat = Mirostat(Sampling(mirostat=2, mirostat_tau=4.0, mirostat_eta=0.5))
    assert mirostat.limit == 8.0
    mirostat.pick(FLAT, 1.0, 0.5)
    assert mirostat.limit == pytest.approx(8.0 - 0.5 * (6.0 - 4.0))


def test_the_most_likely_symbol_always_stays() -> None:
    """Even where everything surprises more than the limit allows, something is picked; never what is forbidden."""
    logits = np.array([-np.inf, 0.0, 1.0, 0.5], np.float32)
    mirostat = Mirostat(Sampling(mirostat=2, mirostat_tau=0.01))
    assert [mirostat.pick(logits, 1.0, draw) for draw in (0.0, 0.5, 0.999)] == [2, 2, 2]
    assert mirostat.pick(logits, 0.0, 0.9) == 2
