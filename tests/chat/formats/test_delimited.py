"""Delimited text of any kind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from talklike.chat.formats.delimited import DELIMITED
from talklike.chat.read import read_chat
from talklike.chat.source import Head
from talklike.errors import ChatFileError, FormatError

Write = Callable[[str, str | bytes], Path]


@pytest.mark.parametrize("delimiter", [",", "\t", "|", ";"])
def test_any_delimiter_with_a_header(delimiter: str, write: Write) -> None:
    """Text with the other delimiters in it."""
    text = f'Nick{delimiter}Message\nbob{delimiter}"a, b; c | d\te"\neve{delimiter}say "hi"\n'
    rows = read_chat(write("chat.txt", text)).frame.collect()
    assert rows["text"].to_list() == ["a, b; c | d\te", 'say "hi"']


def test_line_ends_of_windows_do_not_leak(write: Write) -> None:
    """Inside quotes they are text."""
    rows = read_chat(write("chat.csv", 'author,text\r\nbob,hi\r\neve,"two\r\nlines"\r\n')).frame.collect()
    assert rows["text"].to_list() == ["hi", "two\r\nlines"]


def test_discord_exports_are_read_by_their_header(write: Write) -> None:
    """DiscordChatExporter's CSV: ids, names, times with seven decimals."""
    text = 'AuthorID,Author,Date,Content,Attachments,Reactions\n"123","bob#1","2020-01-01T00:00:00.0000000+00:00","hi","",""\n'
    row = read_chat(write("chat.csv", text)).frame.collect().row(0, named=True)
    assert (row["author"], row["name"], row["text"], row["time"].year) == ("123", "bob#1", "hi", 2020)


def test_date_and_clock_may_have_their_own_columns(write: Write) -> None:
    """They are one time."""
    text = "date,time,nick,msg\n31/12/2014,11:01 PM,bob,hi\n1/2/2014,10:00 AM,bob,yo\n"
    times = read_chat(write("chat.csv", text)).frame.collect()["time"]
    assert [(t.month, t.day, t.hour) for t in times] == [(12, 31, 23), (2, 1, 10)]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("bob,hi\n", "2 columns and no header"),
        ("Autor,Nachricht,Tag\nbob,hi,2020\neve,yo,2021\n", "its columns are Autor, Nachricht, Tag"),
        ("hello\n", "no columns separated by"),
    ],
)
def test_unknown_columns_are_an_error_that_lists_them(text: str, word: str, write: Write) -> None:
    """By their names, or by how many there are."""
    with pytest.raises(FormatError, match=word):
        read_chat(write("chat.csv", text))


def test_a_quote_that_swallows_the_file_is_found(write: Write) -> None:
    """The line of its record is named."""
    with pytest.raises(ChatFileError, match=r"chat\.csv:3:"):
        read_chat(write("chat.csv", 'author,text\nbob,hi\neve,"oops\nbob,bye\n'))


def test_text_in_windows_1252_is_read_and_noted(write: Write) -> None:
    """Line by line: the rest of the file may be UTF-8."""
    chat = read_chat(write("chat.csv", b"author,text\nbob,caf\xe9\neve,\xc3\xa9\n"))
    assert chat.frame.collect()["text"].to_list() == ["café", "é"]
    assert chat.report.notes == ["1 line is not UTF-8, read as Windows-1252 (line 2)"]


@pytest.mark.parametrize(
    ("text", "suffix", "confidence"),
    [
        ("author,text\nbob,hi\n", "", 0.8),
        ("a,b,c\n" * 9, "", 0.4),
        ("one\ntwo\n", ".csv", 0.3),
        ("a, b\nc\n", "", 0.05),
        ("words\n", "", None),
        ('{"author": "bob, eve", "text": "hi, there"}\n', "", None),
    ],
)
def test_confidence_grows_with_the_evidence(text: str, suffix: str, confidence: float | None) -> None:
    """A header with known names, equally many columns, the file's name."""
    match = DELIMITED.detect(Head(text.encode(), suffix, complete=True))
    assert (None if match is None else match.confidence) == confidence


@pytest.mark.parametrize(
    "text",
    [
        'Season,Episode,Character,Line\n1,1,Wren,"tea,\nnow"\n1,1,Otter,cake\n',
        '\ufeff,Character,Dialogue,EpisodeNo\n0,Wren,"tea,\nnow",1.0\n1,Otter,cake,1.0\n',
        'Unnamed: 0,character,line\n0,Wren,"tea,\nnow"\n1,Otter,cake\n',
        'speaker,text\nWren,"tea,\nnow"\nOtter,cake\n',
        'name,dialogue\nWren,"tea,\nnow"\nOtter,cake\n',
        'Person;Quote\nWren;"tea,\nnow"\nOtter;cake\n',
        'id\tscene\tline_text\tspeaker\n1\t1\t"tea,\nnow"\tWren\n2\t1\tcake\tOtter\n',
    ],
)
def test_scripts_are_tables_of_characters_and_lines(text: str, write: Write) -> None:
    """By many names, with an index before them or without."""
    chat = read_chat(write("script.csv", text))
    assert chat.report.format == "delimited"
    assert chat.frame.collect().select("author", "text").rows() == [("Wren", "tea,\nnow"), ("Otter", "cake")]
    assert chat.report.skipped == {}


def test_of_scripts_with_stage_directions_the_spoken_words_are_read(write: Write) -> None:
    """A character's id is the author's; lines in which nobody speaks are empty."""
    header = "id,episode_id,raw_text,speaking_line,character_id,raw_character_text,spoken_words\n"
    path = write("script.csv", header + "1,32,Wren: (sips) Tea.,true,464,Wren,Tea.\n2,32,(The quay: ext.),false,,,\n")
    chat = read_chat(path)
    assert chat.frame.collect().select("author", "name", "text").rows() == [("464", "Wren", "Tea.")]
    assert chat.report.skipped["empty"].places == [f"{path}:3"]


def test_real_scripts(shared_data: Path) -> None:
    """Nineteen seasons in an archive; beside it in the folder lies one of them once more."""
    chat = read_chat(shared_data / "southpark" / "by-season.tar.gz")
    frame = chat.frame.collect()
    assert (frame.height, frame["author"].n_unique(), chat.report.skipped) == (73_139, 4_055, {})
    first = frame.filter(frame["author"] == "Cartman")
    assert (first.height, first["text"].str.len_chars().sum()) == (10_021, 721_256)
    assert read_chat(shared_data / "southpark").report.kept == 73_139 + 6_416
