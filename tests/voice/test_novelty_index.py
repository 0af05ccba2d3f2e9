"""The index of the training text, against its definition in Python's own integers."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import talklike.voice.novelty_index as module
from talklike.corpus.alphabet import END
from talklike.voice.novelty_index import BITS, LENGTH, PROBES, NoveltyIndex, extended, index_of, since, sums

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

K = LENGTH
STREAMS = st.lists(st.lists(st.sampled_from([END, 1, 300, 300, 301, 302, 65_535]), max_size=120), max_size=3)


def array(stream: Sequence[int]) -> np.ndarray:
    """Return a stream as a corpus holds it."""
    return np.array(stream, np.uint16)


def runs(stream: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Yield all runs of K symbols in which no message ends."""
    for start in range(len(stream) - K + 1):
        run = tuple(stream[start : start + K])
        if END not in run:
            yield run


def places(run: Sequence[int], m: int) -> set[int]:
    """Return the bits of a run, as the reference page defines them."""
    mask = 2**64 - 1
    h = sum(pow(0x9E3779B97F4A7C15, K - 1 - j, 2**64) * (symbol + 1) for j, symbol in enumerate(run)) & mask
    h = ((h ^ (h >> 30)) * 0xBF58476D1CE4E5B9) & mask
    h = ((h ^ (h >> 27)) * 0x94D049BB133111EB) & mask
    h ^= h >> 31
    return {((h + i * ((h >> 32) | 1)) & mask) % m for i in range(PROBES)}


def total(run: Sequence[int]) -> int:
    """Return the sum of a run, symbol by symbol."""
    found = 0
    for symbol in run:
        found = extended(found, symbol)
    return found


@given(STREAMS)
def test_the_filter_is_what_its_definition_says(streams: list[list[int]]) -> None:
    """Exactly the bits of the runs are set, and the size follows from how many different ones there are."""
    bits = index_of([array(stream) for stream in streams])
    different = {run for stream in streams for run in runs(stream)}
    expected = set().union(*(places(run, 8 * len(bits)) for run in different))
    assert set(np.flatnonzero(np.unpackbits(bits, bitorder="little")).tolist()) == expected
    assert len(bits) >= 8
    assert 8 * len(bits) <= max(64, 1.3 * BITS * len(different) + 64)


@given(STREAMS)
def test_every_run_is_known(streams: list[list[int]]) -> None:
    """Nothing that was learnt is ever missed, whether asked one by one or all at once."""
    index = NoveltyIndex(index_of([array(stream) for stream in streams]))
    for stream in streams:
        assert index.known(sums(array(stream))).all()
        for run in runs(stream):
            assert index.holds(total(run))
            assert index.known_ends(total(run[:-1]), 65_536)[run[-1]]


@given(st.lists(st.lists(st.integers(1, 400), min_size=K, max_size=K), min_size=1, max_size=20), st.integers(0, 2**32))
def test_one_by_one_is_all_at_once(several: list[list[int]], seed: int) -> None:
    """The same runs are known by chance, whichever way is asked; the end of a message ends none."""
    index = NoveltyIndex(np.random.default_rng(seed).integers(0, 256, 11, np.uint8))
    together = index.known(np.array([total(run) for run in several], np.uint64)).tolist()
    assert [index.holds(total(run)) for run in several] == together
    for run in several:
        ends = index.known_ends(total(run[:-1]), 401)
        assert ends[run[-1]] == index.holds(total(run))
        assert not ends[END]


@given(st.lists(st.integers(0, 65_535), min_size=K, max_size=60), st.sampled_from([K - 1, K]))
def test_the_sum_of_the_last_symbols_follows_from_two(run: list[int], length: int) -> None:
    """The sums of a whole run and of its beginning give the sum of the rest."""
    assert since(total(run), total(run[:-length]), length) == total(run[-length:])


def test_pieces_make_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    """A long text is read a piece at a time, and no run is lost between two."""
    stream = np.random.default_rng(3).integers(0, 40, 2_000).astype(np.uint16)
    whole = index_of([stream])
    for size in (1, 7, 997, 2_000):
        monkeypatch.setattr(module, "_AT_ONCE", size)
        assert (index_of([stream]) == whole).all()


def test_it_never_changes() -> None:
    """The index of a text is the same on every machine and in every version: voices that were trained carry it."""
    stream = (np.arange(3_000, dtype=np.int64) ** 2 % 601).astype(np.uint16)
    assert hashlib.sha256(index_of([stream]).tobytes()).hexdigest() == GOLDEN


GOLDEN = "834635e9218660298df782319b89dd93d62d0fd5833b77ba5e5a721e5821f311"


def test_few_are_known_by_chance() -> None:
    """One in eighteen of the runs that stand nowhere is taken for known, and half of the bits are set."""
    random = np.random.default_rng(1)
    bits = index_of([random.integers(1, 60_000, 100_000).astype(np.uint16)])
    other = random.integers(0, 2**63, 100_000).astype(np.uint64)
    assert NoveltyIndex(bits).known(other).mean() == pytest.approx((1 - np.exp(-PROBES / BITS)) ** PROBES, abs=0.003)
    assert 8 * len(bits) == pytest.approx(BITS * (100_000 - K + 1), rel=0.02)


def test_repeated_text_takes_no_room() -> None:
    """The index grows with different runs, not with their number."""
    once = np.random.default_rng(2).integers(1, 50, 10_000).astype(np.uint16)
    assert len(index_of([np.tile(once, 5)])) == pytest.approx(len(index_of([once])), rel=0.03)


def test_the_largest_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a text that is too long more is known by chance; nothing is missed."""
    monkeypatch.setattr(module, "MOST_BYTES", 100)
    stream = np.random.default_rng(2).integers(1, 50, 3_000).astype(np.uint16)
    bits = index_of([stream])
    assert len(bits) == 100
    assert NoveltyIndex(bits).known(sums(stream)).all()


def test_an_empty_text_has_an_empty_index() -> None:
    """Without any run nothing is known."""
    for streams in ([], [array([])], [array([END] * 50)], [array([5] * (K - 1))]):
        assert not index_of(streams).any()
