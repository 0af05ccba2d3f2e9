"""Headers of WhatsApp's messages, and the names in them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from talklike.chat.whatsapp_lines import header, name_and_text, tidy


@pytest.mark.parametrize(
    ("line", "numbers", "clock", "style"),
    [
        ("31/12/20, 23:59 - wren: hi", (31, 12, 20), (23, 59, 0), "-/"),
        ("\u200e[31.12.20, 11:59:58\u202fPM] wren: hi", (31, 12, 20), (23, 59, 58), "[.s"),
        ("23:59, 31/12/2020 - wren: hi", (31, 12, 2020), (23, 59, 0), "-/_"),
        ("2020-12-31 23.59.58: wren: hi", (2020, 12, 31), (23, 59, 58), ":-s"),
        ("[٣١/١٢/٢٠٢٠، ١١:٥٩:٥٨ م] wren: hi", (31, 12, 2020), (23, 59, 58), "[/s"),
        ("۲۰۲۰/۱۲/۳۱،\u200f ۲۳:۵۹ - wren: hi", (2020, 12, 31), (23, 59, 0), "-/"),
        ("[12/31/20, 11:59:58\u2009PM] wren: hi", (12, 31, 20), (23, 59, 58), "[/s"),
        ("[12/31/R2, 23:59:58] wren: hi", (12, 31, 2020), (23, 59, 58), "[/s"),
        ("[平成31/04/30 23:59:58] wren: hi", (2019, 4, 30), (23, 59, 58), "[/s"),
    ],
)
def test_headers_are_taken_apart(line: str, numbers: object, clock: object, style: str) -> None:
    """Numbers in their order, clock of 24 hours, style, rest."""
    found = header(line)
    assert found is not None
    assert (found.numbers, found.clock, found.style, found.rest) == (numbers, clock, style, "wren: hi")


@pytest.mark.parametrize(
    "line",
    [
        "", "hi", "31/12/20", "31/12/20 23:59", "23:59 - wren: hi", "31/12-20, 23:59 - wren: hi", "31/12/20, 24:00 - wren: hi",
        "31/12/20, 23:60 - wren: hi", "[31/12/20, 23:59 - wren: hi", "31/12/20, 23:59] wren: hi", "at 31/12/20, 23:59 - wren: hi",
        "31/12/20, 23:59- wren: hi", "31/12/20123, 23:59 - wren: hi", "[23:59] wren: hi", "2020-12-31T23:59:00Z wren: hi",
        "[12/31/R٢, 23:59:58] wren: hi", "[12/31/Q2, 23:59:58] wren: hi",
    ],
)  # fmt: skip
def test_other_lines_have_none(line: str) -> None:
    """Dates and clocks that people write."""
    assert header(line) is None


def test_phones_of_the_united_states_are_known_by_their_clock() -> None:
    """They write no zeros before the month and the day, and the half day in capitals."""
    assert [found.american for line in ("1/5/20, 9:05 AM", "01/05/20, 9:05 AM", "1/5/20, 9:05 am", "1/5/20, 09:05")
            if (found := header(line + " - wren: hi"))] == [True, False, False, False]  # fmt: skip


@pytest.mark.parametrize(
    ("rest", "name", "text"),
    [
        ("wren: hi", "wren", "hi"), ("wren:", "wren", ""), ("wren: a: b", "wren", "a: b"), ("~\u202fwren: hi", "wren", "hi"),
        ("\u202a+44\xa07700 900123\u202c: hi", "+44 7700 900123", "hi"), ("wren:\u200e hi", "wren", "\u200e hi"),
        ("wren: one\ntwo: three", "wren", "one\ntwo: three"), ("wren left", None, "wren left"),
        ("wren changed the subject from “a: b” to “c”", None, "wren changed the subject from “a: b” to “c”"),
        ("wren將主題從「a: b」更改為「c」", None, "wren將主題從「a: b」更改為「c」"), ("「wren」: hi", "「wren」", "hi"),
        ("Dr: Otter: hi", "Dr: Otter", "hi"), ("otter:hi", "otter", "hi"), ("https://example.org", None, "https://example.org"),
    ],
)  # fmt: skip
def test_names_end_at_a_colon(rest: str, name: str | None, text: str) -> None:
    """With a space behind it, if nobody is known by that name."""
    assert name_and_text(rest, {"Dr": "Dr: Otter", "otter": "otter"}) == (name, text)


def test_names_are_tidied() -> None:
    """A tilde alone may be a name."""
    assert [tidy(name) for name in ("~ wren", "~", "\u200ewren\u200e ", "wren ~")] == ["wren", "~", "wren", "wren ~"]


@given(st.text())
def test_any_line_can_be_looked_at(line: str) -> None:
    """Nothing in it is an error."""
    found = header(line)
    assert found is None or line.endswith(found.rest)
    name_and_text(line)


@pytest.mark.parametrize(
    "line",
    ["1" * 50_000, "1/1/1, " * 20_000, "[" + "\u200e" * 50_000, "1.1.20 a a a " * 5000],
    ids=["digits", "dates", "marks", "words"],
)
def test_lines_made_to_take_long_have_no_header(line: str) -> None:
    """A pattern that tries every way through them would not return."""
    assert header(line) is None
    assert name_and_text(line) == (None, line)


def test_a_long_line_may_have_one() -> None:
    """Without a name."""
    found = header("1/1/20, 10:00 - " + "a" * 50_000)
    assert found is not None
    assert found.rest == "a" * 50_000
    assert name_and_text(found.rest) == (None, found.rest)
