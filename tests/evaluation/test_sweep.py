"""What changes with temperature."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from talklike.evaluation.copying import TrainingText
from talklike.evaluation.sweep import Point, Sweep, sweep

if TYPE_CHECKING:
    from tests.evaluation.conftest import Judged


def test_the_best_temperature_is_the_hardest_to_tell_apart() -> None:
    """The lowest of equals; none where it couldn't be asked."""
    points = tuple(Point(t, auc, 0.5, 0.1, 1.0) for t, auc in ((0.3, 0.9), (0.6, 0.7), (0.9, 0.7), (1.2, 0.8)))
    assert Sweep(points, 10).best == 0.6
    assert Sweep(tuple(replace(point, told_apart=None) for point in points), 10).best is None


def test_each_point_is_of_its_temperature(judged: Judged) -> None:
    """In order, whatever the order asked for."""
    material = judged.found.material
    training = TrainingText(material.learnt)
    shares: list[float] = []
    found = sweep(judged.voice, material, training, None, (1.0, 0.01), texts=30, told=shares.append)
    own = judged.voice.default_sampling.temperature
    assert [point.temperature for point in found.points] == [0.01, own, 1.0]
    assert found.points[0].told_apart == found.told_apart_at(0.01) == 1.0  # it says one thing for ever
    assert [point.taken for point in found.points] == [None] * 3
    assert shares == [1 / 3, 2 / 3, 1.0]
    assert found.told_apart_at(0.2) is None
    few = replace(material, validation=material.validation[:5])
    assert sweep(judged.voice, few, training, None, (1.0,), texts=30).best is None


def test_it_doesn_t_see_the_test_messages(judged: Judged) -> None:
    """Nor what is judged at the default: both stay what nothing was chosen by."""
    material = judged.found.material
    training = TrainingText(material.learnt)
    other = replace(material, test=("something else",) * 40)
    found = [sweep(judged.voice, one, training, None, (0.7,), texts=30) for one in (material, other)]
    assert found[0] == found[1]
