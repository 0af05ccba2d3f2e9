"""Half days in the words of many languages."""

from __future__ import annotations

import re

import pytest

from talklike.chat.whatsapp_clock import WORDS, hour_of_day


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("am", "pm"),
        ("AM", "PM"),
        ("a.m.", "p.m."),
        ("a.\xa0m.", "p.\u202fm."),
        ("오전", "오후"),
        ("上午", "下午"),
        ("凌晨", "晚上"),
        ("午前", "午後"),
        ("ص", "م"),
        ("ق.ظ", "ب.ظ"),
        ("ق.ظ.", "ب.ظ."),
        ("π.μ.", "μ.μ."),
        ("SA", "CH"),
        ("ÖÖ", "ÖS"),
        ("PG", "PTG"),
        ("de.", "du."),
        ("ap.", "ip."),
        ("dop.", "odp."),
        ("dop.", "pop."),
        ("fm", "em"),
        ("vorm.", "nachm."),
        ("дп", "пп"),
        ("пр.об.", "сл.об."),
        ("पूर्वाह्न", "अपराह्न"),
        ("לפנה״צ", "אחה״צ"),
        ("ก่อนเที่ยง", "หลังเที่ยง"),
        ("e paradites", "e pasdites"),
        ("in the morning", "in the afternoon"),
        ("in the morning", "in the evening"),
        ("da manhã", "da noite"),
        ("da madrugada", "da tarde"),
        ("de la mañana", "de la tarde"),
        ("de la madrugada", "de la\xa0noche"),
    ],
)
def test_halves_of_the_day_in_many_languages(before: str, after: str) -> None:
    """One o'clock and twelve."""
    assert all(re.fullmatch(WORDS, word, re.IGNORECASE) for word in (before, after))
    assert [hour_of_day(hour, before) for hour in (1, 11, 12)] == [1, 11, 0]
    assert [hour_of_day(hour, after) for hour in (1, 11, 12)] == [13, 23, 12]


def test_hours_that_are_past_twelve_anyway_stay() -> None:
    """Some phones write the half day beside 24 hours, too."""
    assert hour_of_day(23, "PM") == 23
    assert hour_of_day(13, "am") == 13
    assert hour_of_day(0, "am") == 0
    assert hour_of_day(7, None) == 7
