"""What can't be written is refused before the work."""

from __future__ import annotations

import importlib.util
import os
from typing import TYPE_CHECKING

import pytest

from talklike.cli.writable import check_file, check_plot
from talklike.errors import MissingExtraError, OptionError

if TYPE_CHECKING:
    from pathlib import Path


def test_what_can_be_written_passes(tmp_path: Path) -> None:
    """Whether the file is there or not; and nothing is made."""
    (tmp_path / "old.csv").write_text("old")
    for name in ("old.csv", "new.csv"):
        check_file(tmp_path / name, "-o")
    for name in ("new.png", "new.SVG", "new.pdf"):
        check_plot(tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == ["old.csv"]


@pytest.mark.parametrize(
    ("name", "message"), [("folder.png", "is a folder; name a file in it"), ("nowhere/tide.png", "there is no folder ")]
)
def test_no_file_and_no_folder(tmp_path: Path, name: str, message: str) -> None:
    """Each in one line that names the option."""
    (tmp_path / "folder.png").mkdir()
    with pytest.raises(OptionError, match=message) as raised:
        check_plot(tmp_path / name)
    assert str(raised.value).startswith(f"--plot {tmp_path / name}")


def test_a_folder_that_can_not_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The system is asked: root may write anywhere but on a read-only disk."""
    monkeypatch.setattr(os, "access", lambda path, mode: path != tmp_path or mode != os.W_OK)
    with pytest.raises(OptionError, match=r"-o .*tide\.csv: the folder .* can't be written; name a file in another one"):
        check_file(tmp_path / "tide.csv", "-o")


def test_pictures_have_suffixes(tmp_path: Path) -> None:
    """Those that can be drawn are named."""
    with pytest.raises(OptionError, match=r"draw into a \.png, \.svg or \.pdf$"):
        check_plot(tmp_path / "tide.docx")
    with pytest.raises(OptionError, match=r"draw into a \.png$"):
        check_plot(tmp_path / "tide.svg", [".png"])


def test_without_matplotlib_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It isn't imported for that, which would take a second."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(MissingExtraError, match=r"talklike\[plot\]"):
        check_plot(tmp_path / "tide.png")
