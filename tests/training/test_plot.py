"""Tests of the loss curve."""

from __future__ import annotations

import builtins
import io
import sys
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.image import imread

from talklike.training.plot import loss_plot

if TYPE_CHECKING:
    from collections.abc import Callable

    from talklike.training.progress import Evaluation

    MakeEvaluation = Callable[..., Evaluation]


def near(picture: np.ndarray, colour: str) -> int:
    """Return how many pixels have a colour, or nearly."""
    wanted = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return int((np.abs(picture[..., :3] - wanted).max(axis=-1) < 0.03).sum())


def test_both_curves_are_in_the_picture(make_evaluation: MakeEvaluation) -> None:
    """The picture reads back as a PNG of the size asked for, with a line in each curve's colour."""
    evaluations = [make_evaluation(10 * i, 4 - 0.3 * i, 4.2 - 0.2 * i) for i in range(1, 9)]
    data = loss_plot(evaluations, "tidewatch: 1×16 LSTM")
    assert data is not None
    picture = imread(io.BytesIO(data), format="png")
    assert picture.shape[:2] == (540, 960)
    assert near(picture, "#9aa5b1") > 500
    assert near(picture, "#c2410c") > 500


def test_the_curves_are_the_evaluations(make_evaluation: MakeEvaluation, monkeypatch: pytest.MonkeyPatch) -> None:
    """Training and held-out bits are drawn against the steps, and the best one is named."""
    drawn: dict[str, list[list[float]]] = {}
    notes: list[tuple[str, tuple[float, float]]] = []
    plot, annotate = Axes.plot, Axes.annotate

    def watch(self: Axes, *values: Any, **how: Any) -> Any:
        drawn[how["label"]] = list(values)
        return plot(self, *values, **how)

    def read(self: Axes, text: str, at: tuple[float, float], **how: Any) -> Any:
        notes.append((text, at))
        return annotate(self, text, at, **how)

    monkeypatch.setattr(Axes, "plot", watch)
    monkeypatch.setattr(Axes, "annotate", read)
    loss_plot([make_evaluation(5, 3.5, 3.6), make_evaluation(10, 3.0, 3.1), make_evaluation(15, 2.5, 3.3)], "title")
    assert drawn == {
        "training text": [[5, 10, 15], [3.5, 3.0, 2.5]],
        "held-out text": [[5, 10, 15], [3.6, 3.1, 3.3]],
    }
    assert notes == [("best 3.100", (10, 3.1))]


@pytest.mark.parametrize("title", ["Ωμέγα", "日本 🦀", "a_b$c$", "$x^$", r"$\frac$", ""])
def test_any_name_makes_a_title(make_evaluation: MakeEvaluation, title: str) -> None:
    """Names are people's: in any script, with dollar signs and emoji, and the picture is still drawn."""
    assert loss_plot([make_evaluation(1, 3.0, 3.0)], title)


def test_no_plot_without_matplotlib(make_evaluation: MakeEvaluation, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where matplotlib isn't installed there is no picture and no error."""
    importing = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name.startswith("matplotlib"):
            raise ImportError(name)
        return importing(name, *rest, **more)

    for name in [name for name in sys.modules if name.startswith("matplotlib")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(builtins, "__import__", without)
    assert loss_plot([make_evaluation(1, 3.0, 3.0)], "title") is None
