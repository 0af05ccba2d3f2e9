"""Times as numbers."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import polars as pl
import pytest

from talklike.chat.numeric_times import NUMBER, WRITTEN_TOGETHER, are_serials, epochs, is_small, serials


def test_the_size_of_a_number_tells_its_unit() -> None:
    """Seconds, milli-, micro- and nanoseconds; what is too small is none."""
    values = pl.Series(["1600000000", "1.6e12", "1600000000000000", "1.6e+18", "99999999", "nothing"])
    assert epochs(values).to_list() == [datetime(2020, 9, 13, 12, 26, 40, tzinfo=UTC)] * 4 + [None] * 2
    assert is_small(values).to_list() == [False] * 4 + [True, None]


@pytest.mark.parametrize(
    ("values", "found"),
    [
        (["44269.893"], True),
        (["44269.893"] * 20 + ["44270"], True),
        (["44269.893", "44270"], False),
        (["44269.893", "80000.5"], False),
        (["19999.5", "44269.893"], False),
        (["44269"], False),
        (["nothing"], False),
    ],
)
def test_days_of_a_spreadsheet_lie_in_our_time_and_have_a_fraction(values: list[str], found: bool) -> None:
    """All the one, nearly all the other."""
    assert are_serials(pl.Series(values)) is found


def test_a_spreadsheet_counts_from_the_end_of_1899() -> None:
    """To the millisecond."""
    assert serials(pl.Series(["25569.5", "44269.893", "5"])).to_list() == [
        datetime(1970, 1, 1, 12), datetime(2021, 3, 14, 21, 25, 55, 200000), None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "number", "date"),
    [
        ("20210314", True, True),
        ("20210314212653", True, True),
        ("20211314212653", True, False),
        ("20210314242653", True, False),
        ("1615757213000", True, False),
        ("-1.5", True, False),
        ("1.6e+18", True, False),
        ("1e999", False, False),
        ("2021-03-14", False, False),
    ],
)
def test_digits_may_be_a_date(text: str, number: bool, date: bool) -> None:
    """With its clock or without."""
    assert (re.search(NUMBER, text) is not None, re.search(WRITTEN_TOGETHER, text) is not None) == (number, date)
