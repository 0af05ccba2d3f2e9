"""Tests of the voices that pages have loaded."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

import pytest

from talklike.errors import RunError, VoiceFileError
from talklike.studio import voices
from talklike.studio.voices import Desk, desk_of, model_names
from tests.studio.talking import workspace_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_a_voice_is_loaded_once_and_anew_when_it_has_changed(tmp_path: Path, make_bytes: Callable[..., bytes]) -> None:
    """Two who ask at once get the same; one whose file was written anew is read anew, and the old one is put away."""
    workspace = workspace_of(tmp_path, one=make_bytes(seed=1))
    entry = workspace.voices()[0]
    desk = Desk(workspace)

    async def run() -> None:
        first, same = await asyncio.gather(desk.open(entry.id), desk.open(entry.id))
        assert first is same
        assert first.started
        entry.path.write_bytes(make_bytes(seed=2))
        os.utime(entry.path, (9, 9))
        anew = await desk.open(entry.id)
        assert anew is not first
        assert first.voice.generate("a", seed=1, temperature=0.1) != anew.voice.generate("a", seed=1, temperature=0.1)
        entry.path.write_bytes(b"no voice")
        with pytest.raises(VoiceFileError):
            await desk.open(entry.id)
        entry.path.unlink()
        with pytest.raises(RunError, match="choose another"):
            await desk.open(entry.id)

    try:
        asyncio.run(run())
    finally:
        desk.close()


def test_no_more_voices_are_loaded_than_fit(
    tmp_path: Path, make_bytes: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one that wasn't used for longest is put away first."""
    monkeypatch.setattr(voices, "MOST", 2)
    workspace = workspace_of(tmp_path, a=make_bytes(seed=1), b=make_bytes(seed=2), c=make_bytes(seed=3))
    ids = {entry.name: entry.id for entry in workspace.voices()}
    desk = Desk(workspace)

    async def run() -> None:
        a, b = await desk.open(ids["a"]), await desk.open(ids["b"])
        assert await desk.open(ids["a"]) is a
        await desk.open(ids["c"])
        assert await desk.open(ids["a"]) is a
        assert await desk.open(ids["b"]) is not b

    try:
        asyncio.run(run())
    finally:
        desk.close()


def test_a_workspace_has_one_desk(tmp_path: Path) -> None:
    """All pages of it share their voices."""
    workspace, other = workspace_of(tmp_path), workspace_of(tmp_path)
    assert desk_of(workspace) is desk_of(workspace)
    assert desk_of(workspace) is not desk_of(other)


def test_what_the_api_calls_a_voice_is_known(make_bytes: Callable[..., bytes], tmp_path: Path) -> None:
    """Of two voices that are called the same, the older one has a number."""
    workspace = workspace_of(tmp_path, harbour=make_bytes())
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "harbour.onnx").write_bytes(make_bytes(seed=2))
    workspace.add(tmp_path / "elsewhere" / "harbour.onnx")
    assert list(model_names(workspace.voices()).values()) == ["harbour", "harbour-2"]
