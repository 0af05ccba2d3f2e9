"""Channels that mattermost-dl wrote: folders of posts and of what is told beside them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from talklike.chat.formats.mattermost import MATTERMOST
from talklike.chat.mattermost_dl import Beside, as_of_api, is_post
from talklike.chat.read import read_chat
from talklike.chat.source import Head

Write = Callable[[str, str | bytes], Path]
T = 1_523_546_846_639
TIME = datetime(2018, 4, 12, 15, 27, 26, 639_000, tzinfo=UTC)


def key(name: str) -> str:
    """Return an id of Mattermost's length."""
    return name.ljust(26, "x")


def post(number: int = 1, message: Any = "tea", user: str = "wren", **rest: Any) -> dict[str, Any]:
    """Return a post."""
    return {"id": key(f"p{number}"), "userId": key(user), "createTime": T, "message": message} | rest


def data(*posts: Any) -> str:
    """Return a file of posts."""
    return "".join(f"{one if isinstance(one, str) else json.dumps(one)}\n" for one in posts)


def person(name: str, **rest: Any) -> dict[str, Any]:
    """Return a user."""
    return {"id": key(name), "name": name, "createTime": T} | rest


def meta(*users: Any, **channel: Any) -> str:
    """Return the file beside the posts."""
    known = {"id": key("c"), "internalName": "quay", "createTime": T, "type": "Open", "messageCount": 3}
    team = {"id": key("t"), "name": "Dock", "internalName": "dock", "type": "Open", "createTime": T}
    return json.dumps({"version": "1", "team": team, "channel": known | channel, "storage": {"count": 3}, "users": users})


def test_names_and_the_channel_stand_beside_the_posts(write: Write, tmp_path: Path) -> None:
    """Of people, nicknames before full names before user names; replies are messages like all others."""
    write(
        "o.dock--quay.data.json",
        data(
            post(1),
            post(2, "yes", "otter", parentPostId=key("p1"), rootPostId=key("p0"), reactions=[{"userId": key("wren")}]),
            post(3, "no", "heron", updateTime=T + 1, isPinned=True, misc={"reply": 1}),
            post(4, "well", "gull"),
            post(5, "*waves*", specialMsgType="me"),
            post(6, "look", attachments=[{"id": key("f"), "name": "boat.jpg"}]),
        ),
    )
    users = [person("wren", nickname="Wrenny", firstName="W"), person("otter", firstName="Ot", lastName="Ter"), person("heron")]
    write("o.dock--quay.meta.json", meta(*users, name="Quay"))
    chat = read_chat(tmp_path)
    assert chat.report.files == {"mattermost": 1}
    assert not chat.report.skipped
    assert chat.frame.collect().rows() == [
        (TIME, key("wren"), "Wrenny", "Quay", "tea"),
        (TIME, key("otter"), "Ot Ter", "Quay", "yes"),
        (TIME, key("heron"), "heron", "Quay", "no"),
        (TIME, key("gull"), key("gull"), "Quay", "well"),
        (TIME, key("wren"), "Wrenny", "Quay", "waves"),
        (TIME, key("wren"), "Wrenny", "Quay", "look"),
    ]


def test_what_nobody_wrote_is_left_out_and_told(write: Write, tmp_path: Path) -> None:
    """By reason, with lines; a file alone has no text, not even an empty one."""
    alone = post(6, attachments=[{"id": key("f"), "name": "boat.jpg"}])
    empty = post(7)
    del alone["message"], empty["message"]
    path = write(
        "p.dock--quay.data.json",
        data(
            post(1),
            post(
                2, "otter joined the channel.", "otter", specialMsgType="system_join_channel", misc={"props": {"username": "o"}}
            ),
            post(3, "wren left the channel."),
            post(4, "gone", deleteTime=T + 1),
            post(5, "beep", misc={"props": {"from_webhook": "true", "override_username": "Beeper"}}),
            alone,
            empty,
        ),
    )
    write("p.dock--quay.meta.json", meta(person("wren")))
    chat = read_chat(tmp_path)
    assert chat.frame.collect()["text"].to_list() == ["tea"]
    assert {reason: skip.places for reason, skip in chat.report.skipped.items()} == {
        "system line": [f"{path}:2", f"{path}:3"],
        "deleted": [f"{path}:4"],
        "relayed": [f"{path}:5"],
        "media only": [f"{path}:6"],
        "empty": [f"{path}:7"],
    }
    relayed = read_chat(tmp_path, with_quotes=True).frame.collect()
    assert relayed.rows()[1][1:] == ("webhook:Beeper", "Beeper", "p.dock--quay", "beep")


