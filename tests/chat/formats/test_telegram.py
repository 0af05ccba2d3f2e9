"""Telegram Desktop's exports, on invented chats and on the samples beside the repository."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from talklike.chat.formats.telegram import TELEGRAM
from talklike.chat.read import read_chat
from talklike.chat.source import Head

Write = Callable[[str, str | bytes], Path]


def message(number: int, text: object = "hi", **more: object) -> dict[str, Any]:
    """Return a message as Telegram Desktop writes it."""
    return {
        "id": number,
        "type": "message",
        "date": "2023-08-23T13:11:23",
        "date_unixtime": str(1692821483 + number),
        "from": "Wren",
        "from_id": "user1",
        "text": text,
    } | more


def chat(*messages: object, **more: object) -> dict[str, Any]:
    """Return a chat as Telegram Desktop writes it."""
    return {"name": "Quay", "type": "private_group", "id": 7} | more | {"messages": list(messages)}


def test_texts_are_strings_or_pieces_with_markup(write: Write) -> None:
    """Markup goes, its text stays; custom emoji are their emoji, links and mentions what was typed."""
    pieces = [
        "see ",
        {"type": "text_link", "text": "this", "href": "https://example.org"},
        " ",
        {"type": "mention_name", "text": "Otter", "user_id": 2},
        {"type": "custom_emoji", "text": "🦦", "document_id": "x"},
        {"type": "pre", "text": "\nx = 1\n", "language": "python"},
    ]
    entities = [{"type": "plain", "text": "only "}, {"type": "bold", "text": "entities"}]
    without = message(3)
    del without["text"]
    path = write("result.json", json.dumps(chat(message(1), message(2, pieces), without | {"text_entities": entities})))
    frame = read_chat(path).frame.collect()
    assert frame["text"].to_list() == ["hi", "see this Otter🦦\nx = 1\n", "only entities"]
    assert frame.select("author", "name", "channel").unique().rows() == [("user1", "Wren", "Quay")]


def test_what_is_no_text_of_its_sender_is_left_out_with_its_reason(write: Write) -> None:
    """System lines, media without a caption, forwarded messages, those of inline bots; a caption stays."""
    entries = [
        message(1, "mine"),
        {"id": 2, "type": "service", "date": "2023-08-23T13:11:23", "actor": "Wren", "action": "pin_message", "text": ""},
        {"id": 3, "type": "unsupported"},
        message(4, "", photo="photos/1.jpg"),
        message(5, "caption", photo="photos/2.jpg"),
        message(6, "", media_type="sticker", sticker_emoji="😀"),
        message(7, "", poll={"question": "tea?", "answers": []}),
        message(14, "", paid_stars_amount=5),
        message(8, "theirs", forwarded_from="Otter"),
        message(9, "theirs", forwarded_from=None),
        message(10, "saved", saved_from="Otter"),
        message(11, "made by a bot", via_bot="@bot"),
        message(12, "changed", edited="2023-08-23T14:00:00", edited_unixtime="1692824400", reply_to_message_id=1),
        message(13, ""),
    ]  # fmt: skip
    path = write("result.json", json.dumps(chat(*entries), indent=1))
    read = read_chat(path)
    assert read.frame.collect()["text"].to_list() == ["mine", "caption", "changed"]
    counts = {reason: skip.count for reason, skip in read.report.skipped.items()}
    assert counts == {"system line": 1, "media only": 5, "forwarded": 3, "relayed": 1, "empty": 1}
    assert read_chat(path, with_quotes=True).report.kept == 7


def test_messages_of_blocks_are_read(write: Write) -> None:
    """Newer versions write them so, without a text, if they have headings or lists; a chat may hold nothing else."""

    def rich(number: int, value: object, **more: object) -> dict[str, Any]:
        bare = message(number, **more)
        del bare["text"]
        return bare | {"rich_message": value}

    line = {"type": "paragraph", "text": {"type": "plain", "text": "to do"}}
    done = {"task_state": "checked", "content": "text", "text": {"type": "plain", "text": "tea"}}
    given = {"rtl": False, "part": False, "blocks": [line, {"type": "list", "kind": "bullet", "items": [done]}]}
    picture = {"rtl": False, "part": False, "blocks": [{"type": "photo", "unsupported": True, "photo_id": "1"}]}
    entries = [rich(1, given), rich(2, picture), rich(3, given, forwarded_from="Otter"), rich(4, [])]
    read = read_chat(write("result.json", json.dumps(chat(*entries))))
    assert read.report.format == "telegram"
    assert read.frame.collect()["text"].to_list() == ["to do\n• tea"]
    counts = {reason: skip.count for reason, skip in read.report.skipped.items()}
    assert counts == {"media only": 1, "forwarded": 1, "malformed": 1}


def test_a_text_goes_before_blocks(write: Write) -> None:
    """Where both are there; no blocks are no reason not to read it."""
    path = write("result.json", json.dumps(chat(message(1, "mine", rich_message={"blocks": []}), message(2, rich_message=None))))
    assert read_chat(path).frame.collect()["text"].to_list() == ["mine", "hi"]


def test_the_time_is_the_one_with_a_zone(write: Write) -> None:
    """``date_unixtime`` if it is there, else ``date``, which is in the time of the machine that exported."""
    old = message(2, "old")
    del old["date_unixtime"]
    path = write("result.json", json.dumps(chat(message(1), old)))
    frame = read_chat(path, timezone="Europe/Berlin").frame.collect()
    assert frame["time"].to_list() == [
        datetime(2023, 8, 23, 20, 11, 24, tzinfo=UTC),
        datetime(2023, 8, 23, 11, 11, 23, tzinfo=UTC),
    ]


def test_an_account_has_many_chats(write: Write) -> None:
    """Also those that it has left; what else is in an account is nobody's message, however much of it there is."""
    account = {
        "about": "Here is the data you requested.",
        "personal_information": {"user_id": 1, "first_name": "Wren"},
        "profile_pictures": [{"date": "2020-01-01T00:00:00", "photo": "x" * 100}] * 9000,
        "profile_music": [{"id": 1, "type": "message", "date": "2020-01-01T00:00:00", "file": "a.mp3", "text": ""}],
        "contacts": {"about": "", "list": [{"first_name": "Otter", "date": "2020-01-01T00:00:00"}]},
        "chats": {
            "about": "",
            "list": [
                chat(message(1)),
                {
                    "name": None,
                    "type": "personal_chat",
                    "id": 12,
                    "messages": [message(1, **{"from": None, "from_id": "user12"})],
                },
                {"type": "saved_messages", "id": 1, "messages": [message(1, "note")]},
                {"type": "verification_codes", "id": 489000, "messages": [message(1, "12345")]},
                chat(name="empty"),
            ],
        },
        "left_chats": {"about": "", "list": [chat(message(1, "bye"), name="Left", type="public_supergroup")]},
    }
    path = write("result.json", json.dumps(account))
    read = read_chat(path)
    assert read.report.format == "telegram"
    rows = read.frame.collect().select("channel", "author", "name", "text").rows()
    assert rows == [
        ("Quay", "user1", "Wren", "hi"),
        ("12", "user12", "user12", "hi"),
        ("saved_messages", "user1", "Wren", "note"),
        ("verification_codes", "user1", "Wren", "12345"),
        ("Left", "user1", "Wren", "bye"),
    ]


