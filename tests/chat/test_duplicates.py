"""Repeated messages."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from talklike.chat.duplicates import MOST_SINGLE, Duplicates
from talklike.chat.read import read_chat

if TYPE_CHECKING:
    from pathlib import Path


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


@pytest.mark.parametrize("time", [None, pl.Series(["", None]), pl.Series([None, None], dtype=pl.Datetime("us"))])
def test_without_times_other_words_are_another_message(time: pl.Series | None) -> None:
    """Some scripts count anew in every file; the same words under the same id are the same message."""
    duplicates = Duplicates()
    columns = {"id": ["1", "2"], "author": ["wren", "otter"]} | ({} if time is None else {"time": time})
    assert not duplicates.repeated(pl.DataFrame(columns | {"text": ["tea", "cake"]})).any()
    assert duplicates.repeated(pl.DataFrame(columns | {"text": ["tea", "toast"]})).tolist() == [True, False]


def test_a_time_tells_a_message_whatever_else_is_in_its_batch() -> None:
    """Texts may have been edited; where there is no time, it doesn't matter whether there is a column for it."""
    duplicates = Duplicates()
    rows = {"id": ["1", "2"], "author": ["wren"] * 2, "text": ["tea", "cake"]}
    times = [datetime(2021, 3, 14, 21, 26, tzinfo=UTC)]
    assert not duplicates.repeated(pl.DataFrame(rows | {"time": [*times, *times]})).any()
    again = pl.DataFrame(rows | {"text": ["toast", "toast"], "time": [*times, None]})
    assert duplicates.repeated(again).tolist() == [True, False]
    assert duplicates.repeated(pl.DataFrame(rows | {"text": ["toast", "toast"]})).tolist() == [False, True]


def test_no_line_of_a_second_season_gets_lost(tmp_path: Path) -> None:
    """Each file of a script may number its lines from 1."""
    for season, said in enumerate(("tea", "cake"), 1):
        lines = "".join(f"{i},{who},{said} {i}\n" for i, who in enumerate(("Wren", "Otter", "Wren"), 1))
        (tmp_path / f"season-{season}.csv").write_text(f"id,character,line\n{lines}")
    chat = read_chat(tmp_path)
    assert chat.frame.collect()["text"].to_list() == ["tea 1", "tea 2", "tea 3", "cake 1", "cake 2", "cake 3"]
    assert chat.report.skipped == {}


def test_one_message_tells_nothing_of_the_ids() -> None:
    """The column of a next file may show that it holds the author's id; after many such files it is the message's."""
    duplicates = Duplicates()
    assert not duplicates.repeated(pl.DataFrame({"id": ["1"], "text": ["tea"]})).any()
    assert duplicates.undecided
    many = pl.DataFrame({"id": ["1", "2"] * 10, "text": [f"cake {i}" for i in range(20)]})
    assert not duplicates.repeated(many).any()
    assert not duplicates.trusted
    duplicates = Duplicates()
    for number in range(MOST_SINGLE):
        assert duplicates.undecided
        duplicates.repeated(pl.DataFrame({"id": [str(number)], "text": ["tea"]}))
    assert not duplicates.undecided
    assert duplicates.trusted
