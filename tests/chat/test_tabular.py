"""Seeing a table in delimited text."""

from __future__ import annotations

import pytest

from talklike.chat.columns import ColumnOptions
from talklike.chat.formats.gitter_history import GITTER_HISTORY
from talklike.chat.source import Head
from talklike.chat.tabular import tables

NOTHING = ColumnOptions()


def best(text: str, options: ColumnOptions = NOTHING) -> tuple[str, bool, int]:
    """Return delimiter, header and width of the most convincing table."""
    table = tables(Head(text.encode(), "", complete=True), options)[0]
    return table.delimiter, table.header, table.width


@pytest.mark.parametrize("delimiter", [",", "\t", "|", ";"])
def test_the_delimiter_is_the_one_that_gives_known_columns(delimiter: str) -> None:
    """Other delimiters may be more frequent in the text."""
    rows = [("author", "text"), ("bob", ",,;;||"), ("eve", "a, b; c | d\te")]
    text = "\n".join(delimiter.join(f'"{field}"' for field in row) for row in rows)
    assert best(text) == (delimiter, True, 2)


@pytest.mark.parametrize(
    ("text", "header"),
    [
        ("author,text\nbob,hi\n", True),
        ("bob,hi\neve,yo\n", False),
        ("from,text me when you are there!\n", False),
        ("Autor,Nachricht,Datum\nbob,hi,2020\neve,yo,2021\n", True),
        ("bob,hi,2020\neve,yo,2021\n", False),
        ("text,label\nhello,1\n", True),
        (f"author,{'x' * 100}\nbob,hi\n", False),
    ],
)
def test_a_header_is_told_from_a_message(text: str, header: bool) -> None:
    """By known names, or by names above numbers; otherwise the first row is a message, and never printed in an error."""
    assert best(text)[1] is header


def test_a_column_that_the_user_names_makes_a_header() -> None:
    """``--author-column Wer`` finds itself in the first row."""
    text = "Wer,Was\nbob,hi\n"
    assert best(text, ColumnOptions(author="wer", text="was"))[1]
    assert not best(text, ColumnOptions(author="1", text="2"))[1]


def test_text_without_delimiters_is_no_table() -> None:
    """Nor is an empty head."""
    assert tables(Head(b"hello\nworld\n", "", complete=True), NOTHING) == []
    assert tables(Head(b"", "", complete=True), NOTHING) == []


@pytest.mark.parametrize("text", ["TEXT", "time", "message", "hello"])
def test_a_first_message_that_is_a_columns_name_is_no_header_in_a_known_layout(text: str) -> None:
    """What its other columns hold says so, however few rows there are."""
    row = f"56120120d33f749381a847aa\troom\t2016-12-22T02:37:20.597Z\t55b977f00fc9f982beab7883\tnick\t{'0' * 24}\t{text}\r\n"
    assert GITTER_HISTORY.detect(Head(row.encode(), "", complete=True)) is not None
    header = "roomId\troomUri\tsentAt\tfromUserId\tfromUsername\tmessageId\ttext\n"
    found = GITTER_HISTORY.detect(Head((header + row).encode(), "", complete=True))
    assert found is not None
    assert "names its columns" in found.why
