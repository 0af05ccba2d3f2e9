"""Slack exports."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from talklike.chat.authors import authors
from talklike.chat.formats.slack import SLACK
from talklike.chat.read import read_chat
from talklike.chat.source import Head

if TYPE_CHECKING:
    from talklike.chat.table import Chat

Write = Callable[[str, str | bytes], Path]
USERS = [
    {"id": "U111", "name": "login1", "real_name": "R One", "profile": {"display_name": "wren"}, "is_bot": False},
    {"id": "U222", "name": "login2", "real_name": "otter", "profile": {"display_name": ""}, "deleted": True},
    {"id": "U999", "name": "helper", "profile": {}, "is_bot": True},
]


def message(number: int = 1, **other: Any) -> dict[str, Any]:
    """Return a message."""
    return {
        "client_msg_id": f"{number}",
        "type": "message",
        "user": "U111",
        "text": f"text {number}",
        "ts": f"16464930{number:02}.000200",
        "team": "T1",
    } | other


def export(path: Path, days: dict[str, Any], **lists: Any) -> Path:
    """Write an export, and return its path."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in ({f"{name}.json": what for name, what in ({"users": USERS} | lists).items()} | days).items():
            archive.writestr(name, json.dumps(content, indent=4))
    return path


def texts(chat: Chat) -> list[str]:
    """Return what was kept."""
    return chat.frame.collect()["text"].to_list()


def skipped(chat: Chat) -> dict[str, int]:
    """Return how much was skipped, by reason."""
    return {reason: skip.count for reason, skip in chat.report.skipped.items()}


def test_an_export_is_read(tmp_path: Path) -> None:
    """Names and channels from the lists beside the messages, which are none themselves; conversations after those in them."""
    path = export(
        tmp_path / "export.zip",
        {
            "general/2022-03-05.json": [message(1, text="hi <@U222> in <#C1>")],
            "D1/2022-03-05.json": [message(2, user="U222")],
            "mpdm-login1--login2--x-1/2022-03-05.json": [message(3)],
            "general/2022-03-06.json": [],
        },
        channels=[{"id": "C1", "name": "general", "members": []}],
        dms=[{"id": "D1", "members": ["U111", "U222"]}],
        mpims=[{"id": "G1", "name": "mpdm-login1--login2--x-1", "members": ["U111", "U222", "U3"]}],
        groups=[],
        integration_logs=[{"user_id": "U111", "date": "1"}],
    )
    chat = read_chat(path)
    assert chat.report.files == {"slack": 3}
    assert chat.frame.collect().sort("time").rows() == [
        (datetime(2022, 3, 5, 15, 10, 1, 200, tzinfo=UTC), "U111", "wren", "general", "hi @otter in #general"),
        (datetime(2022, 3, 5, 15, 10, 2, 200, tzinfo=UTC), "U222", "otter", "wren, otter", "text 2"),
        (datetime(2022, 3, 5, 15, 10, 3, 200, tzinfo=UTC), "U111", "wren", "wren, otter, U3", "text 3"),
    ]
    assert not chat.report.skipped


def test_a_day_alone_keeps_its_ids(write: Write) -> None:
    """But for authors whose name stands in the message."""
    profile = {"display_name": "", "real_name": "heron", "name": "login3"}
    chat = read_chat(
        write("2022-03-05.json", json.dumps([message(1, text="<@U222>"), message(2, user="U3", user_profile=profile)]))
    )
    assert chat.frame.collect().select("author", "name", "channel", "text").rows() == [
        ("U111", "U111", None, "@U222"),
        ("U3", "heron", None, "text 2"),
    ]


def test_the_folder_of_a_channel_names_it(write: Write, tmp_path: Path) -> None:
    """Also where only that folder is given."""
    (tmp_path / "quay").mkdir()
    write("quay/2022-03-05.json", json.dumps([message(1)]))
    write("quay/2022-03-06.json", json.dumps([message(2)]))
    assert read_chat(tmp_path / "quay").frame.collect()["channel"].to_list() == ["quay", "quay"]


