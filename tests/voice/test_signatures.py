"""What tells authors apart: the runs of messages and their rows, against the same counted one by one in Python."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from talklike.voice.signatures import LONGEST, MULTIPLIER, SPREAD, Signatures, runs_of

if TYPE_CHECKING:
    from collections.abc import Sequence

MESSAGES = st.lists(st.lists(st.integers(1, 65_535), max_size=30), min_size=1, max_size=6)


def counted(message: Sequence[int], bits: int) -> Counter[int]:
    """Return how many runs of a message point to each row, by the formula of the module's first lines."""
    symbols = [0, *message, 0]
    rows = Counter[int]()
    for start in range(len(symbols)):
        for end in range(start + 1, min(start + LONGEST, len(symbols)) + 1):
            run = symbols[start:end]
            total = sum(MULTIPLIER ** (len(run) - 1 - place) * (symbol + 1) for place, symbol in enumerate(run)) % 2**64
            rows[total * SPREAD % 2**64 >> 64 - bits] += 1
    return rows


@given(MESSAGES, st.integers(10, 24))
def test_rows_are_those_of_the_formula(messages: list[list[int]], bits: int) -> None:
    """Each message's rows, once each, with 1 + ln of how often; no run reaches into the message before."""
    runs = runs_of([np.array(message, np.uint16) for message in messages], 1 << bits)
    bounds = [*runs.starts.tolist(), len(runs.rows)]
    for number, message in enumerate(messages):
        here = slice(bounds[number], bounds[number + 1])
        expected = counted(message, bits)
        assert runs.rows[here].tolist() == sorted(expected)
        np.testing.assert_allclose(runs.weights[here], [1 + math.log(expected[row]) for row in sorted(expected)], rtol=1e-6)


@given(MESSAGES, st.integers(0, 2**32 - 1))
def test_logits_are_sums_of_rows(messages: list[list[int]], seed: int) -> None:
    """Weight by weight, for each author."""
    random = np.random.default_rng(seed)
    signatures = Signatures(random.integers(-127, 128, (1024, 3)).astype(np.int8), random.random(3).astype(np.float32))
    found = signatures.logits([np.array(message, np.uint16) for message in messages])
    for number, message in enumerate(messages):
        rows = counted(message, 10)
        expected = sum((1 + math.log(count)) * signatures.table[row].astype(float) for row, count in rows.items())
        np.testing.assert_allclose(found[number], expected * signatures.units, rtol=1e-4, atol=1e-3)


def test_rows_are_spread_evenly() -> None:
    """Runs of few different symbols point to all rows alike: of 2^10 rows none has thrice its part of 18,000 runs."""
    messages = [np.random.default_rng(seed).integers(1, 12, 100).astype(np.uint16) for seed in range(100)]
    different = np.unique(runs_of(messages, 1 << 24).rows)
    shares = np.bincount(different >> 14, minlength=1024) / len(different)
    assert len(different) > 18_000
    assert shares.max() < 3 / 1024


@pytest.mark.parametrize("messages", [[], [np.zeros(0, np.uint16)]])
def test_nothing_has_rows_of_its_ends_only(messages: list[np.ndarray]) -> None:
    """An empty message is two ENDs; no message is no answer."""
    found = Signatures(np.ones((1024, 2), np.int8), np.ones(2, np.float32)).logits(messages)
    assert found.shape == (len(messages), 2)
    np.testing.assert_allclose(found, (1 + math.log(2)) + 1)
