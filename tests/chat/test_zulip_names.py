"""Names in a data export of Zulip."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from talklike.chat.tree import open_tree
from talklike.chat.zulip_names import Realm, realms

Write = Callable[[str, str | bytes], Path]

TABLES: dict[str, list[Any]] = {
    "zerver_userprofile": [{"id": 7, "full_name": "wren"}, {"id": 8, "full_name": "otter"}, {"id": 9, "full_name": "heron"}],
    "zerver_userprofile_mirrordummy": [{"id": 10, "full_name": "ghost"}],
    "zerver_userprofile_crossrealm": [{"id": 1, "email": "notification-bot@zulip.com"}],
    "zerver_stream": [{"id": 3, "name": "boats"}],
    "zerver_recipient": [
        {"id": 11, "type": 2, "type_id": 3},
        {"id": 12, "type": 1, "type_id": 7},
        {"id": 13, "type": 3, "type_id": 1},
        {"id": 14, "type": 2, "type_id": 99},
    ],
    "zerver_subscription": [{"id": i, "recipient": 13, "user_profile": 7 + i} for i in range(3)],
    "zerver_client": [{"id": 1, "name": "website"}, "odd", 7, None, [], {"id": None}, {"full_name": "nobody"}],
}


def test_people_and_channels_get_their_names(write: Write) -> None:
    """Two who talk to each other do so in one channel, whoever writes."""
    with open_tree(write("realm.json", json.dumps(TABLES))) as tree:
        realm = realms(tree)["."]
    assert realm.people == {"7": "wren", "8": "otter", "9": "heron", "10": "ghost"}
    assert realm.bots == {"1": "notification-bot@zulip.com"}
    channels = [(7, 11), (8, 12), (8, 13), (8, 14), (8, 99), (None, [])]
    expected = ["boats", "otter, wren", "heron, otter, wren", "14", "99", None]
    assert [realm.channel({"sender": sender, "recipient": recipient}) for sender, recipient in channels] == expected


@pytest.mark.parametrize("row", [{}, {"id": []}, {"id": 1, "full_name": []}, {"id": 1, "name": None, "type": {}, "type_id": 1.5}])
@pytest.mark.parametrize("table", [*TABLES, "zerver_message", 7, None])
def test_rows_that_are_none_are_passed_over(table: object, row: dict[str, Any]) -> None:
    """They give no names, and no exception."""
    realm = Realm()
    realm.learn(table, row)
    assert not realm.people
    assert not realm.bots
    assert not realm.streams
    assert realm.channel({"recipient": 1, "sender": 1}) == "1"


def test_of_a_damaged_file_the_beginning_counts(write: Write) -> None:
    """And one that is no JSON is none."""
    text = json.dumps(TABLES)
    with open_tree(write("realm.json", text[: text.index("mirrordummy")])) as tree:
        assert realms(tree)["."].people["9"] == "heron"
    for content in ("oops", '{"zerver_userprofile": 7}', "[" * 100_000, b"\x00"):
        with open_tree(write("realm.json", content)) as tree:
            assert realms(tree)["."].people == {}


def test_each_folder_has_its_own_names(tmp_path: Path) -> None:
    """Two exports side by side are two organisations."""
    for folder, name in (("a", "wren"), ("b", "otter")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "realm.json").write_text(json.dumps({"zerver_userprofile": [{"id": 7, "full_name": name}]}))
    with open_tree(tmp_path) as tree:
        assert {folder: realm.people["7"] for folder, realm in realms(tree).items()} == {"a": "wren", "b": "otter"}
