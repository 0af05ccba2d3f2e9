"""The contract that every format in the registry keeps."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from talklike.chat.format import RAW_COLUMNS, Format
from talklike.chat.formats import FORMATS
from talklike.chat.options import ReadOptions
from talklike.chat.read import read_chat
from talklike.chat.report import ReadReport
from talklike.chat.source import Head, Source
from talklike.chat.table import SCHEMA

if TYPE_CHECKING:
    from pathlib import Path

Rows = Sequence[tuple[str, str]]
"""Author and text of each message."""

TEXT = st.text(
    alphabet=st.one_of(st.sampled_from("abc \"',;|\\\té😀#@<>{}"), st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"])),
    min_size=1,
    max_size=30,
).filter(str.strip)
AUTHOR = st.sampled_from(["55b977f00fc9f982beab7883", "546fd99cdb8155e6700d6ec8", "54a4804fb2b2de4b786502bf"])
CHAT = st.lists(st.tuples(AUTHOR, TEXT), min_size=1, max_size=20)


def delimited(rows: Sequence[Sequence[str]], delimiter: str, end: str = "\n") -> bytes:
    """Return rows as delimited text."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=delimiter, lineterminator=end).writerows(rows)
    return buffer.getvalue().encode()


def gitter(rows: Rows) -> bytes:
    """Return messages as Gitter history."""
    room, time = "56120120d33f749381a847aa", "2016-12-22T02:37:20.597Z"
    return delimited([(room, "FCC/Casual", time, a, "nick", f"{i:024x}", t) for i, (a, t) in enumerate(rows)], "\t", "\r\n")


def kaggle(rows: Rows) -> bytes:
    """Return messages in the 26 columns of the Kaggle file."""
    lines = []
    for i, (author, text) in enumerate(rows):
        row = [""] * 26
        row[0], row[8], row[15], row[20], row[22] = str(i), author, f"{i:024x}", "2014-12-31T23:01:35.647Z", text
        lines.append(row)
    return delimited(lines, "|")


def kaggle_anon(rows: Rows) -> bytes:
    """Return messages in the 19 columns of its anonymous sibling."""
    lines = []
    for i, (author, text) in enumerate(rows):
        row = [""] * 19
        row[4], row[8], row[12], row[14] = author, f"{i:024x}", "2014-12-31T23:01:35.647Z", text
        lines.append(row)
    return delimited(lines, "|")


def table(rows: Rows) -> pl.DataFrame:
    """Return messages as a frame."""
    return pl.DataFrame(list(rows), schema={"author": pl.String, "text": pl.String}, orient="row")


def parquet(rows: Rows) -> bytes:
    """Return messages as a Parquet file."""
    buffer = io.BytesIO()
    table(rows).write_parquet(buffer)
    return buffer.getvalue()


def arrow(rows: Rows) -> bytes:
    """Return messages as an Arrow file."""
    buffer = io.BytesIO()
    table(rows).write_ipc(buffer)
    return buffer.getvalue()


WRITERS: dict[str, Callable[[Rows], bytes]] = {
    "freecodecamp": kaggle,
    "freecodecamp-anon": kaggle_anon,
    "gitter-history": gitter,
    "delimited": lambda rows: delimited([("author", "text"), *rows], ","),
    "jsonl": lambda rows: "\n".join(json.dumps({"author": a, "text": t}) for a, t in rows).encode(),
    "parquet": parquet,
    "arrow": arrow,
    "text": lambda rows: "\n".join(t for _, t in rows).encode(),
    "lines": lambda rows: "\n".join(t for _, t in rows).encode(),
}
"""How to write a chat in each format; a format without a writer fails its contract."""

ALL = pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)


@ALL
def test_a_format_introduces_itself(form: Format) -> None:
    """A name to type, a line to read; names differ."""
    assert re.fullmatch(r"[a-z][a-z-]*", form.name)
    for said in (form.title, form.rule):
        assert said
        assert "\n" not in said
    assert "\n" not in form.limits
    assert form.kind in ("messages", "stream")
    assert isinstance(form.has_columns, bool)
    assert [other.name for other in FORMATS].count(form.name) == 1


@ALL
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(rows=CHAT)
def test_what_is_written_in_a_format_is_read_back(form: Format, rows: Rows, tmp_path: Path) -> None:
    """Texts verbatim, in order, with their authors."""
    path = tmp_path / "chat.dat"
    path.write_bytes(WRITERS[form.name](rows))
    chat = read_chat(path, format=form.name)
    frame = chat.frame.collect()
    assert frame.schema == SCHEMA
    assert chat.kind == form.kind
    assert chat.report.format == form.name
    assert chat.report.kept == chat.report.read == frame.height
    if form.kind == "stream":
        assert "".join(frame["text"]) == "\n".join(text for _, text in rows)
    else:
        assert frame["text"].to_list() == [text for _, text in rows]
    if form.has_columns:
        assert frame["author"].to_list() == [author for author, _ in rows]
    else:
        assert frame["author"].unique().to_list() == ["chat"]


@ALL
def test_a_format_detects_its_own_files(form: Format, tmp_path: Path) -> None:
    """Whatever the file is called, its content tells; ``lines`` is only asked for."""
    path = tmp_path / "chat.dat"
    path.write_bytes(WRITERS[form.name]([("55b977f00fc9f982beab7883", f"what is said, part {i}") for i in range(9)]))
    if form.name == "lines":
        with Source.of(path) as source:
            assert form.detect(source.head) is None
        return
    assert read_chat(path).report.format == form.name


@ALL
@settings(max_examples=50)
@given(data=st.binary(max_size=300), complete=st.booleans(), suffix=st.sampled_from(["", ".csv", ".txt", ".json", ".jsonl"]))
def test_detection_takes_any_bytes(form: Format, data: bytes, complete: bool, suffix: str) -> None:
    """A file from anywhere must not crash the reading of its head."""
    match = form.detect(Head(data, suffix, complete))
    assert match is None or (0 <= match.confidence <= 1 and match.why)


@ALL
def test_raw_batches_have_the_columns_they_may_have(form: Format, tmp_path: Path) -> None:
    """Author and text always, others by their names; lines can be asked for each row."""
    path = tmp_path / "chat.dat"
    path.write_bytes(WRITERS[form.name]([("55b977f00fc9f982beab7883", f"text {i}") for i in range(3)]))
    with Source.of(path) as source:
        batches = list(form.read(source, ReadOptions(), ReadReport("f", form.name, "test")))
    for batch in batches:
        assert {"author", "text"} <= set(batch.frame.columns) <= set(RAW_COLUMNS)
        rows = pl.int_range(batch.frame.height, eager=True).to_numpy()
        assert (batch.lines(rows) >= 1).all()


def test_every_format_has_a_writer_here() -> None:
    """Who adds a format adds its contract."""
    assert set(WRITERS) == {form.name for form in FORMATS}
