"""Gitter's history, on invented rows; the real ones are in ``tests/chat/test_real.py``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from talklike.chat.read import read_chat

Write = Callable[[str, str | bytes], Path]
ROOM, WHO = "56120120d33f749381a847aa", "5480db5bdb8155e6700dba90"


def test_rooms_times_and_names_are_found_without_a_header(write: Write) -> None:
    """The room is the channel; a repeated message id is a repeated message."""
    rows = [
        (ROOM, "FCC/Quay", "2016-12-22T02:37:20.597Z", WHO, "bob", "585b3c6096a565f844066e6c", '"two\nlines, ""quoted"""'),
        (ROOM, "FCC/Quay", "2016-12-21T02:37:20.597Z", WHO, "bob", "585b3c6096a565f844066e6d", "/help"),
        (ROOM, "FCC/Quay", "2016-12-21T02:37:20.597Z", WHO, "bob", "585b3c6096a565f844066e6d", "/help"),
    ]
    path = write("Quay.tsv", "".join("\t".join(row) + "\r\n" for row in rows))
    chat = read_chat(path)
    assert chat.report.format == "gitter-history"
    assert chat.report.skipped["duplicate id"].places == [f"{path}:4"]
    found = chat.frame.collect()
    assert found["text"].to_list() == ['two\nlines, "quoted"', "/help"]
    assert found.select("author", "name", "channel").unique().rows() == [(WHO, "bob", "FCC/Quay")]
