"""Tests of how a sweep is shown."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from talklike.cli.sweep_view import SweepView, print_sweep, values_of
from talklike.training.progress import Evaluation
from talklike.training.search_space import Dial
from talklike.training.study import Terms
from talklike.training.trials import Sweep, Trial

if TYPE_CHECKING:
    import pytest

DIALS = (Dial("hidden", 16, 64, step=16), Dial("learning_rate", 1e-3, 1e-1))
TERMS = Terms("ab", room=False, budget=90.0, epochs=None, settings={}, dials=DIALS, pruning="median", default={"hidden": 64})
DEFAULT = Trial(0, "finished", 2.4, {"hidden": 64, "learning_rate": 0.008}, default=True)


def sweep_of(*trials: Trial) -> Sweep:
    """Return a sweep of such trials."""
    return Sweep(TERMS, list(trials), {"learning_rate": 0.9, "hidden": 0.1}, Path(), "study.db", "sweep", "finished", None)


def trial(number: int, bits: float) -> Trial:
    """Return a finished trial."""
    return Trial(number, "finished", bits, {"hidden": 32, "learning_rate": 0.01235}, seconds=61.0)


def test_a_sweep_as_it_goes(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """In a pipe: what is varied and how long it takes, then a line a trial; notes on each voice are left away."""
    monkeypatch.setenv("COLUMNS", "40")  # lines aren't broken
    corpus: Any = SimpleNamespace(target=SimpleNamespace(characters=5000), validation=SimpleNamespace(characters=300), own=1)
    recipe: Any = SimpleNamespace(steps=10)
    with SweepView() as view:
        view.noted("the room\x1b[2J helps")
        view.begun(TERMS, corpus, [DEFAULT], 21)
        view.trial_begun(1, {}, recipe)
        view.stepped(3, None)
        view.evaluated(Evaluation(5, 1.0, 10, 2.0, 2.0, best=True), {})
        view.noted("int8 weights cost nothing")
        view.trial_ended(trial(1, 2.2), trial(1, 2.2))
        failed = Trial(2, "failed", None, {"hidden": 16, "learning_rate": 0.1}, reason="diverged [at] 3")
        view.trial_ended(failed, trial(1, 2.2))
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.splitlines() == [
        "the room�[2J helps",
        "5,000 characters to learn from with the room behind them, 300 to validate",
        "varied: hidden=16..64 learning-rate=0.001..0.1",
        "1 of 21 trials are there, 20 to go, 90 s each, at most 30 minutes on this machine alone; Ctrl-C stops, --resume goes on",
        "trial   1  2.200  finished best so far  61 s  hidden=32 learning-rate=0.01235",
        "trial   2         failed (diverged [at] 3)  0 s  hidden=16 learning-rate=0.1",
    ]


def test_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    """The ten best and the default recipe wherever it ended; what mattered; how much less the best needs; the command."""
    print_sweep(sweep_of(DEFAULT, *(trial(number, 2.0 + number / 100) for number in range(1, 13))), "talklike train x")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["trial", "bits/char", "hidden", "learning", "rate"]
    assert lines[1].split() == ["1", "1", "2.010", "32", "0.01235"]
    assert lines[11].split() == ["13", "0", "2.400", "64", "0.008"]
    text = "\n".join(lines)
    assert "13 finished; trial 0 is the default recipe" in text
    assert "What mattered: learning rate 90%, hidden 10%." in text
    assert "needs 0.390 bits per character less than the default recipe on the validation part" in text
    assert lines[-1] == "  talklike train x"
    assert "test part" not in text  # the voice isn't here


def test_the_default_is_the_best(capsys: pytest.CaptureFixture[str]) -> None:
    """Where nothing is better, that is said."""
    print_sweep(replace(sweep_of(DEFAULT, trial(1, 2.5)), importances={}), "talklike train x")
    out = capsys.readouterr().out
    assert "Nothing was better than the default recipe." in out
    assert "What mattered" not in out


def test_words_for_a_trial() -> None:
    """The default recipe is called so, other trials by their values."""
    assert values_of(DEFAULT) == "the default recipe"
    assert values_of(trial(1, 2.0)) == "hidden=32 learning-rate=0.01235"
