"""Channels of DiscordChatExporter in JSON, and messages of Discord's API."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from talklike.chat.authors import authors
from talklike.chat.formats.discord import DISCORD
from talklike.chat.read import read_chat
from talklike.chat.source import Head
from talklike.errors import ChatFileError

if TYPE_CHECKING:
    from talklike.chat.table import Chat

Write = Callable[[str, str | bytes], Path]
GUILD = {"id": "5", "name": "Harbour", "iconUrl": ""}
CHANNEL = {"id": "7", "type": "GuildTextChat", "categoryId": "6", "category": "Talk", "name": "quay", "topic": "boats"}


def message(number: int = 1, **other: Any) -> dict[str, Any]:
    """Return a message as the newest versions write it."""
    author: dict[str, Any] = {
        "id": "111",
        "name": "wren_",
        "discriminator": "0000",
        "nickname": "Wren",
        "color": None,
        "isBot": False,
        "roles": [],
    }
    return {
        "id": str(number),
        "type": "Default",
        "timestamp": f"2022-03-05T15:10:{number % 60:02}.123+01:00",
        "timestampEdited": None,
        "callEndedTimestamp": None,
        "isPinned": False,
        "content": f"text {number}",
        "author": author,
        "attachments": [],
        "embeds": [],
        "stickers": [],
        "reactions": [],
        "mentions": [],
        "inlineEmojis": [],
    } | other


def document(*messages: Any, **other: Any) -> str:
    """Return a channel."""
    parts = {
        "guild": GUILD,
        "channel": CHANNEL,
        "dateRange": {"after": None, "before": None},
        "exportedAt": "2024-01-01T00:00:00Z",
    }
    return json.dumps(parts | {"messages": list(messages), "messageCount": len(messages)} | other, indent=2)


def texts(chat: Chat) -> list[str]:
    """Return what was kept."""
    return chat.frame.collect()["text"].to_list()


def skipped(chat: Chat) -> dict[str, int]:
    """Return how much was skipped, by reason."""
    return {reason: skip.count for reason, skip in chat.report.skipped.items()}


def test_a_channel_is_read(write: Write) -> None:
    """The author by id, called as on the server; the time with its zone; the channel by its name."""
    chat = read_chat(write("x.json", document(message(1), message(2, type="Reply"))))
    assert chat.report.format == "discord"
    found = chat.frame.collect()
    assert found["text"].to_list() == ["text 1", "text 2"]
    assert found.select("author", "name", "channel").unique().rows() == [("111", "Wren", "quay")]
    assert found["time"][0] == datetime(2022, 3, 5, 14, 10, 1, 123000, tzinfo=UTC)
    assert not chat.report.skipped
    assert not chat.report.notes


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        ({"id": "1", "name": "wren", "discriminator": "1234", "isBot": False, "avatarUrl": ""}, ("1", "wren")),
        ({"id": "1", "name": "wren", "nickname": "", "isBot": False}, ("1", "wren")),
        ({"id": 123456789012345678, "name": "wren", "nickname": "W"}, ("123456789012345678", "W")),
        ({"name": "wren", "isBot": False}, ("wren", "wren")),
    ],
)
def test_authors_of_all_versions(author: dict[str, Any], expected: tuple[str, str], write: Write) -> None:
    """Names on the server came later, and the id may be a number."""
    chat = read_chat(write("x.json", document(message(1), message(2, author=author))))
    assert chat.frame.collect().select("author", "name").row(1) == expected


@pytest.mark.parametrize(
    ("kind", "kept"),
    [
        ("Default", True),
        ("Reply", True),
        ("20", True),
        ("23", True),
        ("ChatInputCommand", True),
        (0, True),
        (19, True),
        (None, False),
    ]
    + [(name, False) for name in ("RecipientAdd", "Call", "ChannelPinnedMessage", "GuildMemberJoin", "ThreadCreated", "Whatever")]
    + [(number, False) for number in ("8", "18", "21", "24", 7, 46)],
)
def test_only_types_that_somebody_wrote_are_kept(kind: Any, kept: bool, write: Write) -> None:
    """Joins, pins, calls and boosts are Discord's; newer types are numbers."""
    chat = read_chat(write("x.json", document(message(1), message(2, type=kind))))
    assert texts(chat) == (["text 1", "text 2"] if kept else ["text 1"])
    assert skipped(chat) == ({} if kept else {"malformed" if kind is None else "system line": 1})


