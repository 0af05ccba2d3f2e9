"""Parquet files; what they have in common is in ``tests/chat/test_columnar.py``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from talklike.chat.read import read_chat
from talklike.chat.table import SCHEMA

if TYPE_CHECKING:
    from pathlib import Path


def test_our_own_table_comes_back_as_it_was(tmp_path: Path) -> None:
    """What ``talklike convert`` writes is read without loss."""
    path = tmp_path / "chat.parquet"
    columns = {"time": [None], "author": ["u1"], "name": ["Bob"], "channel": ["quay"], "text": ["hi\r\n "]}
    frame = pl.DataFrame(columns, schema=SCHEMA)
    frame.write_parquet(path)
    chat = read_chat(path)
    assert chat.report.format == "parquet"
    assert chat.frame.collect().equals(frame)
