"""Which message goes where: nothing of anyone's from after the split is learnt, and nobody speaks with another's voice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from talklike.corpus.arrange import Arrangement, everyone, in_conversation, keys, solo, specialised
from talklike.errors import CorpusError, TooLittleTextError

START = datetime(2020, 1, 1, tzinfo=UTC)
Row = tuple[str, "int | None", "str | None"]  # author, hour, channel


def table_of(rows: list[Row]) -> pl.DataFrame:
    """Return the keys of a chat."""
    frame = pl.DataFrame(
        {
            "time": [None if hour is None else START + timedelta(hours=hour) for _, hour, _ in rows],
            "author": [author for author, _, _ in rows],
            "channel": [channel for *_, channel in rows],
            "text": ["x" * (number % 7 + 1) for number in range(len(rows))],
        },
        schema_overrides={"time": pl.Datetime("us", "UTC")},
    )
    return keys(frame.lazy())


def chats(times: st.SearchStrategy[int | None]) -> st.SearchStrategy[list[Row]]:
    """Return random chats in which "me" wrote enough to be split."""
    channels: st.SearchStrategy[str | None] = st.sampled_from(["general", "help"])
    row = st.tuples(st.sampled_from(["me", "ann", "bob", "cy"]), times, channels)
    return st.lists(row, min_size=40, max_size=90).filter(lambda rows: sum(author == "me" for author, *_ in rows) >= 10)


def held_out(found: Arrangement) -> list[int]:
    """Return the rows that validate and test."""
    return [*found.validation.rows.tolist(), *found.test.rows.tolist()]


@given(chats(st.integers(0, 60)), st.integers(1, 5))
def test_nothing_after_the_split_is_learnt_from_anyone(rows: list[Row], named: int) -> None:
    """Others' messages in the training part are older than every held-out one; the author's are those of the solo split."""
    table = table_of(rows)
    alone = solo(table, "me")
    try:
        found = specialised(table, "me", named)
    except CorpusError:
        moment = min(hour for hour in (rows[row][1] for row in held_out(alone)) if hour is not None)
        assert all(author == "me" or (hour is not None and hour >= moment) for author, hour, _ in rows)
        return
    assert found.own is not None
    for part, same in ((found.own, alone.train), (found.validation, alone.validation), (found.test, alone.test)):
        assert part.rows.tolist() == same.rows.tolist()
        assert set(part.authors.tolist()) == {1}
    first = min(rows[row][1] or 0 for row in held_out(found))
    for row in found.train.rows.tolist():
        author, hour, _ = rows[row]
        assert hour is not None
        assert row in alone.train.rows if author == "me" else hour < first
    expected = {n for n, (author, hour, _) in enumerate(rows) if author != "me" and hour is not None and hour < first}
    assert set(found.train.rows.tolist()) == expected | set(alone.train.rows.tolist())
    assert len(set(found.train.rows.tolist())) == len(found.train)


@given(chats(st.integers(0, 60)), st.integers(1, 5))
def test_every_message_has_its_authors_value(rows: list[Row], named: int) -> None:
    """Named authors are the chosen one and the most active others; everyone else is 0."""
    table = table_of(rows)
    try:
        found = specialised(table, "me", named)
    except CorpusError:
        return
    assert found.authors[0] == "me"
    assert len(found.authors) <= named
    for row, value in zip(found.train.rows.tolist(), found.train.authors.tolist(), strict=True):
        author = rows[row][0]
        assert value == (found.authors.index(author) + 1 if author in found.authors else 0)
    wrote = dict.fromkeys(("ann", "bob", "cy"), 0)
    for row in found.train.rows.tolist():
        if rows[row][0] != "me":
            wrote[rows[row][0]] += row % 7 + 1
    least = min((wrote[author] for author in found.authors[1:]), default=None)
    assert least is None or all(wrote[author] <= least for author in wrote if author not in found.authors)


@given(
    st.lists(
        st.tuples(st.just("me"), st.none() | st.integers(0, 9), st.none() | st.sampled_from(["general", "help", "off"])),
        min_size=1,
    )
)
def test_channels_follow_each_other_by_their_first_message(rows: list[Row]) -> None:
    """Each in time order, of equal times as in the file; what has no time comes first."""
    table = table_of(rows)
    begins: dict[str | None, int] = {}
    first: dict[str | None, int] = {}
    for row, (_, hour, channel) in enumerate(rows):
        first.setdefault(channel, row)
        if hour is not None:
            begins[channel] = min(hour, begins.get(channel, hour))

    def key(row: int) -> tuple[int, int, int, int]:
        _, hour, channel = rows[row]
        return begins.get(channel, -1), first[channel], -1 if hour is None else hour, row

    clock = "row" if all(hour is None for _, hour, _ in rows) else "time"
    expected = sorted(range(len(rows)), key=key) if clock == "time" else list(range(len(rows)))
    assert in_conversation(table, clock)["row"].to_list() == expected


@given(chats(st.integers(0, 20)))
def test_the_room_is_read_in_conversation_order(rows: list[Row]) -> None:
    """Channel after channel, the first to begin first; in a channel by time, equal times as in the file."""
    found = everyone(table_of(rows), "me", 3)
    for part in (found.train, found.validation, found.test):
        seen = [rows[row] for row in part.rows.tolist()]
        channels = list(dict.fromkeys(channel for *_, channel in seen))
        begin = [min(hour or 0 for _, hour, c in seen if c == channel) for channel in channels]
        assert begin == sorted(begin)
        order = [(channels.index(rows[row][2]), rows[row][1] or 0, row) for row in part.rows.tolist()]
        assert order == sorted(order)


@given(chats(st.integers(0, 20)))
def test_a_room_voice_holds_out_the_last_tenth_of_all(rows: list[Row]) -> None:
    """Every message is somewhere, once, and no training message is later than a held-out one."""
    found = everyone(table_of(rows), "me", 3)
    assert sorted([*found.train.rows.tolist(), *held_out(found)]) == list(range(len(rows)))
    assert len(held_out(found)) == max(2, round(len(rows) * 0.1))
    assert max(rows[row][1] or 0 for row in found.train.rows) <= min(rows[row][1] or 0 for row in held_out(found))
    assert found.own is None


@given(chats(st.none()))
def test_without_times_the_order_of_the_file_decides(rows: list[Row]) -> None:
    """What stands above the first held-out message is learnt."""
    table = table_of(rows)
    try:
        found = specialised(table, "me", 4)
    except CorpusError:
        return
    first = min(held_out(found))
    own = {row for row, (author, *_) in enumerate(rows) if author == "me"} - set(held_out(found))
    others = {row for row, (author, *_) in enumerate(rows) if author != "me" and row < first}
    assert found.train.rows.tolist() == sorted(own | others)
    assert found.timeless == 0


def test_messages_of_others_without_a_time_are_left_out_and_counted() -> None:
    """Nobody knows whether they came before the split."""
    times: list[int | None] = [0, 1, 2, 3, 4, None, None, None]
    rows: list[Row] = [*(("me", hour, "c") for hour in range(20)), *(("ann", hour, "c") for hour in times)]
    found = specialised(table_of(rows), "me", 2)
    assert found.timeless == 3
    assert len(found.train) == 18 + 5


@given(chats(st.one_of(st.none(), st.integers(0, 30))))
def test_some_times_missing_leak_nothing(rows: list[Row]) -> None:
    """Wherever the author's own times are missing, others' messages are still older than every dated held-out one."""
    try:
        found = specialised(table_of(rows), "me", 2)
    except CorpusError:
        return
    known = [hour for hour in (rows[row][1] for row in held_out(found)) if hour is not None]
    for row in found.train.rows.tolist():
        author, hour, _ = rows[row]
        if author != "me" and known:
            assert hour is not None
            assert hour < min(known)


def test_alone_in_the_chat_there_is_no_room() -> None:
    """The error says what to do."""
    with pytest.raises(CorpusError, match="train without the room"):
        specialised(table_of([("me", hour, "c") for hour in range(30)]), "me", 2)


def test_too_few_messages_are_refused() -> None:
    """Those of others don't count."""
    rows: list[Row] = [*(("me", hour, "c") for hour in range(9)), *(("ann", hour, "c") for hour in range(100))]
    with pytest.raises(TooLittleTextError, match="only 9 messages"):
        specialised(table_of(rows), "me", 2)


def test_a_fraction_is_of_the_authors_messages() -> None:
    """The first by time; the split moves with it, for everyone."""
    rows: list[Row] = [(author, hour, "c") for hour in range(100) for author in ("me", "ann")]
    found = specialised(table_of(rows), "me", 2, fraction=0.5)
    assert found.own is not None
    assert len(found.own) == 45
    assert len(found.train) == 90
    assert np.concatenate([found.validation.rows, found.test.rows]).tolist() == list(range(90, 100, 2))


@given(chats(st.integers(0, 60)), st.floats(0.01, 1.0))
def test_learning_less_holds_out_the_same(rows: list[Row], learnt: float) -> None:
    """A share of the messages is trained on, the first by time; validation and test don't move."""
    table = table_of(rows)
    whole, less = solo(table, "me"), solo(table, "me", learnt=learnt)
    assert held_out(less) == held_out(whole)
    total = len(whole.train) + len(held_out(whole))
    assert len(less.train) == min(len(whole.train), max(1, int(total * learnt)))
    assert less.train.rows.tolist() == whole.train.rows[: len(less.train)].tolist()
