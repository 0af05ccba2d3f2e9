"""Google Hangouts, on invented conversations in the layouts of published ones."""

from __future__ import annotations

import io
import itertools
import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from talklike.chat.formats.hangouts import HANGOUTS
from talklike.chat.read import read_chat
from talklike.chat.source import Source

Write = Callable[[str, str | bytes], Path]
NUMBERS = itertools.count(1)


def ids(person: str) -> dict[str, str]:
    """Return who someone is."""
    return {"gaia_id": person, "chat_id": person}


def event(person: str, **rest: Any) -> dict[str, Any]:
    """Return an event."""
    number = next(NUMBERS)
    return {
        "conversation_id": {"id": "UgxA"}, "sender_id": ids(person), "timestamp": "1391234567890123", "event_id": f"e{number}",
        "event_type": "REGULAR_CHAT_MESSAGE", "self_event_state": {"user_id": ids("1")}, **rest,
    }  # fmt: skip


def said(person: str, *segments: Any, attached: list[Any] | None = None, **rest: Any) -> dict[str, Any]:
    """Return a message."""
    content = {} if attached is None else {"attachment": attached}
    return event(person, chat_message={"message_content": {"segment": list(segments), **content}}, **rest)


def piece(text: str, kind: str = "TEXT") -> dict[str, Any]:
    """Return a piece of a message."""
    return {"type": kind, "text": text, "formatting": {}}


def about(**rest: Any) -> dict[str, Any]:
    """Return what is said of a conversation."""
    people = [{"id": ids("1"), "fallback_name": "wren"}, {"id": ids("2"), "fallback_name": "otter"}, {"id": ids("3")}]
    return {
        "id": {"id": "UgxA"},
        "type": "STICKY_ONE_TO_ONE",
        "current_participant": [ids("1")],
        "participant_data": people,
    } | rest


def newer(events: list[Any], **rest: Any) -> dict[str, Any]:
    """Return a conversation as exports since 2016 have it."""
    return {"conversation": {"conversation_id": {"id": "UgxA"}, "conversation": about(**rest)}, "events": events}


def older(events: list[Any], **rest: Any) -> dict[str, Any]:
    """Return a conversation as earlier exports have it."""
    inside = {"conversation_id": {"id": "UgxA"}, "conversation": about(**rest), "event": events}
    return {"conversation_id": {"id": "UgxA"}, "response_header": {"status": "OK"}, "conversation_state": inside}


MESSAGES = [
    said(
        "1",
        piece("see "),
        piece("http://a.example", "LINK"),
        {"type": "LINE_BREAK"},
        piece("now"),
        {"type": "LINE_BREAK", "text": "\n"},
    ),
    said("2", piece("ok")),
]
DOCUMENTS = {
    "newer": {"conversations": [newer([]), newer(MESSAGES)]},
    "older": {"continuation_end_timestamp": "0", "conversation_state": [older([]), older(MESSAGES)]},
    "events first": {"conversations": [{"events": MESSAGES, "conversation": newer([])["conversation"]}]},
}


@pytest.mark.parametrize("layout", DOCUMENTS)
def test_each_layout_gives_people_times_and_channels(layout: str, write: Write) -> None:
    """Pieces are put together; a conversation without a name is called after those in it."""
    chat = read_chat(write("Hangouts.json", json.dumps(DOCUMENTS[layout])))
    assert chat.report.format == "hangouts"
    when = datetime(2014, 2, 1, 6, 2, 47, 890123, tzinfo=UTC)
    assert chat.frame.collect().rows() == [
        (when, "1", "wren", "otter, wren", "see http://a.example\nnow\n"),
        (when, "2", "otter", "otter, wren", "ok"),
    ]


def test_names_that_come_after_the_events_are_known_on_standard_input_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is then read twice."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(json.dumps(DOCUMENTS["events first"]).encode())))
    assert read_chat("-").frame.collect()["name"].to_list() == ["wren", "otter"]


