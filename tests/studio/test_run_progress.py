"""Tests of making sense of what a training tells."""

from __future__ import annotations

from typing import Any

import pytest

from talklike.studio.run_progress import Progress, duration

PREPARED: dict[str, Any] = {
    "event": "prepared", "layers": 1, "hidden": 128, "memory": True, "characters": 90_000, "everyone": 0, "room_steps": 0,
    "rounds": 3.25, "steps": 400, "a_step": 1000, "device": "cpu",
}  # fmt: skip


def steps(*told: tuple[float, int]) -> list[dict[str, Any]]:
    """Return events of steps: when, and how many were done."""
    return [{"event": "step", "step": step, "loss": 2.5, "at": at} for at, step in told]


def test_how_far_and_how_long() -> None:
    """Speed is that of the last minute, and tells the time that is left."""
    progress = Progress()
    assert (progress.share, progress.seconds_left, progress.said) == (None, None, "Starting …")
    events = [{"event": "stage", "name": "preparing the text"}]
    progress.take(events)
    assert progress.said == "Preparing the text …"
    events += [PREPARED, {"event": "stage", "name": "training"}, *steps((0.0, 0), (10.0, 100))]
    progress.take(events)
    progress.take(events)
    assert (progress.share, progress.rate, progress.seconds_left) == (0.25, 10_000, 30.0)
    assert progress.said == "25 % · 30 s left · 10,000 characters a second · loss 2.50"
    assert progress.facts.startswith("An LSTM of 128 units and an n-gram memory learns from 90,000 characters; 3.2 rounds")


def test_a_shortened_training_is_nearer_its_end() -> None:
    """Share, time left and what is said of the run follow the steps that there are; rounds are of the author's own."""
    progress = Progress()
    planned = PREPARED | {"room_steps": 100, "everyone": 500_000, "rounds": 3.0}
    events = [planned, {"event": "stage", "name": "training"}, *steps((0.0, 0), (10.0, 100))]
    progress.take([*events, {"event": "shortened", "steps": 200, "room_steps": 50}])
    assert (progress.steps, progress.share, progress.seconds_left) == (200, 0.5, 10.0)
    assert "1.5 rounds in 200 steps" in progress.facts
    assert "There were to be 400, but the machine got busier" in progress.facts
    again = {"event": "shortened", "steps": 160, "room_steps": 40}
    progress.take([*events, {"event": "shortened", "steps": 200, "room_steps": 50}, again])
    assert "1.2 rounds in 160 steps" in progress.facts
    assert "There were to be 400" in progress.facts


def test_old_steps_do_not_count() -> None:
    """A training that was slow at first, or held, is judged by what it does now."""
    progress = Progress()
    events = [PREPARED, {"event": "stage", "name": "training"}, *steps((-3600.0, 1), *((float(n), 2 * n) for n in range(100)))]
    progress.take(events)
    assert progress.rate == pytest.approx(2000, rel=0.01)


def test_the_end() -> None:
    """What to think of it comes last."""
    progress = Progress()
    progress.take([PREPARED | {"layers": 2, "everyone": 7, "room_steps": 3}, {"event": "result", "verdict": ["About right."]}])
    assert progress.verdict == ["About right."]
    assert "2 × 128" in progress.facts
    assert "7 of the room" in progress.facts


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(59.6, "1 min"), (61, "1 min 1 s"), (660, "11 min"), (3600, "1 h"), (3661, "1 h 1 min"), (90_000, "25 h")],
)
def test_times_are_said_shortly(seconds: float, said: str) -> None:
    """Two units at most, and no seconds where nobody cares."""
    assert duration(seconds) == said
