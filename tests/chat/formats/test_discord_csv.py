"""Channels of DiscordChatExporter in CSV."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from talklike.chat.formats.discord_csv import DISCORD_CSV
from talklike.chat.read import read_chat
from talklike.chat.source import Head
from talklike.errors import FormatError

Write = Callable[[str, str | bytes], Path]
NEW = "AuthorID,Author,Date,Content,Attachments,Reactions\r\n"


def test_a_channel_is_read(write: Write) -> None:
    """Author by id, named without the number; the channel is the file's name; texts to the letter."""
    path = write(
        "Harbour - quay [7].csv",
        "\ufeff" + NEW + '"111","wren#1234","2022-03-05T15:10:00.0000000+01:00","two\nlines, ""quoted""","","👍 (2)"\r\n'
        '"222","otter","2022-03-05T15:11:00.0000000+01:00","a caption","https://cdn.example/a.png",""\r\n',
    )
    chat = read_chat(path)
    assert chat.report.format == "discord-csv"
    assert chat.frame.collect().rows() == [
        (datetime(2022, 3, 5, 14, 10, tzinfo=UTC), "111", "wren", "Harbour - quay [7]", 'two\nlines, "quoted"'),
        (datetime(2022, 3, 5, 14, 11, tzinfo=UTC), "222", "otter", "Harbour - quay [7]", "a caption"),
    ]
    assert not chat.report.skipped


@pytest.mark.parametrize(
    "table",
    [
        'Author;Date;Content;Attachments;\n"wren#1234";"05-Mar-22 03:10 PM";"hi";"";\n',
        'Author,Date,Content,Attachments,Reactions\n"wren#1234","05-Mar-22 03:10 PM","hi","",""\n',
        'AuthorID,Author,Date,Content,Attachments,Reactions\n"wren#1234","wren#1234","3/5/2022 3:10 PM","hi","","",\n',
        'AuthorID,Author,Date,Content,Attachments\n"wren#1234","wren#1234","05.03.2022 15:10","hi",""\n',
        "AuthorID,Author,Date,Content,Attachments,Reactions\nwren#1234,wren#1234,2022-03-05 15:10,hi,,\n",
    ],
)
def test_all_versions_are_read(table: str, write: Write) -> None:
    """With semicolons, without ids, with a comma too many, with times in short; without an id the full name is one."""
    chat = read_chat(write("quay.csv", table))
    assert chat.report.format == "discord-csv"
    assert chat.frame.collect().rows() == [(datetime(2022, 3, 5, 15, 10, tzinfo=UTC), "wren#1234", "wren", "quay", "hi")]
    assert not chat.report.skipped


def test_notices_and_pictures_are_skipped(write: Write) -> None:
    """With their lines; broken rows too."""
    path = write(
        "quay.csv",
        NEW
        + '"1","wren","3/5/2022 3:10 PM","Joined the server.","",""\n'
        + '"1","wren","3/5/2022 3:10 PM","","https://cdn.example/a.png",""\n'
        + '"1","wren","3/5/2022 3:10 PM","","",""\n'
        + '"1","wren"\n'
        + '"1","wren","3/5/2022 3:10 PM","hi","",""\n'
        + '"1","wren","3/5/2022 3:10 PM","Pinned a message.","",""\n',
    )
    chat = read_chat(path)
    assert chat.frame.collect()["text"].to_list() == ["hi"]
    assert {reason: skip.places for reason, skip in chat.report.skipped.items()} == {
        "malformed": [f"{path}:5"],
        "media only": [f"{path}:3"],
        "system line": [f"{path}:2", f"{path}:7"],
        "empty": [f"{path}:4"],
    }


def test_parts_of_a_channel_belong_together(write: Write, tmp_path: Path) -> None:
    """All but the first file say in their names which part they are."""
    for name in ("quay [7].csv", "quay [7] [part 2].csv", "quay [7] [part 12].csv"):
        write(name, NEW + f'"1","wren","2022-03-05T15:10:00.0000000+01:00","{name}","",""\n')
    frame = read_chat(tmp_path).frame.collect()
    assert frame["channel"].to_list() == ["quay [7]"] * 3


def test_markup_of_unformatted_exports_is_shown(write: Write) -> None:
    """With the names of authors, also of later rows."""
    rows = [("111", "wren#1", "<@222> <:wave:1> 1 < 2"), ("222", "otter", "<@!111> <@3>")]
    table = "".join(f'"{who}","{name}","3/5/2022 3:10 PM","{text}","",""\n' for who, name, text in rows)
    chat = read_chat(write("quay.csv", NEW + table))
    assert chat.frame.collect()["text"].to_list() == ["@otter :wave: 1 < 2", "@wren#1 @3"]


def test_the_order_of_day_and_month_is_learnt_from_the_file(write: Write) -> None:
    """A day above twelve tells."""
    rows = [f'"1","wren","{day}/03/2022 15:10","hi","",""\n' for day in ("05", "13")]
    days = [time.day for time in read_chat(write("quay.csv", NEW + "".join(rows))).frame.collect()["time"]]
    assert days == [5, 13]


def test_columns_that_the_user_names_go_before(write: Write) -> None:
    """The table is read as any other then."""
    path = write("quay.csv", NEW + '"1","wren","3/5/2022 3:10 PM","hi","",""\n')
    chat = read_chat(path, author_column="Author")
    assert chat.report.format == "delimited"
    assert chat.frame.collect()["author"].to_list() == ["wren"]


def test_other_tables_are_not_taken(write: Write) -> None:
    """Their header has not all of the columns."""
    for text in (b"author,text\na,Attachments\n", b"Author,Date,Content\na,b,c\n", b"Attachments", b"x" * 5000):
        assert DISCORD_CSV.detect(Head(text, ".csv", complete=True)) is None
    with pytest.raises(FormatError, match="no header of DiscordChatExporter"):
        read_chat(write("x.csv", "a,b\n1,2\n"), format="discord-csv")
