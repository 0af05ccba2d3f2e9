"""What the guard against copying costs and does: the size of the index, what it takes for known, speed, and the longest copies.

The text is one person's messages in freeCodeCamp's rooms, and all rooms' behind them. A false positive is a run of 16 symbols of
held-out messages that stands nowhere in the training text and that the index takes for known. Free and guarded texts take turns
in one process, with the same seeds, from a voice that was trained for a minute on the messages alone; how much of them is copied
is measured exactly, by a suffix array over the training messages.
"""

from __future__ import annotations

import sys
import tempfile
import time
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.likelihood import kept_run
from benchmarks.process import shared_chat, talklike
from benchmarks.record import Figure, report
from benchmarks.timing import interleaved
from talklike.chat.read import read_chat
from talklike.corpus.alphabet import END
from talklike.corpus.choose import choose_author
from talklike.corpus.corpus import build_corpus
from talklike.evaluation.copying import TrainingText
from talklike.generation.voice import load_voice
from talklike.voice.novelty_index import NoveltyIndex, index_of, sums

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talklike.corpus.corpus import Corpus
    from talklike.generation.voice import Voice

SEED = 1
AUTHOR = "SaintPeter"
NAMED = 32
LONGEST = 25
"""N: from this length on a run counts as copied in ``talklike.evaluation.copying``."""

TEMPERATURES = (0.5, 0.8)
MESSAGES = 300
TEXTS = 32


def figures(quick: bool) -> Iterator[Figure]:
    """Yield size and false positives of the index, speed, and the longest copies.

    Raises:
        SkippedError: The chat isn't there.
    """
    path = shared_chat("fcc-gitter", "all-rooms.tsv.gz")
    chat = read_chat(path)
    who = choose_author(chat, AUTHOR).author
    learnt: list[str] = []
    for name, room in (("alone", 0), ("with the room", NAMED)):
        with tempfile.TemporaryDirectory() as folder:
            corpus = build_corpus(chat, who, Path(folder), room=room)
            learnt = learnt or messages(corpus)
            yield from index_figures(name, corpus)
    with kept_run("novelty") as run:
        if not (run / "voice.float32.onnx").exists():
            budget = "5s" if quick else "1m"
            options = ["--author", AUTHOR, "--alone", "--budget", budget, "--novelty-index", "--seed", str(SEED)]
            talklike("train", str(path), *options, "-o", str(run))
        voice = load_voice(run)
    yield from speed_figures(voice, quick)
    known = TrainingText([(who, text) for text in learnt])
    for temperature in TEMPERATURES:
        for name, longest in (("free", 0), (f"novelty {LONGEST}", LONGEST)):
            count = 20 if quick else MESSAGES
            texts = voice.generate_many(count, temperature=temperature, seed=SEED, novelty=longest)
            copied = known.copied(texts)
            details = {"lengths": copied.longest, "copied_share": copied.copied, "characters": copied.characters, "texts": count}
            title = f"longest copy, temperature {temperature:g}, {name}"
            yield Figure(title, copied.longest["most"], "characters", at_most=longest or None, details=details)


def index_figures(name: str, corpus: Corpus) -> Iterator[Figure]:
    """Yield how large the index of a corpus is, and what it takes for known."""
    streams = [part.ids for part in (corpus.train, corpus.own) if part is not None]
    start = time.perf_counter()
    bits = index_of(streams)
    seconds = time.perf_counter() - start
    text_bytes = corpus.train.utf8_bytes
    details = {"index_bytes": len(bits), "text_bytes": text_bytes, "seconds": round(seconds, 2)}
    yield Figure(f"index, {name}", 1000 * len(bits) / text_bytes, "KB/MB", details=details)
    held_out = np.unique(np.concatenate([sums(np.asarray(part.ids)) for part in (corpus.validation, corpus.test)]))
    unseen = np.setdiff1d(held_out, np.concatenate([sums(np.asarray(stream)) for stream in streams]))
    more = {"unseen_runs": len(unseen), "held_out_runs": len(held_out)}
    yield Figure(f"false positives, {name}", 100 * NoveltyIndex(bits).known(unseen).mean(), "% of unseen runs", details=more)


def speed_figures(voice: Voice, quick: bool) -> Iterator[Figure]:
    """Yield the characters a second of one text and of many, free and guarded."""
    chars, repetitions = (200, 3) if quick else (5_000, 7)
    each = chars // 10
    options: dict[str, Any] = {"seed": SEED, "temperature": TEMPERATURES[0]}
    seconds = interleaved(
        {
            f"{texts} {longest}": partial(
                voice.generate_many, texts, chars=chars if texts == 1 else each, novelty=longest, **options
            )
            for texts in (1, TEXTS)
            for longest in (0, LONGEST)
        },
        repetitions,
    )
    for texts in (1, TEXTS):
        written = chars if texts == 1 else TEXTS * each
        free, guarded = (written / seconds[f"{texts} {longest}"] for longest in (0, LONGEST))
        name = "one text" if texts == 1 else f"{texts} texts"
        details = {"free_characters_per_second": round(free), "characters": written, "repetitions": repetitions}
        yield Figure(f"{name}, guarded", guarded, "characters/s", details=details)
        yield Figure(f"{name}, guarded against free", guarded / free, "times", details=details)


def messages(corpus: Corpus) -> list[str]:
    """Return the messages that are trained on."""
    ids = np.asarray(corpus.train.ids)
    ends = np.flatnonzero(ids == END)
    return [corpus.alphabet.decode(ids[a + 1 : b].tolist()) for a, b in pairwise(ends)]


if __name__ == "__main__":
    sys.exit(report("generation.novelty", figures, seed=SEED))
