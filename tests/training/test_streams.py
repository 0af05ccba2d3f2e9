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
    return torch.cat([batch.read for batch in batches]).numpy(), torch.cat([batch.following for batch in batches]).numpy()


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
    asked = TrainingStreams(numbered(total), B, T, window=3)
    asked.batch(step + 1)
    asked.batch(0)
    one, other = asked.batch(step), TrainingStreams(numbered(total), B, T, window=3).batch(step)
    for name, shape in (("read", (T, B)), ("following", (T, B)), ("authors", (T, B)), ("windows", (T, B, 3))):
        found = getattr(one, name)
        assert torch.equal(found, getattr(other, name))
        assert found.shape == shape
        assert found.dtype == torch.int64


@given(sizes, st.integers(1, 12), st.integers(0, 50))
def test_windows_hold_the_symbols_before(size: tuple[int, int, int], window: int, step: int) -> None:
    """The newest symbol of a window is the one read; each one further back stood one place before, round the part."""
    total, B, T = size
    batch = TrainingStreams(numbered(total), B, T, window=window).batch(step)
    assert batch.windows is not None
    back = np.arange(window)
    assert np.array_equal(batch.windows.numpy(), (batch.read.numpy()[..., None] - back) % total + 1)


@given(sizes, st.integers(1, 4))
def test_processes_share_the_streams(size: tuple[int, int, int], processes: int) -> None:
    """Side by side, what several processes read is what one reads."""
    total, B, T = size
    whole = TrainingStreams(numbered(total), B * processes, T, window=2).batch(3)
    shares = [
        TrainingStreams(numbered(total), B * processes, T, window=2, mine=slice(rank * B, rank * B + B)).batch(3)
        for rank in range(processes)
    ]
    assert torch.equal(torch.cat([share.read for share in shares], dim=1), whole.read)
    assert whole.windows is not None
    assert torch.equal(torch.cat([share.windows for share in shares if share.windows is not None], dim=1), whole.windows)


def test_batches_of_a_known_part() -> None:
    """Ten symbols in two streams of three: the batches are what one writes down by hand."""
    streams = TrainingStreams(numbered(10), 2, 3)
    assert streams.batch(0).read.tolist() == [[0, 5], [1, 6], [2, 7]]
    assert streams.batch(0).following.tolist() == [[1, 6], [2, 7], [3, 8]]
    assert streams.batch(1).read.tolist() == [[3, 8], [4, 9], [5, 0]]
    assert streams.batch(1).following.tolist() == [[4, 9], [5, 10], [6, 1]]


def test_every_target_comes_with_its_own_author() -> None:
    """In a part of several authors, the author given is that of the next symbol; of one author, it is that one."""
    ids = np.arange(9, dtype=np.uint16)
    authors = np.array([0, 3, 3, 1, 1, 2, 2, 2, 3], np.uint16)
    batch = TrainingStreams(Part(ids, authors, 4, 8, 8), 2, 3).batch(1)
    assert batch.authors.tolist() == authors[batch.following.numpy()].tolist()
    single = TrainingStreams(Part(ids, np.broadcast_to(np.uint16(2), ids.shape), 4, 8, 8), 2, 3).batch(1)
    assert single.authors.tolist() == [[2, 2]] * 3
