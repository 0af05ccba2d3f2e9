"""Tests of the picture of a sweep."""

from __future__ import annotations

import builtins
import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from matplotlib.image import imread

from talklike.training.search_space import Dial
from talklike.training.study import Terms
from talklike.training.sweep_plot import _clipped, _limits, sweep_plot
from talklike.training.trials import Sweep, Trial

DIALS = (
    Dial("hidden", 16, 64, step=16),
    Dial("learning_rate", 1e-3, 1e-1),
    Dial("layers", choices=(1, 2)),
    Dial("dropout", 0.0, 0.5),
)
DEFAULT = {"hidden": 32, "learning_rate": 8e-3, "layers": 1, "dropout": 0.1}
TERMS = Terms("ab", room=False, budget=None, epochs=2.0, settings={}, dials=DIALS, pruning="median", default=DEFAULT)


def made(bits: list[float | None]) -> Sweep:
    """Return a sweep whose trials ended at so many bits, the first being the default recipe."""
    trials = [
        Trial(
            number, "failed" if one is None else "given up" if one > 4 else "finished", one, DEFAULT,
            () if one is None else (one + 1, one), default=number == 0,
        )
        for number, one in enumerate(bits)
    ]  # fmt: skip
    return Sweep(TERMS, trials, {}, Path(), "study.db", "sweep", "finished", None)


@pytest.mark.parametrize("mattered", [{}, {"learning_rate": 0.7, "hidden": 0.3}])
def test_a_picture(mattered: dict[str, float]) -> None:
    """A PNG that grows with the dials, with importances or without."""
    found = replace(made([2.4, 2.1, 9.0, None, 2.2]), importances=mattered)
    picture = sweep_plot(found)
    assert picture is not None
    height, width, _ = imread(io.BytesIO(picture)).shape
    assert (width, height) == (1300, 940)


@pytest.mark.parametrize("bits", [[2.4], [5.0], [None, 2.4], [2.4, 2.4]])
def test_a_picture_of_little(bits: list[float | None]) -> None:
    """One trial, only one that was given up, one that failed, or two alike make a picture too."""
    assert sweep_plot(made(bits)) is not None


def test_nothing_to_show() -> None:
    """Where nothing was evaluated there is no picture."""
    assert sweep_plot(made([None])) is None


def test_without_matplotlib(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where matplotlib isn't installed there is no picture."""
    real = builtins.__import__

    def fail(name: str, *arguments: Any, **more: Any) -> Any:
        if name.startswith("matplotlib"):
            raise ImportError(name)
        return real(name, *arguments, **more)

    monkeypatch.setattr(builtins, "__import__", fail)
    assert sweep_plot(made([2.4])) is None


def test_one_failure_does_not_squeeze_the_rest() -> None:
    """The axes follow the usual trials; what is far above stands at the upper edge."""
    found = made([2.4, 2.1, 3.9, 2.2])
    low, high = _limits(found, found.trials)
    assert low < 2.1
    assert 2.4 < high < 3
    assert _clipped(found.trials, (low, high))[:2] == [2.4, 2.1]
    assert 2.4 < _clipped(found.trials, (low, high))[2] < high
