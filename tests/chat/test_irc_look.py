"""What the first lines of an IRC log tell."""

from __future__ import annotations

from talklike.chat.irc_look import LOOKED_AT, look_at, split
from talklike.chat.irc_styles import ANGLES, COLONS, TABS
from talklike.chat.irc_times import STAMPS
from talklike.chat.source import Head


def head(text: str, *, complete: bool = True) -> Head:
    """Return the beginning of a file."""
    return Head(text.encode(), ".log", complete)


def test_the_stamp_and_the_layout_are_those_of_most_lines() -> None:
    """Others may be mixed in."""
    look = look_at(head("[10:00] <wren> a\n[10:01] <otter> b\n2018-01-01 10:00:00\twren\tc\n"))
    assert look is not None
    assert (look.stamp, look.layout) == (STAMPS[0], ANGLES)
    assert (look.lines, look.messages) == (3, 2)
    assert look.speakers == {"wren", "otter"}
    tabs = look_at(head("2018-01-01 10:00:00\twren\ta\n"))
    assert tabs is not None
    assert (tabs.layout, tabs.dated) == (TABS, True)


def test_nicks_with_colons_count_only_beside_lines_of_clients() -> None:
    """A diary has them too."""
    diary = look_at(head("10:00 Wren: the boats are in\n"))
    assert diary is not None
    assert (diary.layout, diary.known) == (ANGLES, 0)
    log = look_at(head("10:00 wren: hi\n10:01 wren is now known as otter\n"))
    assert log is not None
    assert (log.layout, log.messages) == (COLONS, 1)


def test_the_channel_is_the_one_told_most() -> None:
    """Whatever its case; what people say of channels doesn't count."""
    text = "[10:00] *** wren has joined #Kelp\n[10:01] *** otter has joined #kelp\n[10:02] *** wren has joined #reef\n"
    look = look_at(head(text + "[10:03] <wren> who joined #sand? joined #sand joined #sand\n" * 9))
    assert look is not None
    assert look.channel == "#kelp"


def test_a_line_that_may_be_cut_off_is_left_out() -> None:
    """Unless it is the only one."""
    look = look_at(head("[10:00] <wren> a\n[10:0", complete=False))
    assert look is not None
    assert look.lines == look.known == 1
    assert look_at(head("[10:00] <wren> a", complete=False)) is not None


def test_only_the_first_lines_are_looked_at() -> None:
    """Of a large file."""
    look = look_at(head("[10:00] <wren> a\n" * 10_000))
    assert look is not None
    assert look.lines == LOOKED_AT


def test_little_of_a_log_is_none() -> None:
    """Nor is nothing."""
    assert look_at(head("")) is None
    assert look_at(head("[10:00] <wren> a\n" + "It was a dark night.\n" * 9)) is None


def test_a_line_is_split_behind_its_stamp() -> None:
    """Whatever is left of a colour before it."""
    found, rest = split("03[10:00] * wren waves", STAMPS[1])
    assert found is not None
    assert (found["stamp"], rest) == ("[10:00]", " * wren waves")
    assert split("hi", None) == (None, "hi")
