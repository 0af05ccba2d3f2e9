"""Tests of how many steps a run still makes, how fast it is, and when it is to be over."""

from __future__ import annotations

import io
import math
from itertools import pairwise
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from talklike.training import schedule as schedules
from talklike.training.plan import FEWEST_EVALUATIONS, OVERHEAD, amounts_of, seconds_of_run, steps_after
from talklike.training.schedule import CHECKS, LATE, LEAST_APART, LEAST_PAUSE, RECENT, Deadline, Pace, Schedule, deadline_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from talklike.corpus.corpus import Corpus
    from talklike.training.recipe import Recipe


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock that a pace looks at."""
    made = Clock()
    monkeypatch.setattr(schedules, "time", SimpleNamespace(perf_counter=lambda: made.now))
    return made


def walk(pace: Pace, clock: Clock, steps: int, seconds: float) -> None:
    """Do so many steps of so many seconds."""
    for _ in range(steps):
        clock.now += seconds
        pace.stepped()


@given(st.integers(1, 3000), st.integers(1, 400))
def test_as_planned_nothing_is_changed(steps: int, every: int) -> None:
    """Unshortened, a step stands exactly where it stands, and evaluations follow every so many steps and the last one."""
    schedule = Schedule(steps)
    for step in range(0, steps, max(1, steps // 50)):
        assert (schedule.planned(step), schedule.stride(step), schedule.progress(step)) == (step, 1, step / steps)
    assert (schedule.progress(steps), schedule.shortened) == (1, False)
    due = [step for step in range(1, steps + 1) if schedule.due(step, 0, every)]
    assert due == sorted({*range(every, steps + 1, every), steps})
    assert schedule.evaluations(steps, 0, every) == len(due)


@given(st.integers(2, 2000), st.floats(0, 1), st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), max_size=5))
def test_shortened_again_and_again(steps: int, room: float, cuts: list[tuple[float, float]]) -> None:
    """Progress goes on from where it is, never back, to 1 at the last step; the author's own part keeps its share, and a step."""
    schedule = Schedule(steps, room_steps=int(room * (steps - 1)))
    own, done = schedule.steps - schedule.room_steps, 0
    for where, share in cuts:
        step = done + int(where * (schedule.steps - 1 - done))
        before = [schedule.planned(s) for s in range(step + 1)]
        left, in_room = schedule.steps - step, schedule.room_steps > step
        rest = schedule.steps - schedule.room_steps
        fewer = max(1, int(share * left))
        schedule.shorten(step, fewer)
        assert schedule.steps == step + fewer
        assert [schedule.planned(s) for s in range(step + 1)] == pytest.approx(before, abs=1e-9)
        if in_room:
            assert abs(schedule.steps - schedule.room_steps - fewer * rest / left) <= 1
            assert step <= schedule.room_steps < schedule.steps
        done = step
    assert 1 <= schedule.steps - schedule.room_steps <= own
    places = [schedule.planned(step) for step in range(schedule.steps + 1)]
    assert places[0] == 0
    assert places[-1] == steps
    assert all(one < other for one, other in pairwise(places))
    assert schedule.progress(schedule.steps) == 1
    assert sum(schedule.stride(step) for step in range(schedule.steps)) == pytest.approx(steps)


def test_strides_are_even_after_a_cut() -> None:
    """Halved after a quarter, each of the steps that are left stands for two; those before for one."""
    schedule = Schedule(400, room_steps=300)
    schedule.shorten(100, 150)
    assert (schedule.steps, schedule.room_steps) == (250, 200)
    assert {schedule.stride(step) for step in range(100)} == {1}
    assert {schedule.stride(step) for step in range(100, 250)} == {2}
    assert schedule.progress(schedule.room_steps) == 300 / 400


