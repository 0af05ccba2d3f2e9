"""The loss curve as a picture."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from talklike.training.progress import Evaluation


def loss_plot(evaluations: list[Evaluation], title: str) -> bytes | None:
    """Return training and validation bits per character against steps, as a PNG; None where matplotlib isn't installed."""
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError:
        return None
    figure = Figure(figsize=(8, 4.5), layout="constrained")
    FigureCanvasAgg(figure)  # no window system and no global state, so this works anywhere and in any thread
    axes = figure.subplots()
    steps = [e.step for e in evaluations]
    axes.plot(steps, [e.train_bits_per_character for e in evaluations], label="training text", color="#9aa5b1")
    held_out = [e.validation_bits_per_character for e in evaluations]
    axes.plot(steps, held_out, label="held-out text", color="#c2410c", marker="o", markersize=3)
    best = min(evaluations, key=lambda e: e.validation_bits_per_character)
    axes.annotate(
        f"best {best.validation_bits_per_character:.3f}",
        (best.step, best.validation_bits_per_character),
        xytext=(0, 12),
        textcoords="offset points",
        ha="center",
        arrowprops={"arrowstyle": "-", "color": "#c2410c"},
    )
    axes.set_title(title, parse_math=False)  # a name may hold a dollar sign
    axes.set(xlabel="steps", ylabel="bits per character")
    axes.grid(alpha=0.3)
    axes.legend()
    picture = io.BytesIO()
    with warnings.catch_warnings():
        # A name in a script that the font lacks is drawn as boxes; whoever trains can't do anything about it.
        warnings.filterwarnings("ignore", "Glyph", UserWarning)
        figure.savefig(picture, format="png", dpi=120)
    return picture.getvalue()
