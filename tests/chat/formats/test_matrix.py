"""Rooms of Matrix, on invented events; no real export could be had."""

from __future__ import annotations

import io
import itertools
import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from talklike.chat.formats.matrix import MATRIX
from talklike.chat.read import read_chat
from talklike.chat.source import Source

Write = Callable[[str, str | bytes], Path]
WREN, OTTER, ROOM = "@wren:quay.example", "@otter:quay.example", "!r:quay.example"
START = datetime(2020, 9, 13, 12, 26, 40, tzinfo=UTC)
NUMBERS = itertools.count(1)


def event(body: str | None, kind: str = "m.room.message", /, sender: str = WREN, **content: Any) -> dict[str, Any]:
    """Return an event; of messages, one with a text."""
    number = next(NUMBERS)
    said = {} if body is None else {"msgtype": "m.text", "body": body}
    return {
        "type": kind, "sender": sender, "content": said | content, "origin_server_ts": 1600000000000 + 1000 * number,
        "unsigned": {"age": 7}, "event_id": f"${number}", "room_id": ROOM,
    }  # fmt: skip


def edit(of: dict[str, Any], body: str, **rest: Any) -> dict[str, Any]:
    """Return an edit."""
    content: dict[str, Any] = {
        "m.new_content": {"msgtype": "m.text", "body": body},
        "m.relates_to": {"rel_type": "m.replace", "event_id": of["event_id"]},
    }
    return event(f"* {body}", **content, **rest)


def state(kind: str, key: str = "", **content: Any) -> dict[str, Any]:
    """Return a state event."""
    return event(None, kind, **content) | {"state_key": key}


def exported(*messages: Any) -> str:
    """Return a room as Element exports it."""
    return json.dumps(
        {"room_name": "boats", "room_creator": "wren", "topic": "", "exported_by": "wren", "messages": messages}, indent=2
    )


def texts(path: Path, **options: Any) -> list[str]:
    """Return what was said."""
    return read_chat(path, **options).frame.collect()["text"].to_list()


def skipped(path: Path) -> dict[str, int]:
    """Return how many messages were left out, by reason."""
    return {reason: skip.count for reason, skip in read_chat(path).report.skipped.items()}


def test_an_exported_room_gives_people_their_names(write: Write) -> None:
    """From the events of their joining; those who joined before it have their ids."""
    first, second = event("hi\nyou"), event("ho", sender=OTTER)
    chat = read_chat(
        write("room.json", exported(state("m.room.member", WREN, membership="join", displayname="wren"), first, second))
    )
    assert chat.report.format == "matrix"
    times = [START + timedelta(milliseconds=one["origin_server_ts"] - 1600000000000) for one in (first, second)]
    expected = [(times[0], WREN, "wren", "boats", "hi\nyou"), (times[1], OTTER, OTTER, "boats", "ho")]
    assert chat.frame.collect().rows() == expected


def test_what_nobody_wrote_is_left_out_and_told(write: Write) -> None:
    """State, calls, reactions, files, what could not be decrypted or was deleted."""
    path = write(
        "room.json",
        exported(
            event("kept"),
            state("m.room.topic", topic="t"),
            event(None, "m.call.invite", call_id="1"),
            event("by the server", msgtype="m.server_notice"),
            event(None, "m.reaction", key="+1"),
            event("a.png", msgtype="m.image", url="mxc://x"),
            event("a.png", msgtype="m.image", filename="a.png"),
            event(None, "m.sticker", body="s"),
            event(None, "m.room.encrypted", algorithm="m", ciphertext="x"),
            event("** Unable to decrypt **", msgtype="m.bad.encrypted"),
            event(None),
            event("x") | {"unsigned": {"redacted_because": {}}},
            event(None, "m.poll.start", question="?"),
            event(""),
            event(None, msgtype="m.text"),
            event(None, "m.room.message", body="no kind"),
        ),
    )
    expected = {
        "system line": 3,
        "reaction": 1,
        "media only": 3,
        "encrypted": 2,
        "deleted": 2,
        "poll": 1,
        "empty": 1,
        "malformed": 2,
    }
    assert skipped(path) == expected
    assert texts(path) == ["kept"]


def test_notices_actions_and_captions_are_kept(write: Write) -> None:
    """An action without its nick, as on IRC."""
    messages = [
        event("beep", msgtype="m.notice"),
        event("waves", msgtype="m.emote"),
        event("the quay", msgtype="m.image", filename="a.png"),
    ]
    assert texts(write("room.json", exported(*messages))) == ["beep", "waves", "the quay"]


@pytest.mark.parametrize("backwards", [False, True])
def test_an_edited_message_counts_once_with_its_last_text(backwards: bool, write: Write) -> None:
    """In its own place, whether the edits come before or after it."""
    original = event("tpyo")
    page = [original, event("between"), edit(original, "typo"), edit(original, "typo!"), edit(original, "hacked", sender=OTTER)]
    expected = ["typo!", "between"]
    path = write("page.json", json.dumps({"chunk": page[::-1] if backwards else page, "start": "s", "end": "e"}))
    assert texts(path) == (expected[::-1] if backwards else expected)
    assert skipped(path) == {"edit": 3}


def test_an_edit_of_a_message_that_is_not_there_stands_for_it(write: Write) -> None:
    """The last one, once."""
    gone = event("x")
    path = write("page.json", json.dumps({"chunk": [edit(gone, "typo"), edit(gone, "typo!")]}))
    assert texts(path) == ["typo!"]
    assert skipped(path) == {"edit": 1}


