"""Tests of what a run tells whoever watches it."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields
from typing import TYPE_CHECKING, Any

import pytest

from talklike.training.plan import make_wish
from talklike.training.progress import Evaluation, Listener
from talklike.training.schedule import Schedule
from talklike.training.train import train_run

if TYPE_CHECKING:
    from pathlib import Path

    from talklike.chat.table import Chat
    from talklike.training.progress import Result


class Recorder(Listener):
    """Writes down what it hears, by the names of the methods."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, tuple[Any, ...]]] = []

    def __getattribute__(self, name: str) -> Any:
        if name.startswith("_") or name not in vars(Listener):
            return super().__getattribute__(name)
        return lambda *arguments: self.heard.append((name, arguments))


def test_a_listener_hears_a_run_in_order(chat: Chat, tiny: dict[str, Any], tmp_path: Path) -> None:
    """First what is trained, then each step, an evaluation after each tenth, and the end; a loss comes every ten steps."""
    recorder = Recorder()
    wish = make_wish(None, 1, tiny | {"steps": 20, "evaluate_every": 10})
    result = train_run(chat, "a1", tmp_path / "run", wish=wish, listener=recorder)
    names = [name for name, _ in recorder.heard]
    assert names == ["prepared", *["stepped"] * 10, "evaluated", *["stepped"] * 10, "evaluated", "finishing", "noted", "ended"]
    assert recorder.heard[-1][1] == (result,)
    corpus, recipe, device, folder = recorder.heard[0][1]
    assert (corpus.authors, recipe.steps, device, folder) == (("a1",), 20, "cpu", tmp_path / "run")
    steps = [arguments for name, arguments in recorder.heard if name == "stepped"]
    assert [step for step, _ in steps] == list(range(1, 21))
    assert [step for step, loss in steps if loss is not None] == [10, 20]
    evaluations = [arguments for name, arguments in recorder.heard if name == "evaluated"]
    assert [evaluation for evaluation, _ in evaluations] == result.evaluations
    assert all(list(samples) == [0.3, 0.5, 0.7, 1.0] for _, samples in evaluations)
    assert all(text for _, samples in evaluations for text in samples.values())


def test_a_plain_listener_says_nothing(finished: Result, capsys: pytest.CaptureFixture[str]) -> None:
    """The library is silent: whoever wants to see something listens."""
    listener = Listener()
    listener.stepped(1, None)
    listener.shortened(Schedule(10))
    listener.evaluated(finished.evaluations[0], {})
    listener.finishing()
    listener.noted("a note")
    listener.ended(finished)
    assert capsys.readouterr() == ("", "")


def test_an_evaluation_is_what_the_metrics_hold() -> None:
    """The fields of an evaluation are the keys of a line of metrics, in order, and can't be changed afterwards."""
    assert [field.name for field in fields(Evaluation)] == [
        "step", "seconds", "characters", "train_bits_per_character", "validation_bits_per_character", "best",
    ]  # fmt: skip
    evaluation = Evaluation(1, 1.0, 1, 1.0, 1.0, True)
    with pytest.raises(FrozenInstanceError):
        evaluation.step = 2  # type: ignore[misc]  # that it fails is the test
