"""Signal's chats as JSON, value by value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from talklike.chat.json_items import Item
from talklike.chat.signal_json import Frames, from_lines, from_rows, is_frame, is_line, is_row, mentioned

if TYPE_CHECKING:
    from talklike.chat.signal_text import Said


def found(*values: Any) -> list[Item]:
    """Return values as they are found in a file."""
    return [Item((), value, line) for line, value in enumerate(values, start=1)]


def said(item: dict[str, Any], **more: object) -> dict[str, Any]:
    """Return a frame with an item of chat 1 by person 2."""
    return {"chatItem": {"chatId": "1", "authorId": "2", "dateSent": "1715636000000", "incoming": {}} | item | more}


PEOPLE: list[dict[str, Any]] = [
    {"version": "1", "backupTimeMs": "1715636551000"},
    {"account": {"givenName": "Wren", "familyName": "Quay"}},
    {"recipient": {"id": "1", "self": {}}},
    {
        "recipient": {
            "id": "2",
            "contact": {"aci": "QUNJ", "e164": "4479", "profileGivenName": "Otter", "nickname": {"given": "Ot"}},
        }
    },
    {"recipient": {"id": "3", "contact": {"pni": "UE5J", "e164": "4480"}}},
    {"recipient": {"id": "4", "group": {"masterKey": "TUs=", "snapshot": {"title": {"title": "Tea"}}}}},
    {"recipient": {"id": "5", "releaseNotes": {}}},
    {"recipient": {"id": "6", "contact": {"aci": "WA==", "systemGivenName": "Heron", "systemFamilyName": "Grey"}}},
    {"chat": {"id": "1", "recipientId": "4"}},
    {"chat": {"id": "2", "recipientId": "2"}},
]
TEXT = {"standardMessage": {"text": {"body": "hi"}}}


def frames(*values: object) -> list[Said]:
    """Return what these frames say, after those of the people."""
    return list(Frames().read(found(*PEOPLE, *values)))


def test_people_and_chats_have_the_names_that_signal_shows() -> None:
    """A nickname first, then the address book's, the profile's, the number."""
    read = frames(*(said(TEXT, authorId=str(i)) for i in (1, 2, 3, 5, 6, 9)), said(TEXT, chatId="2"), said(TEXT, chatId="7"))
    assert [(one.author, one.name) for one in read[:6]] == [
        ("self", "Wren Quay"),
        ("QUNJ", "Ot"),
        ("4480", "+4480"),
        ("Signal", "Signal"),
        ("WA==", "Heron Grey"),
        ("9", "9"),
    ]
    assert [one.channel for one in read] == ["Tea"] * 6 + ["Ot", None]


@pytest.mark.parametrize(
    ("item", "text", "reason"),
    [
        (TEXT, "hi", None),
        ({"standardMessage": {"text": {"body": "caption"}, "attachments": [{}]}}, "caption", None),
        ({"standardMessage": {"quote": {"text": {"body": "theirs"}}, "text": {"body": "mine"}}}, "mine", None),
        ({"directStoryReplyMessage": {"textReply": {"text": {"body": "nice"}}}}, "nice", None),
        ({"directStoryReplyMessage": {"emoji": "😀"}}, None, "media only"),
        ({"standardMessage": {"attachments": [{}]}}, None, "media only"),
        ({"stickerMessage": {}}, None, "media only"),
        ({"poll": {"question": "tea?"}}, None, "media only"),
        ({"remoteDeletedMessage": {}}, None, "deleted"),
        ({"updateMessage": {"groupChange": {}}}, None, "system line"),
        ({"standardMessage": {"text": {"body": 3}}}, None, "media only"),
        ({"standardMessage": 3}, None, "media only"),
    ],
)
def test_an_item_is_a_text_or_has_a_reason(item: dict[str, Any], text: str | None, reason: str | None) -> None:
    """What is quoted is not its author's, old versions aren't either."""
    (one,) = frames(said(item, revisions=[{"standardMessage": {"text": {"body": "old"}}}]))
    assert (one.text, one.reason) == (text, reason)


def test_odd_frames_cost_nothing_but_themselves() -> None:
    """Anything in place of objects."""
    odd: list[object] = [
        3,
        None,
        {"chatItem": 3},
        {"chatItem": {}},
        {"recipient": [1]},
        {"chat": "x"},
        {"account": None},
        {"recipient": {"id": {}}},
    ]
    assert [one.reason for one in frames(*odd, said(TEXT))] == ["malformed"] * 4 + [None]


def test_mentions_have_names() -> None:
    """Places are counted in units of UTF-16; other ranges are styles."""
    ranges = [{"start": 3, "length": 1, "mentionAci": "QUNJ"}, {"length": 2, "style": "BOLD"}, {"start": 6, "mentionUuid": "x"}]
    assert mentioned("😀 \ufffc, \ufffc!", ranges, {"QUNJ": "Ot"}) == "😀 @Ot, @x!"
    assert mentioned("\ufffc", [{"length": 1, "mentionAci": "a", "replacementText": "wren"}], {}) == "@wren"
    odd: list[object] = [None, 3, [3], [{"start": "x", "mentionAci": "a"}], [{"start": 5, "length": 9, "mentionAci": "a"}]]
    for one in (*odd, [{"mentionAci": {}}]):
        assert mentioned("text", one, {}) == "text"
    assert mentioned(None, ranges, {}) is None


def test_lines_of_signal_export() -> None:
    """Bodies end with two spaces; quotations and reactions stand apart."""
    line: dict[str, object] = {"date": "2023-04-05T09:15:01", "sender": "Wren", "body": "hi  ", "quote": "", "reactions": []}
    values: list[object] = [
        line,
        line | {"body": "mine\ntwo  ", "quote": "\n\n> theirs\n\n", "reactions": [["Me", "👍"]]},
        line | {"body": "  ", "attachments": [{"name": "a", "path": "media/a"}]},
        line | {"body": "  ", "sticker": "😀"},
        line | {"deleted": True},
        line | {"call": True, "body": "anything"},
        line | {"body": "Incoming call  "},
        line | {"sender": "No-Sender"},
        line | {"body": None},
        line | {"body": 3},
        {"date": "x"},
        3,
    ]
    read = list(from_lines(found(*values), quotes=False))
    assert [one.reason for one in read] == [
        None, None, "media only", "media only", "deleted", "system line", "system line", None, None,
        "malformed", "malformed", "malformed",
    ]  # fmt: skip
    assert [(one.author, one.text) for one in read if one.reason is None] == [
        ("Wren", "hi"),
        ("Wren", "mine\ntwo"),
        (None, "hi"),
        ("Wren", ""),
    ]
    assert next(iter(from_lines(found(values[1]), quotes=True))).text == "> theirs\n\nmine\ntwo"


def test_rows_of_sigtop() -> None:
    """The file's name says who the other is, unless it is a group's."""
    row = {"conversationId": "c", "type": "incoming", "body": "hi", "sourceServiceId": "u-1", "sent_at": 1672671845000}
    values = [
        row | {"type": "outgoing"},
        row,
        row | {"sourceServiceId": None, "source": "+316"},
        row | {"type": "keychange"},
        row | {"deletedForEveryone": True},
        row | {"body": "", "attachments": [{}]},
        row | {"body": 3},
        row | {"type": 3},
        3,
    ]
    read = list(from_rows(found(*values), "Wren (+316)"))
    assert [one.reason for one in read] == [
        None,
        None,
        None,
        "system line",
        "deleted",
        "media only",
        "malformed",
        "malformed",
        "malformed",
    ]
    assert [(one.author, one.name) for one in read[:3]] == [("You", None), ("u-1", "Wren"), ("+316", "Wren")]
    assert next(iter(from_rows(found(row), "Quay (group)"))).name is None


def test_the_layouts_are_told_by_their_fields() -> None:
    """And not by some of them."""
    assert is_line({"date": 1, "sender": 2, "body": 3, "quote": 4})
    assert not is_line({"date": 1, "sender": 2, "body": 3})
    assert is_row({"conversationId": 1, "type": 2, "sent_at": 3})
    assert not is_row({"conversationId": 1, "type": 2})
    assert not is_row(3)
    assert all(is_frame(one) for one in PEOPLE)
    assert not is_frame({"chat": 1, "user": 2})
