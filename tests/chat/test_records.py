"""Delimited records: exact, by both ways to parse, whatever the quotes."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from talklike.chat import records
from talklike.chat.quoting import skeleton
from talklike.chat.records import Layout, Records, first_records, quotes_are_text, read_records
from talklike.chat.report import ReadReport
from talklike.chat.source import Source
from talklike.errors import ChatFileError

Write = Callable[[str, str | bytes], Path]
PIECES = ["a", " ", '"', '""', ",", "\n", "\r\n", "é", "x y", "\t", "#", "\\", '"a"', "'", "|"]
FIELD = st.lists(st.sampled_from([*PIECES, "\r"]), max_size=6).map("".join)
ROWS = st.lists(st.lists(FIELD, min_size=2, max_size=4), min_size=1, max_size=8)


def read(path: Path, layout: Layout, block: int = 1 << 24) -> tuple[list[tuple[str, ...]], list[int], list[int], ReadReport]:
    """Return rows, their lines, and the lines of malformed records."""
    report = ReadReport(str(path), "delimited", "asked for")
    rows: list[tuple[str, ...]] = []
    lines: list[int] = []
    malformed: list[int] = []
    with Source.of(path) as source:
        for part in read_records(source, report, layout, block):
            rows += part.fields.rows()
            lines += part.lines(part.starts).tolist()
            malformed += part.lines(part.malformed).tolist()
    return rows, lines, malformed, report


def quoting(rows: Sequence[Sequence[str]], everything: bool) -> Literal[0, 1]:
    """Return how to write rows; before Python 3.13 a carriage return isn't quoted, and is lost at the end of a line."""
    return csv.QUOTE_ALL if everything or any("\r" in field for row in rows for field in row) else csv.QUOTE_MINIMAL


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(rows=ROWS, delimiter=st.sampled_from([",", "\t", "|", ";"]), end=st.sampled_from(["\n", "\r\n"]), all_quoted=st.booleans())
def test_what_python_writes_comes_back(rows: list[list[str]], delimiter: str, end: str, all_quoted: bool, write: Write) -> None:
    """Delimiters, quotes and line breaks inside fields stay what they were; other widths are malformed."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=delimiter, lineterminator=end, quoting=quoting(rows, all_quoted)).writerows(rows)
    path = write("chat.csv", buffer.getvalue())
    got, lines, malformed, _ = read(path, Layout(delimiter, 3, [0, 2]))
    assert got == [(row[0], row[2]) for row in rows if len(row) == 3]
    starts, line = [], 1
    for row in rows:
        starts.append(line)
        line += 1 + sum(field.count("\n") for field in row)
    assert lines == [start for start, row in zip(starts, rows, strict=True) if len(row) == 3]
    assert malformed == [start for start, row in zip(starts, rows, strict=True) if len(row) != 3]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(text=st.lists(st.sampled_from(PIECES), min_size=1, max_size=40).map("".join))
def test_stray_quotes_mean_what_they_mean_to_python(text: str, write: Write) -> None:
    """Text that no writer quoted (IRC: ``say "hi"``) reads as Python's csv module reads it."""
    expected = list(csv.reader(io.StringIO(text, newline="")))
    path = write("chat.csv", text)
    try:
        got, _, malformed, _ = read(path, Layout(",", 3, [0, 1, 2]))
    except ChatFileError:  # an unclosed quote: Python takes the rest of the file for a field, we say where it begins
        with pytest.raises(csv.Error):
            list(csv.reader(io.StringIO(text, newline=""), strict=True))
        return
    assert [list(row) for row in got] == [row for row in expected if len(row) == 3]
    assert len(malformed) == sum(bool(row) and len(row) != 3 for row in expected)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100)
