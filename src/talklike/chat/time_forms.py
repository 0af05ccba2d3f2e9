"""The forms that dates and clocks are written in, and times in forms that few programs write, in any language."""

from __future__ import annotations

from datetime import datetime

import polars as pl

from talklike.chat.long_dates import long_date

NAIVE = pl.Datetime("us")

# Year first is the same everywhere; the zone has been taken off before.
ISO = (
    "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%d %H:%M", "%Y-%m-%d", "%Y%m%d %H%M%S",
    "%Y/%m/%d %H:%M:%S%.f", "%Y/%m/%d %H:%M", "%Y/%m/%d",
)  # fmt: skip
NAMED_MONTHS = (
    "%a %b %d %H:%M:%S %Y",  # C's ctime
    "%a %b %d %Y %H:%M:%S",  # JavaScript's Date
    "%a, %d %b %Y %H:%M:%S",  # RFC 2822
    "%d %b %Y %H:%M:%S", "%d %b %Y %H:%M", "%d %b %Y", "%d %B %Y %H:%M:%S", "%d %B %Y %H:%M", "%d %B %Y",
    "%b %d, %Y %I:%M:%S %p", "%b %d, %Y %I:%M %p", "%b %d, %Y %H:%M:%S", "%b %d, %Y %H:%M", "%b %d, %Y",
    "%B %d, %Y %I:%M:%S %p", "%B %d, %Y %I:%M %p", "%B %d, %Y %H:%M:%S", "%B %d, %Y %H:%M", "%B %d, %Y",
    "%d-%b-%y %I:%M %p", "%d-%b-%y %H:%M", "%d-%b-%Y %H:%M:%S", "%d-%b-%Y %I:%M %p", "%d-%b-%Y",
)  # fmt: skip
CLOCKS = ("%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M %p", "")

LOOSE = tuple(f"{date} {clock}" for date in ("%B %d %Y", "%d %B %Y", "%Y-%m-%d") for clock in CLOCKS if clock)
"""What is left of more forms without commas, weekdays and ``at``; ``%B`` takes short names of months too."""

_LIKE_A_TIME = r"\d{4}.*\d[:.]\d\d|\d[:.]\d\d.*\d{4}"


def written_out(text: pl.Series) -> pl.Series:
    """Return the times that are written in one of the rarer forms, as the clock shows them; null for what is none.

    Args:
        text: Without zones.
    """
    plain = _plain(text)
    result = first_that_fits(plain, (*ISO, *LOOSE))
    rows = result.is_null() & text.str.contains(_LIKE_A_TIME)
    if rows.any():
        rest = text.filter(rows)
        known = {value: long_date(value) for value in rest.unique()}
        found = [None if (time := known[value]) is None else datetime.fromisoformat(time).replace(tzinfo=None) for value in rest]
        result = result.scatter(rows.arg_true(), pl.Series(found, dtype=NAIVE))
    return result


def first_that_fits(text: pl.Series, formats: tuple[str, ...] | list[str]) -> pl.Series:
    """Parse every value with the first format that fits it."""
    result = pl.Series([None] * text.len(), dtype=NAIVE)
    for form in formats:
        rows = result.is_null()
        if not rows.any():
            break
        rest = text.filter(rows)
        if "%H" in form or "%I" in form:
            parsed = rest.str.to_datetime(form, strict=False, time_unit="us")
        else:
            parsed = rest.str.to_date(form, strict=False).cast(NAIVE)
        result = result.scatter(rows.arg_true(), parsed)
    return result


def _plain(text: pl.Series) -> pl.Series:
    """Return times without what only people need, their parts in the order and with the signs of ``ISO`` and ``LOOSE``."""
    return (
        text.str.replace(r"(\d:\d\d:\d\d),(\d{1,9})$", "$1.$2")  # Python's logging
        .str.replace(r"(?i)\s*\b([ap])\.?\s?m\.?$", " ${1}m")
        .str.replace(r"(?i)(\d)([ap]m)$", "$1 $2")
        .str.replace_all(",", " ")
        .str.replace(r"^(\d{4})[./](\d\d?)[./](\d\d?)\b", "$1-$2-$3")
        .str.replace(r"^(\d\d?)\.? ", "$1 ")
        .str.replace(r"(?i) at ", " ")
        .str.replace_all(r"\s+", " ")
        .str.replace(r"^\p{L}+\.? (\p{L}+\.? \d|\d\d? \p{L}|\d{4}-)", "$1")  # a weekday
        .str.replace(r"\b(\p{L}{3})t?\. ", "$1 ")  # Mar. and Sept.
        .str.strip_chars()
    )
