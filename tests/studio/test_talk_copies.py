"""Tests of looking for what is copied, in a process of its own."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from talklike.errors import RunError
from talklike.studio import talk_copies
from talklike.studio.talk_copies import Copies
from talklike.studio.workspace import Learnt

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LINE = "the tide is in and the rope is on the pier by the crab"


@pytest.fixture
def voice(make_bytes: Callable[..., bytes], tmp_path: Path) -> Path:
    """Return the file of a voice."""
    path = tmp_path / "voice.onnx"
    path.write_bytes(make_bytes(provenance={"author": "u1"}))
    return path


@pytest.fixture
def chat(tmp_path: Path) -> Path:
    """Return the chat that it may have learnt from."""
    path = tmp_path / "chat.csv"
    lines = [f"u1,{LINE}" if number == 3 else f"u1,gull {number} on the reef by the mast {number}" for number in range(60)]
    path.write_text("author,text\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_what_stands_in_the_chat_is_found(voice: Path, chat: Path) -> None:
    """From how many characters on is asked each time; the chat is read once."""
    copies = Copies(voice, Learnt(chat))

    async def run() -> None:
        text = f"well,{LINE[4:40]}!"
        assert await copies.find([text, "nothing"]) == [[{"start": 5, "end": 41, "said": "36 characters of u1's"}], []]
        assert await copies.find([text], 50) == [[]]

    try:
        asyncio.run(run())
    finally:
        copies.close()


def test_a_chat_that_can_t_be_read_is_told(voice: Path, tmp_path: Path) -> None:
    """In the sentence that says what is wrong with it, each time."""
    copies = Copies(voice, Learnt(tmp_path / "nowhere.csv"))

    async def run() -> None:
        for _ in range(2):
            with pytest.raises(RunError, match=r"nowhere\.csv"):
                await copies.find(["a"])

    try:
        asyncio.run(run())
    finally:
        copies.close()
    with pytest.raises(RunError, match="switch it on again"):
        asyncio.run(copies.find(["a"]))


def test_the_process_reads_and_finds(voice: Path, chat: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it does, done here: a mistake is kept to be told, spans say whose they are."""
    monkeypatch.setattr(talk_copies, "_training", "not read yet")
    assert talk_copies._find(["a"], 25) == "not read yet"
    talk_copies._read(str(voice), Learnt(chat))
    assert talk_copies._find([LINE], 25) == [[{"start": 0, "end": len(LINE), "said": f"{len(LINE)} characters of u1's"}]]


@pytest.mark.parametrize("with_quotes", [False, True])
def test_it_looks_in_what_was_learnt(voice: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, with_quotes: bool) -> None:
    """A line that an author quoted is there to be copied only if it was learnt."""
    chat = tmp_path / "quoting.csv"
    lines = [f'u1,"> {LINE}\ngull {number} by the mast"' for number in range(60)]
    chat.write_text("author,text\n" + "\n".join(lines) + "\n", encoding="utf-8")
    monkeypatch.setattr(talk_copies, "_training", "not read yet")
    talk_copies._read(str(voice), Learnt(chat, with_quotes=with_quotes))
    assert bool(talk_copies._find([LINE], 25)[0]) == with_quotes
