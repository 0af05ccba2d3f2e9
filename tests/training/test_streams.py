"""Tests of the streams that training reads."""

from __future__ import annotations

import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st

from talklike.corpus.encode import Part
from talklike.training.streams import TrainingStreams


def numbered(total: int) -> Part:
    """Return a part whose symbol at each position is the position, so that a symbol tells where it was read."""
    ids = np.arange(total + 1, dtype=np.uint16)
    return Part(ids, np.broadcast_to(np.uint16(1), ids.shape), 1, total, total)


def joined(streams: TrainingStreams, steps: int) -> tuple[np.ndarray, np.ndarray]:
    """Return what ``steps`` steps read and what came next, each (steps × T, B)."""
    batches = [streams.batch(step) for step in range(steps)]
    return torch.cat([read for read, _, _ in batches]).numpy(), torch.cat([following for _, following, _ in batches]).numpy()


sizes = st.tuples(st.integers(1, 300), st.integers(1, 9), st.integers(1, 40))


@given(sizes)
def test_each_stream_meets_every_symbol_once_a_round(size: tuple[int, int, int]) -> None:
    """In N symbols, a stream has every symbol of the part as its target exactly once, whatever N, B and T."""
    total, B, T = size
    _, targets = joined(TrainingStreams(numbered(total), B, T), -(-2 * total // T))
    for stream in range(B):
        for start in (0, total):
            assert sorted(targets[start : start + total, stream]) == list(range(1, total + 1))


@given(sizes)
def test_streams_together_meet_every_symbol_once(size: tuple[int, int, int]) -> None:
    """Each stream read up to where the next one began, the B streams have every symbol as a target exactly once."""
    total, B, T = size
    B = min(B, total)
    read, targets = joined(TrainingStreams(numbered(total), B, T), -(-total // T))
    starts = [*read[0].tolist(), total]
    met = [targets[: starts[stream + 1] - starts[stream], stream] for stream in range(B)]
    assert sorted(np.concatenate(met)) == list(range(1, total + 1))
    assert max(len(own) for own in met) - min(len(own) for own in met) <= 1


@given(sizes)
def test_a_stream_goes_on_where_it_stood(size: tuple[int, int, int]) -> None:
    """A stream reads what it has just predicted, except at the end of the part, where it begins again with END."""
    total, B, T = size
    read, targets = joined(TrainingStreams(numbered(total), B, T), 4)
    wrapped = targets[:-1] == total
    assert np.array_equal(read[1:][~wrapped], targets[:-1][~wrapped])
    assert not read[1:][wrapped].any()
    assert np.array_equal(targets, read + 1)


@given(sizes, st.integers(0, 10**9))
def test_a_batch_follows_from_its_step_alone(size: tuple[int, int, int], step: int) -> None:
    """A batch is the same whether or not others were read before it, also after a billion steps."""
    total, B, T = size
    asked = TrainingStreams(numbered(total), B, T)
    asked.batch(step + 1)
    asked.batch(0)
    fresh = TrainingStreams(numbered(total), B, T)
    for one, other in zip(asked.batch(step), fresh.batch(step), strict=True):
        assert torch.equal(one, other)
        assert one.shape == (T, B)
        assert one.dtype == torch.int64


def test_batches_of_a_known_part() -> None:
    """Ten symbols in two streams of three: the batches are what one writes down by hand."""
    streams = TrainingStreams(numbered(10), 2, 3)
    assert streams.batch(0)[0].tolist() == [[0, 5], [1, 6], [2, 7]]
    assert streams.batch(0)[1].tolist() == [[1, 6], [2, 7], [3, 8]]
    assert streams.batch(1)[0].tolist() == [[3, 8], [4, 9], [5, 0]]
    assert streams.batch(1)[1].tolist() == [[4, 9], [5, 10], [6, 1]]


def test_every_target_comes_with_its_own_author() -> None:
    """In a part of several authors, the author given is that of the next symbol; of one author, it is that one."""
    ids = np.arange(9, dtype=np.uint16)
    authors = np.array([0, 3, 3, 1, 1, 2, 2, 2, 3], np.uint16)
    _, following, spoken = TrainingStreams(Part(ids, authors, 4, 8, 8), 2, 3).batch(1)
    assert spoken.tolist() == authors[following.numpy()].tolist()
    single = TrainingStreams(Part(ids, np.broadcast_to(np.uint16(2), ids.shape), 4, 8, 8), 2, 3).batch(1)
    assert single[2].tolist() == [[2, 2]] * 3
