"""Tiny Shakespeare as nanoGPT measures it: its split, windows of 256 characters met cold, the best checkpoint, no adapting.

The validation part is cut from the beginning of the training text: the test part begins in the middle of a play, and without the
first half of that play every name in the second is a surprise (Kneser-Ney of order 7 has 1.52 nats with it and 1.69 without). So
talklike, which holds out the last tenth of what it is given, is given the first 90 % with the first tenth of that moved to the
end. The score is the mean cost over the last 10 % cut into windows of 256 characters, each read from a fresh state. nanoGPT's
README gives 1.4697 nats for 10.7 M parameters after three minutes on an A100, and 1.88 for a CPU.
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
HELD_OUT = 0.1
"""Share of a text that talklike holds out, the last."""

BUDGETS = {"8m": 1.46, "30m": 1.43}
"""Targets by time to train [nat/character]."""

_AT_ONCE = 64


def figures(quick: bool) -> Iterator[Figure]:
    """Yield the score.

    Raises:
        SkippedError: The text isn't there.
    """
    text = shared_chat("lm", "tinyshakespeare.txt").read_text(encoding="utf-8")
    cut = round(len(text) * 0.9)
    moved = round(cut * HELD_OUT)
    for budget, target in BUDGETS.items():
        with tempfile.TemporaryDirectory() as folder, kept_run(f"shakespeare-{budget}") as run:
            train = Path(folder) / "train.txt"
            train.write_text(text[moved:cut] + text[:moved], encoding="utf-8")
            if not (run / "metrics.jsonl").exists():
                time = "15s" if quick else budget
                talklike("train", str(train), "--format", "text", "--budget", time, "--seed", "0", "-o", str(run))
            voice, last = load_voice(run), metrics(run)
        nats = cold(voice, text[cut:])
        details = {"budget": budget, "recipe": voice.card.recipe}
        yield Figure(f"cold windows of 256, {budget}", nats, "nats/character", at_most=target, details=details)
        yield Figure(f"training, {budget}", last["seconds"], "s", at_most=float(budget.removesuffix("m")) * 60)


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
