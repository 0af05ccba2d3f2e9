"""Tiny Shakespeare as nanoGPT measures it: its split, windows of 256 characters met cold, the best checkpoint, no adapting.

talklike is given the first 90 %, trains on nine tenths of that and chooses the checkpoint on some of the rest; the score is the
mean cost over the last 10 % cut into windows of 256 characters, each read from a fresh state. nanoGPT's README gives 1.4697 nats
for 10.7 M parameters after three minutes on an A100, and 1.88 for a CPU.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.likelihood import kept_run
from benchmarks.process import metrics, shared_chat, talklike
from benchmarks.record import Figure, report
from talklike.evaluation.bits import surprisal
from talklike.generation.voice import Voice, load_voice

if TYPE_CHECKING:
    from collections.abc import Iterator

WINDOW = 256
_AT_ONCE = 64


def figures(quick: bool) -> Iterator[Figure]:
    """Yield the score.

    Raises:
        SkippedError: The text isn't there.
    """
    text = shared_chat("lm", "tinyshakespeare.txt").read_text(encoding="utf-8")
    cut = round(len(text) * 0.9)
    with tempfile.TemporaryDirectory() as folder, kept_run("shakespeare") as run:
        # talklike holds out a tenth of what it is given: half of that, the last, is left unused here.
        train = Path(folder) / "train.txt"
        train.write_text(text[:cut], encoding="utf-8")
        budget = "15s" if quick else "8m"
        if not (run / "metrics.jsonl").exists():
            talklike("train", str(train), "--format", "text", "--budget", budget, "--seed", "0", "-o", str(run))
        voice, last = load_voice(run), metrics(run)
    nats = cold(voice, text[cut:])
    details = {"budget": budget, "recipe": voice.card.recipe}
    yield Figure("cold windows of 256", nats, "nats/character", at_most=1.46, details=details)
    yield Figure("training", last["seconds"], "s", at_most=480)


def cold(voice: Voice, text: str) -> float:
    """Return the mean cost of a character in windows that each begin from nothing [nat]."""
    ids = voice.alphabet.encode(text).astype(np.int64)
    count = (len(ids) - 1) // WINDOW
    windows = np.stack([ids[n * WINDOW : (n + 1) * WINDOW + 1] for n in range(count)])
    total = 0.0
    for start in range(0, count, _AT_ONCE):
        piece = windows[start : start + _AT_ONCE]
        logits = voice.engine.streams(len(piece), author=1).read(piece[:, :-1])
        total += float(surprisal(logits, piece[:, 1:]).sum())
    return total / (count * WINDOW)


if __name__ == "__main__":
    sys.exit(report("quality.shakespeare", figures, seed=0))
