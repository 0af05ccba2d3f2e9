"""Tables whose rows have another number of fields than their header."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from talklike.chat.discord_tables import header, read_fields, without
from talklike.chat.report import ReadReport
from talklike.chat.source import Head, Source

Write = Callable[[str, str | bytes], Path]
WANTED = frozenset({"author", "content"})
COLUMNS = {"content": "text", "author": "name", "nothing": "nothing"}


@pytest.mark.parametrize(
    ("text", "texts", "lines", "malformed"),
    [
        ("Author,Content\nwren,hi\notter,ho\n", ["hi", "ho"], [2, 3], []),
        ("Author,Content\nwren,hi,\notter,ho,\n", ["hi", "ho"], [2, 3], []),
        ("Author;Content;\nwren;hi;\notter;ho;\n", ["hi", "ho"], [2, 3], []),
        ('\nAuthor,Content\nwren,"h\ni"\nbroken\notter,ho', ["h\ni", "ho"], [3, 6], [5]),
        ("Author,Content\nwren,hi,\nbroken\notter,ho,\n", ["hi", "ho"], [2, 4], [3]),
        ("Author,Content\n", [], [], []),
    ],
)
def test_rows_come_with_their_lines(text: str, texts: list[str], lines: list[int], malformed: list[int], write: Write) -> None:
    """The header is no row, nor malformed where rows end with a comma and it doesn't."""
    report = ReadReport("f", "f", "test")
    path = write("t.csv", text)
    with Source.of(path) as source:
        found = header(source.head, WANTED)
        assert found is not None
        batches = list(read_fields(source, report, found, COLUMNS))
    frame = pl.concat([batch.frame for batch in batches])
    assert set(frame.columns) == {"text", "name"}
    assert frame["text"].to_list() == texts
    assert [int(line) for b in batches for line in b.lines(pl.arange(0, b.frame.height, eager=True).to_numpy())] == lines
    assert [skip.places for skip in report.skipped.values()] == ([[f"{path}:{line}" for line in malformed]] if malformed else [])


def test_other_tables_have_no_such_header() -> None:
    """All wanted columns must be there."""
    assert header(Head(b"Author,Text\na,b\n", ".csv", complete=True), WANTED) is None
    found = header(Head(b"Author\tContent\na\tb\n", ".csv", complete=True), WANTED)
    assert found is not None
    assert found.by == "tabs"


def test_rows_are_left_out_and_counted(write: Write) -> None:
    """Of the others, the lines stay right."""
    report = ReadReport("f", "f", "test")
    path = write("t.csv", "Author,Content\nwren,hi\notter,\nheron,ho\n")
    with Source.of(path) as source:
        found = header(source.head, WANTED)
        assert found is not None
        (batch,) = read_fields(source, report, found, COLUMNS)
        rest = without(batch, batch.frame["text"] == "", "media only", source, report)
        assert without(rest, rest.frame["text"] == "", "media only", source, report) is rest
    assert rest.frame["name"].to_list() == ["wren", "heron"]
    assert rest.lines(pl.Series([0, 1]).to_numpy()).tolist() == [2, 4]
    assert report.skipped["media only"].places == [f"{path}:3"]
