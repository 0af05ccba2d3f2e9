"""Characters a second of training steps, against a bare ``nn.LSTM`` loop of the same size.

Measured is ``talklike.training.loop.Loop.train_step``: picking the batch, carried state, author embedding, dropout, loss,
gradients, clipping, AdamW and the running mean of the weights. Against it runs the least that trains at all, on one batch that
never changes: embedding, ``nn.LSTM``, linear layer, ``cross_entropy``, clipping, fused AdamW. Both have the batch, the precision,
the device and the threads that the default recipe has here, take turns in one process, and are compared by their medians.

The bound of the machine is how fast it multiplies large square matrices in the same precision; the share of it is what the
network's own products, forward and back, would take of that.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import nn
from torch.nn.functional import cross_entropy

from benchmarks.record import Figure, report
from benchmarks.synthetic import CHARACTERS, SYMBOLS, symbols
from benchmarks.timing import interleaved
from talklike.corpus.alphabet import END, Alphabet
from talklike.corpus.corpus import Corpus
from talklike.corpus.encode import Part
from talklike.training.device import available_threads, choose_device, choose_precision, make_fabric
from talklike.training.loop import Loop
from talklike.training.recipe import Recipe
from talklike.training.trainer import sizes_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SEED = 1
_PRODUCTS = 8
WIDTHS = (128, 256, 512)
LEAST_RATIO = 1.0
STREAMS = 32
"""As the default recipe has for 400,000 characters or more."""

SQUARE = 1024
"""Side of the matrices that tell what the machine can do: large enough to hide everything but multiplying."""

CHARACTERS_A_REPETITION = {128: 160_000, 256: 80_000, 512: 40_000}
"""Enough for some tenths of a second, by H."""


def figures(quick: bool) -> Iterator[Figure]:
    """Yield the speed of each width, and what share of the bare loop's it is."""
    device = choose_device("auto")
    threads, precision = available_threads(), choose_precision(device)
    torch.set_num_threads(threads)
    text = corpus(20_000 if quick else 1_000_000)
    for hidden in WIDTHS:
        recipe = Recipe(
            hidden=hidden, streams=STREAMS, steps=100_000, evaluate_every=100_000, threads=threads, precision=precision, seed=SEED
        )
        alone = replace(recipe, memory=0)
        loops = [Loop(text, r, sizes_of(text, r), make_fabric(device, r.precision)) for r in (recipe, alone)]
        a_step = recipe.streams * recipe.length
        steps, repetitions = (1, 2) if quick else (CHARACTERS_A_REPETITION[hidden] // a_step, 15)
        seconds = interleaved(
            {
                "memory": partial(_steps, loops[0].train_step, steps),
                "talklike": partial(_steps, loops[1].train_step, steps),
                "bare": partial(_on_all_threads, partial(_steps, bare_loop(recipe, device), steps), threads),
                "products": partial(_on_all_threads, _products(precision, device), threads),
            },
            repetitions,
        )
        rates = {name: steps * a_step / s for name, s in seconds.items()}
        bound = _PRODUCTS * 2 * SQUARE**3 / seconds["products"]
        details = {
            "bare_characters_per_second": round(rates["bare"]),
            "device": device,
            "precision": precision,
            "threads": threads,
            "streams": recipe.streams,
            "length": recipe.length,
            "repetitions": repetitions,
        }
        yield Figure(f"H={hidden}", rates["talklike"], "characters/s", details=details)
        ratio = rates["talklike"] / rates["bare"]
        yield Figure(f"H={hidden} against a bare loop", ratio, "times", at_least=LEAST_RATIO, details=details)
        operations = 3 * 2 * (4 * hidden * (recipe.embedding + hidden) + hidden * SYMBOLS)  # forward, and twice as many back
        share = 100 * rates["talklike"] * operations / bound
        bounds = {"operations_per_character": operations, "machine_operations_per_second": round(bound)}
        yield Figure(f"H={hidden}, of what the machine multiplies", share, "%", details=bounds)
        yield Figure(f"H={hidden} with the n-gram memory", rates["memory"], "characters/s", details=details)


def _steps(step: Callable[[], torch.Tensor], count: int) -> float:
    """Do ``count`` steps and return the last loss; the float waits for the device."""
    for _ in range(count - 1):
        step()
    return float(step())


def _on_all_threads(run: Callable[[], object], threads: int) -> object:
    """Run with torch's own threads, which a step of talklike has set to one each."""
    torch.set_num_threads(threads)
    return run()


def _products(precision: str, device: str) -> Callable[[], float]:
    """Return a function that multiplies large matrices ``_PRODUCTS`` times."""
    kind = torch.bfloat16 if precision == "bf16-mixed" else torch.float32
    one, other = (torch.randn(SQUARE, SQUARE, device=device, dtype=kind) for _ in range(2))

    def run() -> float:
        for _ in range(_PRODUCTS - 1):
            one @ other
        return float((one @ other)[0, 0])  # the float waits for the device

    return run


def bare_loop(recipe: Recipe, device: str) -> Callable[[], torch.Tensor]:
    """Return a function that does one step of the least that trains, and returns its loss."""
    torch.manual_seed(recipe.seed)
    embedding = nn.Embedding(SYMBOLS, recipe.embedding).to(device)
    lstm = nn.LSTM(recipe.embedding, recipe.hidden).to(device)
    output = nn.Linear(recipe.hidden, SYMBOLS).to(device)
    parameters = [p for module in (embedding, lstm, output) for p in module.parameters()]
    optimiser = torch.optim.AdamW(parameters, lr=recipe.learning_rate, fused=True)
    text = torch.from_numpy(symbols(recipe.length * recipe.streams, seed=recipe.seed).astype(np.int64)).to(device)
    read, following = (t.view(recipe.length, recipe.streams) for t in (text[:-1], text[1:]))  # (T, B)

    def step() -> torch.Tensor:
        with torch.autocast(device, torch.bfloat16, enabled=recipe.precision == "bf16-mixed"):
            features, _ = lstm(embedding(read))
            logits = output(features)
        loss = cross_entropy(logits.float().flatten(0, 1), following.flatten())
        optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
        nn.utils.clip_grad_norm_(parameters, recipe.clip, foreach=True)
        optimiser.step()
        return loss.detach()

    return step


def corpus(count: int) -> Corpus:
    """Return an invented corpus of ``count`` training symbols, in memory."""
    train, validation, test = (_part(size, SEED + number) for number, size in enumerate((count, 2_000, 2_000)))
    return Corpus(
        kind="messages",
        authors=("author",),
        names=("author",),
        alphabet=Alphabet(CHARACTERS),
        train=train,
        validation=validation,
        test=test,
        first=None,
        last=None,
        sha256="",
    )


def _part(size: int, seed: int) -> Part:
    ids = symbols(size, seed=seed)
    return Part(ids, np.broadcast_to(np.uint16(1), ids.shape), int((ids[1:] == END).sum()), size, size)


if __name__ == "__main__":
    sys.exit(report("training.rate", figures, seed=SEED))
