"""Events of Matrix."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from talklike.chat.matrix_events import event_of, events, is_event, new_content, one_a_line, replaced, room_of, sender_of, text_of
from talklike.chat.report import ReadReport
from talklike.chat.source import Source

Write = Callable[[str, str | bytes], Path]

EVENT = {
    "type": "m.room.message", "sender": "@wren:quay.example", "content": {"msgtype": "m.text", "body": "hi"}, "event_id": "$1",
    "origin_server_ts": 1600000000000,
}  # fmt: skip
ANSWER = {"m.relates_to": {"m.in_reply_to": {"event_id": "$0"}}}


def read(path: Path) -> list[tuple[Any, tuple[str | int, ...], int]]:
    """Return what stands where events are in a file."""
    with Source.of(path) as source:
        return list(events(source, ReadReport("", "", "")))


@pytest.mark.parametrize(
    "document",
    [
        [EVENT],
        {"room_name": "boats", "messages": [EVENT]},
        {"start": "s", "chunk": [EVENT], "end": "e"},
        {"next_batch": "s", "rooms": {"join": {"!r:quay.example": {"timeline": {"events": [EVENT], "limited": True}}}}},
        {"rooms": {"leave": {"!r:quay.example": {"state": {"events": [EVENT]}, "account_data": {"events": [EVENT]}}}}},
        {"events_before": [EVENT], "start": "s"},
        {"event": EVENT},
        {"room_id": "!r:quay.example", "events": [EVENT]},
        {"timeline": {"events": [EVENT]}},
        {"room_id": "!r:quay.example", "messages": {"chunk": [EVENT], "start": "s"}},
        {"rooms": [{"room_id": "!r:quay.example", "messages": {"chunk": [EVENT]}, "receipts": []}]},
        [{"decrypted": EVENT, "encrypted": {"type": "m.room.encrypted"}}],
    ],
)
def test_events_are_found_in_every_document_of_the_api(document: Any, write: Write) -> None:
    """Once each, and nothing else."""
    assert [event for event, _, _ in read(write("a.json", json.dumps(document)))] == [EVENT]


def test_events_may_stand_one_a_line(write: Write) -> None:
    """With their line numbers; a line that is no JSON is none of them."""
    line = json.dumps(EVENT) + "\n"
    path = write("events", line + "\noops\n" + line * 4)
    assert [(event, line) for event, _, line in read(path)] == [(EVENT, number) for number in (1, 4, 5, 6, 7)]
    for text in ("oops\n" + line, line + "oops\n" * 4, '{"a": 1}\n' * 9, line.replace("wren:", "wren")):
        with Source.of(write("events", text)) as source:
            assert not one_a_line(source.head)


def test_an_event_has_what_no_other_object_has() -> None:
    """A type, a content, someone on a server, and when or which."""
    assert is_event(EVENT)
    assert is_event({key: value for key, value in EVENT.items() if key != "event_id"})
    assert is_event({**EVENT, "sender": None} | {"sender": "@_irc_wren:[::1]:8448"})
    old = {**EVENT, "user_id": EVENT["sender"]}
    del old["sender"]
    assert is_event(old)
    assert sender_of(old) == sender_of(EVENT) == "@wren:quay.example"
    changes: list[dict[str, Any]] = [{"type": 7}, {"content": "hi"}, {"sender": "wren"}, {"sender": "@wren"}, {"sender": None}]
    for change in changes:
        assert not is_event({**EVENT, **change})
    others: list[Any] = [None, 7, "@a:b", [], [EVENT], {}]
    for value in others:
        assert not is_event(value)
        assert event_of(value) == value


def test_the_room_stands_in_the_event_or_in_the_path() -> None:
    """Of ``/sync`` alone."""
    path = ("rooms", "join", "!r:quay.example", "timeline", "events", 3)
    assert room_of(EVENT, path) == "!r:quay.example"
    assert room_of({**EVENT, "room_id": "!other:quay.example"}, path) == "!other:quay.example"
    assert room_of(EVENT, ("chunk", 3)) is None


def test_an_edit_names_what_it_replaces_and_with_what() -> None:
    """Old clients wrote the new text behind an asterisk."""
    relation = {"m.relates_to": {"rel_type": "m.replace", "event_id": "$0"}}
    content: dict[str, Any] = {"body": "* new", "m.new_content": {"body": "new"}, **relation}
    assert replaced({**EVENT, "content": content}) == "$0"
    assert new_content({**EVENT, "content": content}) == {"body": "new"}
    del content["m.new_content"]
    assert new_content({**EVENT, "content": content})["body"] == "new"
    assert replaced(EVENT) is None
    assert replaced({**EVENT, "content": ANSWER}) is None
    assert replaced({"content": {"m.relates_to": {"rel_type": "m.replace", "event_id": []}}}) is None
    assert new_content({}) == {}


@pytest.mark.parametrize(
    ("body", "content", "text"),
    [
        ("> <@otter:quay.example> old\n> words\n\nmine\n> typed", ANSWER, "mine\n> typed"),
        ("> * <@otter:quay.example> waves\n\nmine", ANSWER, "mine"),
        ("> <@otter:quay.example> old", ANSWER, ""),
        ("> <@otter:quay.example> old\nmine", ANSWER, "mine"),
        ("> typed by the author\n\nmine", ANSWER, "> typed by the author\n\nmine"),
        ("> <@otter:quay.example> typed\n\nmine", {}, "> <@otter:quay.example> typed\n\nmine"),
        ("> otter: old\n\nmine", {"formatted_body": "<mx-reply><blockquote>old</blockquote></mx-reply>mine"}, "mine"),
        ("mine", ANSWER, "mine"),
        (">_<", ANSWER, ">_<"),
    ],
)
def test_what_a_client_quoted_before_an_answer_is_left_out(body: str, content: dict[str, Any], text: str) -> None:
    """Only where it did so: in an answer, line by line, from the first line on."""
    content = {"body": body, **content}
    assert text_of({**EVENT, "content": content}, content, quotes=False) == text
    assert text_of({**EVENT, "content": content}, content, quotes=True) == body


def test_a_message_without_a_text_has_none() -> None:
    """Whatever stands in its place."""
    others: list[Any] = [None, 7, [], {}]
    for body in others:
        assert text_of(EVENT, {"body": body}, quotes=False) is None
