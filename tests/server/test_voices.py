"""Voices by name."""

from __future__ import annotations

import asyncio
import shutil
from typing import TYPE_CHECKING

import pytest

from talklike.errors import VoiceFileError
from talklike.generation.voice import Voice
from talklike.server.answers import ApiError
from talklike.server.settings import Settings
from talklike.server.voices import Served, Voices
from talklike.voice.read import read_voice

if TYPE_CHECKING:
    from pathlib import Path


def test_names_are_those_of_files_and_folders(voice_files: list[str], tmp_path: Path) -> None:
    """A run folder is called like the folder; whoever comes second with a name gets a number."""
    for folder in ("one", "two"):
        (tmp_path / folder / "harbour").mkdir(parents=True)
        shutil.copy(voice_files[0], tmp_path / folder / "harbour" / "voice.onnx")
    voices = Voices([voice_files[0], str(tmp_path / "one" / "harbour"), str(tmp_path / "two" / "harbour")], Settings())
    try:
        assert list(voices.by_name) == ["harbour", "harbour-2", "harbour-3"]
        assert voices.find("harbour:u2")[1] == "u2"
        for model, status in (("nobody", 404), ("nobody:u1", 404), (None, 400)):
            with pytest.raises(ApiError) as caught:
                voices.find(model)
            assert caught.value.status == status
    finally:
        voices.close(timeout=30)


def test_the_only_voice_needs_no_name(voice_files: list[str]) -> None:
    """Where there is one, it is meant."""
    voices = Voices(voice_files[:1], Settings())
    try:
        assert voices.find(None)[0].name == "harbour"
    finally:
        voices.close(timeout=30)


def test_a_process_may_start_when_it_is_needed(voice_files: list[str]) -> None:
    """Until then nothing is written and nothing waits; asked for by several at once, it starts once."""
    card, data = read_voice(voice_files[0])
    served = Served("harbour", Voice(card, data), data, Settings(), at_once=False)
    assert (served.started, served.active, served.waiting) == (False, 0, 0)
    served.close(timeout=0)

    async def ready() -> None:
        await asyncio.gather(served.ready(), served.ready())

    asyncio.run(ready())
    try:
        assert (served.started, served.active, served.waiting) == (True, 0, 0)
    finally:
        served.close(timeout=30)


def test_a_voice_that_cannot_be_loaded(tmp_path: Path) -> None:
    """The error is the voice's."""
    with pytest.raises(VoiceFileError):
        Voices([str(tmp_path / "missing.onnx")], Settings())
