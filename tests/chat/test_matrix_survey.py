"""What must be known of an export of Matrix before it is read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from talklike.chat import matrix_survey
from talklike.chat.matrix_survey import Survey, Surveys
from talklike.chat.source import Source
from talklike.chat.tree import open_tree

if TYPE_CHECKING:
    from pathlib import Path

WREN, OTTER, ROOM = "@wren:quay.example", "@otter:quay.example", "!r:quay.example"


def event(key: str, body: str, *, sender: str = WREN, time: Any = 1, **content: Any) -> dict[str, Any]:
    """Return a message."""
    return {
        "type": "m.room.message", "sender": sender, "event_id": key, "room_id": ROOM, "origin_server_ts": time,
        "content": {"msgtype": "m.text", "body": body, **content},
    }  # fmt: skip


def edit(key: str, target: str, body: str, **rest: Any) -> dict[str, Any]:
    """Return an edit."""
    content: dict[str, Any] = {
        "m.new_content": {"msgtype": "m.text", "body": body},
        "m.relates_to": {"rel_type": "m.replace", "event_id": target},
    }
    return event(key, f"* {body}", **rest, **content)


def state(kind: str, key: str, *, time: int = 1, room: str = ROOM, **content: Any) -> dict[str, Any]:
    """Return a state event."""
    return {"type": kind, "state_key": key, "sender": WREN, "room_id": room, "origin_server_ts": time, "content": content}


def redaction(target: str) -> dict[str, Any]:
    """Return a deletion."""
    return {"type": "m.room.redaction", "sender": WREN, "redacts": target, "content": {}}


def surveyed(*found: Any) -> Survey:
    """Return what is known after some events."""
    survey = Survey()
    for one in found:
        survey.learn(one, ())
    survey.finish()
    return survey


def test_the_last_edit_counts_whatever_the_order() -> None:
    """By the time of the server, then by id; only the author's own."""
    original = event("$1", "old")
    edits = [
        edit("$2", "$1", "new", time=2),
        edit("$3", "$1", "newest", time=3),
        edit("$4", "$1", "theirs", time=9, sender=OTTER),
    ]
    for found in ([original, *edits[:2]], [*edits[1::-1], original], [edits[0], original, edits[1]]):
        survey = surveyed(*found)
        assert survey.newest(original)["body"] == "newest"
        assert not any(survey.stands_alone(one) for one in found)
    assert surveyed(original, edits[2]).newest(original)["body"] == "old"
    assert surveyed(original).newest(original)["body"] == "old"


def test_an_edit_that_was_deleted_counts_for_nothing() -> None:
    """What it replaced is the message again."""
    original, change = event("$1", "old"), edit("$2", "$1", "new")
    assert surveyed(original, change, redaction("$2")).newest(original)["body"] == "old"


def test_what_the_server_put_into_an_event_is_an_edit_too() -> None:
    """The later of it and of those in the export."""
    original = event("$1", "old")
    original["unsigned"] = {"m.relations": {"m.replace": edit("$2", "$1", "bundled", time=5)}}
    assert surveyed(original).newest(original)["body"] == "bundled"
    assert surveyed(original, edit("$3", "$1", "later", time=6)).newest(original)["body"] == "later"
    assert surveyed(original, edit("$3", "$1", "earlier", time=4)).newest(original)["body"] == "bundled"
    oddities: list[Any] = [None, 7, [], {}, {"content": 7}, {"content": {}}, {"content": {"m.new_content": {}}, "sender": WREN}]
    for odd in oddities:
        assert surveyed(original).newest({**original, "unsigned": {"m.relations": {"m.replace": odd}}})["body"] == "old"


def test_the_last_edit_of_what_is_not_there_stands_for_it() -> None:
    """Earlier ones don't."""
    first, second = edit("$2", "$1", "new", time=2), edit("$3", "$1", "newest", time=3)
    survey = surveyed(first, second)
    assert survey.stands_alone(second)
    assert not survey.stands_alone(first)
    assert survey.newest(second)["body"] == "newest"


