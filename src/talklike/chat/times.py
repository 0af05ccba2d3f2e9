"""When a message was sent: text or number → UTC."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

import polars as pl

from talklike.chat.numeric_times import NUMBER, WRITTEN_TOGETHER, are_serials, epochs, is_small, serials
from talklike.chat.time_forms import CLOCKS, ISO, NAIVE, NAMED_MONTHS, first_that_fits, written_out

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

DAY_FIRST = "day_first"
"""Column of the table while it is read: the time if days come before months, for rows before the first date that tells."""

UTC = pl.Datetime("us", "UTC")

ISO_UTC, MILLISECONDS = "%Y-%m-%dT%H:%M:%S%.fZ", "%Y-%m-%dT%H:%M:%S.%3fZ"
"""The most common form, with any fraction of a second; and with three digits, which Polars reads six times as fast."""

FIRST_YEAR = 1000
"""A year before this is a day or a month in the wrong place."""

_ZONE = r"(?:\d|\s)((?:Z|UTC|GMT)?(?:[+-]\d\d:?\d\d|[+-]\d\d)|(?:UTC|GMT)\s?[+-]\d{1,2}(?::\d\d)?|Z|UTC|GMT)(?:\s*\(.*\))?$"


@dataclass
class TimeParser:
    """Reads the times of one file, batch by batch.

    Attributes:
        unreadable: Values that are no time.
        zone: Where values that name no zone were written; None takes them as UTC.
        unzoned: How many those are.
        day_first: Whether 03/04 is the 3rd of April; None as long as no value has told.
    """

    zone: ZoneInfo | None = None
    day_first: bool | None = None
    unreadable: int = 0
    unzoned: int = 0
    _guessed: int = field(default=0, repr=False)
    _serials: bool | None = field(default=None, repr=False)  # whether small numbers are a spreadsheet's days, once some have told

    def parse(self, values: pl.Series) -> pl.Series:
        """Return the times in UTC, null where a value is none.

        Args:
            values: Strings, or datetimes already.
        """
        if isinstance(values.dtype, pl.Datetime):
            return self._datetimes(values, values.dtype.time_zone)
        result = _milliseconds(values)
        if not result.null_count():
            return result
        text = values.str.strip_chars().replace("", None)
        missing = result.is_null() & text.is_not_null()
        if missing.any():
            rest = text.filter(missing)
            mended = rest.str.to_datetime(ISO_UTC, strict=False, time_unit="us").dt.replace_time_zone("UTC")
            others = mended.is_null()
            if others.any():
                mended = mended.scatter(others.arg_true(), self._slow(rest.filter(others)))
            result = result.scatter(missing.arg_true(), mended)
        self.unreadable += int(result.null_count() - text.null_count())
        return result

    def both(self, values: pl.Series) -> tuple[pl.Series, pl.Series | None]:
        """Return the times; and what they are if days come first, as long as no value has told and ``parse`` takes months first.

        Args:
            values: Strings, or datetimes already.
        """
        guessed = self._guessed
        times = self.parse(values)
        if self.day_first is not None or self._guessed == guessed:
            return times, None
        return times, TimeParser(self.zone, day_first=True).parse(values)

    def notes(self) -> list[str]:
        """Return what a reader of the report should know."""
        notes = []
        if self.unzoned:
            notes.append(
                f"times without a zone, taken as {self.zone.key}: {self.unzoned:,}"
                if self.zone is not None
                else f"times without a zone, taken as UTC (--timezone says otherwise): {self.unzoned:,}"
            )
        if self._guessed and self.day_first is None:
            notes.append(f"dates that could be day/month or month/day, taken as month/day: {self._guessed:,}")
        if self.unreadable:
            notes.append(f"values in the time column that are no times, left empty: {self.unreadable:,}")
        return notes

    def _datetimes(self, values: pl.Series, zone: str | None) -> pl.Series:
        if zone is None:
            self.unzoned += values.len() - values.null_count()
            return self._in_utc(values.cast(NAIVE))
        return values.dt.convert_time_zone("UTC").cast(UTC)

    def _slow(self, text: pl.Series) -> pl.Series:
        """Parse what is not in the most common form; ``text`` has no nulls."""
        numbers = text.str.contains(NUMBER) & ~text.str.contains(WRITTEN_TOGETHER)
        result = pl.Series([None] * text.len(), dtype=UTC)
        if numbers.any():
            result = result.scatter(numbers.arg_true(), self._numbers(text.filter(numbers), alone=bool(numbers.all())))
        if numbers.all():
            return result
        words = text.filter(~numbers)
        return result.scatter((~numbers).arg_true(), self._calendar(words))

    def _numbers(self, text: pl.Series, *, alone: bool) -> pl.Series:
        """Parse numbers; ``alone`` if all values that are to be parsed are some."""
        times = epochs(text)
        small = times.is_null() & is_small(text)
        if not small.any():
            return times
        if self._serials is None:  # numbers of later batches may have grown into days
            self._serials = alone and are_serials(text)
        if not self._serials:
            return times
        local = serials(text)
        self.unzoned += local.len() - local.null_count()
        return times.fill_null(self._in_utc(local))

    def _calendar(self, text: pl.Series) -> pl.Series:
        # Twitter writes the year behind the zone.
        text = text.str.replace(r"^(\w{3} \w{3} \d\d \d\d:\d\d:\d\d) ([+-]\d{4}) (\d{4})$", "$1 $3 $2")
        zone = text.str.extract(_ZONE)
        # A date's own hyphens are no zone: 2014-12-31 must keep its -31.
        zone = pl.select(pl.when(text.str.contains(r"\d\d?:\d\d|\d{8}T\d{4}|^\d{14}")).then(zone)).to_series()
        bare = pl.DataFrame({"text": text, "zone": zone.fill_null("")}).select(
            pl.col("text")
            .str.replace(r"\s*\(.*\)$", "")
            .str.strip_suffix(pl.col("zone"))
            .str.replace(r"^(\d{4}-\d\d-\d\d|\d{8})[Tt_]", "$1 ")
            .str.replace(r"^(\d{8} \d{4})$", "${1}00")
            .str.replace_all(r"\s+", " ")
            .str.strip_chars(" [],")
        )["text"]
        if text.str.contains("(", literal=True).any():  # what stands there has been taken off as a comment
            zone = zone.fill_null(text.str.extract(r"\(((?:UTC|GMT)(?:\s?[+-]\d{1,2}(?::\d\d|\d\d)?)?)\)$"))
        local = first_that_fits(bare, (*ISO, "%Y%m%d", "%Y%m%d%H%M%S", *NAMED_MONTHS))
        local = local.zip_with(local.dt.year() >= FIRST_YEAR, pl.Series([None], dtype=NAIVE))  # 3/5/22 is no day of the year 3
        if local.null_count():
            rows = local.is_null()
            local = local.scatter(rows.arg_true(), self._numbered(bare.filter(rows)))
        if local.null_count():
            rows = local.is_null()
            local = local.scatter(rows.arg_true(), written_out(bare.filter(rows)))
        self.unzoned += int((zone.is_null() & local.is_not_null()).sum())
        sign = zone.str.extract(r"([+-])\d").replace_strict({"+": 1, "-": -1}, default=0, return_dtype=pl.Int64)
        hours = zone.str.extract(r"[+-](\d\d?)").cast(pl.Int64).fill_null(0)
        minutes = zone.str.extract(r"[+-]\d\d?:?(\d\d)$").cast(pl.Int64).fill_null(0)
        offset = (sign * (hours * 60 + minutes) * 60_000_000).cast(pl.Duration("us"))
        utc = (local - offset).dt.replace_time_zone("UTC")
        return (
            utc if self.zone is None else pl.select(pl.when(zone.is_null()).then(self._in_utc(local)).otherwise(utc)).to_series()
        )

    def _in_utc(self, local: pl.Series) -> pl.Series:
        """Return times of the assumed zone in UTC; of an hour that is there twice, the first, and of one left out, the next."""
        if self.zone is None:
            return local.dt.replace_time_zone("UTC")
        there = local.dt.replace_time_zone(self.zone.key, ambiguous="earliest", non_existent="null")
        skipped = local.dt.offset_by("1h").dt.replace_time_zone(self.zone.key, ambiguous="earliest", non_existent="null")
        return there.fill_null(skipped).dt.convert_time_zone("UTC")

    def _numbered(self, text: pl.Series) -> pl.Series:
        """Parse 31/12/2014, 12/31/14 and 31.12.2014, with a clock or without."""
        plain = text.str.replace_all(",", "")
        local = first_that_fits(plain, [f"%d.%m.{year} {clock}".strip() for year in ("%y", "%Y") for clock in CLOCKS])
        parts = plain.str.extract_groups(r"^(\d\d?)[/-](\d\d?)[/-]\d").struct
        first, second = (parts.field(str(i)).cast(pl.Int64) for i in (1, 2))
        if self.day_first is None:
            if (first > 12).any():
                self.day_first = True
            elif (second > 12).any():
                self.day_first = False
            else:
                self._guessed += int(first.is_not_null().sum())
        date = "%d/%m" if self.day_first else "%m/%d"
        slashed = plain.str.replace(r"^(\d\d?)-(\d\d?)-", "$1/$2/")
        formats = [f"{date}/{year} {clock}".strip() for year in ("%y", "%Y") for clock in CLOCKS]
        return local.fill_null(first_that_fits(slashed, formats))


def _milliseconds(text: pl.Series) -> pl.Series:
    """Return the times in UTC that are written like 2014-12-31T23:01:35.123Z, null for all others."""
    time = pl.col("text").str.to_datetime(MILLISECONDS, strict=False, time_unit="us", cache=False)
    # Polars' quick way also takes --014 for a year.
    exact = (pl.col("text").str.len_bytes() == len("2014-12-31T23:01:35.123Z")) & (time >= datetime(FIRST_YEAR, 1, 1))
    return text.to_frame("text").select(pl.when(exact).then(time).dt.replace_time_zone("UTC")).to_series()
