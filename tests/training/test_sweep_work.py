"""Tests of what a process does for a sweep, one trial at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import optuna
import pytest

from talklike.training import sweep_work
from talklike.training.progress import Evaluation
from talklike.training.study import EVALUATIONS
from talklike.training.sweep import sweep
from talklike.training.sweep_work import SweepListener, _NotBestError, _PrunedError, _Watch

if TYPE_CHECKING:
    from pathlib import Path

    from talklike.chat.table import Chat


def evaluation(step: int, bits: float) -> Evaluation:
    """Return an evaluation after so many steps."""
    return Evaluation(step, 1.0, 100, bits, bits, best=True)


def test_evaluations_are_reported_by_shares_of_the_budget() -> None:
    """Whatever the number of steps, an evaluation is reported once, under its share of the run; the last is the whole."""
    for steps in (1, 5, 12, 31, 32, 33, 100, 997):
        trial = optuna.create_study().ask()
        watch = _Watch(trial, steps, SweepListener(), lambda: 0.0)
        every = -(-steps // EVALUATIONS)
        at = sorted({*range(every, steps + 1, every), steps})
        for step in at:
            watch.evaluated(evaluation(step, 3 - step / steps), {})
        reported = trial.study.trials[0].intermediate_values
        assert len(reported) == len(at)
        assert max(reported) == EVALUATIONS
        assert watch.bits == 2


def test_only_the_best_gets_a_voice() -> None:
    """At its end a trial that isn't better than the best stops before its voice is made."""
    watch = _Watch(optuna.create_study().ask(), 1, SweepListener(), lambda: 2.0)
    watch.evaluated(evaluation(1, 1.9), {})
    watch.finishing()
    watch = _Watch(optuna.create_study().ask(), 1, SweepListener(), lambda: 2.0)
    watch.evaluated(evaluation(1, 2.0), {})
    with pytest.raises(_NotBestError):
        watch.finishing()


def test_the_default_recipe_is_never_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where everything is to be pruned, the default recipe's trial goes on, and all that are at their end."""
    monkeypatch.setattr(optuna.Trial, "should_prune", lambda _self: True)
    trial = optuna.create_study().ask()
    with pytest.raises(_PrunedError):
        _Watch(trial, 24, SweepListener(), lambda: 0.0).evaluated(evaluation(8, 3.0), {})
    _Watch(trial, 24, SweepListener(), lambda: 0.0).evaluated(evaluation(24, 3.0), {})
    trial.set_user_attr("default", True)
    _Watch(trial, 24, SweepListener(), lambda: 0.0).evaluated(evaluation(16, 3.0), {})


def test_a_network_too_slow_for_its_time(
    chat: Chat, tiny: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A trial whose time holds next to no steps isn't trained; the default recipe is, whatever it holds."""
    monkeypatch.setattr(sweep_work, "LEAST_STEPS", 10**9)
    monkeypatch.setattr(sweep_work, "sweep_plot", lambda _sweep: None)
    fixed = {name: value for name, value in tiny.items() if name != "embedding"} | {"steps": 6}
    vary = ["embedding=4..8"]
    result = sweep(chat, author="a1", room=False, trials=2, budget="4s", vary=vary, output=tmp_path / "sweep", **fixed)
    assert [trial.state for trial in result.trials] == ["finished", "given up"]
    assert result.trials[1].reason == "its time holds 6 steps"
    assert result.trials[1].bits is None
    assert not (tmp_path / "sweep" / "sweep.png").exists()


def test_a_better_voice_takes_the_place(tmp_path: Path) -> None:
    """The best run replaces the one before as a whole; one that isn't best is removed."""
    work = object.__new__(sweep_work.Work)
    work.folder = tmp_path
    for number, best in ((0, True), (1, False), (2, True)):
        place = tmp_path / ".trials" / str(number)
        place.mkdir(parents=True)
        (place / "voice.onnx").write_text(str(number))
        work._keep(place, best=best)
        assert (tmp_path / "best" / "voice.onnx").read_text() == ("2" if number == 2 else "0")
    assert sorted(path.name for path in tmp_path.iterdir()) == [".trials", "best"]
    assert list((tmp_path / ".trials").iterdir()) == []


def test_a_listener_hears_and_does_nothing(chat: Chat) -> None:
    """The listener of its own accord does nothing with what it hears."""
    listener: Any = SweepListener()
    assert listener.begun(None, None, [], 3) is None
    assert listener.trial_begun(0, {}, None) is None
    assert listener.trial_ended(None, None) is None