def test_a_group_has_a_name_or_its_id(write: Write) -> None:
    """And who has no name is called by another conversation's, or by the id."""
    nameless = {"participant_data": [{"id": ids("1")}, {"id": ids("9")}]}
    conversations = [
        newer([said("1", piece("a"))], name="boats"),
        newer([said("1", piece("b")), said("9", piece("c"))], **nameless),
    ]
    chat = read_chat(write("Hangouts.json", json.dumps({"conversations": conversations})))
    assert chat.frame.collect().select("name", "channel").rows() == [("wren", "boats"), ("wren", "UgxA"), ("9", "UgxA")]


def test_what_nobody_wrote_is_left_out_and_told(write: Write) -> None:
    """Calls, joins, new names, pictures, places."""
    photo = {"embed_item": {"type": ["PLUS_PHOTO"], "plus_photo": {}}, "id": "1"}
    place = {"embed_item": {"type": ["PLACE_V2"], "id": "https://maps.example/?q=1,2"}, "id": "2"}
    events = [
        said("1", piece("kept"), attached=[photo]),
        said("1", attached=[photo]),
        said("1", piece("https://maps.example/?q=1,2", "LINK"), attached=[place]),
        event("1", hangout_event={"event_type": "START_HANGOUT"}, event_type="HANGOUT_EVENT"),
        event("1", membership_change={"type": "JOIN"}, event_type="ADD_USER"),
        event("1", conversation_rename={"new_name": "x", "old_name": ""}, event_type="RENAME_CONVERSATION"),
        event("1", event_type="VOICEMAIL"),
        said("1"),
        said("", piece("nobody")),
        {"odd": 7},
    ]
    chat = read_chat(write("Hangouts.json", json.dumps({"conversations": [newer(events)]})))
    assert chat.frame.collect()["text"].to_list() == ["kept"]
    expected = {"media only": 3, "system line": 3, "empty": 1, "no author": 1, "malformed": 1}
    assert {reason: skip.count for reason, skip in chat.report.skipped.items()} == expected


@pytest.mark.parametrize("odd", [None, True, 7, 1e300, float("nan"), "", "\ud800", [], [[]], {}, {"a": 1}, "x" * 2000])
def test_any_value_may_stand_anywhere(odd: Any, write: Write) -> None:
    """Each event is kept or counted, whatever one of its fields holds; so is what is said of conversations."""
    first = said("1", piece("kept"), attached=[{"embed_item": {"id": "x"}}])
    changed = [{**first, key: odd} for key in first]
    changed += [said("1", odd), said("1", {"type": odd, "text": odd}), said("1", piece("a"), attached=[odd, {"embed_item": odd}])]
    changed += [{**first, "chat_message": {"message_content": odd}}, {**first, "sender_id": {"gaia_id": odd}}]
    conversations = [newer([first, odd, *changed])]
    conversations += [newer([], **{key: odd}) for key in about()] + [
        newer([], participant_data=[odd, {"id": odd, "fallback_name": odd}])
    ]
    path = write(
        "Hangouts.json", json.dumps({"conversations": [*conversations, odd, {"events": odd, "conversation": odd}], "x": odd})
    )
    assert read_chat(path).report.read == len(changed) + (3 if odd == [[]] else 2)


@pytest.mark.parametrize(
    "text",
    [
        '{"conversations": []}',
        '{"conversations": [{"id": "8:otter", "MessageList": [{"sender_id": 7, "gaia_id": 7}]}]}',
        '{"conversations": [{"events": [{"sender_id": "1"}]}]}',
        'she wrote "gaia_id" and "conversations" on the wall',
    ],
)
def test_other_files_are_not_taken(text: str, write: Write) -> None:
    """Not even those that share a field or two."""
    with Source.of(write("other.json", text)) as source:
        assert HANGOUTS.detect(source.head) is None
