"""JSON Lines."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from talklike.chat import json_lines, lines
from talklike.chat.formats.jsonl import JSONL
from talklike.chat.read import read_chat
from talklike.chat.source import Head
from talklike.errors import FormatError

Write = Callable[[str, str | bytes], Path]


def test_nested_fields_numbers_and_bad_lines(write: Write) -> None:
    """What is no object is malformed, by its line; ids may be numbers, times epochs; half a surrogate pair is no character."""
    text = "\n".join(
        [
            '{"fromUser":{"id":"1","displayName":"Bob"},"text":"hi","sent":1420066895}',
            "not json",
            "[1]",
            "",
            '{"fromUser":{"id":2},"text":null}',
            '{"fromUser":{"id":2},"text":"half \\ud83d"}',
            '{"fromUser":null,"text":"whose?"}',
            "[" * 100_000,
            '{"fromUser.id":"3","text":["no","string"]}',
        ]
    )
    path = write("chat.jsonl", text)
    chat = read_chat(path)
    rows = chat.frame.collect()
    assert rows.select("author", "name", "text").rows() == [("1", "Bob", "hi"), ("2", "2", "half \ufffd")]
    assert rows["time"][0].year == 2014
    assert {reason: skip.places for reason, skip in chat.report.skipped.items()} == {
        "malformed": [f"{path}:2", f"{path}:3", f"{path}:8"],
        "empty": [f"{path}:5", f"{path}:9"],
        "no author": [f"{path}:7"],
    }


@pytest.mark.parametrize("last", ['{"author":"a","text":"bye"}\n', ""])
def test_a_line_that_is_too_long_is_skipped(last: str, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory is bounded by the block; the lines after it are read."""
    monkeypatch.setattr(json_lines, "line_blocks", lambda source, report: lines.line_blocks(source, report, 100))
    monkeypatch.setattr(json_lines, "is_cut", lambda data: lines.is_cut(data, 100))
    long = json.dumps({"author": "a", "text": "é" * 300})
    path = write("chat.jsonl", '{"author":"a","text":"hi"}\n' + long + "\n" + last)
    chat = read_chat(path)
    assert chat.frame.collect()["text"].to_list() == ["hi", "bye"][: 1 + bool(last)]
    assert chat.report.skipped["malformed"].places == [f"{path}:2"]


def test_the_end_of_a_damaged_file_is_malformed(write: Write) -> None:
    """What is left of the line is no object."""
    rng = random.Random(0)
    text = "".join(json.dumps({"author": "a", "text": str(rng.random())}) + "\n" for _ in range(3000))
    data = gzip.compress(text.encode())
    chat = read_chat(write("chat.jsonl.gz", data[: len(data) // 2]))
    assert 100 < chat.report.kept < 3000
    assert chat.report.skipped["malformed"].count == 1
    assert "cut off" in chat.report.notes[0]


def test_fields_that_nobody_knows_are_listed(write: Write) -> None:
    """Nested ones by their dotted names."""
    with pytest.raises(FormatError, match=r"columns are a, b\.c;"):
        read_chat(write("chat.jsonl", '{"a": 1, "b": {"c": 2}}\n'))
    with pytest.raises(FormatError, match="no JSON object ends within the first"):
        read_chat(write("other.jsonl", "hello\n"), format="jsonl")


LOG = [{"nick": "wren", "spoke": "hi", "at": 1482374220}, {"nick": "otter", "spoke": "no"}, {"nick": "wren", "spoke": ""}, 7]


@pytest.mark.parametrize("document", [LOG, {"log": LOG}, {"v": [{"a": 1}], "log": LOG, "title": "quay"}])
@pytest.mark.parametrize("indent", [None, 1])
def test_an_array_of_objects_is_read_as_lines_of_them_are(document: object, indent: int | None, write: Write) -> None:
    """The whole document or one of its values; the best known of several. What is no object is malformed, by its line."""
    text = json.dumps(document, indent=indent).replace('"spoke"', '"text"').replace('"at"', '"time"')
    path = write("chat.json", text)
    chat = read_chat(path)
    assert chat.report.format == "jsonl"
    rows = chat.frame.collect()
    assert rows.select("author", "text").rows() == [("wren", "hi"), ("otter", "no")]
    assert [time and time.year for time in rows["time"]] == [2016, None]
    line = text[: text.index("7", text.index('"text": ""'))].count("\n") + 1
    assert chat.report.skipped["malformed"].places == [f"{path}:{line}"]
    assert chat.report.skipped["empty"].count == 1


def test_columns_may_be_named_in_an_array(write: Write) -> None:
    """If nobody knows them, they are asked for; among other files an array is left alone."""
    path = write("chat.json", json.dumps({"log": LOG}))
    with pytest.raises(FormatError, match="JSON"):
        read_chat(path)
    chat = read_chat(path, author_column="nick", text_column="spoke")
    assert chat.frame.collect()["text"].to_list() == ["hi", "no"]
    write("notes.csv", "author,text\nheron,hey\n")
    write("notes.json", '[{"author": "otter", "text": "a note"}]')
    assert read_chat(path.parent).frame.collect()["author"].to_list() == ["heron"]


def test_a_line_that_is_a_message_may_hold_an_array(write: Write) -> None:
    """Its own fields count, though it is the only line."""
    line = '{"author": "wren", "text": "hi", "replies": [{"author": "otter"}]}'
    assert read_chat(write("chat.json", line), format="jsonl").frame.collect()["text"].to_list() == ["hi"]


def test_values_that_databases_write_with_their_kind_are_values(write: Write) -> None:
    """MongoDB's extended JSON, old and new."""
    lines = [
        {"_id": {"$oid": "a"}, "nick": {"$oid": "b"}, "text": "hi", "time": {"$date": 1482374220000}},
        {"_id": {"$oid": "c"}, "nick": {"$numberLong": "5"}, "text": "ho", "time": {"$date": "2016-12-22T02:37:00.000Z"}},
        {"_id": {"$oid": "d"}, "nick": "e", "text": "hey", "time": {"$date": {"$numberLong": "1482374220000"}}},
    ]
    rows = read_chat(write("chat.jsonl", "\n".join(map(json.dumps, lines)))).frame.collect()
    assert rows["author"].to_list() == ["b", "5", "e"]
    assert [time.isoformat() for time in rows["time"]] == ["2016-12-22T02:37:00+00:00"] * 3


@pytest.mark.parametrize(
    ("text", "suffix", "confidence"),
    [
        ('{"author": "a", "text": "hi"}\n', "", 0.9),
        ('{"a": 1}\n', "", 0.5),
        ('{"a": "unfinished', ".jsonl", 0.4),
        ('{"a": "unfinished', "", None),
        ('{\n "a": 1\n}\n', ".json", None),
        ('{"messages": [{"author": "a"}]}\n', ".json", 0.05),
        ('{"messages": [{"author": "a", "text": "hi"}]}\n', ".json", 0.45),
        ('[\n {"author": "a", "text": "hi"},\n {"author"', ".json", 0.45),
        ('{"author": "a", "text": "hi", "reactions": [{"name": "b"}]}\n', ".json", None),
        ('["a", {"b": "c"', ".json", None),
        ("author,text\n", ".jsonl", None),
    ],
)
def test_confidence_grows_with_the_evidence(text: str, suffix: str, confidence: float | None) -> None:
    """Known fields; any objects; the file's name; an array of objects, in a document of one line or of many."""
    match = JSONL.detect(Head(text.encode(), suffix, complete=text.endswith("\n")))
    assert (None if match is None else match.confidence) == confidence
