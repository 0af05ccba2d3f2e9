"""What people and channels are called in the lists of a Slack export."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from talklike.chat.slack_names import WORKSPACE, called
from talklike.chat.tree import open_tree

Write = Callable[[str, str | bytes], Path]


@pytest.mark.parametrize(
    ("person", "name"),
    [
        ({"name": "login", "real_name": "Real", "profile": {"display_name": "wren", "real_name": "R"}}, "wren"),
        ({"name": "login", "real_name": "Real", "profile": {"display_name": ""}}, "Real"),
        ({"name": "login", "profile": {"display_name": " ", "real_name": "R"}}, "R"),
        ({"name": "login"}, "login"),
        ({"display_name": "wren", "real_name": "Real", "name": "login"}, "wren"),
        ({"name": None, "profile": ["x"], "real_name": {}}, None),
    ],
)
def test_the_name_that_slack_shows(person: dict[str, Any], name: str | None) -> None:
    """The one that a person chose, else the real one, else the one to log in with."""
    assert called(person) == name


def test_lists_are_read_wherever_they_lie(write: Write, tmp_path: Path) -> None:
    """Also as a page of the API; conversations are called after those in them."""
    people = [{"id": "U1", "name": "wren"}, {"id": "U2", "name": "robo", "is_bot": True}, {"id": 5}, "x"]
    (tmp_path / "inner").mkdir()
    write("inner/users.json", json.dumps(people))
    write("org_users.json", json.dumps({"ok": True, "members": [{"id": "U3", "name": "otter"}, 7]}))
    write("channels.json", json.dumps([{"id": "C1", "name": "quay", "members": ["U1"]}]))
    write("groups.json", json.dumps([{"id": "G1", "name": "hush"}]))
    write("dms.json", json.dumps([{"id": "D1", "members": ["U1", "U3"]}, {"id": "D2", "members": ["U1", "U9"]}, {"id": "D3"}]))
    write("mpims.json", json.dumps([{"id": "G2", "name": "mpdm-a--b--c-1", "members": ["U1", "U2", "U3"]}, {"members": 3}]))
    with open_tree(tmp_path) as tree:
        names = WORKSPACE.of(tree)
    assert names.people == {"U1": "wren", "U2": "robo", "U3": "otter"}
    assert names.bots == {"USLACKBOT", "U2"}
    assert [names.channel(folder) for folder in ("C1", "quay", "G1", "D1", "D2", "D3")] == [
        "quay", "quay", "hush", "wren, otter", "wren, U9", "D3",
    ]  # fmt: skip
    assert names.channel("mpdm-a--b--c-1") == "wren, robo, otter"
    assert names.channel("mpdm-x--y-2") == "x, y"
    assert names.channel("") is None


def test_damaged_lists_are_no_reason_not_to_read(write: Write, tmp_path: Path) -> None:
    """Ids stay."""
    write("users.json", '[{"id": "U1", "name"')
    write("dms.json", '[{"id": ["D1"], "members": {"a": 1}}, null, [[]]]')
    with open_tree(tmp_path) as tree:
        names = WORKSPACE.of(tree)
    assert names.people == {}
    assert names.channel("D1") == "D1"
