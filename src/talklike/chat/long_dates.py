"""Times written out as people read them ("Friday, April 3, 2020 at 2:05:09 PM UTC"), in the languages of the world.

Exports that write times so do it in the language of the account. What words mean is looked up only where it must be (the
months, the halves of the day); the rest follows from the numbers: an hour and a minute belong together, a year has four digits.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, timedelta
from functools import lru_cache

from talklike.chat.month_names import MONTHS, folded

LONGEST = 200
"""Of a text that is a time [character]."""

FARTHEST = 14 * 60
"""Of a zone from UTC [minute]."""

BUDDHIST = 543
"""Years that the Buddhist calendar, the one of Thailand, is ahead."""

OCTOBER, LISTOPADA = 10, "listopada"
"""In Polish that is November, in Croatian October."""

CROATIAN_DAYS = frozenset({"ponedjeljak", "utorak", "srijeda", "četvrtak", "petak", "subota", "nedjelja"})

AFTERNOON = re.compile(
    r"\bp\s?\.?\s?m\b|下午|晚上|中午|오후|μ\s?\.?\s?μ|(?<!\w)م(?!\w)|مساء|\bptg\b|\bm\.d|pasdites|\bch\b|\byh\b|\bi\.n|ከሰዓት"
    r"|ਬਾ\.ਦੁ|ب\.ظ|بعدازظهر"
)
"""What tells that 2:05 is 14:05; of zh, ko, el, ar, ms, sq, vi, cy, ga, am, pa, fa, and of all that write pm."""

MORNING = re.compile(
    r"\ba\s?\.?\s?m\b|上午|凌晨|早上|清晨|午夜|오전|π\s?\.?\s?μ|(?<!\w)ص(?!\w)|صباح|\bpg\b|\bp\.d|paradites|\bsa\b|\byb\b|\br\.n|ጥዋት"
    r"|ਪੂ\.ਦੁ|ق\.ظ|قبل.?ازظهر"
)
"""What tells that 12:05 is 0:05."""

AFTER = 3
"""How far behind a clock these may stand; elsewhere such a word means something else [word]."""

_MARKS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")  # that turn the direction of writing
_OFFSET = re.compile(r"(?:utc|gmt)\s?([+\u2212-])(\d{1,2})(?::?(\d\d))?(?!\d)")
_COLONS = re.compile(r"(?<!\d)(\d{1,2}):(\d\d)(?::(\d\d))?(?!\d)")
_DOTS = re.compile(r"(?<![\d.])(\d{1,2})\.(\d\d)\.(\d\d)(?![\d.])")
_SIGNS_ONLY = re.compile(r"\d[/.-]\d")
_NUMBER = re.compile(r"\d+")
_BETWEEN = re.compile(r"[\s\d,.;:()\[\]'’/،-]+")


def long_date(text: str) -> str | None:
    """Return a time that is written out, as ISO 8601 in UTC; None if it can't be read, or is made of numbers and signs only.

    >>> long_date("viernes, 3 de abril de 2020, 14:05:09 UTC")
    '2020-04-03T14:05:09Z'
    """
    if len(text) > LONGEST:
        return None
    text = _plain(text)
    minutes = 0
    if offset := _OFFSET.search(text):
        sign, hours, rest = offset.groups()
        minutes = (int(hours) * 60 + int(rest or 0)) * (1 if sign == "+" else -1)
        text = text[: offset.start()] + text[offset.end() :]
        if abs(minutes) > FARTHEST:
            return None
    found = _clock_and_date(text)
    if found is None:
        return None
    (hour, minute, second), (year, month, day) = found
    try:
        time = datetime(year, month, day, hour, minute, second) - timedelta(minutes=minutes)
        return f"{time.isoformat()}Z"
    except (ValueError, OverflowError):
        return None


def _plain(text: str) -> str:
    """Return the text in small letters, with the digits that we use and without marks that nobody sees."""
    text = folded(_MARKS.sub("", text))
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in text)


def _clock_and_date(text: str) -> tuple[tuple[int, int, int], tuple[int, int, int]] | None:
    """Return hour (of 24), minute, second and year, month, day."""
    clock = _COLONS.search(text) or _DOTS.search(text)
    if clock is not None:
        beside = " ".join(text[: clock.start()].split()[-1:] + text[clock.end() :].split()[:AFTER])
        time = (_hour(int(clock[1]), beside), int(clock[2]), int(clock[3] or 0))
        date = _date(f"{text[: clock.start()]} {text[clock.end() :]}")
    else:  # 14 นาฬิกา 05 นาที 09 วินาที
        numbers = list(_NUMBER.finditer(text))[-3:]
        if len(numbers) < 3:
            return None
        hour, minute, second = (int(number[0]) for number in numbers)
        time = (_hour(hour, text), minute, second)
        date = _date(text[: numbers[0].start()])
    return None if date is None else (time, date)


def _hour(hour: int, beside: str) -> int:
    """Return the hour of 24 for one that may be of 12, from what stands beside it."""
    if hour <= 12:  # on the face of a clock
        if AFTERNOON.search(beside):
            return hour % 12 + 12
        if MORNING.search(beside):
            return hour % 12
    return hour


@lru_cache(maxsize=1024)  # many messages were sent on the same day
def _date(text: str) -> tuple[int, int, int] | None:
    numbers = [int(number) for number in _NUMBER.findall(text)]
    year = next((number for number in numbers if number >= 1000), None)  # four digits
    if year is None:
        return None
    first = numbers[0] == year
    rest = [number for number in numbers if number != year]
    year -= BUDDHIST if year > 2400 else 0  # no chat is from there
    if len(rest) == 1:
        month = _month(text)
        return None if month is None else (year, month, rest[0])
    if len(rest) == 2 and not _SIGNS_ONLY.search(text):  # 2020年4月3日, or Ngày 3 tháng 4 năm 2020
        return (year, rest[0], rest[1]) if first else (year, rest[1], rest[0])
    return None


def _month(text: str) -> int | None:
    words = _BETWEEN.split(text)
    if LISTOPADA in words and not CROATIAN_DAYS.isdisjoint(words):
        return OCTOBER
    return next((MONTHS[word] for word in reversed(words) if word in MONTHS), None)  # Tuesdays are called March in Welsh
