"""Gitter's API."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from talklike.chat.formats.gitter import GITTER
from talklike.chat.read import read_chat
from talklike.chat.source import Head

if TYPE_CHECKING:
    from talklike.chat.table import Chat

Write = Callable[[str, str | bytes], Path]
WREN = {"id": "55b977f00fc9f982beab7883", "username": "wren", "displayName": "Wren of Quay", "url": "/wren"}


def message(number: int = 1, text: Any = "tea", **rest: Any) -> dict[str, Any]:
    """Return a message as the API gives it."""
    known = {
        "id": f"{number:024x}",
        "text": text,
        "html": "",
        "sent": f"2020-03-23T13:18:0{number}.800Z",
        "fromUser": WREN,
        "v": 1,
    }
    return known | rest


def rows(chat: Chat) -> list[tuple[Any, ...]]:
    """Return who said what."""
    return chat.frame.collect().select("author", "name", "text").rows()


def test_messages_have_ids_names_and_times(write: Write) -> None:
    """The name is the one that others mention them by."""
    chat = read_chat(write("page.json", json.dumps([message()])))
    assert chat.report.format == "gitter"
    assert chat.frame.collect().rows() == [
        (datetime(2020, 3, 23, 13, 18, 1, 800_000, tzinfo=UTC), WREN["id"], "wren", None, "tea"),
    ]


def test_the_folder_of_a_page_is_its_room(tmp_path: Path) -> None:
    """And pages that overlap say a message once; the list of rooms holds none."""
    for room, numbers in (("quay", (1, 2)), ("dock", (3,))):
        (tmp_path / room).mkdir()
        for page in range(2):
            (tmp_path / room / f"page_{page}").write_text(json.dumps([message(number) for number in numbers]))
    (tmp_path / "rooms").write_text(json.dumps([{"id": "5e7", "name": "quay", "topic": "", "uri": "quay"}]))
    chat = read_chat(tmp_path)
    assert chat.frame.collect()["channel"].to_list() == ["dock", "quay", "quay"]
    assert chat.report.skipped["duplicate id"].count == 3
    assert chat.report.files == {"gitter": 4}


def test_the_streaming_api_gave_one_message_a_line(write: Write) -> None:
    """With an empty line now and then as a sign of life."""
    lines = [json.dumps(message(1)), " ", json.dumps(message(2, "cake")), "oops", json.dumps(message(3))]
    path = write("stream.json", "\n".join(lines))
    chat = read_chat(path)
    assert chat.report.format == "jsonl"  # a line that is no JSON speaks against it
    path = write("stream.json", "\n".join([*lines[:3], lines[4]]))
    chat = read_chat(path)
    assert chat.report.format == "gitter"
    assert [text for _, _, text in rows(chat)] == ["tea", "cake", "tea"]


def test_who_wrote_from_matrix_is_who_they_are_there(write: Write) -> None:
    """Also where a bridge passed the message on; without an id there, the bridge is all that is known."""
    virtual = {"type": "matrix", "externalId": "otter:example.org", "displayName": "Otter"}
    bridge = WREN | {"username": "matrixbot"}
    page = [
        message(1, virtualUser=virtual, fromUser=None),
        message(2, virtualUser=virtual, fromUser=bridge),
        message(3, virtualUser={"displayName": "Otter"}, fromUser=bridge),
        message(4, fromUser={"username": "gull"}),
        message(5, fromUser={"id": "7", "displayName": "Gull"}),
    ]
    assert [row[:2] for row in rows(read_chat(write("page.json", json.dumps(page))))] == [
        ("otter:example.org", "Otter"),
        ("otter:example.org", "Otter"),
        (WREN["id"], "matrixbot"),
        ("gull", "gull"),
        ("7", "Gull"),
    ]


def test_an_action_is_told_without_the_nick(write: Write) -> None:
    """``/me waves`` comes as ``@nick waves``; an ordinary message may begin so too."""
    page = [message(1, "@wren waves", status=True), message(2, "@wren waves"), message(3, "waves", status=True)]
    assert [text for _, _, text in rows(read_chat(write("page.json", json.dumps(page))))] == ["waves", "@wren waves", "waves"]


def test_what_is_no_message_has_a_reason(write: Write) -> None:
    """Taken back, empty, of nobody, or something else in its place."""
    page = [
        message(1),
        message(2, "", editedAt="2020-03-23T14:00:00Z"),
        message(3, ""),
        message(4, fromUser=None),
        message(5, fromUser=[], virtualUser=7),
        message(6, None),
        message(7, ["tea"]),
        {},
        None,
        "tea",
        [message(8)],
    ]
    path = write("page.json", "[" + ",\n".join(map(json.dumps, page)) + "]")
    skipped = read_chat(path).report.skipped
    assert {reason: [place.rpartition(":")[2] for place in skip.places] for reason, skip in skipped.items()} == {
        "deleted": ["2"],
        "empty": ["3"],
        "no author": ["4", "5"],
        "malformed": ["6", "7", "8", "9", "10", "11"],
    }


@pytest.mark.parametrize("sent", [None, 7, True, [], {"a": 1}, "soon", "", float("nan"), 1e400, -1])
def test_a_time_that_is_none_costs_no_message(sent: Any, write: Write) -> None:
    """It is left empty."""
    chat = read_chat(write("page.json", json.dumps([message(1), message(2, sent=sent)])))
    assert chat.frame.collect()["time"].null_count() == 1


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "{}",
        '[{"text": "a", "sent": "b"}]',
        '[{"text": "a", "sent": 7, "fromUser": {}}]',
        '[{"text": "a", "sent": "b", "fromUser": "wren"}]',
        '{"messages": [{"text": "a", "sent": "b", "fromUser": {}}]}',
        '"sent" User',
        "[" * 10_000 + '"sent" "fromUser"',
    ],
)
def test_other_json_is_not_taken(text: str) -> None:
    """It must be a message, and the first."""
    assert GITTER.detect(Head(text.encode(), ".json", complete=True)) is None


def test_real_pages(shared_data: Path) -> None:
    """Two pages of one message each, and the list of rooms, which holds none."""
    chat = read_chat(shared_data / "export-formats" / "perceval" / "gitter")
    assert chat.report.files == {"gitter": 2}
    assert chat.report.kept == 2
    assert not chat.report.skipped
    assert chat.frame.collect()["author"].n_unique() == 1
