"""How a voice got better while it was trained."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from talklike.errors import RunError
from talklike.evaluation.history import history, still_learning

if TYPE_CHECKING:
    from pathlib import Path

LINE = {
    "step": 5,
    "seconds": 1.5,
    "characters": 9,
    "train_bits_per_character": 2.0,
    "validation_bits_per_character": 2.5,
    "best": True,
}


def test_the_metrics_of_a_run_are_read(tmp_path: Path) -> None:
    """From its folder and from the voice in it; of a voice elsewhere nothing is known."""
    assert history(tmp_path) == []
    (tmp_path / "metrics.jsonl").write_text(
        json.dumps(LINE) + "\n" + json.dumps(LINE | {"train_bits_per_character": float("nan")})
    )
    expected = [{"step": 5.0, "seconds": 1.5, "characters": 9.0, "train": 2.0, "validation": 2.5}]
    assert history(tmp_path) == expected
    assert history(tmp_path / "voice.onnx") == history(tmp_path / "voice.float32.onnx") == expected
    assert history(tmp_path / "somebody.onnx") == []


@pytest.mark.parametrize("line", ["{", "[]", "{}", json.dumps(LINE | {"step": None}), json.dumps(LINE | {"step": 10**400})])
def test_damage_is_told_with_its_line(tmp_path: Path, line: str) -> None:
    """And what to do."""
    (tmp_path / "metrics.jsonl").write_text(json.dumps(LINE) + "\n" + line)
    with pytest.raises(RunError, match=r"metrics\.jsonl:2: is damaged; remove it"):
        history(tmp_path)
    (tmp_path / "metrics.jsonl").write_bytes(b"\xff\xfe")
    with pytest.raises(RunError, match="can't be read"):
        history(tmp_path)


@pytest.mark.parametrize(
    ("validation", "train", "characters", "expected"),
    [
        ([3.0, 2.5], 2.4, 100, True),  # best at its end, in its first round
        ([2.5, 2.6], 2.4, 100, False),  # better before
        ([3.0, 2.5], 2.49, 700, True),  # seven rounds, and nothing learnt by heart
        ([3.0, 2.5], 2.3, 700, False),  # seven rounds, and learning by heart
        ([3.0, 2.5], 2.49, 900, False),  # as many rounds as there are
    ],
)
def test_a_run_is_still_learning_if_more_time_would_help(
    validation: list[float], train: float, characters: float, expected: bool
) -> None:
    """As training itself says at its end."""
    lines = [{"step": 1.0, "seconds": 1.0, "characters": characters, "train": train, "validation": one} for one in validation]
    assert still_learning(lines, 100) is expected
    assert not still_learning([], 100)
