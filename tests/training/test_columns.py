"""Which symbols share a column of the output layer, and what a voice makes of it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from talklike.training.columns import Columns


@given(st.lists(st.integers(0, 3), min_size=2, max_size=40).filter(any))
def test_a_voice_has_the_distribution_that_was_trained(counts: list[int]) -> None:
    """Seen symbols keep their probability; those that share the last column have its probability together, each the same."""
    columns = Columns(np.array(counts, np.float64))
    random = np.random.default_rng(0)
    weight, bias, h = random.standard_normal((len(columns), 3)), random.standard_normal(len(columns)), random.standard_normal(3)
    trained = np.exp(weight @ h + bias)
    trained /= trained.sum()
    written = np.exp(columns.expanded(weight) @ h + columns.expanded_bias(bias))
    if columns.sharing:
        written /= written.sum()
    else:  # the last column is nobody's
        written /= written.sum() / (1 - trained[-1])
    for symbol, count in enumerate(counts):
        own = trained[columns.of[symbol]]
        assert written[symbol] == pytest.approx(own if count else own / columns.sharing)


def test_counts_are_those_of_the_columns() -> None:
    """Columns come in the order of the symbols; the last one is never to be predicted."""
    columns = Columns(np.array([0, 5, 0, 2, 0]))
    assert len(columns) == 3
    assert columns.counts.tolist() == [5, 2, 0]
    assert columns.of.tolist() == [2, 0, 2, 1, 2]
    assert columns.sharing == 3
    assert columns.spread == pytest.approx(np.log(3))
