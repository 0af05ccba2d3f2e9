"""Mattermost's bulk export and its API."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from talklike.chat.formats.mattermost import MATTERMOST
from talklike.chat.read import read_chat
from talklike.chat.source import Head

if TYPE_CHECKING:
    from talklike.chat.table import Chat

Write = Callable[[str, str | bytes], Path]
T = 1_523_546_846_639
TIME = datetime(2018, 4, 12, 15, 27, 26, 639_000, tzinfo=UTC)


def line(kind: str, **value: Any) -> str:
    """Return a line of the bulk export."""
    return json.dumps({"type": kind, kind: value})


def bulk(*lines: str) -> str:
    """Return a bulk export."""
    return "\n".join([json.dumps({"type": "version", "version": 1, "info": {"generator": "mattermost-server"}}), *lines]) + "\n"


def post(message: Any = "tea", user: str = "wren", **rest: Any) -> dict[str, Any]:
    """Return a post of the bulk export."""
    return {"team": "quay", "channel": "general", "user": user, "message": message, "create_at": T} | rest


def api(number: int = 1, message: Any = "tea", **rest: Any) -> dict[str, Any]:
    """Return a post of the API."""
    known = {"id": f"p{number}", "create_at": T, "delete_at": 0, "user_id": "u1", "channel_id": "c1", "message": message}
    return known | {"type": "", "props": {}} | rest


def page(*posts: Any) -> str:
    """Return a page of the API, one post a line."""
    return '{"order": [],\n"posts": {\n' + ",\n".join(f'"p{i}": {json.dumps(one)}' for i, one in enumerate(posts)) + "}}"


def reasons(chat: Chat) -> dict[str, list[str]]:
    """Return why posts are not kept, and where they begin."""
    return {reason: [place.rpartition(":")[2] for place in skip.places] for reason, skip in chat.report.skipped.items()}


def test_the_bulk_export_tells_names(write: Write) -> None:
    """Of people, nicknames before full names before user names; of channels, those of their team."""
    chat = read_chat(
        write(
            "import.jsonl",
            bulk(
                line("team", name="quay", display_name="Quay"),
                line("channel", team="quay", name="general", display_name="Town Square"),
                line("channel", team="dock", name="general", display_name="Another"),
                line("user", username="wren", nickname="Wrenny", first_name="W", last_name="Ren"),
                line("user", username="otter", nickname="", first_name="Ot", last_name="Ter"),
                line("user", username="gull"),
                line("bot", username="heron", display_name="Heron"),
                line("post", **post()),
                line("post", **post(user="otter", channel="unknown")),
                line("post", **post(user="gull")),
                line("post", **post(user="heron")),
                line("direct_channel", members=["wren", "otter"]),
                line("direct_post", channel_members=["wren", "otter"], user="wren", message="cake", create_at=T),
            ),
        )
    )
    assert chat.report.format == "mattermost"
    assert chat.frame.collect().rows() == [
        (TIME, "wren", "Wrenny", "Town Square", "tea"),
        (TIME, "otter", "Ot Ter", "unknown", "tea"),
        (TIME, "gull", "gull", "Town Square", "tea"),
        (TIME, "heron", "Heron", "Town Square", "tea"),
        (TIME, "wren", "Wrenny", "otter, wren", "cake"),
    ]


def test_replies_stand_inside_the_post(write: Write) -> None:
    """At its line."""
    replies = [
        {"user": "otter", "message": "yes", "create_at": T + 1},
        {"user": "gull", "type": "system_x", "message": "joined"},
        "oops",
    ]
    chat = read_chat(write("import.jsonl", bulk(line("post", **post(replies=replies)), line("post", **post(replies=None)))))
    assert chat.frame.collect()["text"].to_list() == ["tea", "yes", "tea"]
    assert reasons(chat) == {"system line": ["2"], "malformed": ["2"]}


def test_lines_that_are_none_of_its_own_are_malformed(write: Write) -> None:
    """Those that hold no posts are passed over."""
    chat = read_chat(
        write(
            "import.jsonl",
            bulk(
                *[line("emoji", name="tea")] * 50,
                line("post", **post()),
                '{"type": "surprise"}',
                '{"type": ["post"]}',
                "[1]",
                "7",
                "oops",
                '{"type": "post", "post": 7}',
                '{"type": "user", "user": {"username": ["a"], "nickname": {}}}',
                '{"type": "channel", "channel": {"name": 7, "team": [], "display_name": "x"}}',
            ),
        )
    )
    assert chat.report.kept == 1
    assert reasons(chat) == {"malformed": ["53", "54", "55", "56", "57", "58"]}


def test_posts_of_the_api_hold_ids(write: Write) -> None:
    """By their ids or in an array; names stand in files beside."""
    assert read_chat(write("posts.json", page(api()))).frame.collect().rows() == [(TIME, "u1", "u1", "c1", "tea")]
    assert read_chat(write("list.json", json.dumps([api(1), api(2)]))).report.kept == 2


def test_notices_without_a_type_are_no_messages(write: Write) -> None:
    """As old versions and a script export them; what somebody says of others stays."""
    replies = [{"user": "otter", "message": "wren left the channel.", "create_at": T}]
    joined, added = post("wren joined the channel."), post("otter added to the channel by wren.", replies=replies)
    chat = read_chat(write("import.jsonl", bulk(line("post", **joined), line("post", **added), line("post", **post()))))
    assert chat.frame.collect().select("author", "text").rows() == [("otter", "wren left the channel."), ("wren", "tea")]
    assert reasons(chat) == {"system line": ["2", "3"]}
    said = {"id": "p0", "created": "2018-04-12T15:27:26Z", "username": "wren"}
    left = said | {"id": "p1", "message": "@wren left the channel."}
    chat = read_chat(write("general.json", json.dumps({"posts": [said | {"message": "tea"}, left]}, indent=1)))
    assert (chat.report.kept, list(chat.report.skipped)) == (1, ["system line"])


def test_files_beside_tell_names(tmp_path: Path) -> None:
    """One object, arrays, or one a line; what is damaged is passed over."""
    (tmp_path / "posts.json").write_text(
        page(api(1), api(2, user_id="u2", channel_id="c2"), api(3, user_id="u3", channel_id="c3"))
    )
    (tmp_path / "user_u1.json").write_text(json.dumps({"id": "u1", "username": "wren", "nickname": "Wrenny"}))
    (tmp_path / "Members.json").write_text(json.dumps([{"id": "u2", "username": "otter"}, {"username": "nobody"}, 7]))
    (tmp_path / "more_users.jsonl").write_text('{"id": "u3", "username": "gull"}\n{"id": "u4", "username": "heron"}\n')
    (tmp_path / "channels.json").write_text(
        json.dumps([{"id": "c1", "team_id": "t", "display_name": "Town Square", "name": "x"}])
    )
    (tmp_path / "channel_c2.json").write_text(json.dumps({"id": "c2", "team_id": "", "display_name": "", "name": "u1__u2"}))
    (tmp_path / "channel_c3.json").write_text('{"id": "c3", "team_id')
    assert read_chat(tmp_path).frame.collect().select("name", "channel").rows() == [
        ("Wrenny", "Town Square"),
        ("otter", "u1__u2"),
        ("gull", "c3"),
    ]


def test_a_widespread_script_writes_a_channel_with_names(write: Write) -> None:
    """The channel stands before its posts."""
    posts = [{"idx": 0, "id": "p0", "created": "2018-04-12T15:27:26Z", "username": "wren", "message": "tea", "files": ["a.png"]}]
    posts += [{"idx": 1, "id": "p1", "created": "2018-04-12T15:27:27Z", "username": "wren", "message": "", "files": ["a.png"]}]
    text = json.dumps({"channel": {"name": "general", "display_name": "Town Square", "id": "c1"}, "posts": posts}, indent=1)
    chat = read_chat(write("general.json", text))
    assert chat.report.format == "mattermost"
    assert chat.frame.collect().rows() == [(TIME.replace(microsecond=0), "wren", "wren", "Town Square", "tea")]
    assert list(chat.report.skipped) == ["media only"]


def test_what_is_no_message_of_a_person_has_a_reason(write: Write) -> None:
    """Joins, deletions, webhooks, files, and what else stands there."""
    chat = read_chat(
        write(
            "posts.json",
            page(
                api(0),
                api(1, type="system_join_channel"),
                api(2, type="custom_calls"),
                api(3, delete_at=T + 1),
                api(4, props={"from_webhook": "true"}),
                api(5, props={"from_webhook": True, "override_username": "CI"}),
                api(6, "", file_ids=["f"]),
                api(7, None, filenames=["f"]),
                api(8, ""),
                api(9, "caption", file_ids=["f"]),
                api(10, type="slack_attachment"),
                api(11, type="burn_on_read"),
                api(12, user_id=None),
                api(13, type=7),
                api(14, ["tea"]),
                {"id": "p15"},
                None,
            ),
        )
    )
    assert chat.frame.collect()["text"].to_list() == ["tea", "caption", "tea", "tea"]
    assert reasons(chat) == {
        "system line": ["4", "5"],
        "deleted": ["6"],
        "relayed": ["7", "8"],
        "media only": ["9", "10"],
        "empty": ["11", "17"],
        "no author": ["15"],
        "malformed": ["16", "18", "19"],
    }


def test_what_integrations_pass_on_can_be_kept(write: Write) -> None:
    """Under the name that they give, not under that of who set them up."""
    props = {"from_webhook": "true", "override_username": "CI"}
    chat = read_chat(
        write("posts.json", page(api(1, props=props), api(2, props={"from_webhook": "true"}), api(3, props=7))), with_quotes=True
    )
    assert chat.frame.collect().select("author", "name").rows() == [("webhook:CI", "CI"), ("u1", "u1"), ("u1", "u1")]


def test_an_action_is_told_without_its_stars(write: Write) -> None:
    """``/me waves`` is kept as ``*waves*``; elsewhere stars are emphasis."""
    chat = read_chat(write("posts.json", page(api(1, "*waves*", type="me"), api(2, "*waves*"), api(3, "*", type="me"))))
    assert chat.frame.collect()["text"].to_list() == ["waves", "*waves*", "*"]


def test_pages_may_overlap(tmp_path: Path) -> None:
    """The id tells."""
    for number in range(2):
        (tmp_path / f"posts_{number}.json").write_text(page(api(1), api(number + 2)))
    chat = read_chat(tmp_path)
    assert chat.report.kept == 3
    assert chat.report.skipped["duplicate id"].count == 1


@pytest.mark.parametrize(
    "text",
    [
        '{"type": "version", "version": 1}\n{"type": "other"}\n',
        '{"type": "message", "message": {}}\n"version"',
        '{"posts": []}',
        '{"posts": {"a": {"create_at": 1, "message": "x"}}}',
        '{"posts": [{"id": 1, "title": "x", "created": "y", "username": "z"}]}',
        '[{"create_at": 1, "user_id": 7, "message": "x"}]',
        '{"other": {"a": {"create_at": 1, "user_id": "u", "message": "x"}}}',
        '"create_at" "version" "posts"',
    ],
)
def test_other_json_is_not_taken(text: str) -> None:
    """Every line, or a post."""
    assert MATTERMOST.detect(Head(text.encode(), ".json", complete=True)) is None


def test_real_posts(shared_data: Path) -> None:
    """Five posts by two people, whose names stand in files beside."""
    chat = read_chat(shared_data / "export-formats" / "perceval" / "mattermost")
    frame = chat.frame.collect()
    assert (frame.height, chat.report.skipped) == (5, {})
    assert set(frame["name"]) == {"sduenas", "valcos"}
