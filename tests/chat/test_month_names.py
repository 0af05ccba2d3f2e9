"""The names of the months."""

from __future__ import annotations

from talklike.chat.month_names import IN_ORDER, MONTHS, folded


def test_every_language_has_twelve_names_that_mean_one_month_each() -> None:
    """A name that means two months in two languages would be read wrongly in one of them."""
    for names in IN_ORDER:
        assert len(names.split()) == 12
        for month, name in enumerate(names.split(), 1):
            assert name == "-" or MONTHS[folded(name)] == month


def test_names_are_found_whatever_their_case_and_code_points() -> None:
    """An accent may be a code point of its own."""
    assert MONTHS[folded("FE\N{COMBINING ACUTE ACCENT}VRIER")] == MONTHS[folded("Février")] == 2
