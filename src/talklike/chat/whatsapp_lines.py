"""The first line of a WhatsApp message: date, clock, name; in every way in which a phone's language and age write them.

The styles differ in brackets, separators, seconds, half-day words, in what stands between date and clock, and in which comes
first. One pattern reads them all; which styles a file has is for its reader to say, for people paste other chats into theirs.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from talklike.chat.whatsapp_clock import MARKS, SPACE, WORDS, hour_of_day

if TYPE_CHECKING:
    from collections.abc import Mapping

Numbers = tuple[int, int, int]
"""The three numbers of a date in the order in which they stand."""

_M = f"[{MARKS}]*+"
_MARKS = re.compile(f"[{MARKS}]")
_ERAS = {"R": 2018, "令和": 2018, "H": 1988, "平成": 1988}
"""Of Japan's calendar, with the year before their first."""

_ERA = rf"(?:{'|'.join(_ERAS)})[0-9]{{1,2}}"
_DATE = (
    rf"(?P<one>\d{{1,4}}|{_ERA}){_M}(?P<separator>[./-]){SPACE}?{_M}(?P<two>\d{{1,2}}){_M}(?P=separator){SPACE}?{_M}"
    rf"(?P<three>\d{{1,4}}|{_ERA})(?!\d)\.?(?:{SPACE}BE)?"
)
_CLOCK = (
    rf"(?:(?P<before>{WORDS}){SPACE}?)?(?P<hour>\d{{1,2}})(?P<colon>[:.]|{SPACE}?h{SPACE}?)(?P<minute>\d\d)"
    rf"(?:(?:(?P=colon)|{SPACE}min{SPACE})(?P<second>\d\d)(?:{SPACE}s(?!\w))?)?"
    rf"(?:[_ \u00a0\u2009\u202f]?{_M}(?P<after>{WORDS})(?!\w))?(?:{SPACE}(?:ч\.|h|Uhr|น\.))?"
)
# Between date and clock: a comma, a space, a short word or two (à, klo, at, г., a las).
_BETWEEN = rf"{_M}(?:{SPACE}?г\.)?[,،、]?{_M}{SPACE}?{_M}(?:(?!(?:{WORDS}){SPACE}?\d)(?:[^\W\d_]{{1,4}}\.?{SPACE}){{1,2}})?{_M}"


def _again(pattern: str) -> str:
    """Return a pattern with its groups named a second time, for the clock before the date."""
    return re.sub(r"\(\?P([<=])(\w+)", r"(?P\1\2_", pattern)


_AROUND = (
    rf"{_M}(?P<bracket>\[)?{_M}",
    rf"{_M}(?:(?P<closed>\]){SPACE}?|{SPACE}[-\u2013\u2014]{SPACE}|(?P<dotted>:){SPACE}){_M}",
)
_HEADER = re.compile(
    rf"{_AROUND[0]}(?:{_DATE}{_BETWEEN}{_CLOCK}|{_again(_CLOCK)},?{SPACE}{_again(_DATE)}){_AROUND[1]}", re.IGNORECASE
)
# The same for what most phones write; tried first, for it takes a third of the time.
_COMMON = re.compile(
    rf"{_AROUND[0]}(?P<one>\d{{1,4}})(?P<separator>[./-])(?P<two>\d{{1,2}})(?P=separator)(?P<three>\d{{1,4}}),? "
    rf"(?P<hour>\d{{1,2}}):(?P<minute>\d\d)(?::(?P<second>\d\d))?(?:[ \u2009\u202f](?P<after>[AaPp][Mm]))?{_AROUND[1]}"
)
_PARTS = ("one", "two", "three", "separator", "before", "after", "hour", "minute", "second")

LONGEST_HEADER = 100
"""Where the date and the clock end, at the latest [character]."""

LONGEST_NAME = 120
"""Of a person or a group [character]."""

# ‘… changed the subject from “a: b”’ has a colon inside of quotes, and no name; Chinese and Japanese set no space before them.
_QUOTE = re.compile(' ["“„«”]|[「『《][^」』》]*$')


