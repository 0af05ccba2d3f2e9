"""When something was said in an IRC log: the stamps of its lines, and the days that the log or its path tells.

Clients let their users choose how a line begins, so the stamps are a registry of their own (``STAMPS``): whatever stands behind
one is read by the same rules (``talklike.chat.irc_styles``). Many stamps hold a clock alone. Then the day is that of the last
line in which the client told it (``--- Day changed …``), else that in the file's name or the folders that it lies in; it goes on
where the clock goes back by half a day.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from talklike.chat.long_dates import long_date
from talklike.chat.month_names import MONTHS, folded

if TYPE_CHECKING:
    from talklike.chat.source import Source

HALF_A_DAY = timedelta(hours=12)

LONGEST_PAUSE = timedelta(days=31)
"""By how much a date without a year may go back, in a log whose lines are out of order, before it is one of the next year."""

GROUPS = ("year", "late", "month", "named", "day", "hour", "minute", "second", "fraction", "half", "zone")
"""What the pattern of every stamp names; what a stamp lacks is empty."""

_CLOCK = (
    r"(?P<hour>[01]?\d|2[0-3])[:.](?P<minute>[0-5]\d)(?:[:.](?P<second>[0-6]\d)(?:[.,](?P<fraction>\d{1,9}))?)?"
    r"(?:[ ]?(?P<half>[AaPp])\.?[Mm]\.?)?"
)
_ZONE = r"(?:[ ]?(?P<zone>Z|UTC|GMT|[+-]\d\d:?\d\d))?"
_YEAR = r"(?:19|20)\d\d"
_NAME = r"[^\W\d_]{3,9}\.?"  # of a month, in any language
_WEEKDAY = r"(?:[^\W\d_]{2,9}\.?,?[ ])?"


@dataclass(frozen=True)
class Stamp:
    """A way to write the time in front of a line.

    Attributes:
        name: What it has.
        examples: Lines that begin so, without what follows.
        pattern: Matches at the start of a line, all of the stamp in the group ``stamp``. Linear: repetitions are bounded.
    """

    name: str
    examples: tuple[str, ...]
    pattern: re.Pattern[str]


def _stamp(name: str, pattern: str, *examples: str) -> Stamp:
    groups = ("written", "numbers", "epoch", *GROUPS)
    lacking = "".join(f"(?P<{group}>)" for group in groups if f"(?P<{group}>" not in pattern)
    return Stamp(name, examples, re.compile(rf"(?P<stamp>[\[(]?{pattern}[\])]?){lacking}(?=[\s<*-]|$)"))


STAMPS = (
    _stamp("clock", _CLOCK + _ZONE, "[10:36]", "[10:36:20]", "10:36", "10:36:20", "(10:36)", "[10:36 PM]", "[10.36]"),
    _stamp(
        "date and clock",
        rf"(?P<year>{_YEAR})[-/.](?P<month>\d\d)[-/.](?P<day>\d\d)(?:T|[ ]-?[ ]?){_CLOCK}{_ZONE}",
        "2009-01-14 10:36:20",
        "2009-01-14T10:36:20+0000",
        "[2009-01-14T10:36:20.125Z]",
        "[2009/01/14 10:36:20]",
    ),
    _stamp(
        "month, day and clock",
        rf"{_WEEKDAY}(?P<named>{_NAME})[ ]{{1,2}}(?P<day>\d\d?),?[ ](?:(?P<year>{_YEAR})[ ])?{_CLOCK}(?:[ ](?P<late>{_YEAR}))?",
        "Jan 14 10:36:20",
        "[Jan 14 2009 10:36:20]",
        "[Wed Jan 14 10:36:20 2009]",
    ),
    _stamp(
        "day, month and clock",
        rf"{_WEEKDAY}(?P<day>\d\d?)[ .-](?P<named>{_NAME})(?:[ -](?P<year>{_YEAR}))?[ /]{_CLOCK}",
        "[14 Jan 10:36]",
        "14 Jan 2009 10:36:20",
        "[14-Jan-2009 10:36:20]",
        "[14 Jan/10:36]",
        "[Wed 14 Jan 10:36:20]",
    ),
    _stamp(
        "year, month, day and clock",
        rf"(?P<year>{_YEAR})[ ](?P<named>{_NAME})[ ](?P<day>\d\d?)[ ]{_CLOCK}",
        "2009 Jan 14 10:36:20",
    ),
    _stamp(
        "date in words and clock",
        rf"(?P<written>[^\[\]\n]{{6,60}})\][ ]\[{_CLOCK}(?:[ ][^\[\]\n]{{1,60}}(?=\]))?",  # a zone in words, which says little
        "[Wednesday, 14 January 2009] [10:36:20]",
        "[Wednesday, January 14, 2009] [10:36:20 PM CEST]",
        "[Wed Jan 14 2009] [10:36:20]",
        "[Mittwoch, 14. Januar 2009] [10:36:20]",
    ),
    _stamp(
        "numbers and clock",
        rf"(?P<numbers>\d\d?[/.-]\d\d?[/.-](?:{_YEAR}|\d\d)),?(?:[ ]-?[ ]?){_CLOCK}",
        "[31/12/2009 10:36:20]",
        "31.12.2009 10:36",
        "[12/31/09 - 10:36]",
    ),
    _stamp("seconds since 1970", r"@?(?P<epoch>1?\d{9})", "1231929380", "@1231929380"),
)
"""How a line may begin; a line is tried with each in turn, that of the line before first."""

_CTIME = re.compile(
    rf"(?P<named>{_NAME}),?[ ]{{1,2}}(?P<day>\d\d?)\.?,?(?:[ ]{{1,2}}\d\d?:\d\d(?::\d\d)?)?(?:[ ][A-Z]{{2,5}})?,?[ ]{{1,2}}"
    rf"(?P<year>{_YEAR})(?!\d)"
)
_WRITTEN = re.compile(rf"(?<!\d)(?P<day>\d\d?)\.?[ ](?P<named>{_NAME})[ ](?P<year>{_YEAR})(?!\d)")
_ISO = re.compile(rf"(?<!\d)(?P<year>{_YEAR})-(?P<month>\d\d)-(?P<day>\d\d)(?!\d)")
_HEADER = re.compile(
    r"---|\*\*\*|###|===|Session (?:Start|Time|Close)|Conversation with |"
    r"(?i:IRC ?log|log(?:file|ging)?) (?:started|opened|begins)"
)
_MIDNIGHT = re.compile(rf"--- {_WEEKDAY}{_NAME}[ ]{{1,2}}\d\d?[ ]{_YEAR}$")  # eggdrop, behind a stamp

_IN_NAME = re.compile(rf"(?<!\d)({_YEAR})([-_.]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)")
_NAMED_IN_NAME = re.compile(rf"(?<!\d)(\d\d?)[-_ ]?([A-Z][a-z]{{2}})[-_ ]?({_YEAR})(?!\d)")
_IN_PATH = re.compile(
    rf"(?:^|/)({_YEAR})[-_./](0[1-9]|1[0-2])[-_./](0[1-9]|[12]\d|3[01])(?:(?:\.[A-Za-z]{{1,12}}){{0,3}}|/[^/]{{1,255}})$"
)
_YEAR_IN_NAME = re.compile(rf"(?<!\d)({_YEAR})(?!\d)")


@dataclass
class Clock:
    """Turns the stamps of one file into times.

    Attributes:
        day: That of a clock without a date; None as long as nothing tells.
        year: Of dates without a year.
    """

    day: date | None = None
    year: int | None = None
    last: datetime | str | None = field(default=None, init=False)
    """The time of the last stamp."""
    _local: datetime | None = field(default=None, init=False, repr=False)
    _seen: str = field(default="", init=False, repr=False)

    def set(self, day: date) -> None:
        """Take the day that a line of the log tells for what follows."""
        self.day, self.year, self._local, self._seen = day, day.year, None, ""

    def time(self, found: re.Match[str]) -> datetime | str | None:
        """Return the time of a stamp.

        Args:
            found: A match of the pattern of a stamp, or of one that begins with it.

        Returns:
            A time in UTC or, if the stamp names no zone, without one; text, if somebody must say what day 01/02/03 is; None if
            nothing tells the day.
        """
        stamp = found["stamp"]
        if stamp != self._seen:
            try:
                self.last = self._read(found)
            except OverflowError:  # a log that goes on to the end of the calendar
                self.last = None
            self._seen = stamp
        return self.last

    def _read(self, found: re.Match[str]) -> datetime | str | None:
        if epoch := found["epoch"]:
            return datetime.fromtimestamp(int(epoch), UTC)
        hour, minute, second = int(found["hour"]), int(found["minute"]), min(59, int(found["second"] or 0))
        if half := found["half"]:
            hour = hour % 12 + (12 if half in "pP" else 0)
        if numbers := found["numbers"]:
            return f"{numbers} {hour:02}:{minute:02}:{second:02}"
        dated = bool(found["day"] or found["written"])
        day = self._date(found) if dated else self.day
        if day is None:
            return None
        microsecond = int((found["fraction"] or "0")[:6].ljust(6, "0"))
        when = datetime(day.year, day.month, day.day, hour, minute, second, microsecond)
        if not dated and self._local is not None and self._local - when > HALF_A_DAY:
            when += timedelta(days=1)
            day = when.date()
        self.day = day
        self._local = when
        return _in_utc(when, zone) if (zone := found["zone"]) else when

    def _date(self, found: re.Match[str]) -> date | None:
        if written := found["written"]:
            return _written(written)
        month = month_number(found["named"]) if found["named"] else int(found["month"])
        year = found["year"] or found["late"]
        if year:
            return day_of(int(year), month, int(found["day"]))
        if self.year is None:
            return None
        day = day_of(self.year, month, int(found["day"]))
        if day is not None and self.day is not None and self.day - day > LONGEST_PAUSE:
            day = day_of(self.year + 1, month, int(found["day"]))  # a log goes on over the new year
        if day is not None:
            self.year = day.year
        return day


def day_of(year: int, month: int, day: int) -> date | None:
    """Return a date, None if there is no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


