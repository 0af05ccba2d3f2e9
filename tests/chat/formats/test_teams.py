"""Microsoft Teams and Skype, on invented messages in the layouts of published ones."""

from __future__ import annotations

import io
import itertools
import json
import tarfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from talklike.chat.formats.teams import TEAMS
from talklike.chat.read import read_chat
from talklike.chat.source import Source

Write = Callable[[str, str | bytes], Path]
NUMBERS = itertools.count(1549000000000)
NOBODY: dict[str, Any] = {"from": None}
EDIT = '<e_m a="live:wren" ts_ms="1549000000123" ts="1549000000" t="61"></e_m>'


def message(content: Any, kind: str = "RichText", sender: str = "8:live:wren", **rest: Any) -> dict[str, Any]:
    """Return a message of Skype."""
    return {
        "id": str(next(NUMBERS)), "displayName": None, "originalarrivaltime": "2019-02-03T12:13:43.861Z", "messagetype": kind,
        "version": 1549000000000, "content": content, "conversationid": "8:otter", "from": sender, "properties": None,
        "amsreferences": None,
    } | rest  # fmt: skip


def conversation(*messages: Any, **rest: Any) -> dict[str, Any]:
    """Return a conversation of Skype's export."""
    said = {"id": "8:otter", "displayName": "otter", "version": 1, "properties": {}, "threadProperties": None}
    return said | rest | {"MessageList": list(messages)}


def export(*conversations: Any) -> str:
    """Return an export of Skype."""
    return json.dumps({"userId": "8:live:wren", "exportDate": "2019-02-03T12:14", "conversations": conversations})


def chat_message(content: Any, kind: str = "html", **rest: Any) -> dict[str, Any]:
    """Return a message of Graph."""
    return {
        "id": str(next(NUMBERS)), "replyToId": None, "messageType": "message", "createdDateTime": "2021-03-28T20:48:29.83Z",
        "deletedDateTime": None, "chatId": "19:a@thread.v2", "channelIdentity": None, "attachments": [],
        "from": {"application": None, "device": None, "user": {"id": "u7", "displayName": "wren"}},
        "body": {"contentType": kind, "content": content},
    } | rest  # fmt: skip


def page(*messages: Any) -> str:
    """Return a page of Graph."""
    return json.dumps({"@odata.context": "https://graph.example/$metadata#chats('x')/messages", "value": messages})


def texts(path: Path, **options: Any) -> list[str]:
    """Return what was said."""
    return read_chat(path, **options).frame.collect()["text"].to_list()


def skipped(path: Path) -> dict[str, int]:
    """Return how many messages were left out, by reason."""
    return {reason: skip.count for reason, skip in read_chat(path).report.skipped.items()}


def test_an_export_gives_people_and_conversations_their_names(write: Write) -> None:
    """Of two who talk, the other's name is the conversation's; one's own is nowhere."""
    group = {"id": "19:x@thread.skype", "displayName": None, "threadProperties": {"topic": "boats", "membercount": 3}}
    conversations = [
        conversation(id="48:calllogs", displayName=None),
        conversation(message("hi"), message("ho", sender="8:otter")),
        conversation(message("a", sender="8:otter"), message("b", sender="8:heron", displayName="heron"), **group),
        conversation(message("c", sender="8:heron"), id="19:y@thread.skype", displayName=None),
    ]
    chat = read_chat(write("messages.json", export(*conversations)))
    assert chat.report.format == "teams"
    assert chat.frame.collect()["time"].unique().to_list() == [datetime(2019, 2, 3, 12, 13, 43, 861000, tzinfo=UTC)]
    assert chat.frame.collect().select("author", "name", "channel", "text").rows() == [
        ("8:live:wren", "live:wren", "otter", "hi"),
        ("8:otter", "otter", "otter", "ho"),
        ("8:otter", "otter", "boats", "a"),
        ("8:heron", "heron", "boats", "b"),
        ("8:heron", "heron", "19:y@thread.skype", "c"),
    ]


def test_ids_of_people_without_a_number_before_them_get_their_names(write: Write) -> None:
    """Some exports name who wrote by the account alone, while the conversation's id has the number."""
    conversations = [conversation(message("hi", sender="live:wren"), message("ho", sender="otter"), displayName="Otter O.")]
    chat = read_chat(write("messages.json", export(*conversations)))
    assert chat.frame.collect().select("author", "name", "text").rows() == [
        ("live:wren", "live:wren", "hi"),
        ("otter", "Otter O.", "ho"),
    ]


