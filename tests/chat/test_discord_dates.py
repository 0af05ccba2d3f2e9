"""Times of DiscordChatExporter in the short forms of many languages."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest

from talklike.chat.discord_dates import common
from talklike.chat.times import TimeParser

AFTERNOON = datetime(2022, 3, 5, 15, 10, tzinfo=UTC)


def read(text: str, *, day_first: bool | None = None) -> datetime | None:
    """Return the moment that the common parser sees."""
    found: datetime | None = TimeParser(day_first=day_first).parse(pl.Series([common(text)]))[0]
    return found


@pytest.mark.parametrize(
    "text",
    [
        "05-Mar-22 03:10 PM", "05-Mar-22 15:10", "2022-03-05T15:10:00.0000000+00:00", "2022-03-05T16:10:00.0000000+01:00",
        "3/5/2022 3:10 PM", "03/05/2022 3:10\N{NARROW NO-BREAK SPACE}PM", "03/05/2022 15:10", "3/5/22 3:10 PM",
        "05.03.2022 15:10", "5.3.2022 15.10", "5.3.2022 klo 15.10", "05. 03. 2022. 15:10", "5.3.2022 г. 15:10", "05.03.22 15:10",
        "2022/03/05 15:10", "2022-03-05 15:10", "2022-03-05 15 h 10", "2022. 03. 05. 15:10",
        "2022-03-05 오후 3:10", "2022. 3. 5. 오후 3:10", "2022/3/5 下午 3:10", "2022-03-05 3:10 p.m.",
        "05-03-2022 15:10", "05-03-2022 3:10 PM",
    ],
)  # fmt: skip
def test_short_forms_are_the_same_moment(text: str) -> None:
    """Of English, German, Finnish, Bulgarian, Japanese, French, Hungarian, Korean, Chinese and more."""
    assert read(text) == AFTERNOON


@pytest.mark.parametrize(
    "text",
    [
        "5/3/2022 下午3:10", "5/3/2022 3:10 CH", "5/3/2022 3:10 μμ", "5/3/2022 3:10 μ.μ.", "05/03/2022 03:10 p. m.",
        "\N{RIGHT-TO-LEFT MARK}5/3/2022 3:10 م", "5/3/2565 15:10", "05/03/2022 15:10",
    ],
)  # fmt: skip
def test_the_order_between_slashes_is_asked_of_all_dates(text: str) -> None:
    """The common parser does that; the half of the day and the Buddhist year are taken care of before."""
    assert read(text, day_first=True) == AFTERNOON


@pytest.mark.parametrize(("text", "hour"), [("3/5/2022 12:10 AM", 0), ("3/5/2022 12:10 PM", 12), ("2022/3/5 上午 12:10", 0)])
def test_midnight_and_noon(text: str, hour: int) -> None:
    """Twelve comes first in each half of the day."""
    assert read(text) == AFTERNOON.replace(hour=hour)


@pytest.mark.parametrize("text", ["", "yesterday", "12:30", "1/2", "3/5/2022", "x" * 10_000, "1/2/3 4:5", "9" * 60])
def test_what_is_no_short_form_is_left_alone(text: str) -> None:
    """The common parser knows more of them, or counts them as unreadable."""
    assert common(text) == text
