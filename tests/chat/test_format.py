"""The contract that every format in the registry keeps."""

from __future__ import annotations

import importlib
import re
from pathlib import Path
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
from talklike.errors import ChatFileError, FormatError
from tests.chat.writers.writer import Writer, time_of

if TYPE_CHECKING:
    from talklike.chat.table import Chat

ALL = pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
IN_A_FOLDER = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)


def writer(form: Format) -> Writer:
    """Return how a format is written; a format without a writer in ``writers/`` fails its contract."""
    module = importlib.import_module(f"tests.chat.writers.{form.name.replace('-', '_')}")
    found = module.WRITER
    assert isinstance(found, Writer)
    return found


def rows(wanted: Writer, least: int = 1) -> st.SearchStrategy[list[tuple[str, str]]]:
    """Return chats that a format can hold."""
    return st.lists(st.tuples(st.sampled_from(wanted.authors or ("chat",)), wanted.text), min_size=least, max_size=20)


def accounted_for(chat: Chat) -> pl.DataFrame:
    """Return the messages, after a look at what is said of them."""
    frame = chat.frame.collect()
    assert frame.schema == SCHEMA
    assert chat.report.kept == frame.height
    assert chat.report.read == chat.report.kept + sum(skip.count for skip in chat.report.skipped.values())
    for skip in chat.report.skipped.values():
        assert len(skip.places) == min(skip.count, ReadReport.MOST_PLACES)
        assert all(re.search(r":[1-9]\d*$", place) for place in skip.places)
    return frame


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
@IN_A_FOLDER
@given(data=st.data())
def test_what_is_written_in_a_format_is_read_back(form: Format, data: st.DataObject, tmp_path: Path) -> None:
    """Texts verbatim, in order, with their authors and times, nothing left out; and the same once more."""
    how = writer(form)
    said = data.draw(rows(how))
    path = tmp_path / how.name
    path.write_bytes(how.write(said))
    chat = read_chat(path, format=form.name)
    frame = accounted_for(chat)
    assert chat.kind == form.kind
    assert chat.report.format == form.name
    assert not chat.report.skipped
    if form.kind == "stream":
        assert "".join(frame["text"]) == "\n".join(text for _, text in said)
    else:
        assert frame["text"].to_list() == [text for _, text in said]
    if how.authors:
        assert frame["author"].to_list() == [author for author, _ in said]
    else:
        assert frame["author"].unique().to_list() == [Path(how.name).stem]
    if how.times:
        assert frame["time"].to_list() == [time_of(i) for i in range(len(said))]
    assert read_chat(path, format=form.name).frame.collect().equals(frame)


@ALL
def test_a_format_detects_its_own_files(form: Format, tmp_path: Path) -> None:
    """Whatever the file is called, its content tells; ``lines`` is only asked for."""
    how = writer(form)
    path = tmp_path / how.name
    authors = how.authors or ("chat",)
    path.write_bytes(how.write([(authors[i % len(authors)], f"what is said, part {i}") for i in range(9)]))
    if form.name == "lines":
        with Source.of(path) as source:
            match = form.detect(source.head)
        assert match is not None
        assert match.confidence == 0
        return
    assert read_chat(path).report.format == form.name


@ALL
@IN_A_FOLDER
@given(data=st.data())
def test_of_a_file_that_breaks_off_the_beginning_is_read(form: Format, data: st.DataObject, tmp_path: Path) -> None:
    """What came before is as in the whole file, and nothing is made up; of the last message a piece may be left."""
    how = writer(form)
    said = data.draw(rows(how, least=2))
    whole = how.write(said)
    path = tmp_path / how.name
    path.write_bytes(whole[: data.draw(st.integers(1, len(whole) - 1))])
    try:
        chat = read_chat(path, format=form.name)
    except (ChatFileError, FormatError):
        return
    assert not how.whole
    frame = accounted_for(chat)
    if form.kind == "stream":
        return
    texts, written = frame["text"].to_list(), [text for _, text in said]
    assert texts[:-1] == written[: len(texts) - 1]
    if how.authors:
        assert frame["author"].to_list()[:-1] == [author for author, _ in said[: len(texts) - 1]]


@ALL
@IN_A_FOLDER
@given(data=st.data())
def test_a_damaged_file_is_read_or_refused(form: Format, data: st.DataObject, tmp_path: Path) -> None:
    """Bytes that changed, went or came may cost messages, but never more than an error that says so."""
    how = writer(form)
    damaged = bytearray(how.write(data.draw(rows(how))))
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(damaged)))
        end = min(len(damaged), start + data.draw(st.sampled_from([0, 1, 1, 5, 100])))
        damaged[start:end] = data.draw(st.binary(max_size=6))
    path = tmp_path / how.name
    path.write_bytes(damaged)
    try:
        chat = read_chat(path, format=form.name)
    except (ChatFileError, FormatError):
        return
    accounted_for(chat)


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
    how = writer(form)
    path = tmp_path / how.name
    path.write_bytes(how.write([((how.authors or ("chat",))[0], f"text {i}") for i in range(3)]))
    with Source.of(path) as source:
        batches = list(form.read(source, ReadOptions(), ReadReport("f", form.name, "test")))
    for batch in batches:
        assert {"author", "text"} <= set(batch.frame.columns) <= set(RAW_COLUMNS)
        numbers = pl.int_range(batch.frame.height, eager=True).to_numpy()
        assert (batch.lines(numbers) >= 1).all()
