"""When something was said on IRC."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from talklike.chat.irc_times import STAMPS, Clock, Stamp, day_named, day_told, month_number, without_dates
from talklike.chat.source import Source

Write = Callable[[str, str | bytes], Path]
DAY = date(2009, 1, 14)


def test_kinds_of_stamps_differ_in_name() -> None:
    """Each has examples."""
    assert len({stamp.name for stamp in STAMPS}) == len(STAMPS)
    assert all(stamp.examples for stamp in STAMPS)


@pytest.mark.parametrize("stamp", STAMPS, ids=lambda stamp: stamp.name)
@pytest.mark.parametrize("rest", [" <wren> hi", "\twren\thi", "< wren> hi", ""])
def test_each_example_is_one_kind_of_stamp(stamp: Stamp, rest: str) -> None:
    """All of it, and no other kind takes it."""
    for example in stamp.examples:
        found = [(one.name, match["stamp"]) for one in STAMPS if (match := one.pattern.match(example + rest))]
        assert found == [(stamp.name, example)]


@pytest.mark.parametrize("stamp", STAMPS, ids=lambda stamp: stamp.name)
def test_each_example_is_the_same_morning(stamp: Stamp) -> None:
    """They are all of one day and hour, but for those whose hour is after noon or whose day is in numbers."""
    for example in stamp.examples:
        found = stamp.pattern.match(example)
        assert found is not None
        when = Clock(DAY, DAY.year).time(found)
        if isinstance(when, datetime):
            assert when.date() == DAY
            assert (when.hour, when.minute) == ((22 if "PM" in example else 10), 36)
        else:
            assert when is not None
            assert "10:36" in when


@pytest.mark.parametrize(
    "text", ["", "hi", "24:00 x", "10:60 x", "10:3 x", "[10:36:2] x", "1999-13 x", "10:36:20x", "2009-01-14 x", "12"]
)
def test_other_text_is_no_stamp(text: str) -> None:
    """Numbers, words and half times."""
    assert not any(stamp.pattern.match(text) for stamp in STAMPS)


def stamped(clock: Clock, text: str) -> object:
    """Return the time that a clock gives for a stamp."""
    found = next(match for stamp in STAMPS if (match := stamp.pattern.match(text)))
    return clock.time(found)


def test_a_clock_goes_over_midnight_and_takes_new_days() -> None:
    """The day goes on with it; a day that is told counts from there."""
    clock = Clock(DAY, 2009)
    assert stamped(clock, "23:59") == datetime(2009, 1, 14, 23, 59)
    assert stamped(clock, "00:01") == datetime(2009, 1, 15, 0, 1)
    clock.set(date(2009, 3, 1))
    assert stamped(clock, "00:01") == datetime(2009, 3, 1, 0, 1)
    assert clock.last == datetime(2009, 3, 1, 0, 1)


def test_a_clock_without_a_day_gives_none() -> None:
    """Nor does one that has only a year, but for dates."""
    assert stamped(Clock(), "10:36") is None
    assert stamped(Clock(year=2009), "10:36") is None
    assert stamped(Clock(), "Jan 14 10:36:20") is None
    assert stamped(Clock(year=2009), "Jan 14 10:36:20") == datetime(2009, 1, 14, 10, 36, 20)
    assert stamped(Clock(year=2009), "Feb 30 10:36:20") is None


def test_zones_and_fractions_are_read() -> None:
    """What names a zone comes in UTC; a leap second is the one before."""
    clock = Clock()
    assert stamped(clock, "[2009-01-14T10:36:20.5+0130]") == datetime(2009, 1, 14, 9, 6, 20, 500_000, UTC)
    assert stamped(clock, "2009-01-14 10:36:60 UTC") == datetime(2009, 1, 14, 10, 36, 59, tzinfo=UTC)
    assert stamped(clock, "2009-01-14T10:36:20-05:00") == datetime(2009, 1, 14, 15, 36, 20, tzinfo=UTC)


def test_years_go_on_where_dates_go_back() -> None:
    """Not where lines are only out of order."""
    clock = Clock(date(2009, 12, 30), 2009)
    assert stamped(clock, "Dec 31 10:00:00") == datetime(2009, 12, 31, 10)
    assert stamped(clock, "Dec 30 10:00:00") == datetime(2009, 12, 30, 10)
    assert stamped(clock, "Jan 01 10:00:00") == datetime(2010, 1, 1, 10)
    assert stamped(clock, "Feb 01 10:00:00") == datetime(2010, 2, 1, 10)


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("--- Log opened Wed Jan 14 10:36:20 2009", DAY),
        ("--- Day changed Wed Jan 14 2009", DAY),
        ("--- Journal ouvert mer. janv. 14 10:36:20 2009", DAY),
        ("**** BEGIN LOGGING AT Wed Jan 14 10:36:20 2009", DAY),
        ("Session Start: Wed Jan 14 10:36:20 2009", DAY),
        ("Session Start (wren:#kelp): Wed Jan 14 10:36:20 2009", DAY),
        ("IRC log started Wed Jan 14 10:36 2009", DAY),
        ("### Log opened 2009-01-14", DAY),
        ("Conversation with #kelp at Wed 14 Jan 2009 10:36:20 AM CET on wren", DAY),
        ("--- Day changed Wed Feb 30 2009", None),
        ("--- Day changed Wed Xyz 14 2009", None),
        ("--- the tide is out", None),
        ("on Wed Jan 14 2009", None),
        ("", None),
    ],
)
def test_lines_of_the_client_tell_the_day(line: str, day: date | None) -> None:
    """In any language, and no other lines."""
    assert day_told(line) == day


def test_behind_a_stamp_only_eggdrops_line_tells_the_day() -> None:
    """A topic that was set some day is no new day."""
    assert day_told("--- Wed Jan 14 2009", stamped=True) == DAY
    assert day_told("--- Topic for #kelp set by wren at Wed Jan 14 10:36:20 2009", stamped=True) is None


def test_months_have_names_in_many_languages() -> None:
    """Beginnings are enough if they could be no other month."""
    assert [month_number(name) for name in ("MAY", "Mai", "août", "Dez", "mag", "ju", "x")] == [5, 5, 8, 12, 5, 0, 0]


@pytest.mark.parametrize(
    ("name", "day", "year"),
    [
        ("2009-01-14.log", DAY, 2009),
        ("#kelp_20090114.log", DAY, 2009),
        ("kelp.2009.01.14.txt", DAY, 2009),
        ("#kelp.log.14Jan2009", DAY, 2009),
        ("2009/01/14.log.txt", DAY, 2009),
        ("2009/01/14/kelp.log", DAY, 2009),
        ("2009/kelp.log", None, 2009),
        ("kelp-2009.log", None, 2009),
        ("kelp-2009-01.log", None, 2009),
        ("kelp-120090114.log", None, None),
        ("kelp.log", None, None),
    ],
)
def test_names_tell_the_day_or_the_year(name: str, day: date | None, year: int | None, tmp_path: Path) -> None:
    """Of the file first, then of its folders."""
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("x")
    with Source.of(path) as source:
        assert day_named(source) == (day, year)


def test_names_without_dates_are_what_is_left() -> None:
    """Of a channel's log, the channel."""
    assert [without_dates(name) for name in ("kelp-2009-01-14", "#kelp_20090114", "2009", "kelp.14Jan2009", "kelp2")] == [
        "kelp",
        "#kelp",
        "",
        "kelp",
        "kelp2",
    ]


def test_behind_the_last_day_there_is_none() -> None:
    """Of a clock that went over midnight a million times."""
    clock = Clock(date.max, date.max.year)
    assert stamped(clock, "23:00") == datetime(9999, 12, 31, 23)
    assert stamped(clock, "00:00") is None
