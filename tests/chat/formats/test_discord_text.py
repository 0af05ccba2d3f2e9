"""Channels of DiscordChatExporter in plain text."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from talklike.chat.formats.discord_text import DISCORD_TEXT, MOST
from talklike.chat.read import read_chat
from talklike.chat.source import Head
from talklike.errors import ChatFileError

Write = Callable[[str, str | bytes], Path]
RULE = "=" * 62
START = f"{RULE}\nGuild: Harbour\nChannel: Talk / quay\nTopic: boats\n{RULE}\n\n"
END = f"{RULE}\nExported 3 message(s)\n{RULE}\n"


def test_a_channel_is_read(write: Write) -> None:
    """The texts, without what is attached to them; the numbers behind names are part of the id only."""
    path = write(
        "x.txt",
        START
        + "[05-Mar-22 03:10 PM] wren#1234\nhi\n\n  indented\n\n\n"
        + "[05-Mar-22 03:11 PM] otter (pinned)\na caption\n\n{Attachments}\nhttps://cdn.example/a.png\n\n\n"
        + "[05-Mar-22 12:12 AM] wren#1234\nho\n\n{Embed}\nnot mine\n\nnor this\n\n{Reactions}\n👍 (2) \n\n"
        + END,
    )
    chat = read_chat(path)
    assert chat.report.format == "discord-text"
    assert chat.frame.collect().rows() == [
        (datetime(2022, 3, 5, 15, 10, tzinfo=UTC), "wren#1234", "wren", "quay", "hi\n\n  indented"),
        (datetime(2022, 3, 5, 15, 11, tzinfo=UTC), "otter", "otter", "quay", "a caption"),
        (datetime(2022, 3, 5, 0, 12, tzinfo=UTC), "wren#1234", "wren", "quay", "ho"),
    ]
    assert not chat.report.skipped


def test_lines_may_end_as_on_windows(write: Write) -> None:
    """Those inside a message don't."""
    text = (START + "[3/5/2022 3:10 PM] wren\nhi\n\n\n" + END).replace("\n", "\r\n").replace("hi", "hi\nho")
    assert read_chat(write("x.txt", text)).frame.collect()["text"].to_list() == ["hi\nho"]


def test_notices_and_pictures_are_skipped(write: Write) -> None:
    """With their lines, as is what stands before the first message."""
    path = write(
        "x.txt",
        START
        + "lost\n\n[05/03/2022 15:10] wren\nJoined the server.\n\n\n"
        + "[05/03/2022 15:10] wren\n\n{Attachments}\nhttps://cdn.example/a.png\n\n\n"
        + "[05/03/2022 15:10] wren\n\n\n\n[05/03/2022 15:10] wren\nhi\n\n\n",
    )
    chat = read_chat(path)
    assert chat.frame.collect()["text"].to_list() == ["hi"]
    assert {reason: skip.places for reason, skip in chat.report.skipped.items()} == {
        "malformed": [f"{path}:7"], "system line": [f"{path}:9"], "media only": [f"{path}:13"], "empty": [f"{path}:19"],
    }  # fmt: skip


def test_what_is_passed_on_is_not_ones_own(write: Write) -> None:
    """Unless it is asked for; headings follow it without an empty line. A heading that somebody typed is text."""
    head = "[12/29/2025 10:52 PM] wren\n"
    path = write(
        "x.txt",
        START
        + head
        + "\n\n{Forwarded Message}\nnot mine\n\n  nor this\nOriginally sent: 12/28/2025 10:52 PM\n{Attachments}\n"
        + "https://cdn.example/a.png\n\n\n\n"
        + head
        + "\n\n{Forwarded Message}\nOriginally sent: 12/28/2025 10:52 PM\n{Stickers}\nhttps://cdn.example/b.png\n\n\n\n"
        + head
        + "mine\n\n{Forwarded Message}\nOriginally sent: never\n\n\n"
        + END,
    )
    mine = "mine\n\n{Forwarded Message}\nOriginally sent: never"
    chat = read_chat(path)
    assert chat.frame.collect()["text"].to_list() == [mine]
    assert {reason: skip.places for reason, skip in chat.report.skipped.items()} == {"forwarded": [f"{path}:7", f"{path}:20"]}
    with_quotes = read_chat(path, with_quotes=True)
    assert with_quotes.frame.collect()["text"].to_list() == ["not mine\n\n  nor this", mine]
    assert {reason: skip.count for reason, skip in with_quotes.report.skipped.items()} == {"media only": 1}


def test_what_looks_like_a_message_inside_one_is_text(write: Write) -> None:
    """A message begins after an empty line, with a time in the form of the first."""
    said = "see:\n[05-Mar-22 03:10 PM] otter\n\n[12:30] <heron> hi\n\n[2022-03-05 15:10] otter\n\n[x] y\n{Embed}\n\n[5] z"
    chat = read_chat(write("x.txt", START + f"[05-Mar-22 03:10 PM] wren\n{said}\n\n\n[05-Mar-22 03:10 PM] otter\nho\n\n" + END))
    assert chat.frame.collect().select("name", "text").rows() == [("wren", said), ("otter", "ho")]


def test_a_line_like_the_last_but_one_is_text(write: Write) -> None:
    """What follows tells where the end is."""
    said = f"see:\n\n{RULE}\n\n{RULE}\nmore"
    chat = read_chat(write("x.txt", START + f"[05-Mar-22 03:10 PM] wren\n{said}\n\n\n" + END))
    assert chat.frame.collect()["text"].to_list() == [said]
    assert not chat.report.skipped


def test_a_text_that_never_ends_is_malformed(write: Write) -> None:
    """Memory stays as it is, and what follows is read."""
    for said in ("x" * (MOST + 10), "x\n" * MOST):
        text = START + f"[05-Mar-22 03:10 PM] wren\n{said}\n\n[05-Mar-22 03:11 PM] otter\nho\n\n"
        chat = read_chat(write("x.txt", text))
        assert chat.frame.collect()["text"].to_list() == ["ho"]
        assert chat.report.skipped["malformed"].count == 1


@pytest.mark.parametrize("text", [RULE, f"{RULE}\nGuild: x\n", "Guild: x\nChannel: y\n", "x" * 3000])
def test_other_text_is_not_taken(text: str, write: Write) -> None:
    """The description of a channel has two lines at least."""
    assert DISCORD_TEXT.detect(Head(text.encode(), ".txt", complete=True)) is None
    with pytest.raises(ChatFileError):
        read_chat(write("x.txt", text), format="discord-text")
