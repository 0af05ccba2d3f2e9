"""War and Peace, 80/10/10, read as one stream; the best LSTM of Karpathy, Johnson and Fei-Fei (2015) has 1.077 nats.

The last tenth is the test part. talklike holds out the last tenth of what it is given, so it is given the first 88.9 % of the
book: it trains on the first 80 % and chooses the checkpoint on some of the rest. The file ends with the licence of Project
Gutenberg, 6 % of the test part, whose like is nowhere in the training part: the book's own text is scored apart.
"""

from __future__ import annotations

import gzip
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

GIVEN, TESTED = 0.8 / 0.9, 0.9
LICENCE = "End of the Project Gutenberg EBook"
"""Where the book ends and the licence begins."""

_PIECE = 2048


def figures(quick: bool) -> Iterator[Figure]:
    """Yield the score.

    Raises:
        SkippedError: The text isn't there.
    """
    text = gzip.decompress(shared_chat("lm", "warandpeace.txt.gz").read_bytes()).decode("utf-8").replace("\r\n", "\n")
    with tempfile.TemporaryDirectory() as folder, kept_run("warandpeace") as run:
        train = Path(folder) / "train.txt"
        train.write_text(text[: round(len(text) * GIVEN)], encoding="utf-8")
        budget = "15s" if quick else "55m"
        if not (run / "metrics.jsonl").exists():
            talklike("train", str(train), "--format", "text", "--budget", budget, "--seed", "0", "-o", str(run))
        voice, last = load_voice(run), metrics(run)
    details = {"budget": budget, "recipe": voice.card.recipe}
    test = text[round(len(text) * TESTED) :]
    costs = stream(voice, test)
    end = len(voice.alphabet.encode(test[: test.index(LICENCE)]))
    yield Figure("test, one stream", float(costs.sum()) / len(test), "nats/character", at_most=1.10, details=details)
    book = float(costs[:end].sum()) / test.index(LICENCE)
    yield Figure("test without the licence, one stream", book, "nats/character", details=details)
    yield Figure("training", last["seconds"], "s", at_most=3600)


def stream(voice: Voice, text: str) -> np.ndarray:
    """Return the cost of each symbol of a text read in one go from nothing [nat]; float64, shape (N,)."""
    ids = np.concatenate([[0], voice.alphabet.encode(text)]).astype(np.int64)
    streams, costs = voice.engine.streams(1, author=1), []
    for start in range(0, len(ids) - 1, _PIECE):
        piece = ids[None, start : start + _PIECE + 1]
        costs.append(surprisal(streams.read(piece[:, :-1]), piece[:, 1:])[0])
    return np.concatenate(costs).astype(np.float64)


if __name__ == "__main__":
    sys.exit(report("quality.warandpeace", figures, seed=0))
