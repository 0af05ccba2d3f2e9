"""Charts: well-formed SVG whose points are where the axes say."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from talklike.evaluation.charts import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, Series, line_chart, ticks

numbers = st.floats(-1e6, 1e6).map(lambda x: round(x, 3))


def parsed(chart: str) -> ET.Element:
    """Return a chart as a tree."""
    return ET.fromstring(chart)


@given(numbers, numbers)
def test_ticks_are_few_and_hold_what_they_are_for(one: float, other: float) -> None:
    """Increasing, from below the least to above the most."""
    low, high = sorted((one, other))
    found = ticks(low, high)
    assert 2 <= len(found) <= 12
    assert found == sorted(set(found))
    assert found[0] <= low + 1e-6 * max(1, abs(low))
    assert found[-1] >= high - 1e-6 * max(1, abs(high))


@given(st.lists(st.tuples(numbers, numbers), min_size=1, max_size=20))
def test_all_points_lie_inside(points: list[tuple[float, float]]) -> None:
    """Whatever the numbers, even if all are the same."""
    tree = parsed(line_chart([Series("a", sorted(points))], title="t", x_label="x", y_label="y"))
    circles = [(float(dot.get("cx", "nan")), float(dot.get("cy", "nan"))) for dot in tree.iter("circle")]
    assert len(circles) == len(points)
    for x, y in circles:
        assert LEFT - 0.1 <= x <= WIDTH - RIGHT + 0.1
        assert TOP - 0.1 <= y <= HEIGHT - BOTTOM + 0.1


def test_points_stand_at_their_values() -> None:
    """The least at the floor where the axis begins there, the greatest at the top; a mark at its x."""
    chart = line_chart([Series("a", [(0, 0), (1, 0.5), (2, 1)])], title="t", x_label="x", y_label="y", percent=True, mark=1)
    tree = parsed(chart)
    dots = [(float(dot.get("cx", "nan")), float(dot.get("cy", "nan"))) for dot in tree.iter("circle")]
    assert dots[0] == (LEFT, HEIGHT - BOTTOM)
    assert dots[2] == (WIDTH - RIGHT, TOP)
    assert dots[1][1] == pytest.approx((TOP + HEIGHT - BOTTOM) / 2, abs=0.1)
    mark = next(line for line in tree.iter("line") if line.get("class") == "mark")
    assert float(mark.get("x1", "nan")) == dots[1][0]
    assert "60%" in chart


def test_names_can_t_break_out() -> None:
    """What is written by people is escaped."""
    chart = line_chart([Series("<script>", [(0, 1)])], title='"><b>', x_label="<i>", y_label="&")
    assert parsed(chart).find("figcaption") is not None
    assert not {"script", "b", "i"} & {element.tag for element in parsed(chart).iter()} - {"i"}
    assert "<script>" not in chart
