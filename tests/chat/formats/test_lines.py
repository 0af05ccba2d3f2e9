"""One message a line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from talklike.chat import lines as line_module
from talklike.chat.formats import lines
from talklike.chat.read import read_chat
from talklike.errors import ChatFileError, FormatError

Write = Callable[[str, str | bytes], Path]


def test_each_line_is_a_message_of_the_file(write: Write) -> None:
    """Blank lines are empty messages, by their number; line ends don't leak."""
    path = write("dora.txt", "hi, all\r\n\n  \nbye\n")
    chat = read_chat(path, format="lines")
    rows = chat.frame.collect()
    assert rows.select("author", "text").rows() == [("dora", "hi, all"), ("dora", "bye")]
    assert chat.report.skipped["empty"].places == [f"{path}:2", f"{path}:3"]


def test_numbers_go_on_across_blocks_and_long_lines_are_refused(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line must fit into a block."""
    monkeypatch.setattr(lines, "line_blocks", lambda source, report: line_module.line_blocks(source, report, 20))
    monkeypatch.setattr(lines, "is_cut", lambda data: line_module.is_cut(data, 20))
    path = write("dora.txt", "hello\nhello\nhello\nhello\n\nhello\n")
    chat = read_chat(path, format="lines")
    assert chat.report.kept == 5
    assert chat.report.skipped["empty"].places == [f"{path}:5"]
    with pytest.raises(ChatFileError, match="line is longer"):
        read_chat(write("long.txt", "hello\n" + "x" * 50), format="lines")


def test_each_file_of_a_folder_is_an_author(tmp_path: Path) -> None:
    """If asked for; otherwise no file is taken for lines."""
    (tmp_path / "wren.txt").write_text("hi\nyo\n")
    (tmp_path / "otter.txt").write_text("ahoy\n")
    rows = read_chat(tmp_path, format="lines").frame.collect()
    assert rows.select("author", "text").rows() == [("otter", "ahoy"), ("wren", "hi"), ("wren", "yo")]
    with pytest.raises(FormatError, match="none of its 2 files is a chat"):
        read_chat(tmp_path)
