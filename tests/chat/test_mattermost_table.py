"""Tables that Mattermost writes; what is read of them together with other formats is in the tests of the format."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from talklike.chat.mattermost_table import table_header
from talklike.chat.read import read_chat
from talklike.chat.source import Head

Write = Callable[[str, str | bytes], Path]
PLUGIN = "Post Creation Time,User Id,User Email,User Type,User Name,Post Id,Parent Post Id,Post Message,Post Type\n"
COMPLIANCE = (
    "Post Creation Time,Post Update Time,Post Update Type,Team Id,Team Name,Team Display Name,Channel Id,Channel Name,"
    "Channel Display Name,Channel Type,User Id,User Email,Username,Post Id,Edited By Post Id,Replied to Post Id,Post Message,"
    "Post Type,User Type,Previews Post Id\n"
)
WHEN = datetime(2020, 7, 13, 10, 5, 0, 120000, tzinfo=UTC)


def compliance(number: int, text: str, kind: str = "message", update: str = "", by: str = "user", channel: str = "Quay") -> str:
    """Return a row of the compliance export."""
    key = f"p{number}" if number else ""
    return f"1594634700120,0,{update},t,dock,Dock,c,quay,{channel},public,u1,w@quay.example,wren,{key},,,{text},{kind},{by},\n"


@pytest.mark.parametrize(
    "time",
    [
        "1594634700120",
        "2020-07-13 10:05:00.12 +0000 UTC",
        "2020-07-13 12:05:00.12 +0200 CEST",
        "2020-07-13 13:35:00.12 +0330 +0330",
    ],
)
def test_an_exported_channel_is_called_like_its_file(time: str, write: Write) -> None:
    """Authors by id; times as all versions write them; texts to the letter."""
    path = write(
        "quay.csv",
        PLUGIN
        + f'{time},u1,w@quay.example,user,wren,p1,,"tea,\nor ""cake""?",message\n'
        + f"{time},u2,,user,,p2,p1,*waves*,me\n"
        + f"{time},u3,,bot,beeper,p3,,*done*,message\n",
    )
    chat = read_chat(path)
    assert chat.report.format == "mattermost"
    assert chat.frame.collect().rows() == [
        (WHEN, "u1", "wren", "quay", 'tea,\nor "cake"?'),
        (WHEN, "u2", "u2", "quay", "waves"),
        (WHEN, "u3", "beeper", "quay", "*done*"),
    ]
    assert chat.report.bots == {"u3"}
    assert not chat.report.skipped


def test_what_nobody_wrote_is_left_out_and_told(write: Write) -> None:
    """Joins, files, what was deleted, what was there before an edit; the same post again."""
    path = write(
        "posts.csv",
        COMPLIANCE
        + compliance(0, "User wren (w@quay.example) was already in the channel", "previously-joined")
        + compliance(1, "tea?")
        + compliance(1, "a.png (files/p1/f-a.png)", "attachment")
        + compliance(2, "wren joined the channel.", "system_join_channel")
        + compliance(3, "delete tea?", update="Deleted")
        + compliance(4, "tpyo", update="EditedOriginalMsg")
        + compliance(5, "typo", update="EditedNewMsg", channel="")
        + compliance(1, "tea?", update="UpdatedNoMsgChange")
        + compliance(6, ""),
    )
    chat = read_chat(path)
    assert chat.frame.collect().select("channel", "text").rows() == [("Quay", "tea?"), ("quay", "typo")]
    assert {reason: [place.rpartition(":")[2] for place in skip.places] for reason, skip in chat.report.skipped.items()} == {
        "system line": ["2", "5"],
        "media only": ["4"],
        "deleted": ["6"],
        "old version": ["7"],
        "duplicate id": ["9"],
        "empty": ["10"],
    }


def test_other_tables_are_not_taken() -> None:
    """Even with some of the columns, or with their names in a text."""
    for text in ("Post Creation Time,User Name,Post Message\n1,wren,hi\n", 'author,text\nwren,"Post Message, Post Type"\n'):
        assert table_header(Head(text.encode(), ".csv", complete=True)) is None
