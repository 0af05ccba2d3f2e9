"""Google Chat, on invented conversations; no real export could be had."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from talklike.chat.formats.google_chat import GOOGLE_CHAT
from talklike.chat.read import read_chat
from talklike.chat.source import Source

Write = Callable[[str, str | bytes], Path]
WHEN = "Friday, April 3, 2020 at 2:05:00\N{NARROW NO-BREAK SPACE}PM UTC"


def person(nick: str) -> dict[str, str]:
    """Return someone."""
    return {"name": nick, "email": f"{nick}@quay.example", "user_type": "Human"}


def message(text: str | None = None, nick: str = "wren", **rest: Any) -> dict[str, Any]:
    """Return a message."""
    said = {} if text is None else {"text": text}
    return {"creator": person(nick), "created_date": WHEN, **said, "topic_id": "t1", "message_id": f"space/t1/{text}"} | rest


def document(*messages: Any) -> str:
    """Return a conversation."""
    return json.dumps({"messages": messages}, indent=2, ensure_ascii=False)


EXPORT = {
    "Groups/DM one/messages.json": document(message("hi"), message("ho", "otter")),
    "Groups/DM one/group_info.json": json.dumps({"members": [person("wren"), person("otter")]}),
    "Groups/Space two/messages.json": document(
        message("hi all", message_id="x"), message("lost", creator={"email": "heron@quay.example"})
    ),
    "Groups/Space two/group_info.json": json.dumps({"name": "boats", "members": [person("heron")]}),
    "Groups/Space three/messages.json": document(message("hm")),
    "Groups/Space three/group_info.json": "oops",
    "Groups/Space four/messages.json": '{\n  "messages": []\n}',
    "Users/User 7/user_info.json": json.dumps({"user": person("wren"), "membership_info": []}),
}


@pytest.mark.parametrize("packed", [False, True])
def test_conversations_get_their_names_from_the_file_beside(packed: bool, tmp_path: Path) -> None:
    """Else from those who take part, else from their folder."""
    if packed:
        with zipfile.ZipFile(tmp_path / "takeout.zip", "w") as archive:
            for name, content in EXPORT.items():
                archive.writestr(f"Takeout/Google Chat/{name}", content)
    else:
        for name, content in EXPORT.items():
            path = tmp_path / "Takeout" / "Google Chat" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)
    chat = read_chat(tmp_path / "takeout.zip" if packed else tmp_path)
    assert chat.report.files == {"google-chat": 3}
    wren, otter, heron = (f"{nick}@quay.example" for nick in ("wren", "otter", "heron"))
    assert sorted(chat.frame.collect().select("channel", "author", "name", "text").rows()) == [
        ("Space three", wren, "wren", "hm"),
        ("boats", heron, "heron", "lost"),
        ("boats", wren, "wren", "hi all"),
        ("otter, wren", otter, "otter", "ho"),
        ("otter, wren", wren, "wren", "hi"),
    ]


def test_times_are_read_in_the_language_of_the_account(write: Write) -> None:
    """With the time of an older version where the message has none; what can't be read is counted."""
    older = [{"created_date": "Freitag, 3. April 2020 um 14:05:00 UTC", "text": "tpyo"}]
    dates: list[dict[str, Any]] = [
        {"created_date": WHEN},
        {"created_date": "vendredi 3 avril 2020 à 14:05:00 UTC"},
        {"created_date": "2020. április 3., péntek 14:05:00 UTC"},
        {"created_date": "2020-04-03T14:05:00Z"},
        {"created_date": None, "previous_message_versions": older, "updated_date": "samedi 4 avril 2020 à 14:05:00 UTC"},
        {"created_date": None, "updated_date": "Friday, 3 April 2020 at 14:05:00 UTC"},
        {"created_date": "the third"},
        {"created_date": None},
    ]
    path = write("messages.json", document(*[message(f"m{i}", **date) for i, date in enumerate(dates)]))
    chat = read_chat(path)
    when = datetime(2020, 4, 3, 14, 5, tzinfo=UTC)
    assert chat.frame.collect()["time"].to_list() == [when] * 6 + [None] * 2
    assert chat.report.notes == ["values in the time column that are no times, left empty: 1"]
    assert chat.frame.collect()["channel"].unique().to_list() == [None]


