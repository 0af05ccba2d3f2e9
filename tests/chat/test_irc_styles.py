"""What a line of IRC says behind its stamp."""

from __future__ import annotations

import pytest

from talklike.chat.irc_styles import (
    ADDRESSED,
    ANGLES,
    COLONS,
    LAYOUTS,
    STYLES,
    TABS,
    Said,
    Style,
    bare,
    channel_told,
    is_unmistakable,
    plain,
    renamed,
    said,
    uncoloured,
)


@pytest.mark.parametrize("style", [*STYLES, TABS, COLONS, ADDRESSED], ids=lambda style: style.name)
def test_each_example_is_read_as_its_style_says(style: Style) -> None:
    """Wren says hi or waves, in every way."""
    layout = style if style in LAYOUTS else ANGLES
    found = said(style.example, {"wren"}, layout)
    assert found in (Said("message", "wren", "hi"), Said("action", "wren", "waves"))
    if style.of_speakers:
        assert said(style.example).kind != "action"


def test_styles_differ_in_name() -> None:
    """Messages stand in one of the layouts."""
    assert len({style.name for style in STYLES}) == len(STYLES)
    assert all(layout.simple for layout in LAYOUTS)


@pytest.mark.parametrize(
    ("rest", "layout", "expected"),
    [
        (" <@wren> hi", ANGLES, Said("message", "wren", "hi")),
        ("  <  wren > hi", ANGLES, Said("message", "wren", "hi")),
        ("< wren> hi", ANGLES, Said("message", "wren", "hi")),
        (" <wren>\thi", ANGLES, Said("message", "wren", "hi")),
        (" <wren>", ANGLES, Said("message", "wren", "")),
        (" <wren>  hi ", ANGLES, Said("message", "wren", " hi ")),
        (" <wren!w@example.org> -hi", ANGLES, Said("message", "wren", "hi")),
        (" <wren!w@example.org> hi", ANGLES, Said("message", "wren", "hi")),
        (" <wren> -hi", ANGLES, Said("message", "wren", "-hi")),
        (" <wren:#kelp> hi", ANGLES, Said("message", "wren", "hi", "#kelp")),
        (" <wren of the sea> hi", ANGLES, Said("message", "wren of the sea", "hi")),
        (" <wren>hi", ANGLES, Said("unknown")),
        (" wren: hi", ANGLES, Said("unknown")),
        (" wren: hi", COLONS, Said("message", "wren", "hi")),
        (" wren, otter: hi", COLONS, Said("unknown")),
        ("\twren\thi", ANGLES, Said("system")),
        ("\t@wren\thi", TABS, Said("message", "wren", "hi")),
        ("\twren\t\thi", ADDRESSED, Said("message", "wren", "hi")),
        ("\twren\thi", ADDRESSED, Said("system")),
        ("\t<wren>\thi", TABS, Said("message", "wren", "hi")),
        ("\t-->\twren (w@example.org) has joined #kelp", TABS, Said("system")),
        ("\t→\twren (w@example.org) has joined #kelp", TABS, Said("system")),
        ("\t\thi", TABS, Said("system")),
        ("\t *\twren waves", TABS, Said("action", "wren", "waves")),
        (" * wren", ANGLES, Said("action", "wren", "")),
        (" * wren (w@example.org) Quit (bye)", ANGLES, Said("system")),
        (" <-- wren (w@example.org) has left (a > b)", ANGLES, Said("system")),
        ("", ANGLES, Said("unknown")),
    ],
)
def test_lines_say_who_said_what(rest: str, layout: Style, expected: Said) -> None:
    """In each layout, with whatever clients put around a nick."""
    assert said(rest, (), layout) == expected


@pytest.mark.parametrize(
    ("rest", "change"),
    [
        (" *** wren is now known as otter", ("wren", "otter")),
        (" * @wren is now known as otter", ("wren", "otter")),
        ("\t--\twren is now known as otter", ("wren", "otter")),
        (" ! wren is known as otter", ("wren", "otter")),
        (" [wren] is now known as ^otter^", ("[wren]", "^otter^")),
        (" Nick change: wren -> otter", ("wren", "otter")),
        (" You're now known as otter", None),
        (" *** wren is now known as otter of the sea", None),
    ],
)
def test_nick_changes_have_an_old_and_a_new_nick(rest: str, change: tuple[str, str] | None) -> None:
    """One's own old nick isn't told."""
    assert renamed(rest) == change


@pytest.mark.parametrize(
    ("rest", "channel"),
    [
        (" *** wren has joined #kelp", "#kelp"),
        (" wren (w@example.org) joined #kelp.", "#kelp"),
        (" wren, joining. (#kelp)", "#kelp"),
        (" * Now talking on ##kelp", "##kelp"),
        ("Session Ident: #kelp", "#kelp"),
        (" -!- mode/#kelp [+o wren] by otter", "#kelp"),
        ("#kelp", "#kelp"),
        (" *** wren has joined", None),
    ],
)
def test_clients_name_the_channel(rest: str, channel: str | None) -> None:
    """In joins, modes and headers."""
    assert channel_told(rest) == channel


def test_some_lines_are_written_by_clients_only() -> None:
    """What people might note down is none of them."""
    assert is_unmistakable(" *** Joins: wren (w@example.org)")
    assert is_unmistakable("\t-->\twren (w@example.org) has joined #kelp")
    assert is_unmistakable(" -!- wren waves")
    assert not is_unmistakable(" wren joined")
    assert not is_unmistakable(" *** starting")


def test_codes_of_formatting_are_removed() -> None:
    """Colours with their numbers, and what else clients know; other characters stay."""
    assert plain("\x02a\x02 \x1db\x1d \x1fc\x0f \x0304,05d\x03 \x04ff0000e\x04 \x16f\x11g\x1eh\t\x1b") == "a b c d e fgh\t\x1b"
    assert uncoloured("03[12:00] * x") == "[12:00] * x"
    assert uncoloured("03 [12:00]") == "03 [12:00]"


def test_a_nick_of_marks_only_stays() -> None:
    """There is nothing else to call it."""
    assert [bare(nick) for nick in ("@+wren", "wren ", "@")] == ["wren", "wren", "@"]
