"""Messenger's downloads, on invented chats and on the sample beside the repository."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from talklike.chat.read import read_chat
from talklike.errors import TalklikeError
from tests.chat.writers.messenger import scrambled

Write = Callable[[str, str | bytes], Path]
WREN, OTTER = "Zoë Quay", "Ottér Carità"


def as_meta_writes(value: Any) -> Any:
    """Return a value with all its texts as mojibake."""
    if isinstance(value, str):
        return scrambled(value)
    if isinstance(value, list):
        return [as_meta_writes(one) for one in value]
    return {key: as_meta_writes(one) for key, one in value.items()} if isinstance(value, dict) else value


def message(content: str | None, sender: str = WREN, **more: object) -> dict[str, Any]:
    """Return a message of the download."""
    said = {} if content is None else {"content": content}
    return {"sender_name": sender, "timestamp_ms": 1577186580123} | said | more | {"is_geoblocked_for_viewer": False}


def download(*messages: object, **more: object) -> str:
    """Return a file of the download."""
    chat = {
        "participants": [{"name": WREN}, {"name": OTTER}],
        "messages": list(messages),
        "title": "Thé 🍵",
        "is_still_participant": True,
        "thread_path": "inbox/the_10206072096154041",
        "magic_words": [],
    }
    return json.dumps(as_meta_writes(chat | more), indent=2)


def test_texts_names_and_titles_are_repaired(write: Write) -> None:
    """Exactly, also where a byte looks like a space or a line end."""
    said = ["héllo 😀 – “quoted”…", "à", "Å…", "日本語\nund mehr", "plain"]
    frame = read_chat(write("message_1.json", download(*map(message, said), message("hi", OTTER)))).frame.collect()
    assert frame["text"].to_list() == [*said, "hi"]
    assert frame["name"].to_list() == [WREN] * 5 + [OTTER]
    assert frame["channel"].unique().to_list() == ["Thé 🍵"]
    assert frame["time"][0] == datetime(2019, 12, 24, 11, 23, 0, 123000, tzinfo=UTC)


def test_a_byte_order_mark_is_no_text(write: Write) -> None:
    """As editors put it there."""
    assert read_chat(write("message_1.json", "\ufeff" + download(message("hi")))).report.kept == 1


def test_what_is_no_text_of_its_sender_is_left_out_with_its_reason(write: Write) -> None:
    """Calls, the app's lines, media without a caption, what was unsent; a caption and a link stay."""
    photo = [{"uri": "your_facebook_activity/messages/inbox/the_1/photos/1.jpg", "creation_timestamp": 1}]
    entries = [
        message("mine"),
        message(None, photos=photo),
        message("caption", photos=photo),
        message("look https://example.org", share={"link": "https://example.org"}),
        message(None, share={"link": "https://example.org", "share_text": "not mine"}),
        message("Zoë sent an attachment.", share={"link": "https://example.org"}),
        message(None, sticker={"uri": "messages/stickers_used/1.png"}),
        message("Du hast Ottér angerufen.", call_duration=12),
        message("x", type="Call"),
        message("Zoë Quay added Ottér to the group.", type="Subscribe", users=[{"name": OTTER}]),
        message("Zoë named the group Thé 🍵."),
        message("Reacted 😂 to your message "),
        message(None, is_unsent=True),
        message(None, is_taken_down=True),
        message("who?", ""),
        message(None),
    ]
    read = read_chat(write("message_1.json", download(*entries)))
    assert read.frame.collect()["text"].to_list() == ["mine", "caption", "look https://example.org"]
    counts = {reason: skip.count for reason, skip in read.report.skipped.items()}
    assert counts == {"media only": 4, "system line": 5, "deleted": 2, "no author": 1, "empty": 1}


def test_a_chat_in_several_files_is_one(tmp_path: Path) -> None:
    """In the zip as it is handed out, and in a folder; other files of the account are none of its messages."""
    path = tmp_path / "facebook-wren.zip"
    inbox = "your_facebook_activity/messages/inbox/the_10206072096154041"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{inbox}/message_1.json", download(message("new")))
        archive.writestr(f"{inbox}/message_2.json", download(message("old")))
        archive.writestr("your_facebook_activity/messages/autofill_information.json", '{"autofill_information_v2":{}}')
        archive.writestr("your_facebook_activity/messages/inbox/empty_1/message_1.json", download())
    read = read_chat(path)
    assert read.report.files == {"messenger": 2}
    assert read.frame.collect().select("channel", "text").rows() == [("Thé 🍵", "new"), ("Thé 🍵", "old")]
    with zipfile.ZipFile(path) as archive:
        archive.extractall(tmp_path / "unpacked")
    assert read_chat(tmp_path / "unpacked").frame.collect().equals(read.frame.collect())