def test_what_nobody_wrote_is_left_out_and_told(write: Write) -> None:
    """Deleted messages, files, calls; a quotation lies beside the text and is not read."""
    deleted = {
        "message_state": "DELETED",
        "deleted_date": WHEN,
        "topic_id": "t1",
        "deletion_metadata": {"deletion_type": "CREATOR"},
    }
    path = write(
        "messages.json",
        document(
            deleted | {"message_id": "1"},
            message("mine", quoted_message_metadata={"creator": person("otter"), "text": "old"}),
            message("look", attached_files=[{"original_name": "a.png", "export_name": "File-a.png"}]),
            message(attached_files=[{"original_name": "a.png", "export_name": "File-a.png"}], message_id="2"),
            message(annotations=[{"start_index": 0, "length": 0, "url_metadata": {"title": "t"}}], message_id="3"),
            message(annotations=[{"start_index": 0, "length": 0, "video_call_metadata": {}}], message_id="4"),
            message(annotations=[{"gsuite_integration_metadata": {"call_data": {"call_status": "CALL_ENDED"}}}], message_id="6"),
            message(annotations=[{"gsuite_integration_metadata": {"tasks_data": {}}}], message_id="7"),
            message(message_id="5"),
            message("nobody", creator={"user_type": "Human"}),
            {"upload": 7},
        ),
    )
    chat = read_chat(path)
    assert chat.frame.collect()["text"].to_list() == ["mine", "look"]
    expected = {"deleted": 1, "media only": 3, "system line": 2, "empty": 1, "no author": 1, "malformed": 1}
    assert {reason: skip.count for reason, skip in chat.report.skipped.items()} == expected


def test_people_without_an_address_are_known_by_name(write: Write) -> None:
    """Their accounts are gone."""
    chat = read_chat(write("messages.json", document(message("hi", creator={"name": "otter", "user_type": "Human"}))))
    assert chat.frame.collect().select("author", "name").rows() == [("otter", "otter")]


def test_a_conversation_of_deleted_messages_is_recognised(write: Write) -> None:
    """Its first messages may all be gone."""
    gone = {"message_state": "DELETED", "topic_id": "t", "message_id": "1"}
    with Source.of(write("messages.json", document(*[gone] * 60))) as source:
        match = GOOGLE_CHAT.detect(source.head)
    assert match is not None


@pytest.mark.parametrize("odd", [None, True, 7, 1e300, float("nan"), "", "\ud800", [], [[]], {}, {"a": 1}, "x" * 2000])
def test_any_value_may_stand_anywhere(odd: Any, tmp_path: Path) -> None:
    """Each message is kept or counted, whatever one of its fields holds; so is what stands beside."""
    first = message("kept", annotations=[{}], attached_files=[{}], previous_message_versions=[{}])
    changed = [{**first, "message_id": str(i), key: odd} for i, key in enumerate([*first, "updated_date", "message_state"])]
    changed += [{**first, "message_id": key, "creator": {**person("wren"), key: odd}} for key in person("wren")]
    changed += [{**first, "text": "", "message_id": key, key: [odd]} for key in ("annotations", "previous_message_versions")]
    (tmp_path / "messages.json").write_text(document(first, odd, *changed).replace("\ud800", "\\ud800"), encoding="utf-8")
    (tmp_path / "group_info.json").write_text(json.dumps({"name": odd, "members": [odd, {"email": odd, "name": odd}]}))
    assert read_chat(tmp_path).report.read == len(changed) + 2


@pytest.mark.parametrize(
    "text",
    [
        '{"messages": []}',
        '{"messages": [{"creator": "wren", "text": "hi", "topic_id": "t"}]}',
        '{"messages": [{"creator": {"id": 7}, "text": "hi", "created_date": "x"}]}',
        '{"members": [{"creator": {"name": "wren"}, "created_date": "x"}], "messages": 7}',
        'she wrote "messages" and "creator" on the wall',
    ],
)
def test_other_files_are_not_taken(text: str, write: Write) -> None:
    """Not even those that share a field or two."""
    with Source.of(write("other.json", text)) as source:
        assert GOOGLE_CHAT.detect(source.head) is None