@pytest.mark.parametrize(
    ("name", "told", "channel"),
    [
        ("d.wren--otter", meta(person("wren"), person("otter"), type="Direct"), "otter, wren"),
        ("d.wren--otter", meta(type="Direct", members=[person("otter")]), "otter"),
        ("d.wren--otter", meta(type="Direct"), "d.wren--otter"),
        ("g.otter-wren", meta(person("wren"), type="Group", name="otter, tern, wren"), "otter, tern, wren"),
        ("o.dock--quay", meta(name=7), "7"),
        ("o.dock--quay", meta(name=""), "o.dock--quay"),
        ("o.dock--quay", '{"channel": 7, "users": [7, {"id": []}, {"id": "x", "name": {}}]}', "o.dock--quay"),
        ("o.dock--quay", "{cut", "o.dock--quay"),
        ("o.dock--quay", "[" * 100_000, "o.dock--quay"),
    ],
    ids=range(9),
)
def test_a_channel_is_called_as_it_is_shown(name: str, told: str, channel: str, write: Write, tmp_path: Path) -> None:
    """A talk of two as those two; else, and where what is told is damaged, as its file."""
    write(f"{name}.data.json", data(post()))
    write(f"{name}.meta.json", told)
    assert read_chat(tmp_path).frame.collect()["channel"].to_list() == [channel]


def test_posts_alone_have_ids(write: Write) -> None:
    """Or the user names that the tool repeats in them if it is asked to; the report says what is missing."""
    chat = read_chat(write("o.dock--quay.data.json", data(post(1), post(2, user="otter", userName="otter"))))
    assert chat.frame.collect().select("name", "channel").rows() == [(key("wren"), "o.dock--quay"), ("otter", "o.dock--quay")]
    assert sum(".meta.json" in note for note in chat.report.notes) == 1
    assert read_chat(write("posts.jsonl", data(post()))).frame.collect()["channel"].to_list() == ["posts"]


def test_a_backup_of_a_channel_repeats_it(write: Write, tmp_path: Path) -> None:
    """Its posts are told by their ids."""
    for name in ("o.dock--quay", "o.dock--quay--backup"):
        write(f"{name}.data.json", data(post(1), post(2)))
        write(f"{name}.meta.json", meta(name="Quay"))
    assert read_chat(tmp_path).report.kept == 2


def test_broken_lines_cost_only_themselves(write: Write) -> None:
    """Behind those that tell the format."""
    path = write(
        "x.data.json", data(*[post(i) for i in range(60)], "{cut", "[1]", '{"id": 1}', post(61, {}), post(62, 7), post(63))
    )
    chat = read_chat(path)
    assert chat.report.kept == 61
    assert chat.report.skipped["malformed"].places == [f"{path}:{line}" for line in (61, 62, 63)]


@pytest.mark.parametrize(
    "value",
    [
        {"id": "p1", "userId": "u1", "createTime": T, "message": "tea"},
        post(createTime="2018"),
        post(createTime=True),
        post(message=["tea"]),
        {"id": key("p"), "createTime": T, "message": "tea"},
        {"id": 7, "userId": 7, "createTime": T},
        {},
    ],
    ids=range(7),
)
def test_other_objects_are_no_posts(value: dict[str, Any]) -> None:
    """Nor is a file of them Mattermost's."""
    assert not is_post(value)
    assert MATTERMOST.detect(Head(data(value).encode(), ".json", complete=True)) is None


def test_a_post_as_the_api_gives_it() -> None:
    """The user name that is told beside it wins; what is no post is nothing."""
    told = Beside(users={key("wren"): "wren"})
    assert as_of_api(post(misc={"props": {"a": 1}}, userName="old", isPinned=True), told) == {
        "id": key("p1"),
        "user_id": key("wren"),
        "username": "wren",
        "create_at": T,
        "message": "tea",
        "props": {"a": 1},
    }
    assert as_of_api([post()], told) == as_of_api({"id": 1}, told) == {}
