"""Tests of the studio's charts."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from talklike.evaluation.charts import Series
from talklike.studio.charts import COLOURS, NARROW, WIDTH, Level, across, bar_chart, line_chart


def shapes(chart: str, tag: str) -> list[dict[str, str]]:
    """Return the attributes of a chart's shapes of a kind; fail if it isn't well-formed."""
    return [dict(one.attrib) for one in ET.fromstring(chart).iter(tag)]


def test_bars_stand_for_their_values() -> None:
    """Heights are in proportion, and a chart of nothing is one without height."""
    heights = [float(bar["height"]) for bar in shapes(bar_chart([0, 5, 10], ["a", "b", "c"], title="t"), "rect")]
    assert heights[0] == 0
    assert heights[2] == pytest.approx(2 * heights[1], abs=0.2)
    assert [bar["height"] for bar in shapes(bar_chart([0, 0], ["a", "b"], title="t"), "rect")] == ["0.0", "0.0"]
    assert shapes(bar_chart([], [], title="t"), "rect") == []


def test_lines_go_through_their_points() -> None:
    """Later is further right, more is higher, and levels lie where points of their height do."""
    chart = line_chart([Series("a", [(0, 1.0), (5, 3.0), (10, 2.0)])], title="t", levels=[Level("rival", 3.0)])
    (line,) = shapes(chart, "polyline")
    points = [tuple(map(float, pair.split(","))) for pair in line["points"].split()]
    assert points == sorted(points)
    assert points[1][1] < points[2][1] < points[0][1]
    (level,) = [one for one in shapes(chart, "line") if one["class"].startswith("level")]
    assert float(level["y1"]) == points[1][1]
    assert "rival" in chart


def test_one_point_is_a_chart() -> None:
    """The first evaluation is shown too."""
    assert len(shapes(line_chart([Series("a", [(3, 2.0)])], title="t"), "circle")) == 1


def test_names_are_no_markup() -> None:
    """Whatever people call themselves is text."""
    evil = '<script>"&'
    for chart in (line_chart([Series(evil, [(0, 1), (1, 2)])], title=evil), bar_chart([1], [evil], title=evil)):
        assert "<script" not in chart
        assert ET.fromstring(chart)[0].attrib["aria-label"] == evil


def test_labels_fit() -> None:
    """Where there are many, some are left out: fewer on a narrow chart."""
    labels = [f"2020-01-{day:02}" for day in range(1, 31)]
    wide, narrow = (re.findall(r"2020-01-\d\d", bar_chart([1] * 30, labels, title="t", width=width)) for width in (WIDTH, NARROW))
    assert 2 < len(narrow) < len(wide) < 10
    assert len(re.findall(r"middle", bar_chart([1] * 9, list("abcdefghi"), title="t", width=NARROW, most_labels=9))) == 9


def test_colours_begin_anew() -> None:
    """Of very many lines, some share a colour; none is without."""
    chart = line_chart([Series(str(n), [(0, n), (1, n + 1)]) for n in range(COLOURS + 1)], title="t")
    assert [line["class"].split()[-1] for line in shapes(chart, "polyline")][-2:] == [f"s{COLOURS - 1}", "s0"]


def test_phones_have_a_chart_of_their_own() -> None:
    """One of the two is shown."""
    both = across(bar_chart, [1], ["a"], title="t")
    assert re.findall(r'class="tl-(\w+)".*?viewBox="0 0 (\d+)', both) == [("wide", str(WIDTH)), ("narrow", str(NARROW))]
