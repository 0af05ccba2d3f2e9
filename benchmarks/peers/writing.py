"""Characters a second of one text at the tutorial's size, against the tutorial's own loop in Keras on TensorFlow and on JAX.

Measured is ``Voice.generate(chars=N)`` with its default sampling, int8, one layer of 128 units, E=128, V=360. Against it runs
the tutorial's loop (see ``rivals/tutorial_writing.py``): 128 units, V=105, a window of 40 characters through ``model.predict``
for each one written. All take turns, each in a process of its own, of which all but one wait, and are compared by medians. No
graphics card is used.
"""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING, Any

from benchmarks.peers.rivals.keras_process import keras_writing, need_peers
from benchmarks.record import Figure, report
from benchmarks.synthetic import CHARACTERS, network, voice_file
from benchmarks.timing import interleaved
from talklike.generation.voice import Voice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SEED = 1
HIDDEN = 128
SYMBOLS = len(CHARACTERS) + 2
LEAST_RATIO = {"tensorflow": 1_500.0, "jax": 30.0}


def figures(quick: bool) -> Iterator[Figure]:
    """Yield all speeds, and how many times each competitor's ours is.

    Raises:
        SkippedError: The peers aren't there.
    """
    need_peers()
    ours, theirs, repetitions = (100, 3, 1) if quick else (20_000, 60, 7)
    voice = Voice.from_bytes(voice_file(network(HIDDEN, seed=SEED), "int8"))
    details: dict[str, Any] = {"hidden": HIDDEN, "characters": {"talklike": ours, "keras": theirs}, "repetitions": repetitions}
    with contextlib.ExitStack() as stack:
        write: dict[str, Callable[[], object]] = {"talklike": lambda: voice.generate(chars=ours, seed=SEED)}
        for backend in LEAST_RATIO:
            other = stack.enter_context(keras_writing(backend))
            details[backend] = other.ask(symbols=SYMBOLS, hidden=HIDDEN, seed=SEED)["versions"]
            write[backend] = lambda other=other: other.ask(characters=theirs)  # type: ignore[misc]  # bound now
        seconds = interleaved(write, repetitions)
    rates = {name: (ours if name == "talklike" else theirs) / taken for name, taken in seconds.items()}
    yield Figure("talklike", rates["talklike"], "characters/s", details=details)
    for backend, least in LEAST_RATIO.items():
        yield Figure(f"the tutorial's loop in Keras, {backend}", rates[backend], "characters/s", details=details)
        yield Figure(
            f"talklike against it, {backend}", rates["talklike"] / rates[backend], "times", at_least=least, details=details
        )


if __name__ == "__main__":
    sys.exit(report("peers.writing", figures, seed=SEED))