@pytest.mark.parametrize(("steps", "room_steps", "expected"), [(100, 60, (51, 50)), (100, 0, (51, 0)), (100, 100, (51, 51))])
def test_one_step_at_least(steps: int, room_steps: int, expected: tuple[int, int]) -> None:
    """Of what is left one step stays, the author's own if there were any."""
    schedule = Schedule(steps, room_steps)
    schedule.shorten(50, 1)
    assert (schedule.steps, schedule.room_steps) == expected


def test_it_never_gets_longer() -> None:
    """More steps than are left, or none, is a mistake of ours; as many as there are changes nothing."""
    schedule = Schedule(100)
    for left in (0, 81):
        with pytest.raises(AssertionError):
            schedule.shorten(20, left)
    schedule.shorten(20, 80)
    assert (schedule.steps, schedule.shortened, schedule.planned(33)) == (100, False, 33)


def test_a_state_goes_through_a_checkpoint() -> None:
    """Saved as a checkpoint is and loaded, a shortened schedule is the same at every step."""
    schedule = Schedule(1000, room_steps=600)
    schedule.shorten(100, 700)
    schedule.shorten(301, 77)
    file = io.BytesIO()
    torch.save(schedule.state_dict(), file)
    file.seek(0)
    again = Schedule(1000, room_steps=600)
    again.load_state_dict(torch.load(file, weights_only=True))
    assert (again.steps, again.room_steps, again.shortened) == (378, schedule.room_steps, True)
    assert [again.planned(step) for step in range(400)] == [schedule.planned(step) for step in range(400)]


def test_checks_are_some_steps_apart() -> None:
    """Fifty in a run or so, however long, and never at every step; at the last one there is nothing to decide."""
    assert [step for step in range(1, 1001) if Schedule(1000).checked(step)] == list(range(20, 1000, 20))
    assert len([step for step in range(1, 100_001) if Schedule(100_000).checked(step)]) == CHECKS - 1
    assert [step for step in range(1, 21) if Schedule(20).checked(step)] == list(range(LEAST_APART, 20, LEAST_APART))


def evaluated(schedule: Schedule, step: int, last: int, every: int) -> list[int]:
    """Return after which steps evaluations follow from ``step`` on."""
    found = []
    for following in range(step + 1, schedule.steps + 1):
        if schedule.due(following, last, every):
            found.append(following)
            last = following
    return found


def test_a_shortened_run_is_still_evaluated_a_few_times() -> None:
    """Its interval stays, or becomes a quarter of the run; what is overdue comes at once, and the rest is in even parts."""
    schedule = Schedule(1000)
    schedule.shorten(10, 250)
    assert schedule.evaluations(260, 0, 250) == FEWEST_EVALUATIONS
    assert evaluated(schedule, 10, 0, 250) == [65, 130, 195, 260]
    schedule.shorten(100, 60)
    assert evaluated(schedule, 100, 65, 250) == [113, 160]
    late = Schedule(1000)
    late.shorten(100, 150)
    assert evaluated(late, 100, 0, 250) == [101, 176, 250]
    long = Schedule(24_000)
    long.shorten(3000, 9100)
    found = evaluated(long, 3000, 3000, 1000)
    assert found == list(range(4012, 12_101, 1011))
    assert long.evaluations(long.steps, 3000, 1000) == 9


@given(st.integers(10, 2000), st.integers(1, 500), st.floats(0, 1), st.floats(0, 1))
def test_as_many_evaluations_as_were_counted_on(steps: int, every: int, where: float, share: float) -> None:
    """What is expected of a shortened run is what follows, and the last step is always among it."""
    schedule = Schedule(steps)
    step = int(where * (steps - 1))
    last = step // every * every
    schedule.shorten(step, max(1, int(share * (steps - step))))
    if schedule.shortened:
        found = evaluated(schedule, step, last, every)
        assert found[-1] == schedule.steps
        assert len(found) <= schedule.evaluations(schedule.steps, last, every)