def test_an_export_is_read_out_of_its_archive(tmp_path: Path) -> None:
    """Beside the list of devices and the pictures."""
    with tarfile.open(tmp_path / "8_live_wren_export.tar", "w") as archive:
        for name, content in (
            ("messages.json", export(conversation(message("hi")))),
            ("endpoints.json", "[]"),
            ("media/a.1.jpg", "x"),
        ):
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content.encode()))
    assert texts(tmp_path / "8_live_wren_export.tar") == ["hi"]


def test_kinds_of_messages_decide_how_their_text_is_read(write: Write) -> None:
    """Rich text keeps its blanks, HTML has none, plain text is what it is."""
    kinds = [message("a  &amp;\nb"), message("<p>a  b</p>", "RichText/Html"), message("a &amp; <b>", "Text"), message("<p>a</p>")]
    assert texts(write("messages.json", export(conversation(*kinds)))) == ["a  &\nb", "a b", "a &amp; <b>", "a"]


def test_what_nobody_wrote_is_left_out_and_told(write: Write) -> None:
    """Files, calls, joins, polls, quotations, what was deleted or passed on."""
    path = write(
        "messages.json",
        export(
            conversation(
                message("kept"),
                message('<URIObject type="Picture.1">see <a href="x">x</a></URIObject>', "RichText/UriObject"),
                message("<URIObject/>", "RichText/Media_GenericFile"),
                message('<URIObject type="Picture.1">x</URIObject>'),
                message("<partlist/>", "Event/Call"),
                message("<addmember/>", "ThreadActivity/AddMember"),
                message("{}", "Poll"),
                message("", properties={"deletetime": "1549000000999"}),
                message(EDIT),
                message("<quote>old</quote>"),
                message("theirs", properties={"forwardMetadata": {"id": "7"}}),
                message(""),
                message(None),
                message("nobody", sender=""),
            )
        ),
    )
    expected = {
        "media only": 3, "system line": 2, "poll": 1, "deleted": 2, "quotation only": 1, "forwarded": 1, "empty": 2,
        "no author": 1,
    }  # fmt: skip
    assert skipped(path) == expected
    assert texts(path) == ["kept"]
    assert texts(path, with_quotes=True) == ["kept", "> old\n", "theirs"]


def test_an_edited_message_counts_once(write: Write) -> None:
    """Exports hold it twice, with the same mark; the newer comes first."""
    conversations = [
        conversation(message(f"newer{EDIT}"), message("a"), message(f"older{EDIT}")),
        conversation(message(f"b{EDIT}"), id="8:heron"),
    ]
    path = write("messages.json", export(*conversations))
    assert texts(path) == ["newer", "a", "b"]
    assert skipped(path) == {"old version": 1}


def test_messages_of_graph_have_people_and_texts(write: Write) -> None:
    """Answers stand inside what they answer; apps write too."""
    app: dict[str, Any] = {"from": {"user": None, "application": {"id": "a7", "displayName": "beeper"}}}
    channel: dict[str, Any] = {"chatId": None, "channelIdentity": {"teamId": "t", "channelId": "19:c@thread.tacv2"}}
    messages = [
        chat_message("a  b", "text"),
        chat_message('<p><at id="0">otter</at>&nbsp;hi</p>', replies=[chat_message("<p>ho</p>", **app)]),
        chat_message("<p>c</p>", **channel),
        chat_message('<attachment id="1"></attachment><p>mine</p>', attachments=[{"contentType": "messageReference"}]),
    ]
    chat = read_chat(write("page.json", page(*messages)))
    assert chat.report.format == "teams"
    assert chat.frame.collect()["time"].unique().to_list() == [datetime(2021, 3, 28, 20, 48, 29, 830000, tzinfo=UTC)]
    assert chat.frame.collect().select("author", "name", "channel", "text").rows() == [
        ("u7", "wren", "19:a@thread.v2", "a  b"),
        ("u7", "wren", "19:a@thread.v2", "@otter hi"),
        ("a7", "beeper", "19:a@thread.v2", "ho"),
        ("u7", "wren", "19:c@thread.tacv2", "c"),
        ("u7", "wren", "19:a@thread.v2", "mine"),
    ]