class Header(NamedTuple):
    """The beginning of a message.

    Attributes:
        numbers: Of its date, in their order.
        clock: Hour (0 to 23), minute, second.
        style: What is alike in all headers that one phone wrote.
        date_kind: What is alike in all dates of which day, month and year stand in one order, as far as a header tells.
        rest: What follows: ``name: text``, or a line of the app.
        american: Whether it is as phones in the United States write it: ``1/5/20, 9:05 AM``, not ``05/01/20, 9:05 am``.
    """

    numbers: Numbers
    clock: tuple[int, int, int]
    style: str
    date_kind: str
    rest: str
    american: bool


def _number(text: str) -> int:
    """Return a number of a date, with the year of an era as one of ours.

    >>> _number("R4"), _number("2022")
    (2022, 2022)
    """
    era = text.rstrip("0123456789").upper() if not text[0].isdecimal() else ""
    return int(text[len(era) :]) + (_ERAS[era] if era else 0)


def may_be_header(line: str) -> bool:
    """Return whether a line begins as headers do: with a bracket, a digit or a mark."""
    first = line[:1]
    return first == "[" or first.isdecimal() or (first in MARKS and first != "")


def header(line: str) -> Header | None:
    """Return the header that a line begins with; None if it has none.

    Args:
        line: A line without its end.
    """
    if not may_be_header(line):
        return None
    found = _COMMON.match(line)
    if found is not None:
        bracket, one, separator, two, three, hour, minute, second, half, closed, dotted = found.groups()
        tail = ""
    else:
        found = _HEADER.match(line[: LONGEST_HEADER + LONGEST_NAME])
        if found is None:
            return None
        bracket, closed, dotted = found.group("bracket", "closed", "dotted")
        tail = "" if found["one"] is not None else "_"
        one, two, three, separator, before, after, hour, minute, second = (found[name + tail] for name in _PARTS)
        half = before or after
    if (bracket is None) != (closed is None):
        return None
    clock = (int(hour) if half is None else hour_of_day(int(hour), half), int(minute), int(second or 0))
    if clock[0] > 23 or clock[1] > 59 or clock[2] > 59:
        return None
    style = ("[" if bracket else ":" if dotted else "-") + separator + tail + ("s" if second else "")
    american = half is not None and half in ("AM", "PM") and one[0] != "0" and two[0] != "0"
    numbers = (_number(one), int(two), _number(three))
    return Header(numbers, clock, style, "year first " + style if numbers[0] > 99 else style, line[found.end() :], american)


def name_and_text(line: str, longer: Mapping[str, str] | None = None) -> tuple[str | None, str]:
    """Return who says what behind a header; without a name it is a line of the app.

    Args:
        line: What follows the header.
        longer: Names that have a colon in them, by their beginnings, and others by themselves: these may be followed by a colon
            without a space.
    """
    end = _name_end(line, 0)
    if end > 0 and not ((" " in line[:end] or not line[:end].isascii()) and _QUOTE.search(line, 0, end)):
        name = tidy(line[:end])
        whole = longer.get(name, name) if longer else name
        if whole != name and tidy(line[: (further := _name_end(line, end + 1))]) == whole:
            name, end = whole, further
        return name, line[end + 2 :] if line[end + 1 : end + 2] == " " else line[end + 1 :]
    before, colon, after = line.partition(":")
    if colon and longer and tidy(before) in longer:
        return tidy(before), after
    return None, line


def _name_end(line: str, start: int) -> int:
    """Return where the first colon is that a name may end at; -1 if none is."""
    end = line.find(":", start, start + LONGEST_NAME)
    while end >= 0 and end + 1 < len(line) and line[end + 1] not in " \u200e":
        end = line.find(":", end + 1, start + LONGEST_NAME)
    return end


@lru_cache(maxsize=1 << 12)
def tidy(name: str) -> str:
    r"""Return a name without marks, and without the ``~`` before names that aren't in the phone's address book.

    >>> tidy("~\u202f\u200ewren")
    'wren'
    """
    if not name.isascii():
        name = _MARKS.sub("", name).replace("\u00a0", " ").replace("\u2009", " ").replace("\u202f", " ")
    name = name.strip()
    return name.removeprefix("~").strip() or name
