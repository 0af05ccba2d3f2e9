"""One JSON value a line, and the first values of any JSON file."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from talklike.chat import json_lines as module
from talklike.chat import lines as line_module
from talklike.chat.json_lines import FIRST, first_items, first_lines, json_lines
from talklike.chat.report import ReadReport
from talklike.chat.source import Head, Source

if TYPE_CHECKING:
    import pytest

Write = Callable[[str, str | bytes], Path]


def read(path: Path) -> tuple[list[tuple[int, object]], ReadReport]:
    """Return the values of a file with their lines, and the report."""
    report = ReadReport("f", "f", "test")
    with Source.of(path) as source:
        return [(item.line, item.value) for item in json_lines(source, report)], report


def head(text: str, *, complete: bool = True) -> Head:
    """Return a file's beginning."""
    return Head(text.encode(), ".json", complete)


def test_each_line_is_a_value_with_its_number(write: Write) -> None:
    """Empty lines are passed over; what is no JSON is counted."""
    path = write("a.jsonl", '{"a": 1}\r\n\n[2]\n {"a": \n"three"\n' + "[" * 10_000 + "\n" + "9" * 5_000 + "\nnull")
    found, report = read(path)
    assert found == [(1, {"a": 1}), (3, [2]), (5, "three"), (8, None)]
    assert report.skipped["malformed"].places == [f"{path}:4", f"{path}:6", f"{path}:7"]


def test_lines_that_are_too_long_are_counted_once(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """And what follows keeps its number."""
    monkeypatch.setattr(module, "line_blocks", lambda source, report: line_module.line_blocks(source, report, 20))
    monkeypatch.setattr(module, "is_cut", lambda data: line_module.is_cut(data, 20))
    path = write("a.jsonl", '{"a": 1}\n["' + "x" * 100 + '"]\n{"a": 2}\n{"a": 3}\n["' + "y" * 30 + '"]')
    found, report = read(path)
    assert found == [(1, {"a": 1}), (3, {"a": 2}), (4, {"a": 3})]
    assert report.skipped["malformed"].places == [f"{path}:2", f"{path}:5"]


def test_bytes_that_are_no_utf8_are_repaired(write: Write) -> None:
    """And told."""
    found, report = read(write("a.jsonl", b'"caf\xe9"\n"caf\xc3\xa9"\n'))
    assert found == [(1, "café"), (2, "café")]
    assert "not UTF-8" in report.notes[0]


def test_the_first_lines_are_objects_or_none() -> None:
    """The last of a head may be cut off; of a whole file it must not be missed."""
    assert first_lines(head('{"a": 1}\n\n{"b": 2}\n')) == [{"a": 1}, {"b": 2}]
    assert first_lines(head('{"a": 1}\n{"b": 2}')) == [{"a": 1}, {"b": 2}]
    assert first_lines(head('{"a": 1}\n{"b": ')) == [{"a": 1}]
    assert first_lines(head('{"a": 1}\n{"b": 2}', complete=False)) == [{"a": 1}]
    assert first_lines(head('{"a": 1}', complete=False)) == []
    for text in ('{"a": 1}\n[2]\n', '{"a": 1}\noops\n{"b": 2}\n', "[1]", "", "{\n}\n", "x"):
        assert first_lines(head(text)) == []


def test_no_more_lines_are_looked_at_than_tell_a_format() -> None:
    """However many there are, and whatever stands behind them."""
    text = '{"a": 1}\n' * FIRST
    assert len(first_lines(head(text))) == FIRST
    assert len(first_lines(head(text + '{"a": 1}\n' * 9))) == FIRST
    assert len(first_lines(head(text + "oops"))) == FIRST
    assert len(first_lines(head(text + "oops", complete=False))) == FIRST


def test_the_first_values_at_a_path_are_found_in_a_head() -> None:
    """As far as they are whole."""
    text = json.dumps({"name": "quay", "messages": [{"id": i} for i in range(99)]})
    found = first_items(head(text), ("messages", "*"))
    assert [item.path for item in found[:2]] == [("name",), ("messages", 0)]
    assert len(found) == FIRST
    assert len(first_items(head(text), ("messages", "*"), most=3)) == 3
    assert [item.value for item in first_items(head('[{"id": 1}, {"id"', complete=False), ("*",))] == [{"id": 1}]
    for other in ("hello", "{oops", "", '"text"'):
        assert first_items(head(other), ("*",)) == []


@given(data=st.binary(max_size=80) | st.text(st.sampled_from('{}[]",:1a\n ')).map(str.encode), complete=st.booleans())
def test_any_head_is_taken(data: bytes, complete: bool) -> None:
    """Nothing at the start of a file stops detection."""
    first_lines(Head(data, "", complete))
    first_items(Head(data, "", complete), ("*",), ("a", "*"))
