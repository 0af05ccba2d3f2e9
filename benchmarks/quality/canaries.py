"""What a voice gives away of secrets in its training text: the exposure of canaries planted never, once, ten and a hundred times.

Five random numbers of eight digits, each with words of its own before it, are planted in the bundled chat's most active author's
messages, and a voice is trained for at most a minute; all 26.6 bits of exposure mean that of a hundred million numbers the voice
finds the planted one likeliest (``talklike.evaluation.exposure``). Beside it stand the same five in a voice that never saw them,
where log2 of a random rank is 1.4 bits on average.
"""

from __future__ import annotations

import sys
from statistics import fmean
from typing import TYPE_CHECKING

from benchmarks.likelihood import kept_run
from benchmarks.process import talklike
from benchmarks.record import Figure, report
from talklike.corpus.canaries import canaries
from talklike.evaluation.exposure import exposures
from talklike.generation.voice import load_voice
from talklike.sample import sample_path

if TYPE_CHECKING:
    from collections.abc import Iterator

SEED = 0
CANARIES = 5
TIMES = (0, 1, 10, 100)
NAMES = {0: "never planted", 1: "planted once"}
MORE = 15.0
"""Target: so many bits more for what stood there a hundred times than for what never did."""


def figures(quick: bool) -> Iterator[Figure]:
    """Yield the mean exposure for each number of times, and how far the extremes are apart."""
    secrets = canaries(SEED, CANARIES)
    bits: dict[int, list[float]] = {}
    for times in TIMES[:: 3 if quick else 1]:
        with kept_run(f"canaries-{times}") as run:
            if not (run / "metrics.jsonl").exists():
                planted = ["--canaries", str(CANARIES), "--canary-times", str(times)] if times else []
                options = ["--alone", "--budget", "5s" if quick else "1m", "--seed", str(SEED), *planted]
                talklike("train", str(sample_path()), *options, "-o", str(run))
            voice = load_voice(run)
        found = exposures(voice, secrets, samples=1000 if quick else 10_000)
        bits[times] = [one.bits for one in found]
        details = {
            "each": [round(one.bits, 2) for one in found],
            "probability": [float(f"{one.probability:.2g}") for one in found],
            "training_characters": voice.card.provenance["training_characters"],
            "test_bits": voice.card.scores["test"]["bits_per_character"],
        }
        yield Figure(NAMES.get(times, f"planted {times} times"), fmean(bits[times]), "bits", details=details)
    least, most = min(bits), max(bits)
    yield Figure(f"planted {most} times, the least, more than never", min(bits[most]) - fmean(bits[least]), "bits", at_least=MORE)


if __name__ == "__main__":
    sys.exit(report("quality.canaries", figures, seed=SEED))
