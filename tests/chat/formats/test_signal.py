"""Signal's chats in all layouts, on invented chats and on the sample beside the repository."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from talklike.chat.formats.signal import SIGNAL
from talklike.chat.read import read_chat
from talklike.chat.source import Head
from talklike.errors import TalklikeError

Write = Callable[[str, str | bytes], Path]
MARKDOWN = "[2023-04-05 09:15:01] Me: hello  \n\n[2023-04-05 09:16:02] Wren: hi  \n\n"
LINE = {"date": "2023-04-05T09:15:01", "sender": "Me", "body": "hello  ", "quote": "", "reactions": [], "attachments": []}
ROW = {"id": "a", "conversationId": "c", "type": "incoming", "body": "hi", "sourceServiceId": "u-1", "sent_at": 1672671845000}
LONG = "Conversation: Wren (+316)\n\nFrom: You\nType: outgoing\nSent: Mon, 2 Jan 2023 15:04:05 +0100\n\nhi\n\n"
SHORT = "2023-01-02 15:04 You: hi\n2023-01-02 15:05 Wren: yo\n"
FRAMES = [
    {"version": "1", "backupTimeMs": "1715636551000"},
    {"account": {"givenName": "Wren"}},
    {"recipient": {"id": "1", "self": {}}},
    {"chat": {"id": "1", "recipientId": "1"}},
    {
        "chatItem": {
            "chatId": "1",
            "authorId": "1",
            "dateSent": "1672671845000",
            "outgoing": {},
            "standardMessage": {"text": {"body": "hi"}},
        }
    },
]


@pytest.mark.parametrize(
    ("name", "content", "channel", "first"),
    [
        ("chat.md", MARKDOWN, None, datetime(2023, 4, 5, 9, 15, 1, tzinfo=UTC)),
        ("x.md", MARKDOWN.replace("\n", "\r\n"), "x", datetime(2023, 4, 5, 9, 15, 1, tzinfo=UTC)),
        ("old.md", "[2023-04-05, 09:15] Otter: hello\nworld\n", "old", datetime(2023, 4, 5, 9, 15, tzinfo=UTC)),
        ("data.json", json.dumps(LINE) + "\n", None, datetime(2023, 4, 5, 9, 15, 1, tzinfo=UTC)),
        ("Wren (+316).txt", LONG, "Wren", datetime(2023, 1, 2, 14, 4, 5, tzinfo=UTC)),
        ("Wren (+316).txt", SHORT, "Wren", datetime(2023, 1, 2, 15, 4, tzinfo=UTC)),
        ("Wren (+316).json", "[\n" + json.dumps(ROW) + "\n]\n", "Wren", datetime(2023, 1, 2, 15, 4, 5, tzinfo=UTC)),
        ("main.jsonl", "\n".join(map(json.dumps, FRAMES)), "Wren", datetime(2023, 1, 2, 15, 4, 5, tzinfo=UTC)),
        ("main.json", json.dumps(FRAMES, indent=2), "Wren", datetime(2023, 1, 2, 15, 4, 5, tzinfo=UTC)),
    ],
)
def test_every_layout_is_recognised(name: str, content: str, channel: str | None, first: datetime, write: Write) -> None:
    """By its content; its times are read, and the chat is called as the file, the folder or the content says."""
    read = read_chat(write(name, content))
    frame = read.frame.collect()
    assert read.report.format == "signal"
    assert not read.report.skipped
    assert frame["time"][0] == first
    assert frame["channel"].unique().to_list() == [channel]


@pytest.mark.parametrize(
    "content",
    [
        "[2015-06-29 18:16:36] wren: so\n[2015-06-29 18:16:49] otter: well\n",
        "[12:00] <wren> hi\n",
        "31/12/20, 23:59 - Wren: hi\n",
        "From: wren@example.org\nSubject: x\n\nhi\n",
        "Conversation: about tea\n\nI said so.\n",
        '{"date": "2020", "sender": "x"}\n',
        '{"version": 1}',
        '{"chat": 1, "messages": []}',
        '[{"conversationId": 1}]',
        "2020-01-02 prose that begins with a date: well\n",
        "",
    ],
)
def test_other_texts_are_not_taken(content: str) -> None:
    """IRC logs, WhatsApp, mail, prose, other JSON."""
    assert SIGNAL.detect(Head(content.encode(), "", complete=True)) is None


def test_headers_that_whatsapp_has_too_are_left_to_it(write: Write) -> None:
    """Where nothing of signal-export is there."""
    path = write("chat.txt", "[2019-04-16 02:09] Otter: tea\n[2019-04-16 03:01] Wren: cake\n")
    with path.open("rb") as file:
        match = SIGNAL.detect(Head(file.read(), ".txt", complete=True))
    assert match is not None
    assert match.confidence <= 0.5


def test_a_folder_of_signal_export_holds_each_chat_twice(tmp_path: Path) -> None:
    """The JSON is read, or the Markdown if an older export was merged into it."""
    for name, markdown, count in (("Wren", MARKDOWN, 2), ("Otter", MARKDOWN * 3, 2)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "chat.md").write_text(markdown)
        (tmp_path / name / "data.json").write_text((json.dumps(LINE) + "\n") * count)
    read = read_chat(tmp_path)
    assert read.frame.collect()["channel"].value_counts(sort=True).rows() == [("Otter", 6), ("Wren", 2)]
    assert sum("same chat" in note for note in read.report.notes) == 1


def test_files_beside_signals_own_export_hold_no_messages(tmp_path: Path) -> None:
    """Its version stands in a file of one line."""
    (tmp_path / "main.jsonl").write_text("\n".join(map(json.dumps, FRAMES)))
    (tmp_path / "metadata.json").write_text('{"version":1}')
    assert read_chat(tmp_path).report.files == {"signal": 1}


def test_broken_lines_cost_only_themselves(write: Write) -> None:
    """In the layouts of one value a line."""
    path = write("main.jsonl", "\n".join([*map(json.dumps, FRAMES), "{cut", "[" * 100_000, json.dumps(FRAMES[-1])]))
    read = read_chat(path)
    assert (read.report.kept, read.report.skipped["malformed"].count) == (2, 2)
    assert read.report.skipped["malformed"].places == [f"{path}:6", f"{path}:7"]


def test_lines_without_end_are_malformed(write: Write) -> None:
    """Longer than a block."""
    path = write("chat.md", MARKDOWN.encode() + b"x" * (1 << 25) + b"\n" + MARKDOWN.encode())
    read = read_chat(path)
    assert read.report.kept == 4
    assert read.report.skipped["malformed"].places == [f"{path}:5"]


def test_as_asked_for_another_file_is_refused(write: Write) -> None:
    """With a word about why."""
    with pytest.raises(TalklikeError, match="no chat in a layout of Signal"):
        read_chat(write("x.txt", "hello"), format="signal")


def test_the_sample(shared_data: Path) -> None:
    """Two messages, the second in two lines."""
    read = read_chat(shared_data / "export-formats/chat-miner/signal/test_export.txt")
    assert (read.report.format, read.report.read) == ("signal", 2)
    assert read.frame.collect().select("author", "text").rows() == [("Jane Doe", "Hello John!"), ("John Doe", "Hello\nJane!")]