@pytest.mark.parametrize(
    ("subtype", "reason"),
    [(name, None) for name in ("me_message", "thread_broadcast", "reply_broadcast", "slackbot_response", None, "")]
    + [("tombstone", "deleted"), ("message_deleted", "deleted")]
    + [
        (name, "system line")
        for name in (
            "channel_join", "channel_leave", "channel_topic", "channel_purpose", "channel_name", "channel_archive", "group_join",
            "pinned_item", "bot_add", "reminder_add", "huddle_thread", "sh_room_created", "message_changed", "whatever",
        )
    ]
    + [(["x"], "malformed"), (5, "malformed")],
)  # fmt: skip
def test_only_what_somebody_wrote_is_kept(subtype: Any, reason: str | None, write: Write) -> None:
    """Slack's own notices are not their author's words."""
    chat = read_chat(write("x.json", json.dumps([message(1), message(2, subtype=subtype)])))
    assert texts(chat) == (["text 1"] if reason else ["text 1", "text 2"])
    assert skipped(chat) == ({reason: 1} if reason else {})


def test_threads_are_read_once(tmp_path: Path) -> None:
    """Answers stand among the others, broadcast ones may stand twice, and a thread's root inside its answers."""
    root = message(1, thread_ts="1646493001.000200", reply_count=1, replies=[{"user": "U222", "ts": "1646493002.000200"}])
    answer = message(2, user="U222", thread_ts=root["ts"], parent_user_id="U111")
    broadcast = message(3, subtype="thread_broadcast", thread_ts=root["ts"], root=root)
    days = {"general/2022-03-05.json": [root, answer, broadcast], "general/2022-03-06.json": [broadcast, message(4)]}
    chat = read_chat(export(tmp_path / "e.zip", days | {"other/2022-03-05.json": [message(1)]}))
    assert sorted(texts(chat)) == ["text 1", "text 1", "text 2", "text 3", "text 4"]
    assert skipped(chat) == {"duplicate id": 1}
    assert chat.report.skipped["duplicate id"].places == [f"{tmp_path}/e.zip/general/2022-03-06.json:2"]


def test_files_until_2018_have_a_sentence_of_slacks(write: Write) -> None:
    """The comment is what its author wrote."""
    shared = "<@U111> uploaded a file: <https://q.example/f|boat>"
    comment = {"id": "Fc1", "user": "U222", "comment": "nice &amp; wide", "timestamp": 1}
    page = [
        message(1, subtype="file_share", text=shared, file={"id": "F1"}, upload=True),
        message(
            2, subtype="file_share", text=f"{shared} and commented: my boat", file={"initial_comment": {"comment": "my boat"}}
        ),
        message(3, subtype="file_share", text=f"{shared} and commented: my\nboat", file={"id": "F1"}),
        message(4, subtype="file_mention", text="<@U111|wren> shared a file: <https://q.example/f|b>", file={"id": "F1"}),
        {
            "type": "message",
            "subtype": "file_comment",
            "text": "<@U222> commented on …",
            "comment": comment,
            "ts": "1646493005.1",
        },
    ]
    chat = read_chat(write("x.json", json.dumps(page)))
    assert chat.frame.collect().select("author", "text").rows() == [
        ("U111", "my boat"),
        ("U111", "my\nboat"),
        ("U222", "nice & wide"),
    ]
    assert skipped(chat) == {"media only": 2}


def test_files_of_today_come_beside_the_text(write: Write) -> None:
    """A caption is kept; without one there is nothing to keep."""
    files = [{"id": "F1", "name": "boat.png"}]
    page = [
        message(1, files=files),
        message(2, text="", files=files),
        message(3, text=""),
        message(4, subtype="file_share", files=files),
    ]
    chat = read_chat(write("x.json", json.dumps(page)))
    assert texts(chat) == ["text 1", "text 4"]
    assert skipped(chat) == {"media only": 1, "empty": 1}


