"""Signal's chats as signalbackup-tools writes them, line by line and as files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from talklike.chat.formats.irc import IRC
from talklike.chat.formats.signal import SIGNAL
from talklike.chat.read import read_chat
from talklike.chat.signal_backup_text import MOST_BRACKETS, backup_text, is_backup_text, without_reactions
from talklike.chat.source import Head

Write = Callable[[str, str | bytes], Path]

CHAT = """[Jul 09, 2023 21:14:59] *** Wren is on Signal!
[Jul 09, 2023 21:15:01] <Wren> to the harbour?
[Jul 09, 2023 21:15:30] <Otter (work)> yes:

1. tea
2. [Jul 09] cake (Wren: \U0001f44d; Otter (work): \u2764\ufe0f)
[Jul 09, 2023 21:16:00] *** <Wren> sent file "boat (2).jpg" (Otter (work): \U0001f602)
[Jul 09, 2023 21:16:00] *** <Wren> sent file of type image/jpeg
[Jul 09, 2023 21:16:00] <Wren> look
[Jul 09, 2023 21:17:00] *** Wren updated the group.
Tern, Heron joined the group. Group name is now 'Harbour'.
[Jul 09, 2023 21:18:00] *** Missed voice call
[Jul 09, 2023 21:19:00] *** You set the disappearing message timer to 1 week
[Jul 09, 2023 21:20:00] <?> who?
[Jul 09, 2023 21:21:00] <Wren> Poll: tea or cake?
                                           [2] tea
                                           [0] cake
