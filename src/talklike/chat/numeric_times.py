"""Times as numbers → UTC: since 1970 in units that their size tells, or the days that a spreadsheet counts."""

from __future__ import annotations

import polars as pl

from talklike.chat.time_forms import NAIVE

NUMBER = r"^[+-]?\d+(\.\d*)?([eE][+-]?\d\d?)?$"
"""What a number looks like, also a large one of pandas (``1.6e+18``)."""

WRITTEN_TOGETHER = r"^(19|20)\d\d(?:[01]\d[0-3]\d|(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])([01]\d|2[0-3])[0-5]\d[0-5]\d)$"
"""What a date without signs looks like, with a clock or without; as milliseconds the longer would be times after 2570."""

EARLIEST_EPOCH = 1e8
"""A number below this (March 1973 in seconds) is no time since 1970 [s]."""

SERIALS = (20_000, 80_000)
"""Between what numbers days since the end of 1899 are taken for a spreadsheet's times: 1954 to 2119 [day]."""

LEAST_BROKEN = 0.9
"""Share of them that must have a fraction, for few messages are sent at midnight exactly."""

_DAY = 86_400_000  # [ms]
_DAY_0 = -25_569 * _DAY  # 30 December 1899, for spreadsheets take 1900 for a leap year


def epochs(text: pl.Series) -> pl.Series:
    """Return numbers since 1970 as times; their size tells seconds, milli-, micro- or nanoseconds.

    Args:
        text: Decimal numbers, as strings.

    Returns:
        Times in UTC; null for a number that is too small to be one (``EARLIEST_EPOCH``).
    """
    value = pl.col("value")
    microseconds = (
        pl.when(value < EARLIEST_EPOCH)
        .then(None)
        .when(value < 1e11)
        .then(value * 1e6)
        .when(value < 1e14)
        .then(value * 1e3)
        .when(value < 1e17)
        .then(value)
        .when(value < 1e20)
        .then(value / 1e3)
    )
    whole = microseconds.round().cast(pl.Int64, strict=False)
    return _values(text).select(whole.cast(NAIVE).dt.replace_time_zone("UTC")).to_series()


def is_small(text: pl.Series) -> pl.Series:
    """Return which numbers are too small for ``epochs``."""
    return _values(text).select(pl.col("value") < EARLIEST_EPOCH).to_series()


def are_serials(text: pl.Series) -> bool:
    """Return whether numbers are days that a spreadsheet counts: all between ``SERIALS``, nearly all with a fraction."""
    values = _values(text)["value"]
    return bool(values.is_between(*SERIALS).all()) and float((values % 1 != 0).sum()) >= LEAST_BROKEN * values.len()


def serials(text: pl.Series) -> pl.Series:
    """Return days that a spreadsheet counts as times without a zone [ms]; null for what isn't between ``SERIALS``."""
    value = pl.col("value")
    whole = pl.when(value.is_between(*SERIALS)).then((value * _DAY).round() + _DAY_0)
    return _values(text).select((whole.cast(pl.Int64) * 1000).cast(NAIVE)).to_series()


def _values(text: pl.Series) -> pl.DataFrame:
    return pl.DataFrame({"value": text.cast(pl.Float64, strict=False)})
