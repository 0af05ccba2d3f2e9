"""Draws the plot of ``docs/explanation/how-good.md`` from what ``quality.amount`` printed.

``python tools/amount_plot.py LINES…``: files of JSON lines from ``python -m benchmarks quality.amount``, ``-`` is standard input.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the repository, when this is run as a script

from tools.benchmark_table import latest, read_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tools.benchmark_table import Line

PICTURE = Path(__file__).resolve().parents[1] / "docs" / "explanation" / "how-good.png"
BENCHMARK = "quality.amount"
COLOURS = {"#perl6 2009": "#1f6f8b", "freeCodeCamp": "#d1603d"}
STYLES = {"room": ("-", "o", "with the room"), "alone": (":", "s", "alone")}


def draw(lines: Iterable[Line], picture: Path) -> int:
    """Draw bits per character against training text, a curve for each chat with the room and one without.

    Args:
        lines: What ``quality.amount`` printed; other lines are passed over.
        picture: The PNG to write.

    Returns:
        How many points it shows.
    """
    curves: dict[tuple[str, str], list[tuple[float, float, str]]] = {}
    for line in latest(lines):
        if line["benchmark"] == BENCHMARK and "details" in line:
            who, how = line["figure"].split(", ")
            point = (line["details"]["training_characters"] / 1e3, line["value"], who)
            curves.setdefault((line["details"]["chat"], how), []).append(point)
    figure = Figure(figsize=(8, 4.5), dpi=110, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    for (chat, how), points in sorted(curves.items()):
        style, marker, said = STYLES[how]
        sizes, bits, _ = zip(*sorted(points), strict=True)
        axes.plot(sizes, bits, style, marker=marker, color=COLOURS[chat], label=f"{chat}, {said}")
    axes.set(xscale="log", xlabel="text of the person [1,000 characters]", ylabel="bits per character, unseen messages")
    axes.grid(alpha=0.3, which="both")
    if curves:
        axes.legend()
    figure.savefig(picture)
    return sum(map(len, curves.values()))


def main(arguments: Sequence[str]) -> int:
    """Draw the plot; return the exit status."""
    if not arguments:
        print("usage: amount_plot.py LINES…  (files of what quality.amount printed; - is standard input)", file=sys.stderr)
        return 2
    texts = [sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8") for name in arguments]
    points = draw([line for text in texts for line in read_lines(text)], PICTURE)
    print(f"{PICTURE.name}: {points} points")
    return 0 if points else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
