"""Walking through one large JSON document."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from talklike.chat import json_items
from talklike.chat.json_items import items
from talklike.chat.report import ReadReport
from talklike.chat.source import Source
from talklike.errors import ChatFileError

Write = Callable[[str, str | bytes], Path]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


def walked(path: Path, *wanted: tuple[str, ...]) -> tuple[list[tuple[tuple[str | int, ...], Any, int]], ReadReport]:
    """Return the items of a file, and the report."""
    report = ReadReport("f", "f", "test")
    with Source.of(path) as source:
        return [(item.path, item.value, item.line) for item in items(source, report, *wanted)], report


def test_elements_come_one_by_one_with_what_stands_beside_them(write: Write) -> None:
    """In the order of the document, with the line where each begins."""
    text = '{"name": "quay",\n "messages": [\n  {"id": 1},\n  {"id": [2,\n 3]}\n ],\n "count": 2}\n'
    found, report = walked(write("a.json", text), ("messages", "*"))
    assert found == [
        (("name",), "quay", 1),
        (("messages", 0), {"id": 1}, 3),
        (("messages", 1), {"id": [2, 3]}, 4),
        (("count",), 2, 7),
    ]
    assert report.notes == []
    assert report.read == 0


def test_paths_may_lead_through_arrays_and_through_all_keys(write: Write) -> None:
    """A whole account holds a list of chats, each with a list of messages."""
    text = json.dumps({"chats": {"list": [{"name": "a", "messages": [1, 2]}, {"messages": [3], "name": "b"}]}, "x": [4]})
    found, _ = walked(write("a.json", text), ("chats", "list", "*", "messages", "*"), ("*", "none"))
    assert [(path, value) for path, value, _ in found] == [
        (("chats", "list", 0, "name"), "a"),
        (("chats", "list", 0, "messages", 0), 1),
        (("chats", "list", 0, "messages", 1), 2),
        (("chats", "list", 1, "messages", 0), 3),
        (("chats", "list", 1, "name"), "b"),
        (("x", 0), 4),
    ]


@settings(max_examples=200)
@given(values=st.lists(JSON, max_size=8), indent=st.sampled_from([None, 1]), step=st.integers(1, 40))
def test_what_json_reads_is_walked_through_whole(values: list[Any], indent: int | None, step: int, tmp_path_factory: Any) -> None:
    """However the document is laid out and cut into pieces."""
    path = tmp_path_factory.mktemp("json") / "a.json"
    path.write_text(json.dumps(values, indent=indent))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_items, "_STEP", step)
        found, report = walked(path, ("*",))
    assert [value for _, value, _ in found] == values
    assert not report.notes
    assert not report.skipped


@pytest.mark.parametrize("end", range(1, 60))
def test_a_document_that_breaks_off_gives_what_is_whole(end: int, write: Write) -> None:
    """And says where it breaks off."""
    text = '{"messages": [{"id": 1, "t": "été"}, {"id": 2, "t": "b"}, {"id": 3}]}'
    path = write("a.json", text.encode()[:end])
    found, report = walked(path, ("messages", "*"))
    whole = text.encode()[:end].count(b"}")
    assert [value["id"] for _, value, _ in found] == list(range(1, whole + 1))
    assert report.skipped["malformed"].count == 1
    assert report.skipped["malformed"].places == [f"{path}:1"]


def test_what_is_no_json_in_the_middle_ends_the_walk(write: Write) -> None:
    """What came before is kept; from the start, it is an error."""
    found, report = walked(write("a.json", '[{"id": 1},\n oops,\n {"id": 2}]'), ("*",))
    assert [value for _, value, _ in found] == [{"id": 1}]
    assert "what follows is not read" in report.notes[0]
    for text in ("oops", "{1: 2}", '{"a" 1}'):
        with pytest.raises(ChatFileError, match=r"a.json:1: this is no JSON"):
            walked(write("a.json", text), ("*",))


def test_what_follows_the_document_is_mentioned(write: Write) -> None:
    """It may be a second document that somebody appended."""
    _, report = walked(write("a.json", "[1]\n[2]"), ("*",))
    assert "a.json:2: what follows the end of the document is not read" in report.notes[0]


def test_bytes_that_are_no_utf8_are_repaired(write: Write) -> None:
    """Old clients wrote Latin-1 into JSON."""
    found, report = walked(write("a.json", b'["caf\xe9", "caf\xc3\xa9"]'), ("*",))
    assert [value for _, value, _ in found] == ["café", "cafÃ©"]
    assert "not UTF-8" in report.notes[0]


def test_a_document_that_breaks_off_within_a_character_is_still_utf8(write: Write) -> None:
    """Although all of it is one line, which would be read as Windows-1252."""
    whole = json.dumps(["é", "😀", "日本"], ensure_ascii=False).encode()
    for end in range(len(whole) - 8, len(whole)):
        found, report = walked(write("a.json", whole[:end]), ("*",))
        assert [value for _, value, _ in found][:2] == ["é", "😀"]
        assert not any("UTF-8" in note for note in report.notes)


@pytest.mark.parametrize("text", ["[" * 100_000, '[{"a":' * 50_000, '["' + "x" * 100_000])
def test_nesting_and_size_are_bounded(text: str, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a crash nor the whole memory."""
    monkeypatch.setattr(json_items, "LARGEST", 10_000)
    monkeypatch.setattr(json_items, "_STEP", 1_000)
    try:
        found, report = walked(write("a.json", text), ("*",))
    except ChatFileError:
        return
    assert not found
    assert report.skipped


def test_empty_brackets_hold_nothing(write: Write) -> None:
    """Neither objects nor arrays."""
    assert walked(write("a.json", '{"a": {}, "b": [ ]}'), ("a", "*"), ("b", "*"))[0] == []


def test_a_number_of_thousands_of_digits_is_a_number(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """Python refuses to turn it into a whole one; what follows is read all the same."""
    found, report = walked(write("a.json", f'[1, {"9" * 5000}, {{"a": -{"1" * 5000}}}, 2]'), ("*",))
    assert [value for _, value, _ in found] == [1, float("inf"), {"a": -float("inf")}, 2]
    assert not report.skipped
    monkeypatch.setattr(json_items, "_STEP", 1_000)
    lines = ",\n".join([f'{{"a": {"1" * 5000},\n "b": 1}}'] * 3)
    found, report = walked(write("b.json", f"[{lines}]"), ("*",))
    assert [value["b"] for _, value, _ in found] == [1, 1, 1]
    assert not report.skipped
