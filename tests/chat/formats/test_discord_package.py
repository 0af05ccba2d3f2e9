"""Discord's data package."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from talklike.chat.formats.discord_package import DISCORD_PACKAGE
from talklike.chat.read import read_chat
from talklike.chat.source import Head

Write = Callable[[str, str | bytes], Path]
FIRST = {"ID": 1, "Timestamp": "2022-03-05 15:10:00", "Contents": "hi <@222> <@333>", "Attachments": ""}
CSV = "ID,Timestamp,Contents,Attachments\n"


def package(path: Path, files: dict[str, Any]) -> Path:
    """Write a package as Discord sends it, and return its path."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content if isinstance(content, str) else json.dumps(content))
    return path


def test_a_package_is_read(tmp_path: Path) -> None:
    """All messages are the account's; channels are called as in the list, however the folders are called."""
    path = package(
        tmp_path / "package.zip",
        {
            "Konto/user.json": {
                "id": "111",
                "username": "wren_",
                "global_name": "Wren",
                "relationships": [
                    {"id": "222", "user": {"id": "222", "username": "otter", "global_name": None}},
                    None,
                    {"user": []},
                ],
            },
            "Konto/applications/9/user.json": {"id": "9", "username": "nobody"},
            "Nachrichten/index.json": {"70": "quay in Harbour", "71": "Direct Message with otter#0", "72": None, "73": {}},
            "Nachrichten/c70/messages.json": [FIRST],
            "Nachrichten/c71/messages.json": [FIRST | {"ID": "2", "Contents": "ho"}],
            "Nachrichten/c72/messages.json": [FIRST | {"ID": 3, "Contents": "hm"}],
            "Nachrichten/c72/channel.json": {"id": "72", "type": 0, "name": "hush", "guild": {"id": "5", "name": "Harbour"}},
            "Nachrichten/c73/messages.json": [FIRST | {"ID": 4, "Contents": "ah"}],
            "Nachrichten/c74/messages.json": [],
            "Server/index.json": {"5": "Harbour"},
            "README.txt": "Welcome to your package!\n" * 9,
        },
    )
    chat = read_chat(path)
    assert chat.report.files == {"discord-package": 4}
    assert chat.frame.collect().rows() == [
        (datetime(2022, 3, 5, 15, 10, tzinfo=UTC), "111", "Wren", "quay in Harbour", "hi @otter @333"),
        (datetime(2022, 3, 5, 15, 10, tzinfo=UTC), "111", "Wren", "otter", "ho"),
        (datetime(2022, 3, 5, 15, 10, tzinfo=UTC), "111", "Wren", "hush in Harbour", "hm"),
        (datetime(2022, 3, 5, 15, 10, tzinfo=UTC), "111", "Wren", "c73", "ah"),
    ]
    assert not any("zone" in note for note in chat.report.notes)  # they are in UTC


def test_tables_of_older_packages_are_read(tmp_path: Path) -> None:
    """Until 2023 the messages were CSV, with their zone."""
    rows = '1,2021-03-05 15:10:00.123000+00:00,"hi, <@111>\nho",\n2,2021-03-05 15:11:00+00:00,,https://cdn.example/a.png\n3,x\n'
    path = package(
        tmp_path / "p.zip", {"account/user.json": {"id": "111", "username": "wren"}, "messages/70/messages.csv": CSV + rows}
    )
    chat = read_chat(path)
    assert chat.frame.collect().rows() == [
        (datetime(2021, 3, 5, 15, 10, 0, 123000, tzinfo=UTC), "111", "wren", "70", "hi, @wren\nho")
    ]
    place = f"{path}/messages/70/messages.csv"
    skipped = {reason: skip.places for reason, skip in chat.report.skipped.items()}
    assert skipped == {"malformed": [f"{place}:5"], "media only": [f"{place}:4"]}


def test_a_file_alone_is_by_me(write: Write) -> None:
    """Nothing says whose it is."""
    for path in (
        write("messages.json", json.dumps([FIRST])),
        write("messages.csv", CSV + "1,2022-03-05 15:10:00,hi <@222> <@333>,\n"),
    ):
        chat = read_chat(path)
        assert chat.frame.collect().rows() == [(datetime(2022, 3, 5, 15, 10, tzinfo=UTC), "me", "me", None, "hi @222 @333")]


def test_odd_messages_are_counted(write: Write) -> None:
    """Pictures alone, and what is no message."""
    page: list[Any] = [
        FIRST,
        FIRST | {"ID": 2, "Contents": "", "Attachments": "https://cdn.example/a.png"},
        None,
        {"ID": 3, "Contents": []},
        [],
    ]
    page += [FIRST | {"ID": 4, "Contents": ""}, FIRST, FIRST | {"ID": [], "Timestamp": {}, "Contents": "ho"}]
    chat = read_chat(write("messages.json", json.dumps(page)))
    assert chat.frame.collect()["text"].to_list() == ["hi @222 @333", "ho"]
    assert {reason: skip.count for reason, skip in chat.report.skipped.items()} == {
        "media only": 1, "malformed": 3, "empty": 1, "duplicate id": 1,
    }  # fmt: skip


@pytest.mark.parametrize("damaged", ['{"id": "111"', "[]", '"x"', '{"username": ["x"]}', "", "[" * 100_000])
def test_damaged_lists_are_no_reason_not_to_read(damaged: str, tmp_path: Path) -> None:
    """The account stays unknown, the channels are called after their folders."""
    files = {"account/user.json": damaged, "messages/index.json": damaged, "messages/c70/channel.json": damaged}
    chat = read_chat(package(tmp_path / "p.zip", files | {"messages/c70/messages.json": [FIRST]}))
    assert chat.frame.collect().select("author", "channel").rows() == [("me", "c70")]


@pytest.mark.parametrize(
    "data", [b"ID,Timestamp,Contents\n1,2,3\n", b'[{"Contents": "Timestamp"}]', b"Contents and Timestamp", b"[]"]
)
def test_other_files_are_not_taken(data: bytes) -> None:
    """All columns or fields must be there."""
    assert DISCORD_PACKAGE.detect(Head(data, "", complete=True)) is None
