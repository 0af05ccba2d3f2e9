"""The first pass over a WhatsApp export."""

from __future__ import annotations

from datetime import datetime

from talklike.chat.whatsapp_lines import header
from talklike.chat.whatsapp_survey import Survey


def test_styles_orders_and_names_of_a_file() -> None:
    """Each as the whole of it tells."""
    survey = Survey(["1/2/20, 10:00 - wren: hi", "more", "1/2/20, 10:01 - wren: a", "13/2/20, 10:00 - otter left"], None)
    assert survey.styles == {"-/"}
    assert [(order.name, order.sure) for order in survey.orders()] == [("day/month/year", True)]
    assert survey.longer == {"wren": "wren"}
    found = header("1/2/20, 10:00 - wren: hi")
    assert found is not None
    assert survey.time(found) == datetime(2020, 2, 1, 10)
    assert survey.is_person("wren")
    assert not survey.is_person("wren changed the subject to")
    assert not survey.is_person("You created group")


def test_an_empty_file_has_nothing() -> None:
    """Nor does one without headers."""
    survey = Survey(["", "hi"], None)
    assert list(survey.orders()) == []
    assert not survey.longer


def test_a_style_whose_dates_do_not_tell_goes_by_the_others() -> None:
    """Of the same separator."""
    survey = Survey(
        ["1/2/20, 10:00 - wren: a", "2/2/20, 10:00 - wren: b", "[3/2/20, 10:00:00] wren: c", "[25/2/20, 10:00:00] wren: d"], None
    )
    assert survey.styles == {"-/", "[/s"}
    assert {order.name for order in survey.orders()} == {"day/month/year"}


def test_a_mixture_from_the_start_is_taken_as_it_is() -> None:
    """Where no style has half of the headers, all are the file's own."""
    survey = Survey(["[05.05.20, 10:00:00] wren: a", "1/23/19, 3:19 AM - wren: b", "1/23/18, 3:22 AM - otter: c"], None)
    assert survey.styles == {"[.s", "-/"}


def test_styles_that_go_back_in_time_are_pasted() -> None:
    """Or that are ahead of what follows."""
    lines = ["31/12/20, 10:00 - wren: a", "{}", "31/12/20, 11:00 - wren: b", "31/12/20, 12:00 - wren: c"]
    for stray, own in (("10:30:00", True), ("09:30:00", False), ("11:30:00", False)):
        survey = Survey([line.format(f"[31.12.20, {stray}] otter: x") for line in lines], None)
        assert ("[.s" in survey.styles) == own, stray