def test_the_posts_of_a_channel_are_its_own(write: Write) -> None:
    """Old exports give no sender; then it is the channel."""
    post = message(1)
    del post["from"], post["from_id"]
    path = write(
        "result.json", json.dumps(chat(post, message(2, **{"from": "Quay", "from_id": "channel7"}), type="public_channel"))
    )
    frame = read_chat(path).frame.collect()
    assert frame.select("author", "name").rows() == [("channel7", "Quay"), ("channel7", "Quay")]


def test_old_ids_are_numbers_and_the_oldest_exports_have_none(write: Write) -> None:
    """The name stands in for the id."""
    bare = {"type": "message", "date_unixtime": "1544006350", "from": "Wren", "text": "hi"}
    path = write("result.json", json.dumps({"messages": [message(1, from_id=4325636679), bare, bare]}))
    frame = read_chat(path).frame.collect()
    assert frame["author"].to_list() == ["4325636679", "Wren", "Wren"]
    assert frame["channel"].to_list() == [None, None, None]


def test_the_name_of_a_chat_may_come_last(write: Write) -> None:
    """As in a file whose keys were sorted."""
    path = write("result.json", json.dumps(chat(message(1)), sort_keys=True))
    assert read_chat(path).frame.collect()["channel"].to_list() == ["Quay"]


def test_a_repeated_message_is_one(write: Write) -> None:
    """The same id in the same chat."""
    path = write("result.json", json.dumps(chat(message(1), message(1), message(2))))
    assert read_chat(path).report.skipped["duplicate id"].count == 1