@given(rows=st.lists(st.tuples(FIELD, FIELD), min_size=1, max_size=30), block=st.integers(200, 400))
def test_small_blocks_read_like_one(rows: list[tuple[str, str]], block: int, write: Write) -> None:
    """Where the file is cut makes no difference."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\n", quoting=quoting(rows, False)).writerows(rows)
    path = write("chat.csv", buffer.getvalue())
    layout = Layout(",", 2, [0, 1])
    assert read(path, layout, block)[:3] == read(path, layout)[:3]
    assert read(path, layout)[0] == rows


@settings(max_examples=200)
@given(
    text=st.lists(st.sampled_from([*PIECES, ",", "a,a", ',""\n']), min_size=1, max_size=40).map("".join),
    layout=st.sampled_from([Layout(",", 2, [0, 1]), Layout(",", 4, [0, 1], uneven=True), Layout(",", 3, [1], uneven=True)]),
)
def test_both_ways_to_parse_agree(text: str, layout: Layout) -> None:
    """Where the fast way takes a block, it finds what the exact way finds."""
    data = text.encode() + b"\n"
    block = records._complete(data, layout, 1)
    if not isinstance(block, records._Sound):
        return
    fast = records._parse_sound(block, layout)
    exact = records._parse_any(fast.data, layout, 1)
    assert isinstance(exact, Records)
    assert fast.fields.equals(exact.fields)
    assert fast.starts.tolist() == exact.starts.tolist()
    assert fast.malformed.tolist() == exact.malformed.tolist()


HOSTILE = [
    *PIECES,
    "x,y\n",
    'x,"y,\n"\n',
    '"x",y\r\n',
    "x,y\n",
    "\n\n",
    "\r\n",
    "\r",
    "\0",
    "a,b,c\n",
    "x\n",
    "\udcff",
    "\udce9t\udce9",
    "z" * 70,
]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(
    pieces=st.lists(st.sampled_from([*HOSTILE, *["x,y\n"] * 10]), min_size=1, max_size=60),
    block=st.sampled_from([96, 300, 1 << 24]),
    part=st.sampled_from([64, 1 << 20]),
)
def test_the_quick_way_changes_nothing(pieces: list[str], block: int, part: int, write: Write) -> None:
    """Rows, lines, malformed records, repaired bytes and errors are those of the exact way alone, on threads or without."""
    content = "".join(pieces).encode("utf-8", "surrogateescape")
    path = write("chat.csv", b"h,i\n" + content)
    layout = Layout(",", 2, [0, 1])
    answers: list[tuple[object, ...]] = []
    for find in (lambda data, delimiter: skeleton(data, delimiter, part), lambda data, delimiter: None):
        for threads in (False, True):
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(records, "skeleton", find)
                patch.setattr(Source, "waits_for_nobody", threads)
                try:
                    rows, lines, malformed, report = read(path, layout, block)
                    answers.append((rows, lines, malformed, report.notes, report.skipped))
                except ChatFileError as error:
                    answers.append((str(error),))
    assert answers[1:] == answers[:-1]


def test_a_parser_that_disagrees_on_the_number_of_rows_is_not_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Should Polars ever cut rows elsewhere than NumPy, the exact way takes over."""
    data, layout = b"a,b\nc,d\n", Layout(",", 2, [0, 1])
    polars = records._polars
    monkeypatch.setattr(records, "_polars", lambda text, layout, *, even: polars(text, layout, even=even).head(1))
    block = records._complete(data, layout, 1)
    assert isinstance(block, records._Sound)
    found = records._parse_sound(block, layout)
    assert found.fields.rows() == [("a", "b"), ("c", "d")]


@pytest.mark.parametrize(
    ("text", "line"),
    [('a,b\nc,"d\ne,f\n', 2), ('"a,b\n', 1), ('a,"b\nc"\nd,"', 3), ('say "hi",b\nc,"d', 2)],
)
def test_an_unclosed_quote_is_reported_where_its_record_begins(text: str, line: int, write: Write) -> None:
    """The line is what an editor needs."""
    with pytest.raises(ChatFileError, match=rf"chat\.csv:{line}: the record that begins here has a quote that is never closed"):
        read(write("chat.csv", text), Layout(",", 2, [0, 1]))


@pytest.mark.parametrize("quote", ["", '"'])
def test_a_record_larger_than_a_block_is_refused(quote: str, write: Write) -> None:
    """A quote that is never closed must not pull the whole file into memory."""
    path = write("chat.csv", "a,b\nc," + quote + "x" * 5000 + "\nd,e\n")
    with pytest.raises(ChatFileError, match=r"chat\.csv:2: the record that begins here has more than"):
        read(path, Layout(",", 2, [0, 1]), block=1024)


