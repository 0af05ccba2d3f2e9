"""The tutorial's recipe here against the tutorial in Keras on TensorFlow: the same work, in one run.

Three things are measured, each with 128 units, windows of 40 every 3, batches of 128 and RMSprop, on the processor:

- the windows a second of a training step (``talklike.training.tutorial_loop``), in float32 and in bf16 where it is fast here,
  against Keras's ``fit`` with its windows made ahead (see ``rivals/tutorial.py``); they take turns and are compared by medians;
- the most memory that a training of one epoch needs, as a process of its own: here for 1 MB and 5 MB of text; in Keras, with the
  tutorial's one-hot arrays, for up to 1 MB, from where its growth is carried on to 5 MB, which may not fit into a machine;
- on the messages of freeCodeCamp's SaintPeter (``fcc-gitter/all-rooms.tsv.gz``), of the tutorial's chat: the time that
  the default recipe takes to the best held-out bits per character of 15 epochs in Keras (``talklike benchmark --recipes``), with
  a budget of two minutes and with one of ``SHORT``.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from benchmarks.peers.rate import as_peers_read
from benchmarks.peers.rivals.keras_process import PYTHON, keras, need_peers
from benchmarks.process import program, shared_chat, talklike
from benchmarks.record import Figure, SkippedError, machine, report
from benchmarks.timing import interleaved
from benchmarks.training.rate import corpus
from talklike.chat.read import read_chat
from talklike.training import keras_tutorial
from talklike.training.device import available_threads, choose_precision, make_fabric
from talklike.training.then_and_now import KERAS, then_and_now
from talklike.training.tutorial_loop import TutorialLoop
from talklike.training.tutorial_recipe import TutorialRecipe
from talklike.training.tutorial_text import Windows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SEED = 1
STEPS = 60
"""Steps of each in a repetition: some seconds."""

CHARACTERS = 60
"""Different characters of the text whose memory is measured."""

SMALL, LARGE = 1_000_000, 5_000_000
"""Characters of text."""

LEARNT = 0.9
"""Share of the text that is learnt, as much as there may be: the rest would only have to be read."""

KERAS_CHARACTERS = (250_000, 500_000, 1_000_000)

SHORT = "15s"
"""A budget for who wants no more than the tutorial's best: a short run warms up in fewer steps, and is evaluated sooner."""

LEAST_FP32, LEAST_BF16, MOST_MEMORY, MOST_TIME = 1.0, 1.8, 1 / 8, 1 / 20


def figures(quick: bool) -> Iterator[Figure]:
    """Yield speeds, memory and times.

    Raises:
        SkippedError: The peers aren't there.
    """
    need_peers()
    yield from rates(quick)
    yield from memory(quick)
    try:
        yield from time_to_best(quick)
    except SkippedError as skipped:
        print(f"without SaintPeter: {skipped}", file=sys.stderr)


def rates(quick: bool) -> Iterator[Figure]:
    """Yield windows a second, and their ratios."""
    threads, fast = available_threads(), choose_precision("cpu")
    text = corpus(20_000 if quick else 1_000_000)
    peers_text = as_peers_read(text)
    ids = torch.from_numpy(peers_text.train.astype(np.int32))
    steps, repetitions = (2, 2) if quick else (STEPS, 15)
    with tempfile.TemporaryDirectory() as folder, keras() as competitor:
        path = Path(folder) / "text.npz"
        peers_text.save(path)
        versions = competitor.ask(task="rate", text=str(path), threads=threads, seed=SEED)["versions"]
        candidates = {"keras": lambda: competitor.ask(steps=steps)}
        for precision in dict.fromkeys(("32-true", fast)):
            candidates[precision] = stepping(ids, peers_text.symbols, precision, threads, steps)
        seconds = interleaved(candidates, repetitions)
    recipe = TutorialRecipe()
    windows = {name: steps * recipe.batch_size / taken for name, taken in seconds.items()}
    details = {"threads": threads, "repetitions": repetitions, "symbols": peers_text.symbols, "versions": versions}
    yield Figure("the tutorial in Keras on TensorFlow", windows.pop("keras"), "windows/s", details=details)
    for precision, rate in windows.items():
        yield Figure(f"the tutorial here, {precision}", rate, "windows/s", details=details)
        least = LEAST_FP32 if precision == "32-true" else LEAST_BF16 if "amx_bf16" in machine()["features"] else None
        ratio = seconds["keras"] / seconds[precision]
        yield Figure(f"here against Keras, {precision}", ratio, "times", at_least=least, details=details)


def stepping(ids: torch.Tensor, symbols: int, precision: str, threads: int, steps: int) -> Callable[[], Any]:
    """Return what does so many of our steps, each on windows drawn and gathered for it."""
    recipe = TutorialRecipe(precision=precision, threads=threads, seed=SEED)
    loop = TutorialLoop(symbols, recipe, make_fabric("cpu", precision, alone=True))
    windows = Windows(ids, recipe.window, recipe.step)
    order = windows.order(SEED, 0)

    def run() -> None:
        for _ in range(steps):
            start = loop.step * recipe.batch_size % (len(order) - recipe.batch_size)
            loop.train_step(*windows.batch(order[start : start + recipe.batch_size]))

    return run


