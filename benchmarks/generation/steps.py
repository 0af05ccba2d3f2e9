"""Characters a second of one text, against a bare loop in torch, against 32 texts at once, and against the processor's bound.

Measured is ``Voice.generate(chars=N)`` with its default sampling: reading the prompt, ONNX Runtime's steps, the UTF-8 mask, the
filters, the draw and the text, for a one-layer voice (E=128, V=360) in both precisions. Against it runs what one would write in
torch: a step of ``nn.LSTM``, softmax and ``torch.multinomial`` under ``no_grad``, with the same weights, on one thread and on as
many as the voice uses; the faster one counts. All take turns in one process, and medians are compared.

The bound is the time that BLAS takes to read as many bytes as a step has to: the recurrent and the output weights. They are read
by ``numpy.dot`` of a vector with itself, again and again, so from the cache that they fit in, on as many threads as BLAS likes.
"""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import torch

from benchmarks.record import Figure, report
from benchmarks.synthetic import SYMBOLS, network, voice_file
from benchmarks.timing import interleaved
from talklike.corpus.alphabet import END
from talklike.generation.engine import THREADS
from talklike.generation.sampling import Sampling
from talklike.generation.voice import Voice

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talklike.training.network import Network

SEED = 1
TARGETS = {128: 20_000, 512: 8_000}
"""Characters a second to reach, by H."""

TIMES_TORCH = {128: 4, 512: 8}
"""How many times the torch loop, by H."""

TEXTS, TIMES_ONE = 32, 5
"""Texts at once, and how many times the characters of one they make."""


def figures(quick: bool) -> Iterator[Figure]:
    """Yield the speed of each size and precision, how many times torch's it is, that of 32 texts, and what is possible."""
    chars, torch_steps, repetitions = (200, 50, 3) if quick else (10_000, 2_000, 9)
    each = chars // 10
    for hidden, target in TARGETS.items():
        source = network(hidden, seed=SEED)
        voices = {precision: Voice.from_bytes(voice_file(source, precision)) for precision in ("float32", "int8")}
        seconds = interleaved(
            {
                **{name: partial(voice.generate, chars=chars, seed=SEED) for name, voice in voices.items()},
                **{f"{TEXTS} {name}": partial(v.generate_many, TEXTS, chars=each, seed=SEED) for name, v in voices.items()},
                **{f"read {name}": partial(read, step_bytes(hidden, name), chars) for name in voices},
                **{f"torch {n}": partial(bare_loop, source, torch_steps, threads=n) for n in sorted({1, THREADS})},
            },
            repetitions,
        )
        torch_rates = {n: torch_steps / seconds[f"torch {n}"] for n in sorted({1, THREADS})}
        details = {
            "torch_characters_per_second": {str(n): round(rate) for n, rate in torch_rates.items()},
            "characters": chars,
            "repetitions": repetitions,
        }
        for precision in voices:
            name, rate = f"H={hidden} {precision}", chars / seconds[precision]
            yield Figure(name, rate, "characters/s", at_least=target, details=details)
            times = rate / max(torch_rates.values())
            yield Figure(f"{name} against torch", times, "times", at_least=TIMES_TORCH[hidden], details=details)
            together = TEXTS * each / seconds[f"{TEXTS} {precision}"]
            more: dict[str, float] = {"characters_per_second": round(together), "characters": each}
            yield Figure(f"{name}, {TEXTS} texts against one", together / rate, "times", at_least=TIMES_ONE, details=more)
            possible = seconds[f"read {precision}"] / seconds[precision]
            count = step_bytes(hidden, precision)
            more = {"bytes": count, "gigabytes_per_second": round(count * chars / seconds[f"read {precision}"] / 1e9, 1)}
            yield Figure(f"{name}, of the bound", 100 * possible, "%", details=more)


def step_bytes(hidden: int, precision: str) -> int:
    """Return how many bytes of weights a step reads."""
    return (4 * hidden**2 + hidden * SYMBOLS) * (1 if precision == "int8" else 4)


def read(count: int, times: int) -> None:
    """Read so many bytes so often."""
    numbers = np.ones(count // 4, np.float32)
    for _ in range(times):
        numbers.dot(numbers)


@torch.no_grad()
def bare_loop(source: Network, steps: int, *, threads: int) -> list[int]:
    """Return ``steps`` symbols, written by torch alone in the plainest way."""
    torch.set_num_threads(threads)
    (layer,) = source.layers
    state = source.zero_state(1)
    symbol = torch.full((1, 1), END)
    temperature = Sampling().temperature
    written = []
    for _ in range(steps):
        features, state = layer(source.symbol_embedding(symbol), state)
        probabilities = torch.softmax(source.output(features[0]) / temperature, dim=-1)
        symbol = torch.multinomial(probabilities, 1)
        written.append(int(symbol))
    return written


if __name__ == "__main__":
    sys.exit(report("generation.steps", figures, seed=SEED))
