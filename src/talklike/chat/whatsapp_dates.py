"""In which order WhatsApp wrote day, month and year: the phone's language decides, and no file says so.

All dates of a file are asked: which orders make them dates at all, under which they never go back, under which they lie closest.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from talklike.chat.whatsapp_lines import Numbers

ORDERS = {"day/month/year": (2, 1, 0), "month/day/year": (2, 0, 1), "year/month/day": (0, 1, 2), "year/day/month": (0, 2, 1)}
"""Where year, month and day stand."""

_SWAPPED = {
    "day/month/year": "month/day/year",
    "month/day/year": "day/month/year",
    "year/month/day": "year/day/month",
    "year/day/month": "year/month/day",
}

FIRST_YEAR, LAST_YEAR = 2009, 2068
"""When WhatsApp began, and how far two digits of a year reach."""

COMMON_YEAR = 2014
"""From when on most phones had it: of two orders that fit equally, one that leads to before this is the less likely."""

BUDDHIST = 543
"""Years that Thailand's calendar is ahead."""

PERSIAN_YEARS = range(1388, 1425)
"""From 2009 to 2045 in Iran's calendar; Islamic ones of these times are above 1429."""


@dataclass(frozen=True)
class Order:
    """The order of a file's dates.

    Attributes:
        name: In words, such as ``day/month/year``.
        why: What told.
        sure: Whether the dates told, not a custom.
    """

    name: str
    why: str
    sure: bool = True

    def date(self, numbers: Numbers) -> date | None:
        """Return the date, None if there is no such day."""
        year, month, day = (numbers[position] for position in ORDERS[self.name])
        return _date(year, month, day)


def infer(dates: Sequence[Numbers], *, day_first: bool | None, american: bool) -> Order:
    """Return the order of all dates of a file.

    Args:
        dates: As they follow each other.
        day_first: What the user says; None asks the dates.
        american: Whether the headers look like those of phones in the United States, which write the month first.
    """
    fitting = _fitting(dates)
    if day_first is not None:
        wanted = ("day/month/year", "year/day/month") if day_first else ("month/day/year", "year/month/day")
        asked = next((name for name in wanted if name in fitting), None)
        if asked is not None:
            return Order(asked, "as asked for")
    if len(fitting) == 1:
        return Order(fitting[0], "no other order makes them dates")
    back = {name: _steps_back(name, dates) for name in fitting}
    least = min(back.values())
    ordered = [name for name in fitting if back[name] == least]
    best = _best(ordered, dates, american)
    if len(ordered) == 1:
        return Order(best, "in other orders they would go back in time")
    if _SWAPPED[best] not in ordered:
        return Order(best, "the likeliest order that fits them")
    return Order(best, "other orders are possible: --day-first or --month-first says which", sure=False)


def _fitting(dates: Sequence[Numbers]) -> list[str]:
    """Return the orders under which the fewest dates are none."""
    wrong = {}
    for name, (year, month, day) in ORDERS.items():
        wrong[name] = sum(_date(numbers[year], numbers[month], numbers[day]) is None for numbers in dates)
    least = min(wrong.values())
    return [name for name in ORDERS if wrong[name] == least]


def _steps_back(name: str, dates: Sequence[Numbers]) -> int:
    order = Order(name, "")
    known = [found for numbers in dates if (found := order.date(numbers)) is not None]
    return sum(after < before for before, after in pairwise(known))


def _best(names: Sequence[str], dates: Sequence[Numbers], american: bool) -> str:
    """Return the order under which the dates span the fewest days; of equals the likeliest."""
    usual = ["month/day/year", "day/month/year"] if american else ["day/month/year", "month/day/year"]
    usual += ["year/month/day", "year/day/month"]

    def cost(name: str) -> tuple[int, bool, int]:
        order = Order(name, "")
        known = [found for numbers in dates if (found := order.date(numbers)) is not None]
        if not known:
            return 0, False, usual.index(name)
        return (max(known) - min(known)).days, max(known).year < COMMON_YEAR, usual.index(name)

    return min(names, key=cost)


def _date(year: int, month: int, day: int) -> date | None:
    if year in PERSIAN_YEARS:
        return _persian(year, month, day)
    if year < 100:
        year += 2000
    elif year >= FIRST_YEAR + BUDDHIST:
        year -= BUDDHIST
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _persian(year: int, month: int, day: int) -> date | None:
    """Return a date of Iran's calendar, whose leap years of these times repeat every 33 years."""
    leap = (8 * year + 29) // 33 - (8 * year + 21) // 33
    days = 31 if month < 7 else 30 if month < 12 else 29 + leap
    if not (1 <= month <= 12 and 1 <= day <= days):
        return None
    before = (month - 1) * 31 - max(0, month - 7)
    return date(622, 3, 20) + timedelta(days=365 * (year - 1) + (8 * year + 21) // 33 + before + day)
