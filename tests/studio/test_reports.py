"""Tests of reports that are kept beside their voices."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from talklike.errors import RunError
from talklike.studio.reports import chat_for, digest, keep, kept_report, report_file
from talklike.studio.workspace import Learnt
from tests.studio.talking import FOUND, workspace_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_a_report_is_fresh_until_its_voice_changes(tmp_path: Path) -> None:
    """It is judged by what is in the file, not by when it was written."""
    voice, chat = tmp_path / "voice.onnx", tmp_path / "chat.csv"
    voice.write_bytes(b"one")
    assert kept_report(voice) is None
    keep(voice, FOUND, judged=digest(voice), learnt=Learnt(chat, with_quotes=True), author="u1")
    kept = kept_report(voice)
    assert kept is not None
    assert kept.fresh
    assert (kept.content["verdict"][0], kept.about["author"]) == ("It sounds like u1.", "u1")
    voice.write_bytes(b"two")
    assert (kept := kept_report(voice)) is not None
    assert not kept.fresh


def test_a_report_lies_beside_its_voice(tmp_path: Path) -> None:
    """Under a name of its own where other voices lie in the same folder."""
    assert report_file(tmp_path / "run" / "voice.onnx", "html") == tmp_path / "run" / "report.html"
    assert report_file(tmp_path / "alice.onnx", "about.json") == tmp_path / "alice.report.about.json"


@pytest.mark.parametrize("damage", ["{", "[]", '{"verdict": []}', '"verdict"'])
def test_a_damaged_report_is_none(tmp_path: Path, damage: str) -> None:
    """It can be made anew."""
    voice = tmp_path / "voice.onnx"
    voice.write_bytes(b"one")
    keep(voice, FOUND, judged=digest(voice), learnt=Learnt(tmp_path), author=None)
    report_file(voice, "json").write_text(damage, encoding="utf-8")
    assert kept_report(voice) is None


def test_where_nothing_can_be_kept_is_told(tmp_path: Path) -> None:
    """With what to do."""
    with pytest.raises(RunError, match="choose another folder"):
        keep(tmp_path / "gone" / "voice.onnx", FOUND, judged="", learnt=Learnt(tmp_path), author=None)


def test_the_chat_that_was_judged_on_is_known_from_then_on(tmp_path: Path, make_bytes: Callable[..., bytes]) -> None:
    """What the training recorded goes first; what is gone isn't known."""
    workspace = workspace_of(tmp_path, harbour=make_bytes())
    (entry,) = workspace.voices()
    assert chat_for(workspace, entry) is None
    chat = tmp_path / "chat.csv"
    chat.write_text("author,text\n", encoding="utf-8")
    keep(entry.path, FOUND, judged="", learnt=Learnt(chat, with_quotes=True), author=None)
    assert chat_for(workspace, entry) == Learnt(chat, with_quotes=True)
    table = tmp_path / "table.parquet"
    table.touch()
    assert entry.run is not None
    (entry.run / "studio.json").write_text(json.dumps({"table": str(table)}), encoding="utf-8")
    assert chat_for(workspace, entry) == Learnt(table)
    table.unlink()
    chat.unlink()
    assert chat_for(workspace, entry) is None
