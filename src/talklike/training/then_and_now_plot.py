"""The tutorial and the default recipe as a picture: what held-out messages cost, against the time trained."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from talklike.errors import MissingExtraError

if TYPE_CHECKING:
    from talklike.training.then_and_now import ThenAndNow

COLOURS = ("#9aa5b1", "#2563ab", "#c2410c")


def then_and_now_plot(result: ThenAndNow) -> bytes:
    """Return the curves of all rows in one picture, as a PNG.

    Args:
        result: What was compared.

    Raises:
        MissingExtraError: matplotlib isn't installed.
    """
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError as error:
        raise MissingExtraError("matplotlib", "plot") from error
    figure = Figure(figsize=(8, 4.5), layout="constrained")
    FigureCanvasAgg(figure)  # no window system and no global state
    axes = figure.subplots()
    for row, colour in zip(result.rows, COLOURS[-len(result.rows) :], strict=True):
        seconds, bits = zip(*row.curve, strict=True)
        axes.plot(seconds, bits, color=colour, marker="o", markersize=3, label=row.name)
    axes.set_title(f"{result.author}: what unseen messages cost", parse_math=False)  # a name may hold a dollar sign
    axes.set(xlabel="seconds of training", ylabel="bits per character", xscale="log")
    axes.grid(alpha=0.3, which="both")
    axes.legend()
    picture = io.BytesIO()
    figure.savefig(picture, format="png", dpi=110)
    return picture.getvalue()
