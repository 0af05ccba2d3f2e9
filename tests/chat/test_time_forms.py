"""Forms of dates and clocks."""

from __future__ import annotations

import importlib
from datetime import datetime
from typing import TYPE_CHECKING

import polars as pl
import pytest

from talklike.chat.time_forms import first_that_fits, written_out

if TYPE_CHECKING:
    from collections.abc import Callable

PI_DAY = datetime(2021, 3, 14, 21, 26)


@pytest.mark.parametrize(
    "text",
    [
        "2021-03-14 9:26 p.m.", "2021-03-14 9:26PM", "2021.03.14 21:26", "2021.3.14 21:26:00,000", "March 14, 2021 at 9:26 PM",
        "Sun, Mar 14, 2021 at 9:26 PM", "Sunday, March 14, 2021 9:26 PM", "Mar. 14, 2021 9:26 P.M.", "14 Mar 2021, 21:26",
        "14. March 2021 21:26", "14 March 2021 at 21:26", "14. März 2021 21:26", "Sonntag, 14. März 2021 um 21:26 Uhr",
        "Sunday 14 March 2021 21:26", "Sunday 2021-03-14 21:26",
        "14 mars 2021 à 21:26", "14 de marzo de 2021, 21:26", "2021年3月14日 21:26",
    ],
)  # fmt: skip
def test_rare_forms_are_the_same_time(text: str) -> None:
    """With weekdays, commas and words between, in any language."""
    assert written_out(pl.Series([text]))[0] == PI_DAY


@pytest.mark.parametrize(
    "text", ["", "at ten", "see you at 10:30 in 2021", "14 Foo 2021 21:26", "31. Februar 2021 10:00", "x" * 300]
)
def test_what_is_none_is_null(text: str) -> None:
    """A day that isn't there is no day."""
    assert written_out(pl.Series([text]))[0] is None


def test_september_is_also_written_with_a_t() -> None:
    """By the British."""
    assert written_out(pl.Series(["14 Sept. 2021 21:26"]))[0] == PI_DAY.replace(month=9)


def test_each_value_is_read_once_and_only_if_it_looks_like_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """For reading one that is written out in any language takes long."""
    module = importlib.import_module("talklike.chat.time_forms")
    read: Callable[[str], str | None] = module.long_date
    asked: list[str] = []

    def reading(text: str) -> str | None:
        asked.append(text)
        return read(text)

    monkeypatch.setattr(module, "long_date", reading)
    times = written_out(pl.Series(["14. März 2021 21:26", "nothing", "14. März 2021 21:26", "2021-03-14 9:26 PM"]))
    assert times.to_list() == [PI_DAY, None, PI_DAY, PI_DAY]
    assert asked == ["14. März 2021 21:26"]


def test_the_first_form_that_fits_is_taken() -> None:
    """For each value."""
    values = pl.Series(["01/02/2021", "13/02/2021", "x"])
    assert first_that_fits(values, ["%m/%d/%Y", "%d/%m/%Y"]).to_list() == [datetime(2021, 1, 2), datetime(2021, 2, 13), None]
