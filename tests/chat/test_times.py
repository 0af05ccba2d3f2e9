"""Times in whatever form → UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from talklike.chat.table import SCHEMA
from talklike.chat.times import ISO_UTC, TimeParser, _milliseconds

NEW_YEAR = datetime(2014, 12, 31, 23, 1, 35, tzinfo=UTC)


def one(value: str) -> datetime | None:
    """Return the moment that one value means."""
    found: datetime | None = TimeParser().parse(pl.Series([value]))[0]
    return found


@pytest.mark.parametrize(
    "value",
    [
        "2014-12-31T23:01:35Z", "2014-12-31T23:01:35.000Z", "2014-12-31 23:01:35", "2014-12-31T23:01:35",
        "2015-01-01T01:01:35+02:00", "2015-01-01T01:01:35+0200", "2015-01-01 01:01:35+02", "2014-12-31T20:31:35-02:30",
        "2014-12-31 23:01:35 UTC", "2014-12-31 23:01:35 GMT", "2014-12-31T23:01:35.0000000+00:00", "2014/12/31 23:01:35",
        "20141231T230135Z", " 2014-12-31T23:01:35Z ", "1420066895", "1420066895.0", "1420066895000", "1420066895000000",
        "1420066895000000000", "Wed Dec 31 23:01:35 2014", "Wed, 31 Dec 2014 23:01:35 +0000",
        "Thu Jan 01 01:01:35 +0200 2015", "31 Dec 2014 23:01:35",
        "31 December 2014 23:01:35", "Dec 31, 2014 11:01:35 PM", "December 31, 2014 23:01:35", "31-Dec-2014 23:01:35",
        "Wed Dec 31 2014 23:01:35 GMT+0000 (Greenwich Mean Time)", "12/31/2014 23:01:35", "12/31/14, 11:01:35 PM",
        "2014-12-31 11:01:35 PM", "20141231230135", "20141231230135Z", "20150101010135+0200",
        "2015-01-01 01:01:35 (UTC+2)", "2015-01-01 01:01:35 UTC+2", "2014-12-31 23:01:35 (UTC)",
        "2014-12-31 20:31:35 (GMT-02:30)",
        "Thu Jan 01 2015 01:01:35 GMT+0200 (GMT+02:00)", "January 1, 2015 at 1:01:35 AM (UTC+2)",
        "31/12/2014 23:01:35", "12/31/14 23:01:35", "31.12.2014, 23:01:35", "31.12.14 23:01:35", "[31/12/2014 23:01:35]",
    ],
)  # fmt: skip
def test_common_forms_are_the_same_moment(value: str) -> None:
    """ISO 8601, epochs, RFC 2822, ctime, JavaScript, and what spreadsheets and phones write."""
    assert one(value) == NEW_YEAR


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2014-12-31 23:01", NEW_YEAR.replace(second=0)),
        ("2014-12-31", NEW_YEAR.replace(hour=0, minute=0, second=0)),
        ("20141231", NEW_YEAR.replace(hour=0, minute=0, second=0)),
        ("31-Dec-14 11:01 PM", NEW_YEAR.replace(second=0)),
        ("1420066895.647", NEW_YEAR.replace(microsecond=647000)),
        ("2014-12-31T23:01:35.123456Z", NEW_YEAR.replace(microsecond=123456)),
        ("12/31/2014", NEW_YEAR.replace(hour=0, minute=0, second=0)),
        ("2014-12-31 23:01:35,123", NEW_YEAR.replace(microsecond=123000)),
        ("December 31, 2014 at 11:01 PM", NEW_YEAR.replace(second=0)),
        ("31 Dec 2014, 23:01", NEW_YEAR.replace(second=0)),
        ("Wednesday, December 31, 2014 11:01 PM", NEW_YEAR.replace(second=0)),
        ("2014.12.31 23:01", NEW_YEAR.replace(second=0)),
        ("31. Dezember 2014 23:01", NEW_YEAR.replace(second=0)),
        ("42004.959", NEW_YEAR.replace(minute=0, second=57, microsecond=600000)),
        ("1.6e+18", datetime(2020, 9, 13, 12, 26, 40, tzinfo=UTC)),
    ],
)
def test_less_and_more_exact_forms(value: str, expected: datetime) -> None:
    """A date without a clock is its midnight; fractions are kept to the microsecond."""
    assert one(value) == expected


@pytest.mark.parametrize(
    "value", ["", "  ", "soon", "12", "-5", "2014-13-45 10:00", "99/99/2014", "9" * 30, "12:30", "20149999", "12345.6", "1e5"]
)
def test_what_is_no_time_is_null(value: str) -> None:
    """Only what isn't blank counts as unreadable."""
    parser = TimeParser()
    assert parser.parse(pl.Series([value]))[0] is None
    assert parser.unreadable == bool(value.strip())


@settings(max_examples=300)
@given(
    time=st.sampled_from(
        ["2014-12-31T23:01:35.123Z", "2016-02-29T00:00:00.000Z", "2015-06-30T23:59:60.999Z", "1000-01-01T00:00:00.001Z"]
    ),
    edits=st.lists(st.tuples(st.integers(0, 23), st.sampled_from([*"0123456789+- .:TZz/", "", "--", "é", "\0"])), max_size=4),
)
def test_the_quick_way_takes_only_what_the_thorough_one_does(time: str, edits: list[tuple[int, str]]) -> None:
    """And reads the same; what it leaves, the thorough way may still read."""
    letters = list(time)
    for place, letter in edits:
        letters[place] = letter
    text = pl.Series(["".join(letters)])
    quick = _milliseconds(text)[0]
    assert edits or quick is not None or ":60" in time
    if quick is not None:
        assert quick == text.str.to_datetime(ISO_UTC, strict=False, time_unit="us").dt.replace_time_zone("UTC")[0]