[Dec 31, 2023 23:59:59] <+3161234> <Wren> said so
"""
STAMP = "[Jul 09, 2023 21:15:01] "


def lines(text: str) -> list[tuple[int, str]]:
    """Return the lines of a text with their numbers."""
    return list(enumerate(text.removesuffix("\n").split("\n"), start=1))


def test_messages_are_read_without_what_was_added() -> None:
    """Over several lines, without reactions; what nobody said has a reason, its further lines belong to it."""
    found = [(one.line, one.author, one.time, one.text) for one in backup_text(lines(CHAT)) if one.reason is None]
    assert found == [
        (2, "Wren", "Jul 09, 2023 21:15:01", "to the harbour?"),
        (3, "Otter (work)", "Jul 09, 2023 21:15:30", "yes:\n\n1. tea\n2. [Jul 09] cake"),
        (9, "Wren", "Jul 09, 2023 21:16:00", "look"),
        (14, None, "Jul 09, 2023 21:20:00", "who?"),
        (18, "+3161234", "Dec 31, 2023 23:59:59", "<Wren> said so"),
    ]
    assert [(one.line, one.reason) for one in backup_text(lines(CHAT)) if one.reason is not None] == [
        (1, "system line"),
        (7, "media only"),
        (8, "media only"),
        (10, "system line"),
        (12, "system line"),
        (13, "system line"),
        (15, "poll"),
    ]


def test_a_chat_is_called_as_its_file(write: Write) -> None:
    """Without the number of the thread; what is skipped is told with its line."""
    path = write("Harbour (2023) (_id12).txt", CHAT)
    chat = read_chat(path)
    frame = chat.frame.collect()
    assert chat.report.format == "signal"
    assert frame.row(0) == (datetime(2023, 7, 9, 21, 15, 1, tzinfo=UTC), "Wren", "Wren", "Harbour (2023)", "to the harbour?")
    assert frame["channel"].unique().to_list() == ["Harbour (2023)"]
    assert {reason: skip.count for reason, skip in chat.report.skipped.items()} == {
        "system line": 4,
        "media only": 2,
        "poll": 1,
        "no author": 1,
    }
    assert chat.report.skipped["poll"].places == [f"{path}:15"]


def test_lines_before_the_first_header_are_malformed() -> None:
    """They belong to nobody; a header without text has an empty one."""
    found = list(backup_text(lines(f"tea\n\n{STAMP}<Wren>\n{STAMP}***")))
    assert [(one.line, one.text, one.reason) for one in found] == [
        (1, None, "malformed"),
        (3, "", None),
        (4, None, "system line"),
    ]


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("hi (Wren: \U0001f44d)", "hi"),
        ("hi (Wren: #\ufe0f\u20e3; Tern: \U0001f3f4\U000e0067\U000e0062\U000e007f)", "hi"),
        ("hi :) (Wren: \U0001f44d\U0001f3fd)", "hi :)"),
        ("hi (all) (Wren; Otter: \u00a9\ufe0f)", "hi (all)"),
        ("hi (Otter (the old one) (dock): \U0001f44d)", "hi"),
        ("hi (all) (Wren :): \U0001f44d)", "hi (all)"),
        ("tea\n(cake) (Wren: \U0001f44d)", "tea\n(cake)"),
        ("tea\n (Wren: \U0001f44d)", "tea\n"),
        ("hi (Wren: yes)", "hi (Wren: yes)"),
        ("hi (Wren: 7)", "hi (Wren: 7)"),
        ("hi (\U0001f44d)", "hi (\U0001f44d)"),
        ("hi (Wren: \U0001f44d) there", "hi (Wren: \U0001f44d) there"),
        ("(\nWren: \U0001f44d)", "(\nWren: \U0001f44d)"),
        ("mood: \U0001f44d)", "mood: \U0001f44d)"),
        ("(hi)", "(hi)"),
        ("hi", "hi"),
        ("", ""),
    ],
    ids=range(17),
)
def test_reactions_are_those_at_the_end(written: str, text: str) -> None:
    """With a name and an emoji each; names may have brackets."""
    assert without_reactions(written) == text


def test_many_brackets_are_tried_only_so_often() -> None:
    """Then the last bracket counts."""
    few, many = ("hi" + " (y" * count + ")" * (count - 1) + ": \U0001f44d)" for count in (MOST_BRACKETS, MOST_BRACKETS + 1))
    assert without_reactions(few) == "hi"
    assert without_reactions(many) == "hi" + " (y" * MOST_BRACKETS


@pytest.mark.parametrize("text", ["Poll: tea or cake?", "Poll: tea?\n [1] tea", "Poll tea?\n" + " " * 40 + "[1] tea"])
def test_what_only_looks_like_a_poll_is_a_message(text: str) -> None:
    """Its answers are far to the right."""
    assert [one.text for one in backup_text(lines(f"{STAMP}<Wren> {text}"))] == [text]


@pytest.mark.parametrize(
    "line",
    [
        "* wren waves",
        "*** Joins: wren (w@quay.example)",
        "*** wren (w@quay.example) has joined #quay",
        "-!- wren [w@quay.example] has joined #quay",
        "<@wren> hi",
        "< wren> hi",
    ],
)
def test_logs_of_irc_with_such_times_are_left_to_irc(line: str) -> None:
    """Where a line stands in them that only clients of IRC write."""
    text = f"{STAMP}<otter> hello\n{STAMP}{line}\n{STAMP}<otter> bye\n"
    assert not is_backup_text(text.splitlines())
    head = Head(text.encode(), ".txt", complete=True)
    assert SIGNAL.detect(head) is None
    assert IRC.detect(head) is not None


@pytest.mark.parametrize(
    "text",
    [
        "[Jul 09, 2023 21:15:01] Wren: hi\n",
        "[Jul 09, 2023 21:15:01] <Wren> hi\n[Jul 09, 2023 21:15:01] Otter: hi\n",
        "[Jul 09, 2023, 21:15:01] <Wren> hi\n",
        "[Jul 09 2023 21:15:01] <wren> hi\n",
        "[21:15:01] <wren> hi\n",
        "[Jux 09, 2023 21:15:01] <Wren> hi\n",
        "[Dec 24, 2023] We sailed.\n",
        '["Jul 09", 1]\n',
    ],
)
def test_other_texts_are_not_taken(text: str) -> None:
    """Whatever they begin with."""
    assert SIGNAL.detect(Head(text.encode(), ".txt", complete=True)) is None


def test_a_head_that_ends_in_a_header_is_recognised() -> None:
    """Its last line is cut off."""
    text = f"{STAMP}<Wren> hi\n" * 3
    for end in range(len(STAMP) + 1, len(text)):
        match = SIGNAL.detect(Head(text[:end].encode(), ".txt", complete=False))
        assert (match is not None) == (end >= len(STAMP) + len("<Wren>")), end
