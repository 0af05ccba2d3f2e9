"""Counting while reading: what counting a whole table finds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from talklike.chat import automated, tally
from talklike.chat.authors import count
from talklike.chat.automated import sample
from talklike.chat.report import ReadReport
from talklike.chat.table import SCHEMA, Chat
from talklike.chat.tally import Tally
from talklike.chat.times import DAY_FIRST

DAYS = st.none() | st.integers(0, 9)
ROWS = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from("xyz"), DAYS, DAYS, st.text(max_size=5)), min_size=1, max_size=60
)


def table(rows: list[tuple[str, str, int | None, int | None, str]]) -> pl.DataFrame:
    """Return a message table with what the times are if days come first."""

    def times(days: list[int | None]) -> list[datetime | None]:
        return [None if day is None else datetime(2020, 1, 1, tzinfo=UTC) + timedelta(day) for day in days]

    columns = {"author": [r[0] for r in rows], "name": [r[1] for r in rows], "text": [r[4] for r in rows]}
    frame = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String)).with_columns(
        pl.Series("time", times([r[2] for r in rows]), SCHEMA["time"]),
        pl.Series(DAY_FIRST, times([r[3] for r in rows]), SCHEMA["time"]),
        channel=pl.lit(None, pl.String),
    )
    return frame.select(*SCHEMA, DAY_FIRST)


@settings(max_examples=60)
@given(rows=ROWS, batch=st.integers(1, 9), day_first=st.booleans())
def test_batches_are_counted_like_the_whole(
    rows: list[tuple[str, str, int | None, int | None, str]], batch: int, day_first: bool
) -> None:
    """Messages, characters, names, first and last; the sample; and the watcher sees every message."""
    frame = table(rows)
    seen: list[pl.DataFrame] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tally, "TOGETHER", 4)
        patch.setattr(tally, "FEW", 5)
        patch.setattr(tally, "SAMPLE", 3)
        patch.setattr(automated, "SAMPLE", 3)
        counted = Tally(seen.append)
        for start in range(0, len(rows), batch):
            counted.add(frame[start : start + batch])
        counted.settle(day_first=day_first)
        whole = frame.with_columns(time=pl.coalesce(DAY_FIRST, "time")) if day_first else frame
        expected = count(Chat(whole.lazy(), ReadReport("made", "made", "made")))
        assert counted.count().equals(expected)
        assert counted.sample(expected).equals(sample(frame.lazy(), expected))
    assert pl.concat(seen).equals(frame)
    assert counted.settled


def test_of_no_messages_nothing_is_counted() -> None:
    """In the columns of any count."""
    counted = Tally()
    counted.settle()
    assert counted.count().height == 0
    assert counted.sample(counted.count()).height == 0


def test_an_error_of_the_watcher_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """Though it comes on another thread."""
    monkeypatch.setattr(tally, "TOGETHER", 1)

    def watch(_: pl.DataFrame) -> None:
        raise ValueError("seen")

    counted = Tally(watch)
    counted.add(table([("a", "x", None, None, "hi")]))
    with pytest.raises(ValueError, match="seen"):
        counted.settle()