@lru_cache(maxsize=256)
def month_number(name: str) -> int:
    """Return the number of a month by the beginning of its name, in any language; 0 if that could be several.

    >>> [month_number(name) for name in ("Jan", "Mär", "окт", "févr.", "Juni", "Ju")]
    [1, 3, 10, 2, 6, 0]
    """
    start = folded(name).rstrip(".")
    english = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
    if start in english:
        return english.index(start) + 1
    found = {month for word, month in MONTHS.items() if word.startswith(start)}
    return MONTHS.get(start) or (found.pop() if len(found) == 1 else 0)


def day_told(line: str, *, stamped: bool = False) -> date | None:
    """Return the day that a line of the client tells for what follows; None in any other line.

    Args:
        line: The line; what is behind its stamp if it has one.
        stamped: Whether it has one.
    """
    if not (_MIDNIGHT.match(line) if stamped else _HEADER.match(line)):
        return None
    line = line[:200]
    found = _CTIME.search(line) or _WRITTEN.search(line) or _ISO.search(line)
    if found is None:
        return None
    has = found.groupdict()
    month = month_number(has["named"]) if "named" in has else int(has["month"])
    return day_of(int(has["year"]), month, int(has["day"]))


def day_named(source: Source) -> tuple[date | None, int | None]:
    """Return the day, and the year, in a file's name, else in the folders that it lies in."""
    path = PurePosixPath(source.name.replace("\\", "/"))
    inside = [] if source.tree.alone else list(reversed(source.inner.parts[:-1]))
    for name in (source.inner.name, *inside):
        if found := _IN_NAME.search(name):
            day = day_of(int(found[1]), int(found[3]), int(found[4]))
        elif found := _NAMED_IN_NAME.search(name):
            day = day_of(int(found[3]), month_number(found[2]), int(found[1]))
        else:
            continue
        if day is not None:
            return day, day.year
    if found := _IN_PATH.search(str(path)):
        day = day_of(int(found[1]), int(found[2]), int(found[3]))
        return day, int(found[1])
    for name in (source.inner.name, *(inside or [path.parent.name])):
        if found := _YEAR_IN_NAME.search(name):
            return None, int(found[1])
    return None, None


def without_dates(name: str) -> str:
    """Return what is left of the name of a file or folder without the dates in it."""
    name = _IN_NAME.sub(" ", name)
    name = _NAMED_IN_NAME.sub(" ", name)
    return _YEAR_IN_NAME.sub(" ", name).strip(" -_.")


@lru_cache(maxsize=64)
def _written(text: str) -> date | None:
    if found := long_date(f"{text} 00:00:00 UTC"):
        return date.fromisoformat(found[:10])
    short = _CTIME.search(text) or _WRITTEN.search(text)
    return None if short is None else day_of(int(short["year"]), month_number(short["named"]), int(short["day"]))


def _in_utc(when: datetime, zone: str) -> datetime:
    if zone[0] not in "+-":
        return when.replace(tzinfo=UTC)
    offset = timedelta(hours=min(23, int(zone[1:3])), minutes=min(59, int(zone[-2:])))
    return (when + offset if zone[0] == "-" else when - offset).replace(tzinfo=UTC)
