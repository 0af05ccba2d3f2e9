"""A sweep as one picture: how it went, what mattered, how the trials learnt, and what each field's values brought."""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from talklike.training.search_space import Dial
    from talklike.training.trials import Sweep, Trial

GREY, RED, BLUE = "#9aa5b1", "#c2410c", "#1d4ed8"
_COLUMNS, _MOST_SLICES = 3, 12
_EDGE = 0.03  # share of the picture's height at which what lies above it is shown


def sweep_plot(sweep: Sweep) -> bytes | None:
    """Return the picture as a PNG; None where matplotlib isn't installed, or no trial was evaluated yet."""
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError:
        return None
    shown = [trial for trial in sweep.trials if trial.bits is not None and trial.state in ("finished", "given up")]
    if not shown:
        return None
    dials = sorted(sweep.terms.dials, key=lambda dial: -sweep.importances.get(dial.name, 0))[:_MOST_SLICES]
    rows = 1 + math.ceil(len(dials) / _COLUMNS)
    figure = Figure(figsize=(13, 4 + 2.7 * (rows - 1)), layout="constrained")
    FigureCanvasAgg(figure)
    grid = figure.add_gridspec(rows, _COLUMNS, height_ratios=[1.5] + [1] * (rows - 1))
    limits = _limits(sweep, shown)
    _history(figure.add_subplot(grid[0, 0]), sweep, shown, limits)
    _curves(figure.add_subplot(grid[0, 1]), sweep, shown, limits)
    _importances(figure.add_subplot(grid[0, 2]), sweep)
    for place, dial in enumerate(dials):
        _slice(figure.add_subplot(grid[1 + place // _COLUMNS, place % _COLUMNS]), sweep, dial, shown, limits)
    figure.suptitle(f"{len(shown)} trials of {sweep.terms.each} each, bits per character of held-out text")
    picture = io.BytesIO()
    figure.savefig(picture, format="png", dpi=100)
    return picture.getvalue()


def _limits(sweep: Sweep, shown: Sequence[Trial]) -> tuple[float, float]:
    """Return the ends of the axes of bits: what does worse than most isn't worth most of the picture."""
    bits = [trial.bits for trial in shown if trial.bits is not None]
    usual = max(
        [float(np.median(bits))] + [trial.bits for trial in (sweep.default,) if trial is not None and trial.bits is not None]
    )
    spread = max(usual - min(bits), 0.02)
    return min(bits) - 0.15 * spread, usual + spread


def _history(axes: Any, sweep: Sweep, shown: Sequence[Trial], limits: tuple[float, float]) -> None:
    for state, colour, marker in (("finished", BLUE, "o"), ("given up", GREY, "x")):
        of = [trial for trial in shown if trial.state == state]
        axes.scatter([t.number for t in of], _clipped(of, limits), c=colour, marker=marker, s=22, label=state)
    finished = [(trial.number, trial.bits) for trial in shown if trial.state == "finished" and trial.bits is not None]
    if finished:
        numbers, bits = zip(*finished, strict=True)
        axes.step(numbers, np.minimum.accumulate(bits), where="post", color=RED, label="best so far")
    if sweep.default is not None:
        axes.axhline(sweep.default.bits, color="black", linestyle=":", linewidth=1, label="default recipe")
    axes.set(xlabel="trial", ylabel="bits per character", title="How it went", ylim=limits)
    axes.legend(fontsize=8)


def _curves(axes: Any, sweep: Sweep, shown: Sequence[Trial], limits: tuple[float, float]) -> None:
    marked = [(sweep.best, RED, "best"), (sweep.default, "black", "default recipe")]
    special = [trial.number for trial, _, _ in marked if trial is not None]
    for trial in shown:
        if trial.number not in special:
            axes.plot(range(1, len(trial.curve) + 1), trial.curve, color=GREY, linewidth=0.8, alpha=0.6)
    for one, colour, label in marked:
        if one is not None:
            axes.plot(range(1, len(one.curve) + 1), one.curve, color=colour, linewidth=1.6, label=f"{label} (trial {one.number})")
    top = np.quantile([bits for trial in shown for bits in trial.curve], 0.9)
    axes.set(xlabel="evaluation", title="How they learnt", ylim=(limits[0], max(limits[1], float(top))))
    if special:
        axes.legend(fontsize=8)


def _importances(axes: Any, sweep: Sweep) -> None:
    axes.set_title("What mattered")
    if not sweep.importances:
        axes.text(0.5, 0.5, "too few finished trials to say", ha="center", va="center", color=GREY, transform=axes.transAxes)
        axes.set_axis_off()
        return
    items = list(sweep.importances.items())[::-1]
    axes.barh([name.replace("_", " ") for name, _ in items], [100 * share for _, share in items], color=BLUE)
    axes.set(xlabel="share of what separates the best quarter [%]")


def _slice(axes: Any, sweep: Sweep, dial: Dial, shown: Sequence[Trial], limits: tuple[float, float]) -> None:
    from matplotlib.ticker import LogLocator, NullFormatter

    for state, colour, marker in (("given up", GREY, "x"), ("finished", BLUE, "o")):
        of = [trial for trial in shown if trial.state == state and dial.name in trial.values]
        axes.scatter([t.values[dial.name] for t in of], _clipped(of, limits), c=colour, marker=marker, s=18)
    best = sweep.best
    if best is not None and dial.name in best.values:
        axes.scatter([best.values[dial.name]], [best.bits], facecolors="none", edgecolors=RED, s=90, linewidths=1.8)
    axes.axvline(sweep.terms.default[dial.name], color="black", linestyle=":", linewidth=1)
    if dial.log:
        axes.set_xscale("log")
        axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axes.xaxis.set_major_formatter("{x:g}")
        axes.xaxis.set_minor_formatter(NullFormatter())
    if dial.choices:
        axes.set_xticks(sorted(dial.choices), [f"{value:g}" for value in sorted(dial.choices)])
    axes.set(xlabel=dial.name.replace("_", " "), ylim=limits)


def _clipped(trials: Sequence[Trial], limits: tuple[float, float]) -> list[float]:
    """Return the trials' bits; what lies above the picture stands at its upper edge."""
    top = limits[1] - _EDGE * (limits[1] - limits[0])
    return [min(trial.bits, top) for trial in trials if trial.bits is not None]
