"""Trying binary tables in a process of its own."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import polars as pl
import pytest

from talklike.chat.read import read_chat
from talklike.chat.trial import Trial, main
from talklike.errors import ChatFileError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return a sound Arrow file."""
    path = tmp_path / "chat.arrow"
    frame = pl.DataFrame({"author": ["a"] * 50, "text": [f"words that are longer than twelve {i}" for i in range(50)]})
    frame.write_ipc(path, compression="uncompressed")
    return path


def test_one_process_tries_all_files(file: Path, tmp_path: Path) -> None:
    """A new one begins where a file has ended it; no path is mistaken for a pattern."""
    broken = tmp_path / "broken [1].arrow"
    broken.write_bytes(file.read_bytes()[:900])
    with Trial() as trial:
        assert trial.passes("scan_ipc", file)
        process = trial._process
        assert trial.passes("scan_ipc", file, ["text"])
        assert trial._process is process
        assert not trial.passes("scan_ipc", broken)
        assert trial.passes("scan_ipc", file, ["author", "text"])
        assert not trial.passes("scan_ipc", file, ["other"])


def test_a_length_that_is_wrong_is_one_error(file: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Polars would ask for 255 TiB and end the process, or print a panic."""
    sound = file.read_bytes()
    refused = 0
    for place in range(330, 380, 9):
        file.write_bytes(sound[:place] + b"\xff" + sound[place + 1 :])
        try:
            read_chat(file)
        except ChatFileError as error:
            assert str(error) == f"{file} can't be read as arrow: it is damaged or of another kind"  # noqa: PT017 - some are harmless
            refused += 1
    assert refused
    assert capfd.readouterr() == ("", "")


def test_each_file_is_answered_with_a_line(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The process itself, without one: an answer for what can be read, the error for what can't."""
    monkeypatch.setattr(
        "sys.stdin", io.StringIO("".join(json.dumps(["scan_ipc", str(file), names]) + "\n" for names in (None, ["text"])))
    )
    main()
    assert capsys.readouterr().out == "\n\n"
    monkeypatch.setattr("sys.stdin", io.StringIO('["scan_ipc", "nowhere.arrow", null]\n'))
    with pytest.raises(FileNotFoundError):
        main()
