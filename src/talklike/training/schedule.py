"""How many steps a run still makes: as many as planned, or fewer where a budget could not be kept otherwise.

A budget becomes a number of steps before the first one, from the speed of that moment. When the machine gets busier, the steps
that are left become fewer: the run goes to the end of its plan in larger strides, so that the learning rate gets where it would
have got, and the author's own part has its share. Fewer is for good: a run that got longer again would have lowered its
learning rate for nothing.
"""

from __future__ import annotations

import math
import time
from bisect import bisect_right
from collections import deque
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from talklike.training.plan import FEWEST_EVALUATIONS, OVERHEAD, amounts_of, seconds_of_run, steps_after

if TYPE_CHECKING:
    from talklike.corpus.corpus import Corpus
    from talklike.training.recipe import Recipe

CHECKS, LEAST_APART = 50, 4
"""How often a run is held against its budget, and the fewest steps between."""

LATE = 0.03
"""Share of a budget that a run may be late before it makes fewer steps: less is the chance of a measurement."""

RECENT = 0.2
"""Share of a budget over which speed is measured. In a shorter time someone's compiler would cost a run a third of its steps, and
no shorter one is needed: the nearer the end, the less is left to be wrong about."""

PAUSE, LEAST_PAUSE = 20.0, 5.0
"""A step that takes so many times the usual time, and so long [s], is one during which the process was held."""


