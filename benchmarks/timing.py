"""Times things against each other: in turns, in one process, compared by their medians."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def interleaved(candidates: Mapping[str, Callable[[], object]], repetitions: int) -> dict[str, float]:
    """Return the median time of each candidate [s].

    They take turns, and begin with another one each round, so that a slow moment of the machine and the caches that the one
    before left behind hit all of them alike. Each runs once unmeasured first, to load its kernels.

    Args:
        candidates: What to run, by name.
        repetitions: Measured runs of each.
    """
    for run in candidates.values():
        run()
    times: dict[str, list[float]] = {name: [] for name in candidates}
    names = list(candidates)
    for repetition in range(repetitions):
        first = repetition % len(names)
        for name in names[first:] + names[:first]:
            start = time.perf_counter()
            candidates[name]()
            times[name].append(time.perf_counter() - start)
    return {name: statistics.median(seconds) for name, seconds in times.items()}
