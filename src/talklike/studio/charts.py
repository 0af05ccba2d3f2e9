"""Charts of the studio as SVG that takes its colours from the page: classes ``s0`` … for the series, and for all else."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from talklike.evaluation.charts import ticks

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from talklike.evaluation.charts import Series

WIDTH, NARROW, HEIGHT = 980, 460, 230
"""Sizes of a chart across the page, and of one beside another [px]."""

LEFT, RIGHT, TOP, BOTTOM = 56, 16, 14, 30
"""Room for the axes' numbers [px]."""

COLOURS = 6
"""Series that have a colour of their own (``studio.css``)."""

LABEL = 105
"""Room for a label along the horizontal axis [px]."""

DOTS = 30
"""Points of a line up to which each is drawn as a dot."""


@dataclass(frozen=True)
class Level:
    """A horizontal line to compare with.

    Attributes:
        label: What it is.
        y: Where it lies.
    """

    label: str
    y: float


def across(chart: Callable[..., str], *args: Any, **kwargs: Any) -> str:
    """Return a chart as wide as the page, and for phones a narrow one in its place."""
    wide, narrow = (chart(*args, **kwargs, width=width) for width in (WIDTH, NARROW))
    return f'<div class="tl-wide">{wide}</div><div class="tl-narrow">{narrow}</div>'


def bar_chart(
    values: Sequence[float],
    labels: Sequence[str],
    *,
    title: str,
    width: int = WIDTH,
    most_labels: int | None = None,
    colour: int = 1,
) -> str:
    """Return bars side by side as an SVG element with its own description.

    Args:
        values: The height of each, 0 or more.
        labels: What stands below each; where there are many, some are left out.
        title: What the chart shows, for those who don't see it.
        width: Of the chart [px].
        most_labels: How many labels there is room for; as many as fit if they are dates, without it.
        colour: Number of the series whose colour it takes.
    """
    scale = ticks(0, max([*values, 1]))
    floor, most = HEIGHT - BOTTOM, scale[-1]
    step = (width - LEFT - RIGHT) / max(1, len(values))
    parts = [_begin(title, width), *_rules(scale, scale[0], most, width), f'<g class="bars s{colour}">']
    for place, value in enumerate(values):
        height = (floor - TOP) * value / most
        x, wide = LEFT + place * step + step * 0.1, max(step * 0.8, 0.6)
        parts.append(
            f'<rect x="{x:.1f}" y="{floor - height:.1f}" width="{wide:.1f}" height="{height:.1f}" rx="{min(2, wide / 3):.1f}"/>'
        )
    parts.append("</g>")
    every = -(-len(labels) // (most_labels or _most_labels(width)))
    parts += [_below(LEFT + (place + 0.5) * step, labels[place]) for place in range(0, len(labels), max(1, every))]
    return f"<figure>{''.join(parts)}</svg></figure>"


def line_chart(
    series: Sequence[Series],
    *,
    title: str,
    labels: Sequence[tuple[float, str]] | None = None,
    levels: Sequence[Level] = (),
    from_zero: bool = False,
    width: int = WIDTH,
) -> str:
    """Return lines as an SVG element with its own description, and a legend.

    Args:
        series: The lines, those after ``COLOURS`` in the colours of the first; at least one point together.
        title: What the chart shows, for those who don't see it.
        labels: What stands below which x; round numbers without it.
        levels: Lines to compare with.
        from_zero: Whether the vertical axis begins at 0.
        width: Of the chart [px].
    """
    xs = [x for one in series for x, _ in one.points]
    ys = [y for one in series for _, y in one.points] + [level.y for level in levels]
    scale = ticks(0 if from_zero else min(ys), max(ys))
    low, high = min(scale[0], *ys), max(scale[-1], *ys)
    below = [(x, f"{x:,.10g}") for x in ticks(min(xs), max(xs))] if labels is None else list(labels)
    left, right = min([*xs, *(x for x, _ in below)]), max([*xs, *(x for x, _ in below)])

    def right_of(x: float) -> float:
        return LEFT + (x - left) / ((right - left) or 1) * (width - LEFT - RIGHT)

    def down(y: float) -> float:
        return TOP + (high - y) / ((high - low) or 1) * (HEIGHT - TOP - BOTTOM)

    parts = [_begin(title, width), *_rules(scale, low, high, width)]
    parts += [_below(right_of(x), text) for x, text in below[:: -(-len(below) // _most_labels(width))]]
    for level in levels:
        y = down(level.y)
        parts.append(f'<line class="level s2" x1="{LEFT}" x2="{width - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(
            f'<text class="level-name" x="{width - RIGHT}" y="{y - 5:.1f}" text-anchor="end">{escape(level.label)}</text>'
        )
    for place, one in enumerate(series):
        colour = f"s{place % COLOURS}"
        path = " ".join(f"{right_of(x):.1f},{down(y):.1f}" for x, y in one.points)
        parts.append(f'<polyline class="line {colour}" points="{path}"/>')
        if len(one.points) <= DOTS:
            parts += [f'<circle class="dot {colour}" cx="{right_of(x):.1f}" cy="{down(y):.1f}" r="3"/>' for x, y in one.points]
    keys = "".join(
        f'<span class="key"><i class="s{place % COLOURS}"></i>{escape(one.label)}</span>' for place, one in enumerate(series)
    )
    return f"<figure>{''.join(parts)}</svg><figcaption>{keys}</figcaption></figure>"


def _most_labels(width: int) -> int:
    return (width - LEFT - RIGHT) // LABEL


def _begin(title: str, width: int) -> str:
    return f'<svg class="chart" viewBox="0 0 {width} {HEIGHT}" role="img" aria-label="{escape(title)}">'


def _rules(scale: Sequence[float], low: float, high: float, width: int) -> list[str]:
    """Return the horizontal lines with their numbers."""
    parts = []
    for value in scale:
        y = TOP + (high - value) / (high - low) * (HEIGHT - TOP - BOTTOM)
        parts.append(f'<line class="grid" x1="{LEFT}" x2="{width - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(f'<text class="axis" x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{_short(value)}</text>')
    return parts


def _below(x: float, text: str) -> str:
    return f'<text class="axis" x="{x:.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{escape(text)}</text>'


def _short(value: float) -> str:
    """Return a number in few characters.

    >>> [_short(value) for value in (0.25, 950.0, 12_500.0, 2_000_000.0)]
    ['0.25', '950', '12.5k', '2M']
    """
    for limit, letter in ((1e6, "M"), (1e3, "k")):
        if value >= limit:
            return f"{value / limit:,.4g}{letter}"
    return f"{value:,.6g}"