class Schedule:
    """The steps of a run.

    Args:
        steps: Steps in all, as planned.
        room_steps: How many of them, the first ones, read the room's text.

    Attributes:
        steps: Steps in all, by now.
        room_steps: Steps that read the room's text, by now.

    >>> schedule = Schedule(100)
    >>> schedule.shorten(20, 40)
    >>> schedule.steps, schedule.planned(20), schedule.planned(40), schedule.progress(60)
    (60, 20.0, 60.0, 1.0)
    """

    def __init__(self, steps: int, room_steps: int = 0) -> None:
        self.steps = self._planned_steps = steps
        self.room_steps = room_steps
        self._corners: list[tuple[int, float]] = [(0, 0.0)]  # where strides change: a step, and where in the plan it stands

    @property
    def shortened(self) -> bool:
        """Whether fewer steps are made than planned."""
        return self.steps < self._planned_steps

    def planned(self, step: int) -> float:
        """Return where in the plan a step stands: at which of the steps that were planned."""
        if step >= self.steps:
            return float(self._planned_steps)
        for (begin, first), (end, last) in pairwise([*self._corners, (self.steps, float(self._planned_steps))]):
            if begin <= step < end:
                return first + (step - begin) * (last - first) / (end - begin)  # exactly the step, as long as nothing changed
        return 0.0

    def progress(self, step: int) -> float:
        """Return how far a run is before a step, from 0 to 1."""
        return self.planned(step) / self._planned_steps

    def stride(self, step: int) -> float:
        """Return how many of the steps that were planned a step stands for."""
        return self.planned(step + 1) - self.planned(step)

    def shorten(self, step: int, left: int) -> None:
        """Make fewer steps from now on, of the room and of what follows in proportion.

        Args:
            step: Steps done.
            left: Steps still to be made, 1 or more and no more than there are; the last one is the author's own if any is.
        """
        assert 1 <= left <= self.steps - step, "steps are left, and never become more"
        if left == self.steps - step:
            return
        here = self.planned(step)
        if self.room_steps > step:
            own = self.steps - self.room_steps
            own = max(min(own, 1), round(left * own / (self.steps - step)))
            self.room_steps = step + left - own
        self._corners = [corner for corner in self._corners if corner[0] < step] + [(step, here)]
        self.steps = step + left

    def checked(self, step: int) -> bool:
        """Return whether the run is held against its budget after so many steps; all processes agree on it."""
        return step < self.steps and step % max(LEAST_APART, self.steps // CHECKS) == 0

    def due(self, step: int, last: int, every: int) -> bool:
        """Return whether an evaluation follows a step.

        Args:
            step: Steps done.
            last: Steps done at the last evaluation; 0 if there was none.
            every: Steps between evaluations, as planned.
        """
        if step == self.steps or not self.shortened:
            return step == self.steps or step % every == 0
        return step - last >= math.ceil((self.steps - last) / self.evaluations(self.steps, last, every))

    def evaluations(self, steps: int, last: int, every: int) -> int:
        """Return how many evaluations follow the last one, with so many steps in all.

        Fewer steps have fewer, because they are what is slow, but ``FEWEST_EVALUATIONS`` of even parts.
        """
        left = max(0, steps - last)
        if steps >= self._planned_steps:
            return math.ceil(left / every)
        return max(1, round(left / min(every, math.ceil(steps / FEWEST_EVALUATIONS))))

    def state_dict(self) -> dict[str, Any]:
        """Return what ``load_state_dict`` needs, as plain values."""
        return {"steps": self.steps, "room_steps": self.room_steps, "corners": [list(corner) for corner in self._corners]}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on as ``state_dict`` says, with the same plan."""
        self.steps, self.room_steps = int(state["steps"]), int(state["room_steps"])
        self._corners = [(int(step), float(planned)) for step, planned in state["corners"]]


class Pace:
    """The time that a run has taken in all its sessions, and how fast it is now.

    A pause is no time: if one step, or one evaluation, took absurdly long, then someone held the process or closed the laptop,
    and it counts as a usual one. The first step and the first evaluation of a session load kernels and libraries: they take time,
    and say nothing of those to come.

    Args:
        every: Steps between evaluations, as planned.
        recent: Time over which speed is measured [s].

    Attributes:
        spent: Time until the last step or evaluation [s].
    """

    def __init__(self, every: int, recent: float = math.inf) -> None:
        self._every = every
        self._recent = recent
        self.spent = 0.0
        self._parts: deque[tuple[int, float]] = deque()  # the last steps, some together, and their time
        self._steps, self._seconds = 0, 0.0  # of the part that is growing
        self._evaluation: float | None = None
        self._stepped = self._evaluated = self._held = False
        self._then = time.perf_counter()

    def begin(self) -> None:
        """Begin a session: what came between isn't counted."""
        self._then = time.perf_counter()

    @property
    def seconds(self) -> float:
        """Time until now [s]."""
        return self.spent + time.perf_counter() - self._then

    @property
    def measured(self) -> float:
        """Time of the steps that speed follows from [s]."""
        return self._seconds + sum(seconds for _, seconds in self._parts)

    @property
    def step(self) -> float | None:
        """Time of a step, lately [s]; None until it is known."""
        steps = self._steps + sum(steps for steps, _ in self._parts)
        return self.measured / steps if steps else None

    @property
    def evaluation(self) -> float | None:
        """Time of an evaluation [s]: of the last one, or its share of the plan; None until something is known."""
        if self._evaluation is not None or self.step is None:
            return self._evaluation
        return self.step * self._every * OVERHEAD / (1 - OVERHEAD)

    def stepped(self) -> None:
        """Count a step that was just done."""
        took = self._took(self.step)
        if not self._stepped:
            self._stepped = True
            return
        self._steps, self._seconds = self._steps + 1, self._seconds + took
        if self._seconds >= self._recent / 20:
            self._parts.append((self._steps, self._seconds))
            self._steps, self._seconds = 0, 0.0
            while self.measured - self._parts[0][1] >= self._recent:
                self._parts.popleft()

    def evaluated(self) -> None:
        """Count an evaluation that was just done."""
        took = self._took(self.evaluation)
        if self._evaluated:
            self._evaluation = took
        self._evaluated = True

    def _took(self, usual: float | None) -> float:
        """Return the time since the last step or evaluation [s], the usual one after a pause."""
        now = time.perf_counter()
        took, self._then = now - self._then, now
        # Two in a row are no pause: the machine has become that slow.
        self._held = usual is not None and not self._held and took > max(LEAST_PAUSE, PAUSE * usual)
        if self._held and usual is not None:
            took = usual
        self.spent += took
        return took


class Deadline:
    """The moment at which a run is to be over, its voice scored and written.

    Args:
        seconds: Time from the first step to then [s].
        after: What follows the last evaluation, in the time of so many steps.

    Attributes:
        recent: Time over which speed is to be measured [s].
    """

    def __init__(self, seconds: float, after: float) -> None:
        self.seconds = seconds
        self.recent = RECENT * seconds
        self._after = after

    def left(self, schedule: Schedule, pace: Pace, step: int, last: int, every: int) -> int:
        """Return how many of the steps that are left can be made in time: all, if the end is hardly late or too little is known.

        Args:
            schedule: The steps.
            pace: How fast the run is.
            step: Steps done.
            last: Steps done at the last evaluation; 0 if there was none.
            every: Steps between evaluations, as planned.
        """
        left = schedule.steps - step
        a_step, an_evaluation = pace.step, pace.evaluation
        enough = min(self.recent, max(0.0, self.seconds - pace.spent) / 2)
        if a_step is None or an_evaluation is None or pace.measured < enough:
            return left

        def end(left: int) -> float:
            """Return when the run would be over with so many steps more."""
            evaluations = schedule.evaluations(step + left, last, every)
            return pace.spent + (left + self._after) * a_step + evaluations * an_evaluation

        if end(left) <= self.seconds * (1 + LATE):
            return left
        return max(1, bisect_right(range(1, left), self.seconds, key=end))


def deadline_of(budget: float, corpus: Corpus, recipe: Recipe) -> Deadline:
    """Return when a run is to be over, counted from its first step.

    Args:
        budget: Time for all of it [s].
        corpus: What it learns from.
        recipe: How.
    """
    text = amounts_of(corpus)
    return Deadline(seconds_of_run(budget, text), steps_after(recipe, text))
