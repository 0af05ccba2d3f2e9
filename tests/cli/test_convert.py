"""``talklike convert`` as a user runs it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest
import typer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from talklike.chat.read import read_chat
from talklike.cli.convert import SUFFIXES, convert
from talklike.errors import OptionError, TalklikeError

if TYPE_CHECKING:
    from collections.abc import Callable

CHAT = 'author,name,room,time,text\nu1,Bob,quay,2020-01-01T10:00:00.123456Z,"two\r\nlines, ""q"""\nu2,,,,hi \n'


@pytest.fixture
def run() -> Callable[..., Result]:
    """Return a function that runs the command; a talklike error comes out as it was raised."""
    app = typer.Typer()
    app.command()(convert)

    def call(*args: object) -> Result:
        result = CliRunner().invoke(app, [str(arg) for arg in args])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return call


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_what_is_converted_reads_the_same(suffix: str, run: Callable[..., Result], tmp_path: Path) -> None:
    """All columns, to the microsecond."""
    chat, output = tmp_path / "chat.csv", tmp_path / f"out{suffix}"
    chat.write_bytes(CHAT.encode())
    result = run(chat, "-o", output)
    assert result.stdout == ""
    assert f"wrote {output}: 2 messages" in result.stderr
    assert read_chat(output).frame.collect().equals(read_chat(chat).frame.collect())
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["chat.csv", output.name])


@pytest.mark.parametrize("suffix", SUFFIXES)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20, deadline=None)
@given(texts=st.lists(st.text(min_size=1, max_size=20).filter(str.strip), min_size=1, max_size=5))
def test_any_text_survives_every_format(suffix: str, texts: list[str], run: Callable[..., Result], tmp_path: Path) -> None:
    """Quotes, line ends, delimiters, anything but NUL, which marks a binary file."""
    texts = [text.replace("\0", "0") for text in texts]
    chat, output = tmp_path / "chat.parquet", tmp_path / f"out{suffix}"
    pl.DataFrame({"author": ["u"] * len(texts), "text": texts}).write_parquet(chat)
    run(chat, "-o", output)
    assert read_chat(output).frame.collect()["text"].to_list() == texts


def test_a_book_becomes_rows(run: Callable[..., Result], tmp_path: Path) -> None:
    """It is said that they are no messages."""
    (tmp_path / "storm.txt").write_text("It was a dark night.\n")
    assert "1 pieces of text" in run(tmp_path / "storm.txt", "-o", tmp_path / "out.parquet").stderr


def test_what_can_not_be_written_is_refused_before_reading(run: Callable[..., Result], tmp_path: Path) -> None:
    """An unknown suffix, a folder, a folder that isn't there, the chat itself, also by another name."""
    chat = tmp_path / "chat.csv"
    chat.write_bytes(CHAT.encode())
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "link.csv").symlink_to(chat)
    for output, word in (
        ("out.xlsx", "suffix must be one of"),
        ("folder.csv", "is a folder"),
        ("nope/out.csv", "there is no folder"),
        ("chat.csv", "is the chat itself"),
        ("link.csv", "is the chat itself"),
    ):
        with pytest.raises(OptionError, match=word):
            run(chat, "-o", tmp_path / output)
    assert chat.read_bytes() == CHAT.encode()


def test_what_would_be_read_with_the_chat_the_next_time_is_refused(run: Callable[..., Result], tmp_path: Path) -> None:
    """In the folder or below it, also by another name; not beside it, nor hidden."""
    chat = tmp_path / "chat"
    (chat / "rooms").mkdir(parents=True)
    (chat / ".cache").mkdir()
    (chat / "quay.csv").write_bytes(CHAT.encode())
    (tmp_path / "link").symlink_to(chat)
    for output in (
        chat / "all.parquet",
        chat / "rooms" / "all.csv",
        tmp_path / "link" / "all.arrow",
        chat / ".." / "chat" / "a.csv",
    ):
        with pytest.raises(OptionError, match=r"-o .* lies in the chat, .*, and would be read with it the next time"):
            run(chat, "-o", output)
    for output in (chat / ".all.parquet", chat / ".cache" / "all.parquet", tmp_path / "all.parquet", chat / ".." / "all.csv"):
        assert "2 messages" in run(chat, "-o", output).stderr


def test_a_folder_that_can_not_be_written_is_refused_before_reading(
    run: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is no chat, and that isn't yet known."""
    monkeypatch.setattr(os, "access", lambda path, mode: path != tmp_path)
    with pytest.raises(OptionError, match=r"-o .*can't be written; name a file in another one"):
        run(tmp_path / "nope.csv", "-o", tmp_path / "out.csv")


def test_a_failed_write_leaves_the_old_file(run: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody sees half a file."""
    chat, output = tmp_path / "chat.csv", tmp_path / "out.csv"
    chat.write_bytes(CHAT.encode())
    output.write_text("old")

    def fail(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(TalklikeError, match="can't be written: No space left on device"):
        run(chat, "-o", output)
    assert output.read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["chat.csv", "out.csv"]
