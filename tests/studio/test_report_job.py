"""Tests of judging a voice as a job; the whole of it, ``test_browser_talk`` does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from talklike.errors import OptionError, RunError
from talklike.studio import report_job
from talklike.studio.events import EVENTS, FOLDER, Reader
from talklike.studio.report_job import main
from talklike.studio.reports import READING, STAGES, kept_report
from talklike.studio.workspace import Learnt
from tests.studio.talking import FOUND

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from talklike.evaluation.evaluate import Evaluation


def test_it_tells_how_far_it_is_and_keeps_the_report(
    tmp_path: Path, make_bytes: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each stage as it begins, and of one that goes on not every step."""
    voice, chat = tmp_path / "voice.onnx", tmp_path / "chat.csv"
    voice.write_bytes(make_bytes())
    chat.write_text("author,text\nu1,the tide\n", encoding="utf-8")
    monkeypatch.setenv(FOLDER, str(tmp_path))
    asked: dict[str, Any] = {}

    def evaluate(_: object, read: Any, *, told: Callable[[str, float], None], **options: Any) -> Evaluation:
        asked.update(options, read=read)
        for stage in STAGES[1:]:
            for share in range(100):
                told(stage, share / 100)
        return FOUND

    monkeypatch.setattr(report_job, "evaluate", evaluate)
    main(voice, Learnt(chat, with_quotes=True), 200, "u1")
    assert (asked["messages"], asked["author"], asked["file"]) == (200, "u1", str(voice))
    events = Reader(tmp_path / EVENTS).new()
    assert [event["name"] for event in events if not event["share"]] == list(STAGES)
    assert events[0] == {"event": "stage", "name": READING, "share": 0.0}
    assert len(events) < 30
    kept = kept_report(voice)
    assert kept is not None
    assert kept.fresh
    assert (kept.about["chat"], kept.about["with_quotes"], asked["read"].with_quotes) == (str(chat), True, True)


def test_what_can_t_be_done_is_told_at_once(tmp_path: Path) -> None:
    """Too few messages, and a folder in which no report can be kept, before anything is read."""
    with pytest.raises(OptionError, match="messages are 1"):
        main(tmp_path / "none.onnx", Learnt(tmp_path / "none.csv"), 1)
    with pytest.raises(RunError, match="copy the voice to a folder that is yours"):
        main(tmp_path / "gone" / "none.onnx", Learnt(tmp_path / "none.csv"), 200)