def test_blocks_stand_in_for_a_missing_text(write: Write) -> None:
    """Those that people write; what programs show is left out."""
    rich = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "a < b"}]}]}
    page = [
        message(1, text="", blocks=[rich]),
        message(2, text="said", blocks=[rich]),
        message(3, text="This content can't be displayed.", blocks=[{"type": "section", "text": {"text": "buttons"}}]),
        message(4, text=None, blocks=None),
    ]
    chat = read_chat(write("x.json", json.dumps(page)))
    assert texts(chat) == ["a < b", "said"]
    assert skipped(chat) == {"media only": 1, "empty": 1}


def test_bots_are_automated_because_slack_says_so(tmp_path: Path) -> None:
    """By the list of people, by the kind of message, by Slack's own id; people who post through a program are not."""
    bot = {"type": "message", "subtype": "bot_message", "ts": "1646493009.1", "bot_id": "B1", "username": "deploys"}
    page = [
        message(1, bot_id="B7", bot_profile={"name": "app"}),
        message(2, user="U999", bot_id="B2"),
        message(3, user="U888", bot_id="B3", bot_profile={"name": "builder"}),
        message(4, user="USLACKBOT"),
        bot | {"text": "done", "attachments": [{"text": "not words"}]},
        bot | {"text": "", "attachments": [{"fallback": "not words"}], "ts": "1646493010.1"},
        bot | {"text": "from a hook", "bot_id": None, "username": "hook", "ts": "1646493011.1"},
        message(8, user="U777", bot_id="B4", user_profile={"real_name": "heron"}),
    ]
    chat = read_chat(export(tmp_path / "e.zip", {"general/2022-03-05.json": page}))
    found = authors(chat)
    assert {row["author"]: (row["name"], row["automated"]) for row in found.iter_rows(named=True)} == {
        "U111": ("wren", False), "U999": ("helper", True), "U888": ("builder", True), "USLACKBOT": ("USLACKBOT", True),
        "B1": ("deploys", True), "hook": ("hook", True), "U777": ("heron", False),
    }  # fmt: skip
    assert skipped(chat) == {"media only": 1}


def test_who_types_is_no_bot_though_a_program_posts_for_them(write: Write) -> None:
    """Only what people type in Slack's own programs has an id of theirs; it may come before or after what a program posted."""
    posted = {"type": "message", "text": "posted", "bot_id": "B1"}
    page = [
        posted | {"user": "U5", "ts": "1646493001.1"},
        message(2, user="U5"),
        message(3, user="U6"),
        posted | {"user": "U6", "ts": "1646493004.1"},
        posted | {"user": "U7", "ts": "1646493005.1"},
    ]
    chat = read_chat(write("x.json", json.dumps(page)))
    assert chat.report.bots == {"U7"}


def test_a_canvas_is_no_word(write: Write) -> None:
    """Its id stands in the text, below what was written."""
    page = [
        message(1, text="read this\nF0AB1", files=[{"id": "F0AB1", "mode": "quip"}]),
        message(2, text="F0AB2\nF0AB3", files=[{"id": "F0AB2"}, {"id": "F0AB3"}]),
        message(3, text="read\nF0AB1", files=[{"id": "F0AB4"}]),
    ]
    chat = read_chat(write("x.json", json.dumps(page)))
    assert texts(chat) == ["read this", "read\nF0AB1"]
    assert skipped(chat) == {"media only": 1}


def test_a_change_is_the_message_after_it(write: Write) -> None:
    """Where it stands on its own as well, it counts once."""
    changed = {"type": "message", "subtype": "message_changed", "ts": "1646493020.1", "hidden": True}
    page = [message(1), changed | {"message": message(2, text="after")}, changed | {"message": message(1)}]
    chat = read_chat(write("x.json", json.dumps(page)))
    assert texts(chat) == ["text 1", "after"]
    assert skipped(chat) == {"duplicate id": 1}


