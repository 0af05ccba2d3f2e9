"""``talklike compare`` as a user runs it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from talklike.sample import sample_path

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., Any]

FEW = ("--messages", 20)


def test_voices_and_temperatures_stand_in_one_table(talklike: Run, sample_voice: Path) -> None:
    """A row for each voice at each temperature."""
    done = talklike("compare", sample_voice, "--chat", sample_path(), "-t", 0.5, "-t", 1.0, *FEW)
    assert done.status == 0, done.err
    lines = [line for line in done.out.splitlines() if "name of" in line]
    assert len(lines) == 2
    assert "self-BLEU" in done.out


def test_reports_stand_beside_voices(talklike: Run, sample_voice: Path, tmp_path: Path) -> None:
    """With the figures that they hold."""
    written = talklike("evaluate", sample_voice, sample_path(), *FEW, "--json").out
    report = tmp_path / "before.json"
    report.write_text(written)
    done = talklike("compare", report, sample_voice, "--chat", sample_path(), *FEW, "--json")
    assert done.status == 0, done.err
    first, second = json.loads(done.out)
    assert (first["label"], second["label"]) == ("before", str(sample_voice))
    assert first["bits"] == pytest.approx(second["bits"])
    assert first["taken"] == pytest.approx(second["taken"])
    assert first["copied"] == pytest.approx(second["copied"])
    alone = talklike("compare", report)
    assert "before" in alone.out


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "is not JSON"),
        ("[]", "no report"),
        ('{"format": 1}', "is damaged"),
        ('{"format": 99}', "no report of this version"),
    ],
)
def test_a_file_that_is_no_report_is_told(talklike: Run, tmp_path: Path, text: str, says: str) -> None:
    """With what to give instead."""
    report = tmp_path / "wrong.json"
    report.write_text(text)
    done = talklike("compare", report)
    assert done.status == 1
    assert says in done.err


def test_mistakes_are_told(talklike: Run, sample_voice: Path, tmp_path: Path) -> None:
    """In one line."""
    assert "name the chat" in talklike("compare", sample_voice).err
    assert "a report is of one temperature" in talklike("compare", tmp_path / "a.json", "-t", 1).err
    assert "can't be read" in talklike("compare", tmp_path / "a.json").err
    assert "messages are 3" in talklike("compare", sample_voice, "--chat", sample_path(), "--messages", 3).err