def test_pictures_alone_are_skipped_and_captions_kept(write: Write) -> None:
    """Attachments, embeds and stickers are no text; a message without anything is empty."""
    path = write(
        "x.json",
        document(
            message(1, attachments=[{"id": "9", "url": "u", "fileName": "f"}]),
            message(2, content="", attachments=[{"id": "9", "url": "u", "fileName": "f"}]),
            message(3, content=" ", embeds=[{"title": "t", "description": "not mine"}]),
            message(4, content="", stickers=[{"id": "1", "name": "s"}]),
            message(5, content=""),
        ),
    )
    chat = read_chat(path)
    assert texts(chat) == ["text 1"]
    assert skipped(chat) == {"media only": 3, "empty": 1}
    lines = path.read_text().splitlines()
    assert [lines[int(place.rpartition(":")[2])].strip() for place in chat.report.skipped["media only"].places] == [
        '"id": "2",', '"id": "3",', '"id": "4",',
    ]  # fmt: skip


def test_what_is_passed_on_is_not_ones_own(write: Write) -> None:
    """Unless it is asked for; a reply's words are its author's."""
    path = write(
        "x.json",
        document(
            message(1, type="Reply", reference={"messageId": "0", "channelId": "7", "guildId": "5"}),
            message(2, content="", reference={"type": "Forward"}, forwardedMessage={"content": "not mine", "attachments": []}),
            message(3, content="", reference={"type": "Forward", "messageId": "0"}),
            message(4, content="", forwardedMessage={"content": "", "attachments": [{"id": "1"}]}),
        ),
    )
    assert texts(read_chat(path)) == ["text 1"]
    assert skipped(read_chat(path)) == {"forwarded": 3}
    with_quotes = read_chat(path, with_quotes=True)
    assert texts(with_quotes) == ["text 1", "not mine"]
    assert skipped(with_quotes) == {"media only": 1, "empty": 1}


def test_markup_of_unformatted_exports_is_shown(write: Write) -> None:
    """With the names of those mentioned, of authors, and of the channel itself."""
    mentions = [{"id": "222", "name": "otter", "nickname": "Otter", "isBot": False}]
    content = "<@222> <@!111> <@333> <#7> <#8> <:wave:1> <t:1646492400:R>"
    chat = read_chat(write("x.json", document(message(1, content=content, mentions=mentions), message(2, content="<@222>"))))
    assert texts(chat) == ["@Otter @Wren @333 #quay #8 :wave: 2022-03-05 15:00", "@Otter"]


def test_bots_are_automated_because_discord_says_so(write: Write) -> None:
    """However little they write, and whatever; a webhook is one too."""
    bot = {"id": "999", "name": "helper", "discriminator": "0000", "nickname": "helper", "isBot": True}
    chat = read_chat(write("x.json", document(message(1), message(2, author=bot))))
    found = authors(chat)
    assert dict(found.select("author", "automated").iter_rows()) == {"111": False, "999": True}
    assert "bot" in found.filter(found["automated"])["reason"][0]


def test_parts_of_a_channel_belong_together(write: Write, tmp_path: Path) -> None:
    """Messages that are in two of them count once; media beside them are no messages."""
    write("Harbour - quay [7] [part 1].json", document(message(1), message(2)))
    write("Harbour - quay [7] [part 2].json", document(message(2), message(3)))
    write("Harbour - hush [8].json", document())
    write("picture.png", b"\x89PNG")
    chat = read_chat(tmp_path)
    assert texts(chat) == ["text 1", "text 2", "text 3"]
    assert skipped(chat) == {"duplicate id": 1}
    assert chat.report.files == {"discord": 3}


def test_messages_of_the_api_are_read(write: Write) -> None:
    """As bots and extensions save them: an array, with other names for the same things."""
    author = {"id": "111", "username": "wren_", "global_name": "Wren", "discriminator": "0"}
    first = {"id": "1", "type": 0, "content": "hi <@222>", "channel_id": "7", "timestamp": "2022-03-05T15:10:00+00:00"}
    page = [
        first | {"author": author, "mentions": [{"id": "222", "username": "otter", "global_name": None}]},
        first | {"id": "2", "author": author | {"id": "9", "bot": True}, "content": "beep"},
        first | {"id": "3", "author": author, "type": 7, "content": ""},
        first | {"id": "4", "author": author, "content": "", "message_snapshots": [{"message": {"content": "passed on"}}]},
        first | {"id": "5", "author": author, "content": "", "sticker_items": [{"id": "1"}]},
    ]
    path = write("x.json", json.dumps(page))
    chat = read_chat(path)
    assert chat.report.format == "discord"
    assert chat.frame.collect().select("author", "name", "channel", "text").rows() == [
        ("111", "Wren", "7", "hi @otter"),
        ("9", "Wren", "7", "beep"),
    ]
    assert chat.report.bots == {"9"}
    assert skipped(chat) == {"system line": 1, "forwarded": 1, "media only": 1}
    assert texts(read_chat(path, with_quotes=True)) == ["hi @otter", "beep", "passed on"]