def test_dumps_and_pages_hold_messages_below_a_description(tmp_path: Path) -> None:
    """Slackdump keeps the answers inside the message that they answer."""
    thread = message(1, slackdump_thread_replies=[message(1), message(2, user="U222"), None])
    export(tmp_path / "e.zip", {"C1.json": {"channel_id": "C1", "name": "quay", "messages": [thread, message(3)]}})
    chat = read_chat(tmp_path / "e.zip")
    assert chat.frame.collect().select("name", "channel", "text").rows() == [
        ("wren", "quay", "text 1"), ("otter", "quay", "text 2"), ("wren", "quay", "text 3"),
    ]  # fmt: skip
    assert skipped(chat) == {"malformed": 1, "duplicate id": 1}
    page = {"ok": True, "messages": [message(2), message(1)], "has_more": False}
    days = {
        "a.json": page,
        "b.json": {"channel_id": "C1", "messages": [message(1)]},
        "c.json": {"channel_info": {"name": "hush"}} | page,
    }
    chat = read_chat(export(tmp_path / "p.zip", days, channels=[{"id": "C1", "name": "general"}]))
    assert chat.frame.collect()["channel"].to_list() == ["p", "p", "general", "hush", "hush"]


@pytest.mark.parametrize(
    "odd", [None, 5, "x", [], {}, {"type": "message"}, {"ts": 1, "text": []}, message(2, text={"a": 1}), [[[]]]]
)
def test_what_is_no_message_is_malformed(odd: Any, write: Write) -> None:
    """Whatever stands in its place."""
    chat = read_chat(write("x.json", json.dumps([message(1), odd])))
    assert texts(chat) == ["text 1"]
    assert skipped(chat) == {"malformed": 1}


def test_odd_values_beside_the_text_cost_nothing(write: Write) -> None:
    """Lists and numbers where strings should be; nobody is an author too."""
    page = [
        message(1),
        message(2, files=5, blocks="x", user_profile=[], bot_profile=3, username={}, ts=None),
        message(3, user=["U1"], bot_id={}, ts=[]),
        message(4, text="a\ud83d", file="x", comment=[], ts=1646493004),
    ]
    chat = read_chat(write("x.json", json.dumps(page)))
    assert texts(chat) == ["text 1", "text 2", "a\N{REPLACEMENT CHARACTER}"]
    assert skipped(chat) == {"no author": 1}


@pytest.mark.parametrize(
    "data",
    [
        "[]", '[{"id": "U1", "name": "message", "ts": "x"}]', '[{"type": "message", "ts": 5, "text": "x"}]',
        '[{"type": "message", "ts": "2020-01-01", "text": "x"}]', '[{"type": "message", "ts": "1452837318.000002"}]',
        '{"messages": {"type": "message", "ts": "1452837318.000002", "text": "x"}}', '"ts" "message"', '["ts", "message"]',
        "[" * 100_000 + '"ts" "message"',
    ],
)  # fmt: skip
def test_other_json_is_not_taken(data: str) -> None:
    """A message has to be one of Slack's."""
    assert SLACK.detect(Head(data.encode(), ".json", complete=True)) is None


@pytest.mark.parametrize(
    ("name", "read", "kept", "people", "reasons"),
    [
        ("langchain-community/slack_export.zip", 5, 4, {"Example User"}, {"system line": 1}),
        # Of the 158 messages 94 are a bot's without a text.
        (
            "slack-export-viewer/testarchive.zip", 158, 50, {"hamza", "doubledeez", "abilinski", "heroeshannibal"},
            {"media only": 97, "system line": 11},
        ),
        (
            "slackdump/export", 16, 13, {"kPVTqHcBWssWFAU", "YTX35tuC1zyFhKZL", "RLEA"},
            {"system line": 1, "deleted": 1, "media only": 1},
        ),
    ],
)  # fmt: skip
def test_the_real_samples(name: str, read: int, kept: int, people: set[str], reasons: dict[str, int], shared_data: Path) -> None:
    """All messages are kept or accounted for; the lists beside them are none."""
    chat = read_chat(shared_data / "export-formats" / name)
    assert (chat.report.format, chat.report.read, chat.report.kept) == ("slack", read, kept)
    assert skipped(chat) == reasons
    found = chat.frame.collect()
    assert set(found["name"]) == people
    assert found["time"].null_count() == 0
    assert not any("<@" in text for text in found["text"])
