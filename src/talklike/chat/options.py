"""How a chat is to be read, as far as its files don't say."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from talklike.chat.columns import ColumnOptions
from talklike.errors import OptionError

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

KEPT_WITH_QUOTES = ("forwarded", "relayed")
"""Reasons for leaving messages out that ``ReadOptions.quotes`` overrules."""


@dataclass(frozen=True)
class ReadOptions:
    """What the user says of a chat.

    Attributes:
        columns: Where a table has what.
        timezone: Of times that name none; None takes them as UTC.
        day_first: Whether 03/04 is the 3rd of April; None infers it from all dates of a file.
        quotes: Whether what an author didn't write themselves (forwarded and relayed messages) is kept.
    """

    columns: ColumnOptions = field(default_factory=ColumnOptions)
    timezone: ZoneInfo | None = None
    day_first: bool | None = None
    quotes: bool = False


def zone(name: str | None) -> ZoneInfo | None:
    """Return the time zone that is called ``name``, such as ``Europe/Berlin`` or ``UTC``; None without a name.

    Raises:
        OptionError: This machine knows none of that name.
    """
    if name is None:
        return None
    if (found := _usable(name)) is not None:
        return found
    import difflib
    from zoneinfo import available_timezones

    known = {zone.lower(): zone for zone in available_timezones()}
    if name.lower() in known and (found := _usable(known[name.lower()])) is not None:
        return found
    cities = {zone.rpartition("/")[2]: zone for zone in known}
    near = difflib.get_close_matches(name.lower().rpartition("/")[2].replace(" ", "_"), cities, n=3, cutoff=0.65)
    meant = next((zone for city in near if _usable(zone := known[cities[city]]) is not None), None)
    hint = f"did you mean {meant}?" if meant else "write it as Europe/Berlin or UTC"
    raise OptionError(f"there is no time zone {name!r}; {hint}")


def _usable(name: str) -> ZoneInfo | None:
    """Return a time zone that Python and Polars both know; Polars has none of ``localtime``, ``posix/…`` and the like."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    import polars as pl

    try:
        found = ZoneInfo(name)
        pl.Series([], dtype=pl.Datetime("us")).dt.replace_time_zone(found.key)
    except (ZoneInfoNotFoundError, ValueError, OSError, pl.exceptions.PolarsError):
        return None
    return found
