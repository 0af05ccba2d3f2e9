"""Repetition, presence and frequency penalties, against their definitions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from talklike.generation.penalties import Penalties
from talklike.generation.sampling import Sampling


@given(
    st.lists(st.integers(0, 4), max_size=20),
    st.integers(-1, 8),
    st.floats(0.5, 2),
    st.floats(-2, 2),
    st.floats(-2, 2),
)
def test_they_are_what_their_definitions_say(
    history: list[int], last: int, repetition: float, presence: float, frequency: float
) -> None:
    """Hugging Face's factor on the logits, then OpenAI's subtractions, over the last so many symbols."""
    sampling = Sampling(
        repetition_penalty=repetition, presence_penalty=presence, frequency_penalty=frequency, penalty_last_n=last
    )
    logits = np.array([1.5, -0.5, 0.0, 2.0, -3.0], np.float32)
    penalties = Penalties(sampling, 5)
    for symbol in history:
        penalties.add(symbol)
    seen = history if last < 0 else history[max(0, len(history) - last) :]
    expected = logits.astype(float)
    for symbol in set(seen):
        expected[symbol] = expected[symbol] / repetition if expected[symbol] > 0 else expected[symbol] * repetition
        expected[symbol] -= presence + frequency * seen.count(symbol)
    assert penalties.apply(logits) == pytest.approx(expected, abs=1e-5)


def test_forbidden_symbols_stay_forbidden() -> None:
    """A logit of −∞ isn't made finite, nor NaN, by any penalty."""
    penalties = Penalties(Sampling(repetition_penalty=1.5, frequency_penalty=-2.0), 2)
    penalties.add(0)
    assert penalties.apply(np.array([-np.inf, 1.0], np.float32)).tolist() == [-np.inf, 1.0]
