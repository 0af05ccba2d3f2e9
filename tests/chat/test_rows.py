"""Messages collected one at a time."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import polars as pl
import pytest

from talklike.chat import rows as module
from talklike.chat.rows import Rows, sound


def test_batches_hold_what_was_added_with_the_lines() -> None:
    """Columns that nobody filled are left out."""
    rows = Rows()
    rows.add(3, "a", "hi", channel="quay")
    rows.add(5, None, None, time=None)
    (batch,) = rows.rest()
    assert batch.frame.to_dict(as_series=False) == {"author": ["a", None], "text": ["hi", None], "channel": ["quay", None]}
    assert batch.lines(np.array([1, 0])).tolist() == [5, 3]
    assert list(rows.rest()) == []


@pytest.mark.parametrize(
    ("time", "dtype"),
    [
        ("2024-01-01", pl.String()),
        (datetime(2024, 1, 1, tzinfo=UTC), pl.Datetime("us", "UTC")),
        (datetime(2024, 1, 1), pl.Datetime("us")),
    ],
)
def test_times_keep_their_kind(time: str | datetime, dtype: pl.DataType) -> None:
    """Text, times with a zone, and times without."""
    rows = Rows()
    rows.add(1, "a", "x")
    rows.add(2, "a", "y", time=time)
    (batch,) = rows.rest()
    assert batch.frame["time"].dtype == dtype
    assert batch.frame["time"].null_count() == 1


def test_a_batch_is_full_by_messages_or_by_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that neither many nor long messages fill the memory."""
    monkeypatch.setattr(module, "ROWS", 3)
    monkeypatch.setattr(module, "CHARACTERS", 100)
    rows = Rows()
    sizes = []
    for text in ("a", "b", "c", "d" * 100, "e"):
        rows.add(1, "a", text)
        sizes += [batch.frame.height for batch in rows.full()]
    assert sizes == [3, 1]
    assert next(rows.rest()).frame["text"].to_list() == ["e"]


def test_half_a_surrogate_pair_is_replaced() -> None:
    """JSON can spell it, UTF-8 can't."""
    assert sound("a\ud83d b") == "a\N{REPLACEMENT CHARACTER} b"
    assert sound("\ud83d\ude00") == "\N{GRINNING FACE}"