def memory(quick: bool) -> Iterator[Figure]:
    """Yield peaks of memory: ours as a whole command, Keras's as the program that trains."""
    sizes = (20_000, 40_000) if quick else (SMALL, LARGE)
    ours = {size: peak_here(size) for size in sizes}
    for size, peak in ours.items():
        yield Figure(f"peak memory here, {size:,} characters", peak / 1e6, "MB", details={"characters": CHARACTERS})
    yield Figure("growth of the memory here", ours[sizes[1]] / ours[sizes[0]], "times", at_most=1.25)
    measured = (5_000, 10_000) if quick else KERAS_CHARACTERS
    theirs = {size: peak_keras(size) for size in measured}
    for size, peak in theirs.items():
        yield Figure(f"peak memory in Keras, {size:,} characters", peak / 1e6, "MB", details={"characters": CHARACTERS})
    slope, base = np.polyfit(list(theirs), list(theirs.values()), 1)
    there = base + slope * sizes[1]
    details = {"Keras at this size, from its growth [MB]": round(float(there) / 1e6)}
    name = f"peak memory here against Keras, {sizes[1]:,} characters"
    yield Figure(name, ours[sizes[1]] / float(there), "times", at_most=MOST_MEMORY, details=details)


def peak_here(characters: int) -> int:
    """Return the most memory that an epoch over an invented running text needs [byte]."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "text.txt"
        letters = invented(round(characters / LEARNT))
        path.write_bytes((letters + ord("0")).astype(np.uint8).tobytes())
        options = ["--recipe", "tutorial", "--fraction", str(LEARNT), "--epochs", "1", "--step", str(step_of(characters))]
        return talklike("train", str(path), *options, "-o", str(Path(folder) / "run")).peak_bytes


def peak_keras(characters: int) -> int:
    """Return the most memory that a training in Keras on one-hot arrays of all windows needs [byte]."""
    recipe = TutorialRecipe()
    names = ("window", "step", "hidden", "layers", "learning_rate", "batch_size", "seed")
    settings = {name: getattr(recipe, name) for name in names} | {"characters": CHARACTERS, "epochs": 1}
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "text.npz", Path(folder) / "out.npz"
        np.savez(source, ids=invented(characters).astype(np.int32), settings=np.array(json.dumps(settings)))
        return program(str(PYTHON), keras_tutorial.__file__, str(source), str(target)).peak_bytes


def step_of(characters: int) -> int:
    """Return the step between windows with which an epoch is short: memory here doesn't depend on the number of windows."""
    return max(3, characters // 100_000)


def invented(characters: int) -> np.ndarray:
    """Return random characters, as indices."""
    return np.random.default_rng(SEED).integers(0, CHARACTERS, characters)


def time_to_best(quick: bool) -> Iterator[Figure]:
    """Yield the default recipe's time to the tutorial's best held-out cost, over the tutorial's own time."""
    path = shared_chat("fcc-gitter", "all-rooms.tsv.gz")
    chat = read_chat(path)
    epochs, budget = (1, "5s") if quick else (15, "2m")
    result = then_and_now(chat, "SaintPeter", epochs=epochs, budget=budget, keras=str(PYTHON))
    for row in result.rows:
        details = {"made with": row.made_with, "seconds to its best": round(row.seconds, 1)}
        if row.peak_bytes is not None:
            details["peak [MB]"] = round(row.peak_bytes / 1e6)
        yield Figure(f"SaintPeter, {row.name}", row.bits_per_character, "bits/character", details=details)
        yield Figure(f"SaintPeter, {row.name}", row.seconds_per_epoch, "s/epoch", details=details)
        yield Figure(f"SaintPeter, {row.name}", row.characters_per_second, "characters/s", details=details)
    tutorial = next(row for row in result.rows if row.name == KERAS)
    best_after, bits = min(tutorial.curve, key=lambda point: point[1])
    whole = tutorial.curve[-1][0]
    for name, reached in ((budget, result.rows[-1].seconds_to(bits)), (SHORT, _short_run(path, bits))):
        if reached is None:
            continue
        figure = f"SaintPeter, time to the tutorial's best, --budget {name}"
        # The tutorial has no held-out text by which it could stop there: its time is that of its 15 epochs.
        for unit, taken in (("of its 15 epochs", whole), ("of the epochs to it", best_after)):
            details = {"bits per character": round(bits, 3), "default [s]": round(reached, 1), "tutorial [s]": round(taken)}
            yield Figure(figure, reached / taken, unit, at_most=MOST_TIME, details=details)


def _short_run(chat: Path, bits: float) -> float | None:
    """Return the time until ``--budget SHORT`` is as good [s], at an evaluation; None if it isn't at any."""
    with tempfile.TemporaryDirectory() as folder:
        run = Path(folder) / "run"
        talklike("train", str(chat), "--author", "SaintPeter", "--budget", SHORT, "--seed", str(SEED), "-o", str(run))
        lines = [json.loads(line) for line in (run / "metrics.jsonl").read_text(encoding="utf-8").splitlines()]
    return next((float(line["seconds"]) for line in lines if line["validation_bits_per_character"] <= bits), None)


if __name__ == "__main__":
    sys.exit(report("peers.tutorial", figures, seed=SEED))
