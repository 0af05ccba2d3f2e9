"""Repeated messages."""

from __future__ import annotations

import itertools

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from talklike.chat.duplicates import Duplicates


@given(
    ids=st.lists(st.sampled_from([*"abcdefghijkl", "", None]), max_size=80) | st.lists(st.integers(0, 300).map(str), max_size=80),
    cuts=st.lists(st.integers(0, 80), max_size=5),
    many=st.sampled_from([0, 5, 200_000]),
)
def test_every_id_is_new_once_across_all_batches(ids: list[str | None], cuts: list[int], many: int) -> None:
    """Like a set, but for rows without an id, which are never repeated; with the table that spares searches and without it."""
    duplicates = Duplicates(many)
    duplicates.repeated(pl.DataFrame({"id": ["first", "batch", "has", "different", "ids"]}))
    got: list[bool] = []
    edges = [0, *sorted(cut for cut in cuts if cut <= len(ids)), len(ids)]
    for start, end in itertools.pairwise(edges):
        frame = pl.DataFrame({"id": pl.Series(ids[start:end], dtype=pl.String)})
        got += duplicates.repeated(frame).tolist()
    seen: set[str] = set()
    expected = []
    for one in ids:
        expected.append(bool(one) and one in seen)
        if one:
            seen.add(one)
    assert got == expected


def test_the_same_id_in_another_channel_is_another_message() -> None:
    """Some exports count anew in every channel."""
    frame = pl.DataFrame({"id": ["1", "2", "1", "2", "1"], "channel": ["a", "a", "b", "b", "a"], "author": ["x"] * 5})
    assert Duplicates().repeated(frame).tolist() == [False, False, False, False, True]


def test_ids_that_stand_for_several_messages_tell_nothing() -> None:
    """An ``id`` column may hold the author's id."""
    duplicates = Duplicates()
    frame = pl.DataFrame({"id": ["1", "2"] * 10, "text": [f"tea {i}" for i in range(20)]})
    assert not duplicates.repeated(frame).any()
    assert not duplicates.trusted
    assert not duplicates.repeated(frame).any()


def test_an_export_may_lie_there_many_times() -> None:
    """Ids that repeat with all else are those of messages."""
    duplicates = Duplicates()
    frame = pl.DataFrame({"id": ["1", "2"] * 3, "text": ["tea", "cake"] * 3})
    assert duplicates.repeated(frame).tolist() == [False, False, True, True, True, True]
    assert duplicates.trusted