def test_a_pace_counts_steps_and_evaluations_apart(clock: Clock) -> None:
    """All of it is time; speed is that of the steps, and the first step and evaluation say nothing of the next."""
    pace = Pace(every=50)
    assert (pace.step, pace.evaluation) == (None, None)
    clock.now += 100
    pace.begin()
    walk(pace, clock, 1, 3.0)
    assert (pace.step, pace.spent) == (None, 3)
    walk(pace, clock, 10, 0.1)
    assert pace.step == pytest.approx(0.1)
    assert pace.evaluation == pytest.approx(0.1 * 50 * OVERHEAD / (1 - OVERHEAD))
    clock.now += 4
    assert pace.seconds == pytest.approx(8)
    pace.evaluated()
    assert pace.evaluation == pytest.approx(0.1 * 50 * OVERHEAD / (1 - OVERHEAD))
    clock.now += 2
    pace.evaluated()
    assert pace.evaluation == pytest.approx(2)
    walk(pace, clock, 10, 0.3)
    assert pace.step == pytest.approx(0.2)
    assert pace.seconds == pace.spent == pytest.approx(3 + 1 + 4 + 2 + 3)


def test_old_steps_are_forgotten(clock: Clock) -> None:
    """Speed is that of the last seconds asked for, to a twentieth, and everything is kept in few numbers."""
    pace = Pace(every=50, recent=10.0)
    walk(pace, clock, 1000, 0.01)
    walk(pace, clock, 100, 0.04)
    assert 0.01 < (pace.step or 0) < 0.04
    walk(pace, clock, 100, 0.1)
    walk(pace, clock, 10, 0.1)
    assert pace.step == pytest.approx(0.1)
    assert 10 <= pace.measured <= 11
    walk(pace, clock, 20_000, 0.001)
    assert len(pace._parts) <= 21
    assert pace.spent == pytest.approx(10 + 4 + 11 + 20)


def test_a_pause_is_no_time(clock: Clock) -> None:
    """An hour between two steps, or in an evaluation, counts as the usual one."""
    pace = Pace(every=10)
    walk(pace, clock, 1, 0.1)
    walk(pace, clock, 10, 0.1)
    walk(pace, clock, 1, 3600)
    assert pace.spent == pytest.approx(1.2)
    assert pace.step == pytest.approx(0.1)
    for seconds in (0.5, 0.5, 3600):
        clock.now += seconds
        pace.evaluated()
        walk(pace, clock, 1, 0.1)
    assert pace.evaluation == pytest.approx(0.5)
    assert pace.spent == pytest.approx(1.2 + 1.5 + 0.3)


def test_a_machine_that_has_become_slow_is_no_pause(clock: Clock) -> None:
    """Two steps in a row that take absurdly long are counted from the second on, and so is one that isn't long enough."""
    pace = Pace(every=10)
    walk(pace, clock, 11, 0.1)
    walk(pace, clock, 1, LEAST_PAUSE - 0.1)
    assert pace.spent == pytest.approx(1.1 + LEAST_PAUSE - 0.1)
    before = pace.spent
    walk(pace, clock, 3, 60)
    assert pace.spent - before > 60


def test_seconds_of_earlier_sessions_count(clock: Clock) -> None:
    """What was spent before is kept, and the time between sessions isn't."""
    pace = Pace(every=10)
    pace.spent = 500.0
    clock.now += 10_000
    pace.begin()
    walk(pace, clock, 2, 1.0)
    assert pace.seconds == 502


