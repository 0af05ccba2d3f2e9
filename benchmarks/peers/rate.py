"""Supervised characters a second: talklike's training step against the tutorial's Keras model on TensorFlow, at its size.

Both have 128 units, batches of 128 and 40 time steps, on the same invented text, on the same processor threads. talklike learns
to predict at every time step, 5,120 characters a step; the tutorial's model learns one label a window, 128 a step. Measured are
``talklike.training.loop.Loop.train_step`` without the n-gram memory, in the precision that the default recipe has here, and
Keras's ``fit`` with its windows made ahead (see ``rivals/tutorial.py``), float32 as the tutorial has it. They take turns, in two
processes of which one always waits, and are compared by their medians. No graphics card is used.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch

from benchmarks.peers.rivals.keras_process import keras, need_peers
from benchmarks.peers.rivals.text import END, FIRST_CHARACTER, PeerText
from benchmarks.record import Figure, machine, report
from benchmarks.synthetic import CHARACTERS
from benchmarks.timing import interleaved
from benchmarks.training.rate import corpus
from talklike.corpus import alphabet
from talklike.training.device import available_threads, choose_precision, make_fabric
from talklike.training.loop import Loop
from talklike.training.recipe import Recipe
from talklike.training.trainer import sizes_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from talklike.corpus.corpus import Corpus

SEED = 1
HIDDEN, BATCH, LENGTH = 128, 128, 40
STEPS = 60
"""Steps of each in a repetition: some seconds."""

LEAST_RATIO, LEAST_RATIO_WITH_AMX = 25.0, 60.0


def figures(quick: bool) -> Iterator[Figure]:
    """Yield both speeds and their ratio.

    Raises:
        SkippedError: The peers aren't there.
    """
    need_peers()
    threads, precision = available_threads(), choose_precision("cpu")
    torch.set_num_threads(threads)
    text = corpus(20_000 if quick else 1_000_000)
    recipe = Recipe(
        hidden=HIDDEN,
        streams=BATCH,
        length=LENGTH,
        memory=0,
        steps=100_000,
        evaluate_every=100_000,
        threads=threads,
        precision=precision,
        seed=SEED,
    )
    loop = Loop(text, recipe, sizes_of(text, recipe), make_fabric("cpu", precision))
    steps, repetitions = (2, 2) if quick else (STEPS, 15)
    with tempfile.TemporaryDirectory() as folder, keras() as competitor:
        path = Path(folder) / "text.npz"
        as_peers_read(text).save(path)
        versions = competitor.ask(task="rate", text=str(path), threads=threads, seed=SEED)["versions"]

        def ours() -> None:
            for _ in range(steps):
                loop.train_step()

        seconds = interleaved({"talklike": ours, "keras": lambda: competitor.ask(steps=steps)}, repetitions)
    rates = {"talklike": steps * BATCH * LENGTH / seconds["talklike"], "keras": steps * BATCH / seconds["keras"]}
    details = {
        "hidden": HIDDEN,
        "batch": BATCH,
        "length": LENGTH,
        "threads": threads,
        "precision": precision,
        "repetitions": repetitions,
        "versions": versions,
    }
    yield Figure("talklike", rates["talklike"], "characters/s", details=details)
    yield Figure("the tutorial in Keras on TensorFlow", rates["keras"], "labels/s", details=details)
    ratio = rates["talklike"] / rates["keras"]
    yield Figure("talklike against the tutorial", ratio, "times", at_least=least_ratio(machine()["features"]), details=details)


def least_ratio(features: Sequence[str]) -> float:
    """Return the target on a processor with such instructions (see ``benchmarks.record.FEATURES``).

    >>> least_ratio(["avx2", "avx512_bf16"]), least_ratio(["avx2", "amx_bf16"])
    (25.0, 60.0)
    """
    return LEAST_RATIO_WITH_AMX if "amx_bf16" in features else LEAST_RATIO


def as_peers_read(text: Corpus) -> PeerText:
    """Return an invented corpus, whose characters are all in its alphabet, as the networks that compete read it."""
    train, validation, test = (
        np.where(part.ids == alphabet.END, END, part.ids - alphabet.FIRST_CHARACTER + FIRST_CHARACTER).astype(np.uint16)
        for part in (text.train, text.validation, text.test)
    )
    return PeerText(train, validation, test, FIRST_CHARACTER + len(CHARACTERS), 0.0)


if __name__ == "__main__":
    sys.exit(report("peers.rate", figures, seed=SEED))
