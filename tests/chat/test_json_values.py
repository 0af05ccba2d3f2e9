"""What JSON may hold in the place of something else."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from talklike.chat.json_values import LONGEST_ID, NO_TIME, identifier, listing, mapping, string, time
from talklike.chat.times import TimeParser

ODD: list[Any] = [None, True, False, 0, 1.5, float("nan"), float("inf"), 10**400, "", "text", "\ud800", [], [1], {}, {"a": 1}]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()) | st.just("\ud800"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["$date", "$numberLong", "a"]), inner),
    max_leaves=6,
)


@given(value=VALUES)
def test_any_value_gives_what_the_table_can_hold(value: Any) -> None:
    """Text that is UTF-8, or nothing; never an exception."""
    for found in (string(value), identifier(value), time(value)):
        assert found is None or found.encode() is not None
    assert isinstance(mapping(value), dict)
    assert isinstance(listing(value), list)


@pytest.mark.parametrize("value", ODD)
def test_only_strings_are_strings(value: Any) -> None:
    """A number is no text, nor is an object; half a surrogate pair becomes what UTF-8 can hold."""
    assert string(value) == (value.replace("\ud800", "\N{REPLACEMENT CHARACTER}") if isinstance(value, str) else None)


def test_an_id_is_a_string_or_a_whole_number() -> None:
    """Without white space around it, and not longer than ids are."""
    assert identifier(" wren ") == "wren"
    assert identifier(0) == "0"
    assert identifier(-7) == "-7"
    assert identifier("x" * LONGEST_ID) == "x" * LONGEST_ID
    others: list[Any] = [None, "", "  ", True, 1.5, [], {}, "x" * (LONGEST_ID + 1), 10**LONGEST_ID]
    assert [identifier(value) for value in others] == [None] * len(others)


def test_objects_and_arrays_are_themselves_and_else_empty() -> None:
    """So that ``get`` and ``for`` always work."""
    assert mapping({"a": 1}) == {"a": 1}
    assert listing([1]) == [1]
    assert [mapping(value) for value in (None, "text", 1, [1])] == [{}] * 4
    assert [listing(value) for value in (None, "text", 1, {"a": 1})] == [[]] * 4


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2020-04-03T14:05:00Z", "2020-04-03T14:05:00Z"),
        (1585922700, "1585922700"),
        (1585922700.25, "1585922700.25"),
        ({"$date": "2020-04-03T14:05:00Z"}, "2020-04-03T14:05:00Z"),
        ({"$date": {"$numberLong": "1585922700000"}}, "1585922700000"),
        ({"$numberLong": "1585922700000"}, "1585922700000"),
        (None, None),
        ({"$date": None}, None),
        ("", NO_TIME),
        (True, NO_TIME),
        ([], NO_TIME),
        ({}, NO_TIME),
    ],
)
def test_times_are_given_as_the_common_parser_takes_them(value: Any, expected: str | None) -> None:
    """What should be a time and is none is told apart from no time at all."""
    assert time(value) == expected


@pytest.mark.parametrize("value", [*ODD, float("-inf"), 1e300])
def test_what_is_no_time_is_counted_by_the_common_parser(value: Any) -> None:
    """As a value that can't be read, not as an error."""
    parser = TimeParser()
    assert parser.parse(pl.Series([time(value)], dtype=pl.String)).to_list() == [None]
    assert parser.unreadable == (value is not None)
