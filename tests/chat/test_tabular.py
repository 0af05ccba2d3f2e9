"""Seeing a table in delimited text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from talklike.chat.columns import ColumnOptions, Columns
from talklike.chat.formats.gitter_history import GITTER_HISTORY
from talklike.chat.read import read_chat
from talklike.chat.source import Head
from talklike.chat.tabular import raw_columns, tables

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

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


def test_what_excel_writes_is_read(write: Callable[[str, str | bytes], Path]) -> None:
    """A line that names the delimiter, rows without their empty ends, rows with a delimiter more; the rest is counted."""
    text = "sep=;\r\nauthor;text;likes;note\r\nwren;hi;2;x\r\notter;yes\r\nheron;no;1;;\r\ntern\r\nwren;a;b;c;d\r\n"
    path = write("chat.csv", text)
    chat = read_chat(path)
    assert chat.frame.collect().select("author", "text").rows() == [("wren", "hi"), ("otter", "yes"), ("heron", "no")]
    assert {reason: skip.places for reason, skip in chat.report.skipped.items()} == {"malformed": [f"{path}:6", f"{path}:7"]}


def test_a_delimiter_more_in_every_row_leaves_a_table_regular() -> None:
    """But for one with something behind it."""
    assert tables(Head(b"author,text\nwren,hi,\notter,yes,\n", "", complete=True), NOTHING)[0].regular == 1
    assert tables(Head(b"author,text\nwren,hi,x\n", "", complete=True), NOTHING)[0].regular == 0.5


def test_quotes_in_a_table_of_tabs_swallow_no_messages(write: Callable[[str, str | bytes], Path]) -> None:
    """``mysql -B`` and COPY know no quotes; in a table of commas they enclose a field."""
    rows = [("wren", '"hello'), ("heron", "yes"), ("tern", "no"), ("otter", '"bye')]
    text = "author\ttext\n" + "".join(f"{author}\t{said}\n" for author, said in rows)
    assert read_chat(write("chat.tsv", text)).frame.collect().select("author", "text").rows() == rows
    assert read_chat(write("chat.csv", text.replace("\t", ","))).report.kept == 1


@pytest.mark.parametrize(
    ("date", "clock", "time"),
    [
        ("2021-03-14", "9:26:53 PM", "2021-03-14 9:26:53 PM"),
        ("2021-03-14", "2021-03-14 21:26:53", "2021-03-14 21:26:53"),
        ("March 5, 2021", "March 5, 2021 9:26 PM", "March 5, 2021 9:26 PM"),
        ("2021-03-14 21:26:53", "21:26:53", "2021-03-14 21:26:53"),
        ("2021-03-14", "1615757213", "1615757213"),
        ("2021-03-14", "34567.5", "2021-03-14"),
        ("soon", "never", "soon never"),
    ],
)
def test_a_time_that_is_whole_needs_no_date(date: str, clock: str, time: str) -> None:
    """A column ``time`` may hold both; so may one that is called ``date``."""
    fields = pl.DataFrame({"0": ["wren"], "1": ["hi"], "2": [date], "3": [clock]})
    assert raw_columns(fields, Columns(0, 1, time=(2, 3)))["time"].to_list() == [time]
