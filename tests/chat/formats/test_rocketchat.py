"""Rocket.Chat's exports and its API."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from talklike.chat.formats.rocketchat import ROCKETCHAT
from talklike.chat.read import read_chat
from talklike.chat.source import Head

if TYPE_CHECKING:
    from talklike.chat.table import Chat

Write = Callable[[str, str | bytes], Path]
SENT = "2020-05-02T07:30:42.993Z"
TIME = datetime(2020, 5, 2, 7, 30, 42, 993_000, tzinfo=UTC)
WREN = {"_id": "u1", "username": "wren", "name": "Wren of Quay"}
QUOTE = "[ ](https://chat.example.org/channel/general?msg=abc)"


def message(number: int = 1, msg: Any = "tea", **rest: Any) -> dict[str, Any]:
    """Return a message of the API."""
    return {"_id": f"m{number}", "rid": "GENERAL", "msg": msg, "ts": SENT, "u": WREN} | rest


def page(*messages: Any) -> str:
    """Return a page of the API, one message a line."""
    return '{"messages": [\n' + ",\n".join(map(json.dumps, messages)) + '], "count": 2, "success": true}'


def lines(*values: Any) -> str:
    """Return values one a line."""
    return "\n".join(map(json.dumps, values)) + "\n"


def reasons(chat: Chat) -> dict[str, list[str]]:
    """Return why messages are not kept, and where they begin."""
    return {reason: [place.rpartition(":")[2] for place in skip.places] for reason, skip in chat.report.skipped.items()}


@pytest.mark.parametrize(
    "text",
    [
        page(message()),
        json.dumps({"messages": [message()], "success": True}, indent=2),
        json.dumps({"result": {"updated": [message()], "deleted": []}, "success": True}),
        json.dumps([message()]),
        lines(message()),
        lines(message(ts={"$date": SENT})),
        lines(message(ts={"$date": {"$numberLong": "1588404642993"}})),
        lines(message(ts={"$date": 1588404642993}, _id={"$oid": "5e"})),
        lines(message(ts=1588404642993)),
    ],
)
def test_messages_come_in_pages_lines_and_arrays(text: str, write: Write) -> None:
    """With times as text, numbers, or in MongoDB's notation."""
    chat = read_chat(write("messages.json", text))
    assert chat.report.format == "rocketchat"
    assert chat.frame.collect().rows() == [(TIME, "u1", "Wren of Quay", "GENERAL", "tea")]


def test_an_exported_room_holds_names_and_is_named_by_its_file(write: Write) -> None:
    """What the app doesn't know is left out of a line; types are system lines."""
    path = write(
        "general.json",
        lines(
            {"msg": "User joined the channel", "username": "wren", "ts": SENT, "type": "uj"},
            {"msg": "tea", "username": "wren", "ts": SENT},
            {"msg": "", "username": "wren", "ts": SENT, "attachments": [{"type": "file", "title": "a.png"}]},
            {"msg": f"{QUOTE} yes", "username": "otter", "ts": SENT, "attachments": [{"message_link": "https://x?msg=abc"}]},
            {"username": "otter", "ts": SENT, "type": "e2e"},
            {"msg": "cake", "ts": SENT},
            {"msg": "Message removed", "username": "otter", "ts": SENT, "type": "rm"},
        ),
    )
    chat = read_chat(path)
    assert chat.report.format == "rocketchat"
    assert chat.frame.collect().rows() == [(TIME, "wren", "wren", "general", "tea"), (TIME, "otter", "otter", "general", "yes")]
    assert reasons(chat) == {"system line": ["1"], "media only": ["3"], "encrypted": ["5"], "no author": ["6"], "deleted": ["7"]}


def test_rooms_have_the_names_that_files_beside_tell(tmp_path: Path) -> None:
    """The long one, else the short one; of the API, inside ``channel`` or ``group``."""
    (tmp_path / "rocketchat_message.json").write_text(lines(*[message(i, rid=rid) for i, rid in enumerate("abcd")]))
    (tmp_path / "rocketchat_room.json").write_text(
        lines({"_id": "a", "name": "quay", "fname": "The Quay"}, {"_id": "b", "name": "dock"})
    )
    (tmp_path / "channels.info.json").write_text(json.dumps({"channel": {"_id": "c", "name": "ferry"}, "success": True}))
    assert read_chat(tmp_path).frame.collect()["channel"].to_list() == ["The Quay", "dock", "ferry", "d"]


