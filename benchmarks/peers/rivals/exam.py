"""Examines a training at fixed times of training, with a clock that stands still while it does.

Every so often the network is scored on held-out text, and the weights that did best so far are kept; at each mark these are
scored on the test text. So nobody is judged by a step that happened to be bad, or for having trained for too long. What
examining takes isn't counted, nor is the first step, which loads and compiles.

This module needs Python alone: it is used in talklike's virtual environment and in the peers'.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class Examinee(Protocol):
    """A network in training."""

    def validation_bits(self) -> float:
        """Return what the held-out text that chooses weights costs [bit/character]."""

    def test_bits(self) -> float:
        """Return what the text that is reported on costs [bit/character]."""

    def weights(self) -> Any:
        """Return a copy of the weights."""

    def load(self, weights: Any) -> None:
        """Put weights back that ``weights`` returned."""


@dataclass
class Course:
    """How a training went.

    Attributes:
        steps: Steps counted.
        seconds: Time they took [s].
        marks: For each mark, its time [s] and the test score of the weights that were best by then [bit/character].
        history: For each evaluation, the time trained [s] and the validation score [bit/character].
    """

    steps: int = 0
    seconds: float = 0.0
    marks: list[tuple[float, float]] = field(default_factory=list)
    history: list[tuple[float, float]] = field(default_factory=list)


class Exam:
    """Says when to examine and when to stop.

    Args:
        examinee: The network.
        marks: Times of training to report at [s], ascending; the last one ends the training.
        every: Time of training between two evaluations [s].
        clock: Tells the time [s].

    Attributes:
        course: How it went so far.
    """

    def __init__(
        self, examinee: Examinee, marks: Sequence[float], every: float, clock: Callable[[], float] = time.perf_counter
    ) -> None:
        assert marks, "a training ends at a mark"
        assert list(marks) == sorted(marks), "marks ascend"
        self._examinee = examinee
        self._marks = list(marks)
        self._every = every
        self._clock = clock
        self._since: float | None = None  # since when the clock runs; None before the first step
        self._best = math.inf
        self._best_weights: Any = None
        self.course = Course()

    def stepped(self) -> bool:
        """Take note that a step was done; return whether the training is over.

        Raises:
            RuntimeError: The training diverged before its first evaluation.
        """
        now = self._clock()
        if self._since is None:
            self._since = now
            return False
        self.course.steps += 1
        self.course.seconds += now - self._since
        if self.course.seconds >= self._due():
            self._examine()
            now = self._clock()
        self._since = now
        return not self._marks

    def _due(self) -> float:
        """Return the time of training of the next examination [s]."""
        last = self.course.history[-1][0] if self.course.history else 0.0
        return min(self._marks[0], self._every * (math.floor(last / self._every) + 1))

    def _examine(self) -> None:
        seconds = self.course.seconds
        bits = self._examinee.validation_bits()
        self.course.history.append((round(seconds, 3), round(bits, 4)))
        if bits < self._best:  # false if the training diverged and bits is not a number
            self._best, self._best_weights = bits, self._examinee.weights()
        if self._best_weights is None:
            raise RuntimeError(f"the training diverged within its first {seconds:.0f} s")
        if seconds < self._marks[0]:
            return
        now = self._examinee.weights()
        self._examinee.load(self._best_weights)
        tested = self._examinee.test_bits()
        self._examinee.load(now)
        while self._marks and seconds >= self._marks[0]:
            self.course.marks.append((self._marks.pop(0), tested))
