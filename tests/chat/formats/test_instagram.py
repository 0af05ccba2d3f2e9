"""Instagram's downloads, on invented chats and on the sample beside the repository."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from talklike.chat.read import read_chat
from tests.chat.writers.messenger import scrambled

Write = Callable[[str, str | bytes], Path]


def of_today(text: str, *, title: str = "otter") -> str:
    """Return a chat in the layout that Messenger has too."""
    entry = {"sender_name": "wren", "timestamp_ms": 1577186580000, "content": scrambled(text), "is_geoblocked_for_viewer": False}
    return json.dumps({"participants": [{"name": "wren"}], "messages": [entry], "title": title, "magic_words": []})


def test_the_file_of_all_conversations(write: Write) -> None:
    """Until 2020; a conversation is called by who is in it, and what has no words of its sender is left out."""
    entries = [
        {"sender": "wren", "created_at": "2019-08-08T10:00:00.123456+00:00", "text": "hi é 😀"},
        {"sender": "otter", "created_at": "2019-08-08T09:59:00+00:00", "heart": "❤️"},
        {"sender": "otter", "created_at": "2019-08-08T09:58:00+00:00", "text": "nice!", "story_share": "Shared wren's story"},
        {"sender": "otter", "created_at": "2019-08-08T09:57:00+00:00", "media_share_caption": "not mine", "media_share_url": "u"},
        {"sender": "otter", "created_at": "2019-08-08T09:56:00+00:00", "action": "otter named the group tea"},
        {"sender": "otter", "created_at": "2019-08-08T09:55:00+00:00", "video_call_action": "otter started a video chat"},
        {"sender": "otter", "created_at": "2019-08-08T09:54:00+00:00", "link": "https://example.org", "text": None},
        {"sender": "otter", "created_at": "2019-08-08T09:53:00+00:00", "animated_media_images": {"original": {}}},
        "odd",
    ]
    other = [{"sender": "heron", "created_at": "2019-08-07T10:00:00+00:00", "text": "yo"}]
    content = [
        {"participants": ["wren", "otter"], "conversation": entries},
        {"participants": ["wren", "heron"], "conversation": other},
    ]
    read = read_chat(write("messages.json", json.dumps(content)))
    assert read.report.format == "instagram"
    assert read.frame.collect().select("channel", "author", "text").rows() == [
        ("wren, otter", "wren", "hi é 😀"),
        ("wren, otter", "otter", "nice!"),
        ("wren, otter", "otter", "https://example.org"),
        ("wren, heron", "heron", "yo"),
    ]
    counts = {reason: skip.count for reason, skip in read.report.skipped.items()}
    assert counts == {"media only": 3, "system line": 2, "malformed": 1}


def test_the_layout_of_messenger_is_told_by_the_path(tmp_path: Path) -> None:
    """As in the zip that is handed out; texts are mojibake there too."""
    path = tmp_path / "wren.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("your_instagram_activity/messages/inbox/otter_1027/message_1.json", of_today("é 😀"))
        archive.writestr("your_instagram_activity/messages/inbox/facebookuser_1028/message_1.json", of_today("hi", title="gone"))
    read = read_chat(path)
    assert read.report.files == {"instagram": 2}
    assert read.frame.collect().select("channel", "text").rows() == [("gone", "hi"), ("otter", "é 😀")]


def test_a_file_that_says_nothing_of_its_app_can_be_asked_for(write: Write) -> None:
    """Messenger has it otherwise; its messages are the same."""
    path = write("message_1.json", of_today("hi"))
    assert read_chat(path).report.format == "messenger"
    assert read_chat(path, format="instagram").frame.collect().equals(read_chat(path).frame.collect())


def test_files_that_say_nothing_go_with_those_that_do(tmp_path: Path) -> None:
    """In a folder outside of the download."""
    for name, text in (("a_123456", "Liked a message"), ("b_123456", "hi")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "message_1.json").write_text(of_today(text))
    assert read_chat(tmp_path).report.files == {"instagram": 2}


@pytest.mark.parametrize("name", ["test_export.json", "message_1.json"])
def test_the_sample(name: str, shared_data: Path, tmp_path: Path) -> None:
    """Two messages, wherever the file lies."""
    path = tmp_path / name
    path.write_bytes((shared_data / "export-formats/chat-miner/instagram/test_export.json").read_bytes())
    read = read_chat(path)
    assert (read.report.format, read.report.kept, read.report.read) == ("instagram", 2, 2)