def held_against(clock: Clock, deadline: Deadline, schedule: Schedule, step: int, seconds: float) -> int:
    """Return how many steps are left to a run whose steps took so long, evaluated last where it should have been."""
    pace = Pace(every=250, recent=deadline.recent)
    walk(pace, clock, step, seconds)
    return deadline.left(schedule, pace, step, step // 250 * 250, 250)


def test_a_run_in_time_makes_all_its_steps(clock: Clock) -> None:
    """As fast as measured, faster, or a little late: nothing is cut."""
    deadline = Deadline(seconds=100 / (1 - OVERHEAD) + 2, after=20)
    for slower in (0.5, 1.0, 1 + 0.9 * LATE):
        for step in (20, 300, 500, 980):
            assert held_against(clock, deadline, Schedule(1000), step, 0.1 * slower) == 1000 - step, (slower, step)


def test_a_late_run_makes_as_many_as_there_is_time_for(clock: Clock) -> None:
    """Twice as slow, what is left fits: steps, evaluations, and what follows."""
    deadline = Deadline(seconds=100 / (1 - OVERHEAD) + 2.05, after=20)
    schedule = Schedule(1000)
    left = held_against(clock, deadline, schedule, 300, 0.2)
    evaluation = 0.2 * 250 * OVERHEAD / (1 - OVERHEAD)
    ends = [60 + (n + 20) * 0.2 + schedule.evaluations(300 + n, 250, 250) * evaluation for n in (left, left + 1)]
    assert ends[0] <= deadline.seconds < ends[1]
    assert 100 < left < 300


def test_without_time_one_step_is_left(clock: Clock) -> None:
    """A run that is over its time, or would be after the next step, makes one more: there is always a last one."""
    assert held_against(clock, Deadline(seconds=10, after=20), Schedule(1000), 500, 0.1) == 1
    assert held_against(clock, Deadline(seconds=51, after=20), Schedule(1000), 500, 0.1) == 1


def test_a_moment_is_no_measurement(clock: Clock) -> None:
    """Until a fifth of the time was looked at, or half of what is left, a run isn't judged, nor before its first step."""
    deadline = Deadline(seconds=100, after=0)
    assert deadline.left(Schedule(1000), Pace(250), 0, 0, 250) == 1000
    assert held_against(clock, deadline, Schedule(1000), int(RECENT * 100 / 1.0), 1.0) == 1000 - 20
    assert held_against(clock, deadline, Schedule(1000), int(RECENT * 100 / 1.0) + 2, 1.0) < 200
    resumed = Pace(250, deadline.recent)
    resumed.spent = 94.0
    walk(resumed, clock, 2, 1.0)
    assert deadline.left(Schedule(1000), resumed, 500, 500, 250) == 500
    walk(resumed, clock, 1, 1.0)
    assert deadline.left(Schedule(1000), resumed, 501, 500, 250) < 4


@given(st.floats(0.02, 1.0), st.integers(60, 900))
def test_a_deadline_holds_whenever_a_machine_gets_slower(slow: float, since: int) -> None:
    """Slower by any factor from any step on, a run that is checked as the trainer does it ends in time, or hardly late."""
    with pytest.MonkeyPatch.context() as patch:
        clock = Clock()
        patch.setattr(schedules, "time", SimpleNamespace(perf_counter=lambda: clock.now))
        seconds, schedule = 20 / (1 - OVERHEAD), Schedule(1000)
        deadline = Deadline(seconds, after=0)
        pace, step, last = Pace(250, deadline.recent), 0, 0
        while step < schedule.steps:
            clock.now += slow if step >= since else 0.02
            pace.stepped()
            step += 1
            if schedule.due(step, last, 250):
                last = step
                clock.now += 0.02 * 250 * OVERHEAD
                pace.evaluated()
            if schedule.checked(step):
                schedule.shorten(step, deadline.left(schedule, pace, step, last, 250))
        apart = max(LEAST_APART, schedule.steps // CHECKS)
        assert pace.spent <= seconds * (1 + LATE) + (apart + 1) * slow
        assert math.isclose(schedule.progress(step), 1)


def test_a_deadline_follows_from_budget_and_text(corpus: Corpus, make_recipe: Callable[..., Recipe]) -> None:
    """It is the budget without its start; what the plan leaves for scoring is left."""
    recipe = make_recipe()
    deadline = deadline_of(60, corpus, recipe)
    assert deadline.seconds == seconds_of_run(60, amounts_of(corpus)) == 57
    assert deadline.recent == pytest.approx(RECENT * 57)
    assert deadline._after == steps_after(recipe, amounts_of(corpus)) > 0
