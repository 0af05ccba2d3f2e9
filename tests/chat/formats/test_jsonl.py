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


@pytest.mark.parametrize(
    ("text", "suffix", "confidence"),
    [
        ('{"author": "a", "text": "hi"}\n', "", 0.9),
        ('{"a": 1}\n', "", 0.5),
        ('{"a": "unfinished', ".jsonl", 0.4),
        ('{"a": "unfinished', "", None),
        ('{\n "a": 1\n}\n', ".json", None),
        ('{"messages": [{"author": "a"}]}\n', ".json", None),
        ("author,text\n", ".jsonl", None),
    ],
)
def test_confidence_grows_with_the_evidence(text: str, suffix: str, confidence: float | None) -> None:
    """Known fields; any objects; the file's name. One document with all messages inside is none of it."""
    match = JSONL.detect(Head(text.encode(), suffix, complete=text.endswith("\n")))
    assert (None if match is None else match.confidence) == confidence