def test_what_nobody_wrote_is_left_out_of_graph_too(write: Write) -> None:
    """Events, pictures, what was deleted or passed on."""
    forwarded = {"contentType": "forwardedMessageReference", "content": json.dumps({"originalMessageContent": "<p>theirs</p>"})}
    path = write(
        "page.json",
        json.dumps(
            [
                chat_message("<p>kept</p>"),
                chat_message("<systemEventMessage/>", messageType="systemEventMessage", **NOBODY),
                chat_message("", deletedDateTime="2021-03-28T21:00:00Z"),
                chat_message("<p><img src='x'></p>"),
                chat_message("<attachment id='1'></attachment>", attachments=[{"contentType": "reference"}]),
                chat_message("<attachment id='1'></attachment>", attachments=[{"contentType": "messageReference"}]),
                chat_message("<attachment id='1'></attachment>", attachments=[forwarded]),
                chat_message("<attachment id='1'></attachment>", attachments=[{**forwarded, "content": "oops"}]),
                chat_message("<p></p>"),
                chat_message("<p>nobody</p>", **NOBODY),
                {"createdDateTime": "2021-03-28T20:48:29Z"},
            ]
        ),
    )
    expected = {
        "system line": 1, "deleted": 1, "media only": 2, "quotation only": 1, "forwarded": 2, "empty": 1,
        "no author": 1, "malformed": 1,
    }  # fmt: skip
    assert skipped(path) == expected
    assert texts(path, with_quotes=True) == ["kept", "theirs"]


def test_messages_of_the_service_have_addresses_for_ids(write: Write) -> None:
    """Of people and of conversations; the id is the last step."""
    address = "https://emea.example/v1/users/ME"
    one = message("<div>hi</div>", "RichText/Html", f"{address}/contacts/8:orgid:abc", imdisplayname="wren")
    del one["displayName"], one["conversationid"]
    one["conversationLink"] = f"{address}/conversations/19:x@thread.v2"
    chat = read_chat(write("page.json", json.dumps({"messages": [one, message("<x/>", "ThreadActivity/AddMember")]})))
    assert chat.frame.collect().select("author", "name", "channel", "text").rows() == [
        ("8:orgid:abc", "wren", "19:x@thread.v2", "hi"),
    ]


def test_an_export_that_begins_with_empty_conversations_is_recognised(write: Write) -> None:
    """Calls and notices come first, often a hundred of them."""
    conversations = [conversation(id=f"19:{i}@thread.skype") for i in range(100)]
    assert texts(write("messages.json", export(*conversations, conversation(message("hi"))))) == ["hi"]


@pytest.mark.parametrize("odd", [None, True, 7, 1e300, float("nan"), "", "\ud800", [], [[]], {}, {"a": 1}, "x" * 2000])
def test_any_value_may_stand_anywhere(odd: Any, write: Write) -> None:
    """Each message is kept or counted, whatever one of its fields holds; so is what is said of conversations."""
    first = message("kept", properties={})
    changed = [{**message("a"), key: odd} for key in first] + [
        message("a", properties={"deletetime": odd, "forwardMetadata": odd})
    ]
    others = [conversation(**{key: odd}) for key in conversation() if key != "MessageList"]
    others += [conversation(threadProperties={"topic": odd}), odd, {"MessageList": odd}]
    chat = read_chat(write("messages.json", export(conversation(first, odd, *changed), *others)))
    assert chat.report.read - len(changed) in (2, 3, 4)  # what is no conversation counts too, unless it is empty
    first = chat_message("<p>kept</p>", replies=[])
    changed = [{**chat_message("<p>a</p>"), key: odd} for key in first]
    changed += [
        chat_message(odd),
        chat_message("", attachments=[odd, {"contentType": odd, "content": odd}]),
        chat_message("a", odd),
    ]
    changed += [{**chat_message("a"), "from": {"user": odd}}, chat_message("a", channelIdentity={"channelId": odd}, chatId=None)]
    chat = read_chat(write("page.json", page(first, odd, *changed)))
    assert chat.report.read - len(changed) in (2, 3)  # a list in place of the answers holds one more


@pytest.mark.parametrize(
    "text",
    [
        '{"conversations": [], "MessageList": []}',
        '{"conversations": [{"events": [{"messagetype": "RichText"}]}]}',
        '{"value": [{"createdDateTime": "x", "body": {"content": "a mail"}, "from": {"emailAddress": {}}, "messageType": "x"}]}',
        '{"value": [{"createdDateTime": "x", "body": {"content": "a task"}, "title": "x"}]}',
        '{"messages": [{"messagetype": "Text", "content": "hi"}]}',
        'she wrote "messagetype" and "createdDateTime" on the wall',
    ],
)
def test_other_files_are_not_taken(text: str, write: Write) -> None:
    """Not even those that share a field or two."""
    with Source.of(write("other.json", text)) as source:
        assert TEAMS.detect(source.head) is None