@pytest.mark.parametrize(
    "odd",
    [
        None, 5, "x", [], [[]], {}, {"id": "2"}, {"content": ["x"], "author": {}}, {"content": 5}, {"type": [], "content": "x"},
        {"type": {"a": 1}, "author": {"id": "1"}},
    ],
)  # fmt: skip
def test_what_is_no_message_is_malformed(odd: Any, write: Write) -> None:
    """Whatever stands in its place."""
    chat = read_chat(write("x.json", document(message(1), odd)))
    assert texts(chat) == ["text 1"]
    assert skipped(chat) == {"malformed": 1}


@pytest.mark.parametrize(
    "change",
    [
        {"author": None}, {"author": "wren"}, {"author": {"id": [], "name": {}}}, {"author": {"id": "  "}},
    ],
)  # fmt: skip
def test_a_message_without_an_author_is_nobodys(change: dict[str, Any], write: Write) -> None:
    """It is counted as such."""
    chat = read_chat(write("x.json", document(message(1), message(2, **change))))
    assert skipped(chat) == {"no author": 1}


def test_odd_values_beside_the_text_cost_nothing(write: Write) -> None:
    """Numbers, lists, halves of characters where strings should be."""
    odd = message(
        2, id=["x"], timestamp={"a": 1}, mentions=[None, 5, {"id": {}}], attachments=7, reference=[], forwardedMessage="x"
    )
    half = message(3, content="a\ud83d", timestamp=None)
    chat = read_chat(write("x.json", document(message(1), odd, half, channel=["no"], guild=None)))
    assert texts(chat) == ["text 1", "text 2", "a\N{REPLACEMENT CHARACTER}"]
    assert chat.frame.collect()["time"].null_count() == 2


def test_a_channel_that_breaks_off_is_read_so_far(write: Write) -> None:
    """The exporter was stopped: no end, no count."""
    whole = document(message(1), message(2), message(3))
    chat = read_chat(write("x.json", whole[: whole.index('"text 3"')]))
    assert texts(chat) == ["text 1", "text 2"]
    assert skipped(chat) == {"malformed": 1}
    assert any("breaks off" in note for note in chat.report.notes)


def test_a_channel_without_messages_says_so(write: Write) -> None:
    """It is known for what it is all the same."""
    with pytest.raises(ChatFileError, match="holds no message: it has no rows; read as discord"):
        read_chat(write("x.json", document()))


@pytest.mark.parametrize(
    "data",
    [
        '{"author": "wren", "content": "x", "messages": 1}',
        '{"messages": [{"author": {"name": "wren"}, "content": "x", "timestamp": "y"}]}',
        '[{"author": {"id": "1", "login": "wren"}, "content": "x", "channel_id": "7"}]',
        '{"guild": {"id": "1"}, "channel": "7", "messages": []}',
        'I said "author" and "messages"',
        "{" * 100_000 + '"author" "messages"',
        '{"guild":' * 10_000 + '"messages"',
    ],
)
def test_other_json_is_not_taken(data: str) -> None:
    """A message has to be one of Discord's."""
    assert DISCORD.detect(Head(data.encode(), ".json", complete=True)) is None


def test_the_real_sample(shared_data: Path) -> None:
    """Its five messages are four: two have the same id."""
    chat = read_chat(shared_data / "export-formats/chat-analytics/discord_SV_5A_5M.json")
    assert (chat.report.format, chat.report.read, chat.report.kept) == ("discord", 5, 4)
    found = chat.frame.collect()
    assert found["channel"].unique().to_list() == ["general-chiptune"]
    assert found["name"].unique(maintain_order=True).to_list() == ["Deleted User", "mlomb"]
    assert found["time"][0] == datetime(2018, 5, 20, 16, 9, 44, 209000, tzinfo=UTC)
