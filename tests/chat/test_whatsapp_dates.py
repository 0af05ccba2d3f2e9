"""The order of day, month and year, from all dates of a file."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from talklike.chat.whatsapp_dates import ORDERS, Order, infer

if TYPE_CHECKING:
    from talklike.chat.whatsapp_lines import Numbers


def written(days: list[date], order: str, digits: int) -> list[Numbers]:
    """Return dates as a phone writes them."""
    numbers = []
    for day in days:
        placed = [0, 0, 0]
        for value, position in zip((day.year % 10**digits, day.month, day.day), ORDERS[order], strict=True):
            placed[position] = value
        numbers.append((placed[0], placed[1], placed[2]))
    return numbers


@given(
    start=st.dates(date(2015, 1, 1), date(2030, 1, 1)),
    steps=st.lists(st.integers(0, 20), min_size=40, max_size=80),
    order=st.sampled_from(sorted(ORDERS)),
    digits=st.sampled_from([2, 4]),
)
def test_a_chat_of_some_weeks_tells_its_order(start: date, steps: list[int], order: str, digits: int) -> None:
    """Whichever it is; the dates come out as they went in, unless all are of a few days, which more than one order fits."""
    days = [start + timedelta(days=sum(steps[:n])) for n in range(len(steps))]
    if (days[-1] - days[0]).days < 100:
        return
    found = infer(written(days, order, digits), day_first=None, american=False)
    assert [found.date(numbers) for numbers in written(days, order, digits)] == days


@pytest.mark.parametrize(
    ("dates", "american", "order", "why"),
    [
        ([(13, 2, 2020)], False, "day/month/year", "no other order makes them dates"),
        ([(2, 13, 20)], False, "month/day/year", "no other order makes them dates"),
        ([(2020, 2, 13)], False, "year/month/day", "no other order makes them dates"),
        ([(2020, 13, 2)], False, "year/day/month", "no other order makes them dates"),
        ([(1, 2, 20), (2, 1, 20)], False, "month/day/year", "in other orders they would go back in time"),
        ([(1, 2, 20), (1, 3, 20), (1, 4, 20)], False, "month/day/year", "other orders are possible"),
        ([(31, 12, 20)], False, "day/month/year", "the likeliest order that fits them"),
        ([(1, 2, 20)], False, "day/month/year", "other orders are possible"),
        ([(1, 2, 20)], True, "month/day/year", "other orders are possible"),
        ([(20, 2, 11)], False, "year/month/day", "other orders are possible"),
    ],
)
def test_what_told_is_said(dates: list[Numbers], american: bool, order: str, why: str) -> None:
    """Days above 12, time that goes on, closeness, custom; and that hardly anyone had WhatsApp in 2011."""
    found = infer(dates, day_first=None, american=american)
    assert found.name == order
    assert found.why.startswith(why)
    assert found.sure == (not why.startswith("other"))


def test_the_user_is_asked_first() -> None:
    """As far as the dates allow it."""
    assert infer([(1, 2, 20)], day_first=True, american=True).name == "day/month/year"
    assert infer([(1, 2, 20)], day_first=False, american=False).name == "month/day/year"
    assert infer([(2020, 1, 2)], day_first=True, american=False).name == "year/day/month"
    assert infer([(13, 2, 2020)], day_first=False, american=False).name == "day/month/year"


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ((1, 1, 1399), date(2020, 3, 20)),
        ((30, 12, 1399), date(2021, 3, 20)),
        ((1, 1, 1403), date(2024, 3, 20)),
        ((1, 7, 1402), date(2023, 9, 23)),
        ((11, 10, 1399), date(2020, 12, 31)),
        ((30, 12, 1402), None),
        ((31, 7, 1402), None),
        ((31, 12, 2563), date(2020, 12, 31)),
        ((1, 1, 1442), None),
        ((31, 2, 20), None),
        ((1, 1, 1999), None),
        ((1, 13, 1399), None),
    ],
)
def test_other_calendars(numbers: Numbers, expected: date | None) -> None:
    """Those of Iran and Thailand; there is no such day in others."""
    assert Order("day/month/year", "").date(numbers) == expected
