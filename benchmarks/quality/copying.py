"""What the n-gram memory does to copying: how much of what a voice writes stands word for word in what it learnt from.

A character counts as copied if it lies in a run of ``RUN`` characters or more that also occurs in the training text. Measured are
messages written at two temperatures by a voice with the memory and by one without, trained alike, and, for comparison, the
person's own held-out messages: people repeat themselves too.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from benchmarks.likelihood import kept_run
from benchmarks.process import shared_chat, talklike
from benchmarks.record import Figure, report
from talklike.chat.read import read_chat
from talklike.corpus.choose import choose_author
from talklike.corpus.clean import cleaned
from talklike.corpus.corpus import build_corpus
from talklike.generation.voice import load_voice

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SEED = 0
AUTHOR = "SaintPeter"
RUN = 25
MESSAGES = 300
LONGEST = 300
TEMPERATURES = (0.5, 1.0)


def figures(quick: bool) -> Iterator[Figure]:
    """Yield the share copied by the voices and by the person.

    Raises:
        SkippedError: The chat isn't there.
    """
    path = shared_chat("fcc-gitter", "all-rooms.tsv.gz")
    chat = read_chat(path)
    who = choose_author(chat, AUTHOR).author
    own = cleaned(chat.frame.filter(pl.col("author") == who)).sort("time", maintain_order=True, nulls_last=True)
    texts = [str(text) for text in own.collect()["text"]]
    with tempfile.TemporaryDirectory() as folder:
        corpus = build_corpus(chat, who, Path(folder))
        learnt = "\n".join(texts[: corpus.train.messages])
        held_out = texts[corpus.train.messages :]
    known = {learnt[start : start + RUN] for start in range(len(learnt) - RUN + 1)}
    yield Figure("the person's held-out messages", 100 * copied(held_out, known), "% of characters")
    for name, fixed in (("with the memory", []), ("without", ["--memory", "0"])):
        with kept_run(f"copying-{'memory' if not fixed else 'none'}") as run:
            if not (run / "metrics.jsonl").exists():
                budget = "5s" if quick else "2m"
                options = ["--author", AUTHOR, "--alone", "--budget", budget, *fixed, "--seed", str(SEED)]
                talklike("train", str(path), *options, "-o", str(run))
            voice = load_voice(run)
        bits = voice.card.scores["test"]["bits_per_character"]
        for temperature in TEMPERATURES:
            count = 20 if quick else MESSAGES
            written = voice.generate_many(count, temperature=temperature, max_chars=LONGEST, seed=SEED)
            share = 100 * copied(written, known)
            yield Figure(f"{name}, temperature {temperature:g}", share, "% of characters", details={"test_bits": bits})


def copied(texts: Sequence[str], known: set[str]) -> float:
    """Return the share of the characters that lie in a run of ``RUN`` that is known."""
    total = hits = 0
    for text in texts:
        covered = 0
        for start in range(len(text) - RUN + 1):
            if text[start : start + RUN] in known:
                hits += start + RUN - max(start, covered)
                covered = start + RUN
        total += len(text)
    return hits / max(1, total)


if __name__ == "__main__":
    sys.exit(report("quality.copying", figures, seed=SEED))
