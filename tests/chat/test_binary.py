"""What is said of files that hold no text."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest

from talklike.chat.binary import no_text
from talklike.chat.read import read_chat
from talklike.errors import ChatFileError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("tables", "words"),
    [
        (["message (jid_row_id INTEGER)", "message_add_on (x)"], r"WhatsApp's database .*; in WhatsApp .*Export chat"),
        (["ZWAMESSAGE (x)"], "WhatsApp's database on an iPhone"),
        (["chat_message_join (x)"], "Apple's database"),
        (["part (x)", "thread (x)", "recipient (x)"], "Signal's database; .*signal-export"),
        (["anything (x)"], "an SQLite database; export its messages"),
    ],
)
def test_a_database_is_told_by_its_tables(tables: list[str], words: str, tmp_path: Path) -> None:
    """Whose it is, and what to do instead."""
    path = tmp_path / "some.db"
    database = sqlite3.connect(path)
    for table in tables:
        database.execute(f"CREATE TABLE {table}")
    database.commit()
    database.close()
    with pytest.raises(ChatFileError, match=words):
        read_chat(path)


@pytest.mark.parametrize("name", ["msgstore.db.crypt14", "msgstore.db.crypt15", "msgstore-2024-01-01.1.db.CRYPT12"])
def test_an_encrypted_backup_is_told_by_its_name(name: str, tmp_path: Path) -> None:
    """Its content tells nothing."""
    (tmp_path / name).write_bytes(bytes(range(256)))
    with pytest.raises(ChatFileError, match="encrypted backup, which only WhatsApp can open; in WhatsApp open the chat"):
        read_chat(tmp_path / name)


@pytest.mark.parametrize(
    ("kind", "data", "name", "words"),
    [
        ("binary (it holds NUL bytes)", b"\0", "signal-2024-01-01.backup", "signal-export"),
        ("a PDF document", b"%PDF", "chat.pdf", "save it as plain text"),
        ("a RAR archive", b"Rar!", "chat.rar", "unpack it"),
        ("a PNG image", b"\x89PNG", "chat.png", "it is a PNG image"),
    ],
)
def test_what_to_do_instead(kind: str, data: bytes, name: str, words: str) -> None:
    """As far as anything can be done."""
    assert words in no_text(kind, data, name)