def test_control_characters_are_written_in_a_way_that_json_does_not_have(write: Write) -> None:
    """Telegram Desktop writes them as backslash, x, two digits; what a person wrote like that stays."""
    text = json.dumps(chat(message(1, "a@b"), message(2, r"C:\x0B")))
    path = write("result.json", text.replace("a@b", r"a\x0Bb"))
    assert read_chat(path).frame.collect()["text"].to_list() == ["a\x0bb", r"C:\x0B"]


def test_lists_of_messages_without_a_chat_around_them(write: Write) -> None:
    """Cut out of an export, or as scripts with Telethon save them."""
    scripted = [{"sender_id": -5, "text": "hi", "date": "2023-05-15T19:30:49+00:00", "message.id": 5, "is_reply": False}]
    for content in ([message(1)], scripted):
        read = read_chat(write("x.json", json.dumps(content)))
        assert (read.report.format, read.report.kept) == ("telegram", 1)


@pytest.mark.parametrize(
    "odd",
    [
        None,
        7,
        [],
        "text",
        message(1, None),
        message(1, {"a": 1}),
        message(1, ["a", 3]),
        message(1, [{"type": "bold", "text": None}]),
        message(1) | {"type": ["message"]},
        message(1) | {"type": {}},
    ],
)
def test_odd_messages_are_malformed(odd: object, write: Write) -> None:
    """Whatever JSON can hold in their place costs that message alone."""
    read = read_chat(write("result.json", json.dumps(chat(message(5), odd, message(6)))))
    assert read.report.kept == 2
    assert {reason: skip.count for reason, skip in read.report.skipped.items()} == {"malformed": 1}


def test_odd_fields_cost_nothing_but_themselves(write: Write) -> None:
    """Ids, names and times of another kind."""
    first = message(1, from_id=[1], **{"from": {"x": 1}})
    second = message(2) | {"id": {}, "date": [], "date_unixtime": float("nan")}
    third = message(3) | {"date_unixtime": {"no": "time"}, "via_bot": None}
    odd = chat(first, second, third, name=[1], id={})
    read = read_chat(write("result.json", json.dumps(odd)))
    assert read.report.skipped["no author"].count == 1
    assert read.frame.collect().rows() == [(None, "user1", "Wren", "private_group", "hi")] * 2


def test_half_a_character_is_none(write: Write) -> None:
    """JSON can spell halves of surrogate pairs."""
    path = write("result.json", json.dumps(chat(message(1, ["a", {"type": "bold", "text": "\ud83d"}], **{"from": "\udc00"}))))
    assert read_chat(path).frame.collect().select("name", "text").rows() == [("\ufffd", "a\ufffd")]


def test_other_apps_files_are_not_taken() -> None:
    """Messages that merely have some of the same fields."""
    for content in (
        {"messages": [{"sender_name": "Wren", "timestamp_ms": 1, "content": "hi"}]},
        [{"type": "message", "ts": "1", "text": "hi", "user": "U1"}],
        [{"type": "message", "date": "2020", "text": "hi"}],
        {"about": "a page", "contacts_of": []},
        {"about": "x", "title": []},
    ):
        data = json.dumps(content).encode()
        assert TELEGRAM.detect(Head(data, ".json", complete=True)) is None


def test_a_zip_of_the_folder_is_read(write: Write, tmp_path: Path) -> None:
    """With the pictures beside it."""
    path = tmp_path / "ChatExport_2024-01-01.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("ChatExport_2024-01-01/result.json", json.dumps(chat(message(1))))
        archive.writestr("ChatExport_2024-01-01/photos/1.jpg", b"\xff\xd8\xff")
    assert read_chat(path).report.kept == 1


@pytest.mark.parametrize(
    ("name", "kept", "people"),
    [
        ("langchain-community/telegram_result.json", 4, 2),
        ("langchain-community/telegram.json", 3, 2),
        ("langchain-community/telegram_channel.json", 4, 1),
        ("chat-miner/telegram/test_single_export.json", 2, 2),
        ("chat-miner/telegram/test_batch_export.json", 2, 2),
        ("chat-analytics/telegram_BIG_20A_5475M.json.gz", 5475, 20),
    ],
)
def test_the_samples(name: str, kept: int, people: int, shared_data: Path) -> None:
    """All their messages, by as many people as they are said to have."""
    read = read_chat(shared_data / "export-formats" / name)
    assert (read.report.format, read.report.kept, read.report.read) == ("telegram", kept, kept)
    assert read.frame.collect()["author"].n_unique() == people
