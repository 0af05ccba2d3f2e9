"""Tables in binary files."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from talklike.chat.read import read_chat
from talklike.errors import ChatFileError, FormatError

Write = Callable[[str, str | bytes], Path]


def parquet(frame: pl.DataFrame) -> bytes:
    """Return a table as a Parquet file."""
    buffer = io.BytesIO()
    frame.write_parquet(buffer)
    return buffer.getvalue()


def test_columns_of_any_type_become_what_a_chat_needs(write: Write) -> None:
    """Numbers become ids, datetimes stay, categories are names, fields inside structs have dotted names."""
    frame = pl.DataFrame(
        {
            "fromUser": [{"id": 7, "displayName": "Bob"}, {"id": 8, "displayName": None}],
            "text": pl.Series(["hi", "yo"], dtype=pl.Categorical),
            "sent": [datetime(2020, 1, 1, 12), None],
        }
    )
    got = read_chat(write("chat.parquet", parquet(frame))).frame.collect()
    assert got["author"].to_list() == ["7", "8"]
    assert got["name"].to_list() == ["Bob", "8"]
    assert got["text"].to_list() == ["hi", "yo"]
    assert got["time"][0].hour == 12


@pytest.mark.parametrize("values", [[1577836800, 1577836801], [date(2020, 1, 1)] * 2, ["2020-01-01", "2020-01-01 00:00:01"]])
def test_times_may_be_numbers_dates_or_text(values: list[object], write: Write) -> None:
    """As in delimited text."""
    frame = pl.DataFrame({"author": ["a", "b"], "text": ["x", "y"], "time": values})
    got = read_chat(write("chat.parquet", parquet(frame))).frame.collect()
    assert [time.date() for time in got["time"]] == [date(2020, 1, 1)] * 2


def test_skipped_rows_are_numbered_and_packing_makes_no_difference(write: Write) -> None:
    """A binary file has no lines; its rows count from 1."""
    frame = pl.DataFrame({"author": ["a", None, "c"], "text": ["x", "y", None]})
    chat = read_chat(write("chat.parquet.gz", gzip.compress(parquet(frame))))
    assert chat.report.kept == 1
    assert [place.rsplit(":", 1)[1] for reason in ("no author", "empty") for place in chat.report.skipped[reason].places] == [
        "2",
        "3",
    ]


def test_lists_are_no_text(write: Write) -> None:
    """Nothing is invented for a column that can't be a message."""
    frame = pl.DataFrame({"author": ["a"], "text": [["x"]]})
    with pytest.raises(ChatFileError, match="1 empty"):
        read_chat(write("chat.parquet", parquet(frame)))


@pytest.mark.parametrize("magic", [b"PAR1", b"ARROW1"])
def test_a_damaged_file_is_an_error_in_one_line(magic: bytes, write: Write) -> None:
    """Whatever the library underneath makes of it."""
    for rest in (b"", b"garbage" * 50, b"garbage" * 50 + magic):
        with pytest.raises(ChatFileError, match="it is damaged or of another kind"):
            read_chat(write("chat", magic + rest))


def test_unknown_columns_are_listed(write: Write) -> None:
    """As for delimited text."""
    with pytest.raises(FormatError, match=r"foo, bar\.baz"):
        read_chat(write("chat.parquet", parquet(pl.DataFrame({"foo": [1], "bar": [{"baz": 1}]}))))


def test_how_long_something_took_is_no_time(write: Write) -> None:
    """A column of durations may be called time; it is left empty."""
    frame = pl.DataFrame({"author": ["wren"], "text": ["hi"], "time": [timedelta(seconds=3)]})
    got = read_chat(write("chat.parquet", parquet(frame))).frame.collect()
    assert got["text"].to_list() == ["hi"]
    assert got["time"].to_list() == [None]


def test_bytes_are_text_also_where_some_are_not_utf8(write: Write) -> None:
    """Files without a type for strings have them; the odd values are read as Windows-1252, and told by their rows."""
    for texts, notes in (
        ([b"hi", "é".encode(), None], []),
        ([b"hi", b"caf\xe9\nau lait", None], ["1 line is not UTF-8, read as Windows-1252 (line 2)"]),
    ):
        frame = pl.DataFrame({"author": [b"wren", b"otter", b"tern"], "text": texts})
        chat = read_chat(write("chat.parquet", parquet(frame)))
        assert chat.frame.collect()["text"].to_list() == ["hi", "café\nau lait" if notes else "é"]
        assert chat.report.notes == notes


def test_another_table_among_several_files_is_left_out(tmp_path: Path) -> None:
    """With a note; if there is nothing else its columns are listed."""
    weather = parquet(pl.DataFrame({"place": ["quay"], "wind": [7]}))
    (tmp_path / "weather.parquet").write_bytes(weather)
    (tmp_path / "wind.parquet").write_bytes(weather)
    with pytest.raises(FormatError, match=r"wind\.parquet|weather\.parquet: no column is known .* place, wind"):
        read_chat(tmp_path)
    (tmp_path / "chat.csv").write_text("author,text\nwren,hi\n")
    report = read_chat(tmp_path).report
    assert (report.kept, report.format, report.files) == (1, "delimited", {"delimited": 1})
    assert report.why.startswith("1 of 3 files: ")
    assert report.notes == ["files that are not read (no columns that are known): 2 (weather.parquet, wind.parquet)"]
