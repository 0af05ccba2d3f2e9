"""Line charts as SVG that takes its colours from the page: classes ``s0``, ``s1`` … for the series, and for all else."""

from __future__ import annotations

import math
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH, HEIGHT = 640, 260
LEFT, RIGHT, TOP, BOTTOM = 52, 14, 14, 40
"""Room for the axes' numbers and names [px]."""

TICKS = 5


@dataclass(frozen=True)
class Series:
    """A line of a chart.

    Attributes:
        label: What it is called in the legend.
        points: Its points, (x, y), by x.
    """

    label: str
    points: Sequence[tuple[float, float]]


def line_chart(
    series: Sequence[Series],
    *,
    title: str,
    x_label: str,
    y_label: str,
    percent: bool = False,
    mark: float | None = None,
    from_zero: bool = False,
) -> str:
    """Return a chart as an SVG element with its own description, for those who don't see it.

    Args:
        series: At least one, with at least one point together.
        title: What the chart shows.
        x_label: Name of the horizontal axis.
        y_label: Name of the vertical axis.
        percent: Whether y is a share to be shown in per cent.
        mark: Where a vertical line stands out.
        from_zero: Whether the vertical axis begins at 0.
    """
    xs = [x for one in series for x, _ in one.points]
    ys = [y for one in series for _, y in one.points]
    x_ticks = ticks(min(xs), max(xs))
    y_ticks = ticks(0 if from_zero else min(ys), max(ys))
    left, right = min(x_ticks[0], *xs), max(x_ticks[-1], *xs)
    low, high = min(y_ticks[0], *ys), max(y_ticks[-1], *ys)

    def across(x: float) -> float:
        return LEFT + (x - left) / (right - left) * (WIDTH - LEFT - RIGHT)

    def down(y: float) -> float:
        return TOP + (high - y) / (high - low) * (HEIGHT - TOP - BOTTOM)

    def number(value: float) -> str:
        return f"{value:.0%}" if percent else f"{value:,.10g}"

    parts = [f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}">']
    for y in y_ticks:
        parts.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{down(y):.1f}" y2="{down(y):.1f}"/>')
        parts.append(f'<text class="axis" x="{LEFT - 6}" y="{down(y) + 4:.1f}" text-anchor="end">{number(y)}</text>')
    floor = HEIGHT - BOTTOM
    parts += [f'<text class="axis" x="{across(x):.1f}" y="{floor + 16}" text-anchor="middle">{x:,.10g}</text>' for x in x_ticks]
    parts.append(
        f'<text class="axis" x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 6}" text-anchor="middle">{escape(x_label)}</text>'
    )
    middle, turned = (TOP + floor) / 2, f"rotate(-90 12 {(TOP + floor) / 2})"
    parts.append(f'<text class="axis" x="12" y="{middle}" text-anchor="middle" transform="{turned}">{escape(y_label)}</text>')
    if mark is not None:
        parts.append(f'<line class="mark" x1="{across(mark):.1f}" x2="{across(mark):.1f}" y1="{TOP}" y2="{floor}"/>')
    for place, one in enumerate(series):
        path = " ".join(f"{across(x):.1f},{down(y):.1f}" for x, y in one.points)
        parts.append(f'<polyline class="line s{place}" points="{path}"/>')
        parts += [f'<circle class="dot s{place}" cx="{across(x):.1f}" cy="{down(y):.1f}" r="3"/>' for x, y in one.points]
    parts.append("</svg>")
    keys = "".join(f'<span class="key"><i class="s{place}"></i>{escape(one.label)}</span>' for place, one in enumerate(series))
    return f"<figure>{''.join(parts)}<figcaption>{keys}</figcaption></figure>"


def ticks(low: float, high: float) -> list[float]:
    """Return round numbers from at most ``low`` to at least ``high``, about ``TICKS`` of them.

    >>> ticks(0.3, 1.2)
    [0.2, 0.4, 0.6, 0.8, 1.0, 1.2]
    """
    span = high - low or abs(high) or 1.0
    size = 10.0 ** math.floor(math.log10(span / TICKS))
    step = min((size * factor for factor in (1, 2, 5, 10)), key=lambda one: abs(span / one - TICKS))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    if first == last:
        last += 1
    return [round(number * step, 10) for number in range(first, last + 1)]
