"""Characters a second of one text, against a bare loop in torch.

Measured is ``Voice.generate(chars=N)`` with its default sampling: reading the prompt, ONNX Runtime's steps, the UTF-8 mask, the
filters, the draw and the text, for a one-layer voice (E=128, V=360) in both precisions. Against it runs what one would write in
torch: a step of ``nn.LSTM``, softmax and ``torch.multinomial`` under ``no_grad``, with the same weights, on one thread and on as
many as the voice uses; the faster one counts. All take turns in one process, and medians are compared.
"""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING

import torch

from benchmarks.record import Figure, report
from benchmarks.synthetic import network, voice_file
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

TIMES_TORCH = 4


def figures(quick: bool) -> Iterator[Figure]:
    """Yield the speed of each size and precision, and how many times torch's it is."""
    chars, torch_steps, repetitions = (200, 50, 3) if quick else (10_000, 2_000, 9)
    for hidden, target in TARGETS.items():
        source = network(hidden, seed=SEED)
        voices = {precision: Voice.from_bytes(voice_file(source, precision)) for precision in ("float32", "int8")}
        seconds = interleaved(
            {
                **{name: partial(voice.generate, chars=chars, seed=SEED) for name, voice in voices.items()},
                **{f"torch {n}": partial(bare_loop, source, torch_steps, threads=n) for n in sorted({1, THREADS})},
            },
            repetitions,
        )
        rates = {name: (torch_steps if name.startswith("torch") else chars) / s for name, s in seconds.items()}
        bare = max(rate for name, rate in rates.items() if name.startswith("torch"))
        details = {
            "torch_characters_per_second": {n.removeprefix("torch "): round(r) for n, r in rates.items() if "torch" in n},
            "characters": chars,
            "repetitions": repetitions,
        }
        for precision in voices:
            rate = rates[precision]
            yield Figure(f"H={hidden} {precision}", rate, "characters/s", at_least=target, details=details)
            yield Figure(f"H={hidden} {precision} against torch", rate / bare, "times", at_least=TIMES_TORCH, details=details)


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