def test_quick_and_slow_times_of_a_batch_stay_in_their_rows() -> None:
    """Blank ones are null, and not counted as unreadable."""
    parser = TimeParser()
    values = ["2014-12-31T23:01:35.000Z", None, " 2014-12-31T23:01:35Z", "", "never", "1420066895"]
    assert parser.parse(pl.Series(values)).to_list() == [NEW_YEAR, None, NEW_YEAR, None, None, NEW_YEAR]
    assert parser.unreadable == 1


def test_day_or_month_first_is_learnt_from_the_file() -> None:
    """One date after the 12th decides for all that follow."""
    parser = TimeParser()
    times = parser.parse(pl.Series(["13/02/2020 10:00", "03/02/2020 10:00"])).to_list()
    assert [t.day for t in times] == [13, 3]
    assert parser.parse(pl.Series(["01/02/2020"]))[0].month == 2
    parser = TimeParser()
    assert parser.parse(pl.Series(["02/13/2020 10:00", "03/02/2020 10:00"]))[1].month == 3
    parser = TimeParser()
    assert parser.parse(pl.Series(["01/02/2020"]))[0].month == 1
    assert any("day/month or month/day" in note for note in parser.notes())


def test_what_is_guessed_comes_with_the_other_reading_until_a_date_tells() -> None:
    """So that early rows can be mended once a later one has told; then nothing was guessed."""
    parser = TimeParser()
    times, day_first = parser.both(pl.Series(["01/02/2020", "2020-05-06", None]))
    assert day_first is not None
    assert [t and (t.month, t.day) for t in times] == [(1, 2), (5, 6), None]
    assert [t and (t.month, t.day) for t in day_first] == [(2, 1), (5, 6), None]
    assert parser.both(pl.Series(["2020-05-06"]))[1] is None
    assert parser.both(pl.Series(["13/02/2020"]))[1] is None
    assert parser.both(pl.Series(["01/02/2020"]))[1] is None
    assert not any("day/month or month/day" in note for note in parser.notes())
    assert TimeParser(day_first=False).both(pl.Series(["01/02/2020"]))[1] is None


def test_notes_count_what_was_assumed() -> None:
    """A missing zone is taken as UTC, and said."""
    parser = TimeParser()
    parser.parse(pl.Series(["2020-01-01 10:00:00", "2020-01-01T10:00:00Z", "x", None]))
    assert parser.notes() == [
        "times without a zone, taken as UTC (--timezone says otherwise): 1",
        "values in the time column that are no times, left empty: 1",
    ]
    assert TimeParser().notes() == []


def test_datetimes_keep_their_moment() -> None:
    """Parquet has real times, with a zone or without, in any unit."""
    local = pl.Series([datetime(2014, 12, 31, 23, 1, 35)], dtype=pl.Datetime("ms"))
    parser = TimeParser()
    assert parser.parse(local)[0] == NEW_YEAR
    assert parser.unzoned == 1
    berlin = local.dt.replace_time_zone("UTC").dt.convert_time_zone("Europe/Berlin")
    assert parser.parse(berlin)[0] == NEW_YEAR
    assert parser.parse(berlin).dtype == SCHEMA["time"]


@given(
    moments=st.lists(st.datetimes(datetime(1980, 1, 1), datetime(2100, 1, 1)), min_size=1, max_size=5),
    minutes=st.integers(-14 * 60, 14 * 60),
)
def test_iso_with_any_zone_is_exact(moments: list[datetime], minutes: int) -> None:
    """As Python writes it."""
    zone = timezone(timedelta(minutes=minutes))
    aware = [moment.replace(tzinfo=UTC) for moment in moments]
    values = pl.Series([moment.astimezone(zone).isoformat() for moment in aware])
    assert TimeParser().parse(values).to_list() == aware


def test_days_of_a_spreadsheet_are_times_without_a_zone() -> None:
    """If a first batch shows that the column holds nothing else."""
    parser = TimeParser(ZoneInfo("Europe/Berlin"))
    values = ["42004.5", "42005.25", None]
    expected = [datetime(2014, 12, 31, 11, tzinfo=UTC), datetime(2015, 1, 1, 5, tzinfo=UTC), None]
    assert parser.parse(pl.Series(values)).to_list() == expected
    assert parser.unzoned == 2
    assert parser.parse(pl.Series(["42006", "3.5"])).to_list() == [datetime(2015, 1, 1, 23, tzinfo=UTC), None]
    parser = TimeParser()
    assert parser.parse(pl.Series(["3.5", "42005.25"])).to_list() == [None, None]  # seconds of a recording
    assert parser.parse(pl.Series(["42005.25"])).to_list() == [None]
    assert TimeParser().parse(pl.Series(["42005.25", "never"])).to_list() == [None, None]


def test_a_zone_behind_a_time_is_its_own() -> None:
    """Whatever is assumed of others, and also in brackets."""
    parser = TimeParser(ZoneInfo("Europe/Berlin"))
    values = [
        "December 31, 2014 at 11:01:35 PM (UTC)",
        "2015-01-01 00:01:35",
        "1. Januar 2015 00:01:35",
        "2014-12-31 23:01:35 UTC",
    ]
    assert parser.parse(pl.Series(values)).to_list() == [NEW_YEAR] * 4
    assert parser.unzoned == 2