def test_deletions_are_known_in_both_spellings() -> None:
    """Room version 11 moved the target into the content."""
    survey = surveyed(redaction("$1"), {"type": "m.room.redaction", "content": {"redacts": "$2"}})
    assert survey.is_redacted(event("$1", "x"))
    assert survey.is_redacted(event("$2", "x"))
    assert not survey.is_redacted(event("$3", "x"))
    assert not survey.is_redacted({})


def test_people_have_the_last_name_that_they_took_in_a_room() -> None:
    """Else the last anywhere; a leave without a name takes none away."""
    survey = surveyed(
        state("m.room.member", OTTER, time=5, displayname="Otter II", membership="join"),
        state("m.room.member", OTTER, time=4, displayname="Otter", membership="join"),
        state("m.room.member", OTTER, time=6, membership="leave"),
        state("m.room.member", OTTER, time=9, room="!s:quay.example", displayname="Lutra"),
    )
    assert survey.name(ROOM, OTTER) == "Otter II"
    assert survey.name("!s:quay.example", OTTER) == survey.name(None, OTTER) == "Lutra"
    assert survey.name(ROOM, WREN) is None
    assert survey.name(None, None) is None


def test_rooms_have_a_name_or_an_alias_or_their_id() -> None:
    """In this order, the last of each."""
    alias = state("m.room.canonical_alias", "", alias="#boats:quay.example")
    names = [state("m.room.name", "", time=time, name=f"boats {time}") for time in (2, 1)]
    assert surveyed(alias, *names).room(ROOM) == "boats 2"
    assert surveyed(alias).room(ROOM) == "#boats:quay.example"
    assert surveyed().room(ROOM) == ROOM
    assert surveyed().room(None) is None


ODD: list[Any] = [None, True, 7, 1e300, float("nan"), float("inf"), 10**400, "", "x", "\ud800", [], [[]], {}, {"a": None}]


@pytest.mark.parametrize("odd", ODD)
def test_any_value_may_stand_anywhere(odd: Any) -> None:
    """Without an exception."""
    found: list[Any] = [odd]
    for one in (edit("$2", "$1", "new"), event("$1", "old"), state("m.room.member", OTTER, displayname="o"), redaction("$1")):
        found += [{**one, key: odd} for key in [*one, "unsigned"]]
        found += [{**one, "content": {**one["content"], key: odd}} for key in one["content"]]
        found.append({**one, "unsigned": {"m.relations": odd}})
    survey = surveyed(*found)
    for one in found:
        if isinstance(one, dict):
            survey.newest(one)
            survey.is_redacted(one)
            survey.stands_alone(one)


def test_edits_beyond_what_is_remembered_are_not_put_in_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """The memory is bounded, and that it was reached is told."""
    original = event("$1", "old")
    monkeypatch.setattr(matrix_survey, "MOST_EDITED", 50)
    survey = surveyed(original, edit("$2", "$1", "x" * 60))
    assert survey.overflowed
    assert survey.newest(original)["body"] == "old"
    assert not surveyed(original, edit("$2", "$1", "x")).overflowed


def test_all_files_of_an_export_are_looked_through_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that hold events; damaged ones as far as they go."""
    pages = {"1.json": [edit("$2", "$1", "new")], "2.json": [event("$1", "old")]}
    for name, page in pages.items():
        (tmp_path / name).write_text(json.dumps({"chunk": page}))
    (tmp_path / "other.json").write_text('{"chunk": []}')
    (tmp_path / "zero.json").write_bytes(b"")
    walks = []
    monkeypatch.setattr(matrix_survey, "_walk", lambda source, _: walks.append(source.inner.name))
    surveys = Surveys(lambda head: None if b"[]" in head.data else True)  # type: ignore[arg-type, return-value]  # any answer will do
    with open_tree(tmp_path) as tree:
        for entry in tree.entries[:2]:
            with Source(entry, tree) as source:
                surveys.of(source)
    assert walks == ["1.json", "2.json"]