def test_pages_of_a_room_belong_together(tmp_path: Path) -> None:
    """Edits, deletions and names may be on another page than what they are about; events that are on two count once."""
    first, second, third = event("tpyo"), event("secret"), event("ho", sender=OTTER)
    pages = [
        [edit(first, "typo"), event(None, "m.room.redaction") | {"redacts": second["event_id"]}, third],
        [third, first, second, state("m.room.name", name="boats"), state("m.room.member", OTTER, displayname="otter")],
    ]
    for number, page in enumerate(pages):
        (tmp_path / f"{number}.json").write_text(json.dumps({"chunk": page, "end": f"t{number}"}))
    chat = read_chat(tmp_path)
    expected = [(OTTER, "otter", "boats", "ho"), (WREN, WREN, "boats", "typo")]
    assert chat.frame.collect().select("author", "name", "channel", "text").rows() == expected
    assert skipped(tmp_path) == {"edit": 1, "system line": 3, "duplicate id": 1, "deleted": 1}


def test_answers_lose_what_they_answer(write: Write) -> None:
    """Which the client wrote before them; what the author marked as quoted stays."""
    answer: dict[str, Any] = {"m.relates_to": {"m.in_reply_to": {"event_id": "$0"}}}
    old = "> <@otter:quay.example> old words"
    path = write("room.json", exported(event(f"{old}\n\nmine", **answer), event(old, **answer), event("> typed\nmine")))
    assert texts(path) == ["mine", "> typed\nmine"]
    assert skipped(path) == {"quotation only": 1}
    assert texts(path, with_quotes=True) == [f"{old}\n\nmine", old, "> typed\nmine"]


def test_a_sync_dump_has_its_rooms_in_the_path(write: Write) -> None:
    """State and timeline of each, nothing of the account's own data."""
    rooms: dict[str, Any] = {}
    for key, name in (("!a:q.example", "boats"), ("!b:q.example", None)):
        timeline = [event(f"in {key}"), event("ho", sender=OTTER)]
        known = [state("m.room.member", WREN, displayname=f"wren of {key}"), *([state("m.room.name", name=name)] if name else [])]
        for one in timeline + known:
            del one["room_id"]
        rooms[key] = {
            "timeline": {"events": timeline, "limited": False},
            "state": {"events": known},
            "ephemeral": {"events": [{}]},
        }
    account = {"events": [{"type": "m.push_rules", "content": {"global": {}}}]}
    chat = read_chat(write("sync.json", json.dumps({"next_batch": "s", "account_data": account, "rooms": {"join": rooms}})))
    assert chat.frame.collect().select("name", "channel", "text").rows() == [
        ("wren of !a:q.example", "boats", "in !a:q.example"),
        (OTTER, "boats", "ho"),
        ("wren of !b:q.example", "!b:q.example", "in !b:q.example"),
        (OTTER, "!b:q.example", "ho"),
    ]


def test_events_may_stand_one_a_line(write: Write) -> None:
    """As a server exports them; a damaged line is one malformed message."""
    lines = [json.dumps(event("hi")), *[json.dumps(event("ho")) for _ in range(5)], "oops"]
    path = write("events", "\n".join(lines))
    chat = read_chat(path)
    assert chat.report.format == "matrix"
    assert chat.report.kept == 6
    assert chat.report.skipped["malformed"].places == [f"{path}:7"]


def test_standard_input_is_read_twice_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """For edits that come after what they change."""
    original = event("tpyo")
    content = exported(original, edit(original, "typo")).encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    assert read_chat("-").frame.collect()["text"].to_list() == ["typo"]


def test_too_many_edits_are_told(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """The messages are then what they were."""
    monkeypatch.setattr(import_module("talklike.chat.matrix_survey"), "MOST_EDITED", 1)
    original = event("tpyo")
    chat = read_chat(write("room.json", exported(original, edit(original, "typo"))))
    assert chat.frame.collect()["text"].to_list() == ["tpyo"]
    assert any("more edits than are remembered" in note for note in chat.report.notes)


@pytest.mark.parametrize("odd", [None, True, 7, 1e300, float("nan"), "", "\ud800", [], [[]], {}, {"a": 1}, "x" * 2000])
def test_any_value_may_stand_anywhere(odd: Any, write: Write) -> None:
    """Each event is kept or counted, whatever one of its fields holds."""
    first = event("kept")
    whole = edit(first, "new")
    changed = [{**whole, key: odd} for key in whole] + [
        {**whole, "content": {**whole["content"], key: odd}} for key in whole["content"]
    ]
    changed += [{**event("a"), key: odd} for key in first] + [{**event("a"), "content": {"msgtype": odd, "body": odd}}]
    chat = read_chat(write("room.json", exported(first, odd, *changed)))
    assert chat.report.read == len(changed) + 2


@pytest.mark.parametrize(
    "text",
    [
        '{"messages": []}',
        '{"messages": [{"type": "message", "content": "hi", "sender": "@wren:quay"}]}',
        '[{"type": "m.room.message", "content": {"body": "hi"}, "sender": "wren", "event_id": "$1"}]',
        '{"type": "message", "content": {}, "sender": "@a:b"}\n',
        'she wrote "content" and "@wren:quay.example" on the wall',
    ],
)
def test_other_files_are_not_taken(text: str, write: Write) -> None:
    """Not even those that share a field or two."""
    with Source.of(write("other.json", text)) as source:
        assert MATRIX.detect(source.head) is None