def test_what_is_no_message_of_a_person_has_a_reason(write: Write) -> None:
    """Joins, old versions, bots, files, and what else stands there."""
    chat = read_chat(
        write(
            "page.json",
            page(
                message(0),
                message(1, t="uj"),
                message(2, t="discussion-created"),
                message(3, t="rm"),
                message(4, t="e2e"),
                message(5, _hidden=True, parent="m0"),
                message(6, bot={"i": "x"}, alias="CI"),
                message(7, "", attachments=[{"title": "a.png"}], file={"_id": "f"}),
                message(8, QUOTE),
                message(9, ""),
                message(10, u={}),
                message(11, t=["uj"]),
                message(12, None),
                {"_id": "m13"},
                7,
            ),
        )
    )
    assert chat.frame.collect()["text"].to_list() == ["tea"]
    assert reasons(chat) == {
        "system line": ["3", "4"],
        "deleted": ["5"],
        "encrypted": ["6"],
        "old version": ["7"],
        "relayed": ["8"],
        "media only": ["9"],
        "quotation only": ["10"],
        "empty": ["11", "14"],
        "no author": ["12"],
        "malformed": ["13", "15", "16"],
    }


def test_the_caption_of_a_file_is_kept(write: Write) -> None:
    """It stands with the file, or as the message."""
    page_of = page(
        message(1, "", attachments=[{"title": "a.png", "description": "my tea"}, {"description": 7}, 8]),
        message(2, "my cake", attachments=[{"title": "b.png", "description": ""}]),
    )
    assert read_chat(write("page.json", page_of)).frame.collect()["text"].to_list() == ["my tea", "my cake"]


def test_quotations_are_links_that_stay_only_if_asked_for(write: Write) -> None:
    """Other links stay."""
    texts = [f"{QUOTE}\nyes", f"{QUOTE} {QUOTE}both", "[ ](https://example.org) no", f"see {QUOTE}"]
    path = write("page.json", page(*[message(i, text) for i, text in enumerate(texts)]))
    assert read_chat(path).frame.collect()["text"].to_list() == ["yes", "both", *texts[2:]]
    assert read_chat(path, with_quotes=True).frame.collect()["text"].to_list() == texts


def test_what_bots_pass_on_can_be_kept(write: Write) -> None:
    """Under the name that they give; a person may take another name too."""
    path = write(
        "page.json", page(message(1, bot={"i": "x"}, alias="CI"), message(2, alias="Wrenny"), message(3, bot={"i": "x"}))
    )
    assert read_chat(path, with_quotes=True).frame.collect().select("author", "name").rows() == [
        ("webhook:CI", "CI"),
        ("u1", "Wrenny"),
        ("u1", "Wren of Quay"),
    ]


def test_people_may_have_no_id(write: Write) -> None:
    """Then the nick is one."""
    chat = read_chat(write("page.json", page(message(1, u={"username": "wren"}), message(2, u={"username": ["x"], "_id": "u2"}))))
    assert chat.frame.collect().select("author", "name").rows() == [("wren", "wren"), ("u2", "u2")]


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        '{"messages": [{"msg": "a", "ts": "b"}]}',
        '{"messages": [{"msg": 7, "ts": "b", "u": {"_id": "c"}}]}',
        '{"msg": "started", "ts": 1, "level": "info"}\n{"msg": "x", "ts": 2, "level": "info"}',
        '{"msg": "started", "ts": 1}\n{"msg": "x", "ts": 2}',
        '{"msg": "a", "username": "b", "ts": 1}\n[1]',
        '"msg" "ts"',
    ],
)
def test_other_json_is_not_taken(text: str) -> None:
    """Logs of servers look alike."""
    assert ROCKETCHAT.detect(Head(text.encode(), ".json", complete=True)) is None


def test_bots_are_those_that_the_app_marks(write: Write) -> None:
    """What they write under another name is relayed, and whose it is nobody knows."""
    bot = {"_id": "u2", "username": "helper"}
    path = write("x.json", page(message(1), message(2, u=bot, bot={"i": "js.SDK"}), message(3, bot=True, alias="otter")))
    assert read_chat(path).report.bots == {"u2"}