def test_without_a_title_the_folder_names_the_chat(tmp_path: Path) -> None:
    """Without the number at its end."""
    folder = tmp_path / "the_10206072096154041"
    folder.mkdir()
    content = json.loads(download(message("hi")))
    del content["title"]
    (folder / "message_1.json").write_text(json.dumps(content))
    (tmp_path / "other.txt").write_text("")
    assert read_chat(tmp_path).frame.collect()["channel"].to_list() == ["the"]


def test_the_first_downloads_had_seconds_and_plain_participants(write: Write) -> None:
    """In 2018."""
    entry = {"sender_name": "Wren", "timestamp": 1526378400, "content": "hi", "type": "Generic"}
    read = read_chat(write("message.json", json.dumps({"participants": ["Otter"], "messages": [entry], "title": "Otter"})))
    assert read.frame.collect()["time"].to_list() == [datetime(2018, 5, 15, 10, tzinfo=UTC)]


def test_end_to_end_encrypted_chats_have_other_names_and_sound_texts(write: Write) -> None:
    """One of them may show mojibake."""
    entry = {"isUnsent": False, "media": [], "reactions": [{"actor": OTTER, "reaction": "❤"}], "senderName": WREN, "type": "text"}
    entries = [
        entry | {"text": "é, not Ã©", "timestamp": 1719000000000},
        entry | {"text": "", "timestamp": 1719000000000, "type": "media", "media": [{"uri": "./media/1.jpg"}]},
        entry | {"text": "", "timestamp": 1719000000000, "isUnsent": True},
        entry | {"text": "https://example.org", "timestamp": 1719000000000, "type": "link"},
        entry | {"text": "Video call", "timestamp": 1719000000000, "type": "call"},
    ]
    content = {"participants": [WREN, OTTER], "threadName": "Ottér Carità_3", "messages": entries}
    read = read_chat(write("Ottér Carità_3.json", json.dumps(content, ensure_ascii=False)))
    assert read.report.format == "messenger"
    assert read.frame.collect().select("name", "channel", "text").rows() == [
        (WREN, "Ottér Carità_3", "é, not Ã©"),
        (WREN, "Ottér Carità_3", "https://example.org"),
    ]
    assert {reason: skip.count for reason, skip in read.report.skipped.items()} == {
        "media only": 1,
        "deleted": 1,
        "system line": 1,
    }


@pytest.mark.parametrize("odd", [None, 3, [], {}, message("x") | {"content": ["x"]}, {"content": 3, "sender_name": "Wren"}])
def test_odd_messages_are_malformed(odd: object, write: Write) -> None:
    """Whatever JSON can hold in their place costs that message alone."""
    read = read_chat(write("message_1.json", download(message("one"), odd, message("two"))))
    assert read.report.kept == 2
    assert {reason: skip.count for reason, skip in read.report.skipped.items()} == {"malformed": 1}


def test_odd_fields_cost_nothing_but_themselves(write: Write) -> None:
    """Types, times, names and titles of another kind; half a surrogate pair."""
    odd = [
        message("a", type={"x": 1}),
        message("b", timestamp_ms=[1]),
        message("c", timestamp_ms=float("nan")),
        message("d", timestamp_ms=10**40),
    ]
    text = download(message("e"), *odd, title=[1], participants=7).replace('"a"', '"\\ud83d"')
    read = read_chat(write("message_1.json", text))
    frame = read.frame.collect()
    assert frame["text"].to_list() == ["e", "\ufffd", "b", "c", "d"]
    assert frame["time"].null_count() == 3
    assert frame["channel"].null_count() == 5


def test_as_asked_for_any_json_is_read_or_refused(write: Write) -> None:
    """Also what holds no messages."""
    for content in ("{}", "[]", "3", '{"messages": 3}', '{"messages": {"a": {"sender_name": "Wren"}}}', "[" * 100_000):
        with pytest.raises(TalklikeError):
            read_chat(write("x.json", content), format="messenger")


def test_the_sample(shared_data: Path) -> None:
    """Three texts; four messages with a file, a voice, a sticker and a picture."""
    read = read_chat(shared_data / "export-formats/chat-analytics/messenger_2A_7M.json")
    assert (read.report.format, read.report.kept, read.report.read) == ("messenger", 3, 7)
    assert read.report.skipped["media only"].count == 4
    assert sorted(read.frame.collect()["author"].unique()) == ["Alice", "Bob"]
