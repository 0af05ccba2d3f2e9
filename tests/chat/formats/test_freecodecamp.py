"""Kaggle's freeCodeCamp files, on invented rows; the real ones are in ``tests/chat/test_real.py``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from talklike.chat.formats.freecodecamp import FREECODECAMP, FREECODECAMP_ANON
from talklike.chat.read import read_chat
from talklike.chat.source import Head
from talklike.errors import FormatError

Write = Callable[[str, str | bytes], Path]
HEADER = (
    ",editedAt,fromUser,fromUser.avatarUrl,fromUser.avatarUrlMedium,fromUser.avatarUrlSmall,fromUser.displayName,fromUser.gv,"
    "fromUser.id,fromUser.invited,fromUser.staff,fromUser.url,fromUser.username,fromUser.v,html,id,issues,mentions,meta,"
    "readBy,sent,status,text,unread,urls,v"
)
ROW = (
    "0,,,,a,b,Bob Keel,3.0,55b977f00fc9f982beab7883,,,/bob,bob,1.0,hi,54a4804fb2b2de4b786502bf,[],[],[],22,"
    '2014-12-31T23:01:35.647Z,,"hi, all",False,[],1'
)


@pytest.mark.parametrize("text", [f"{HEADER}\n{ROW}\n", f"{ROW}\n"])
def test_the_kaggle_file_needs_no_flags(text: str, write: Write) -> None:
    """With its header, whose first name is empty, or without."""
    chat = read_chat(write("freecodecamp_casual_chatroom.csv", text))
    assert chat.report.format == "freecodecamp"
    row = chat.frame.collect().row(0, named=True)
    assert (row["author"], row["name"], row["text"]) == ("55b977f00fc9f982beab7883", "Bob Keel", "hi, all")
    assert row["time"].isoformat() == "2014-12-31T23:01:35.647000+00:00"


def test_the_anonymous_sibling_is_told_apart() -> None:
    """By how many columns it has."""
    row = "0|0||3.0|55b977f00fc9f982beab7883|||1.0|54a4804fb2b2de4b786502bf|[]|[]|22|2014-12-31T23:01:35.647Z||hi|False|[]|1|[]\n"
    head = Head(row.encode(), "", complete=True)
    assert FREECODECAMP_ANON.detect(head) is not None
    assert FREECODECAMP.detect(head) is None


def test_another_layout_is_refused_by_name(write: Write) -> None:
    """Who asks for the format with another file learns what is wrong."""
    with pytest.raises(FormatError, match="layout of freecodecamp"):
        read_chat(write("chat.csv", "author,text\nbob,hi\n"), format="freecodecamp")


def test_columns_of_the_known_layout_can_be_overruled(write: Write) -> None:
    """The user name instead of the id, say."""
    chat = read_chat(write("chat.csv", f"{ROW}\n"), author_column="13", format="freecodecamp")
    assert chat.frame.collect()["author"].to_list() == ["bob"]
