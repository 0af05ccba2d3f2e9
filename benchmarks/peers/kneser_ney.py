"""Our Kneser-Ney model of characters against KenLM's, an independent implementation, on Tiny Shakespeare: do they agree?

Both read the same events: the first 90 % of the text as one sentence of characters, and then its last 5 % likewise; the 5 %
between choose the order. END stands for KenLM's beginning of a sentence, and one symbol that never occurs for its unknown word:
both share what is left among the same 67 symbols. KenLM predicts the end of the sentence once, which isn't counted.
Discounts that can't be estimated are the same fixed ones on both sides (``lmplz --discount_fallback``).

The package kenlm on PyPI only reads models; ``lmplz``, which estimates them, is built from the same sources
(https://github.com/kpu/kenlm, version 0.3.0 here), where Boost's program_options, system, thread and test are installed:
``cmake -DKENLM_MAX_ORDER=12 SOURCES && make lmplz query``. It is looked for on the PATH, ``query`` beside it.

Source: Heafield, Pouzyrevsky, Clark and Koehn (2013), Scalable modified Kneser-Ney language model estimation.
"""

from __future__ import annotations

import math
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.process import shared_chat
from benchmarks.record import Figure, SkippedError, report
from talklike.corpus.alphabet import END
from talklike.evaluation.kneser_ney import KneserNey

if TYPE_CHECKING:
    from collections.abc import Iterator

ORDERS = (2, 3, 5)
"""Orders to compare at, besides the best."""

MOST_APART = 0.5
"""Target: so many percent apart at most."""

QUICK_CHARACTERS = 100_000

_MEMORY = "1G"  # what lmplz sorts in
_COST = re.compile(r"=\d+ \d+ (\S+)\t")  # word=number, length of the n-gram, log10 of the probability


def figures(quick: bool) -> Iterator[Figure]:
    """Yield what the held-out text costs in both, and how far that is apart.

    Raises:
        SkippedError: The text or KenLM isn't there.
    """
    estimator = shutil.which("lmplz")
    if estimator is None:
        raise SkippedError("needs KenLM's lmplz on the PATH, and query beside it; see benchmarks/peers/kneser_ney.py")
    text = shared_chat("lm", "tinyshakespeare.txt").read_text(encoding="utf-8")
    text = text[: QUICK_CHARACTERS if quick else None]
    symbol_of = {character: number for number, character in enumerate(sorted(set(text)), END + 1)}
    symbols = len(symbol_of) + 2  # END, and the one for unknown words
    first, second = round(0.9 * len(text)), round(0.95 * len(text))
    train, validation, test = (
        np.array([END, *(symbol_of[character] for character in part)], np.uint16)
        for part in (text[:first], text[first:second], text[second:])
    )
    best = KneserNey.fit_best(train, validation, symbols=symbols).order
    for order in [2] if quick else sorted({*ORDERS, best}):
        start = time.perf_counter()
        model = KneserNey.fit(train, symbols=symbols, order=order)
        ours = float(model.surprisal(test).mean()) / math.log(2)
        middle = time.perf_counter()
        theirs = kenlm(Path(estimator), train, test, order)
        seconds = {"talklike_seconds": round(middle - start, 2), "kenlm_seconds": round(time.perf_counter() - middle, 2)}
        details = {"trained": len(train) - 1, "tested": len(test) - 1, "symbols": symbols, "best_order": best, **seconds}
        yield Figure(f"talklike, order {order}", ours, "bits/character", details=details)
        yield Figure(f"KenLM, order {order}", theirs, "bits/character", details=details)
        apart = 100 * abs(ours / theirs - 1)
        yield Figure(f"apart, order {order}", apart, "%", at_most=MOST_APART, details=details)


def kenlm(estimator: Path, train: np.ndarray, test: np.ndarray, order: int) -> float:
    """Return what KenLM makes of a text [bit/symbol].

    Args:
        estimator: Its program ``lmplz``.
        train: END, then the symbols to learn from, shape (N + 1,).
        test: END, then the symbols to score, in the same form.
        order: Length of the longest n-grams.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        model = folder / "model.arpa"
        estimate = ["--order", str(order), "--memory", _MEMORY, "--temp_prefix", f"{folder}/", "--discount_fallback"]
        _run([str(estimator), *estimate, "--arpa", str(model)], _sentence(train))
        costs = word_costs(_run([str(estimator.with_name("query")), str(model)], _sentence(test)))
    assert len(costs) == len(test), "a cost for each symbol, and one for the end"
    return float(costs[:-1].mean())


def word_costs(output: str) -> np.ndarray:
    r"""Return the cost of each word that ``query`` was asked about [bit], float64; the end of a sentence is its last.

    >>> word_costs("c5=3 1 -0.5\tc6=4 2 -1\t</s>=2 1 -2\tTotal: -3.5 OOV: 0\n") / math.log2(10)
    array([0.5, 1. , 2. ])
    """
    return np.array([-float(found) for found in _COST.findall(output)]) * math.log2(10)


def _sentence(ids: np.ndarray) -> str:
    return " ".join(f"c{number}" for number in ids[1:].tolist()) + "\n"


def _run(command: list[str], text: str) -> str:
    """Return what a program prints that is given some text.

    Raises:
        RuntimeError: Its exit status isn't 0.
    """
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{command[0]}: exit status {done.returncode}\n{done.stderr[-2000:]}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(report("peers.kneser_ney", figures, seed=0))