def test_the_rest_of_a_damaged_file_is_malformed(write: Write) -> None:
    """Half a record is no record."""
    import gzip
    import random

    rng = random.Random(0)
    rows = "".join(f"a{rng.random()},b{rng.random()}\n" for _ in range(5000))
    data = gzip.compress(rows.encode())
    got, _, _, report = read(write("chat.csv.gz", data[: len(data) // 2]), Layout(",", 2, [0, 1]))
    assert 100 < len(got) < 5000
    assert report.skipped["malformed"].count == 1
    assert "cut off" in report.notes[0]


def test_the_head_gives_its_complete_records() -> None:
    """The last record of a head may go on; that of a whole file may not."""
    data = b'a,b\n"c\nd",e\n\nf,g'
    assert first_records(data, ",", complete=False) == [["a", "b"], ["c\nd", "e"]]
    assert first_records(data, ",", complete=True) == [["a", "b"], ["c\nd", "e"], ["f", "g"]]
    assert len(first_records(b"a,b\n" * 500, ",", complete=True, most=7)) == 7


def test_the_first_records_of_a_head_are_parsed_once() -> None:
    """Several formats ask for them."""
    data = b"a,b\n1,2\n"
    assert first_records(data, ",", complete=True) is first_records(data, ",", complete=True)


@pytest.mark.parametrize("odd", ["", 'say "hi",b,,\n'])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_what_is_empty_at_the_end_may_be_missing_or_there_once_more(odd: str, end: str, write: Write) -> None:
    """As Excel and others write it; what lacks a wanted field, or has one more with something in it, is malformed."""
    text = f'a,b{end}c,d,,,{end}c,d,,,""{end}{end}e{end}f,g,,,h{end}"i,j",k,x,y{end}l,m,,,,{end}{odd}'
    rows, lines, malformed, _ = read(write("chat.csv", text), Layout(",", 4, [0, 1], uneven=True))
    assert rows == [("a", "b"), ("c", "d"), ("c", "d"), ("i,j", "k"), *([('say "hi"', "b")] if odd else [])]
    assert lines == [1, 2, 3, 7, *([9] if odd else [])]
    assert malformed == [5, 6, 8]


@pytest.mark.parametrize("first", ["sep=;\r\n", "SEP=,\n"])
def test_the_line_that_tells_excel_the_delimiter_is_no_record(first: str, write: Write) -> None:
    """The lines are still those of the file, in every block; elsewhere it is a record."""
    rows, lines, malformed, _ = read(write("chat.csv", first + "a;b\nc;d\n" * 40), Layout(";", 2, [0, 1]), block=100)
    assert rows == [("a", "b"), ("c", "d")] * 40
    assert (lines, malformed) == (list(range(2, 82)), [])
    assert first_records(f"{first}a;b\n".encode(), ";", complete=True) == [["a", "b"]]
    assert read(write("chat.csv", first), Layout(";", 2, [0, 1]))[0] == []
    assert read(write("chat.csv", "a;b\n" + first), Layout(";", 2, [0, 1]))[0][0] == ("a", "b")


def test_quotes_may_be_text(write: Write) -> None:
    """Of files whose writer knows no quotes; a line is then a record."""
    text = '"a\tb\r\nc\t"d\n\ne\n"f"\t"g""'
    rows, lines, malformed, _ = read(write("chat.tsv", text), Layout("\t", 2, [0, 1], quoted=False), block=16)
    assert rows == [('"a', "b"), ("c", '"d'), ('"f"', '"g""')]
    assert (lines, malformed) == ([1, 2, 5], [4])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('wren\t"hello\nheron\tyes\ntern\tno\notter\t"bye\n', True),
        ('wren\t"hello\notter\tbye', True),
        ('sep=\t\nwren\t"hello\notter\tbye', True),
        ('wren\t"hello"\notter\t"bye"\n', False),  # either way
        ('wren\t"hel\nlo"\notter\tbye\n', False),  # a line break in a field
        ('"wren"\t"hello""\n"heron"\t"yes"\n"otter"\t"bye"\n', False),  # a quote that its writer forgot to double
        ('wren\tsay "hi\notter\tbye\n', False),
        ('wren\t"hello', True),
    ],
)
def test_quotes_are_text_where_they_would_swallow_records(text: str, found: bool) -> None:
    """Every line of what they enclose looks like a record then."""
    assert quotes_are_text(text.encode(), "\t", complete=True) is found
