"""What simple methods need for the messages that a voice is judged by, having learnt from the same author's training messages."""

from __future__ import annotations

import importlib.util
import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np

from talklike.corpus.alphabet import END, FIRST_BYTE
from talklike.evaluation.compressors import ppmd, xz_bits
from talklike.evaluation.kneser_ney import KneserNey

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from talklike.corpus.alphabet import Alphabet

MOST_LEARNT = 8_000_000
"""Characters that are learnt from; of more, the latest. So many take 0.9 GB and 50 s of processor time (docs/experiments.md)."""

_NEVER = FIRST_BYTE + 0xFF
"""A symbol that stands in no text, because UTF-8 never holds this byte: n-grams that reach over it are unknown."""

_NEEDED = {
    "PPMd": ("pyppmd", "needs the package pyppmd; install it with: pip install 'talklike[evaluate]'"),
    "xz": ("_lzma", "needs a Python that was built with liblzma"),
}


@dataclass(frozen=True)
class Baseline:
    """What a simple method makes of M messages.

    Attributes:
        name: Its name.
        adaptive: Whether it goes on learning while it reads the messages.
        bits: What each message costs, float64 (M,); None where only the sum is known.
        total_bits: What all of them cost.
        detail: What else a reader needs to judge it.
    """

    name: str
    adaptive: bool
    bits: np.ndarray | None
    total_bits: float
    detail: str


def baselines(
    train: Sequence[str],
    validation: Sequence[str],
    messages: Sequence[str],
    alphabet: Alphabet,
    *,
    ends: bool = True,
    cold: bool = False,
) -> tuple[Baseline, ...]:
    """Return what simple methods make of an author's messages, without those whose package is missing (see ``left_out``).

    Args:
        train: The author's messages to learn from, oldest first.
        validation: Messages that choose the orders, which come next in time.
        messages: M messages to tell the cost of, which come after those.
        alphabet: The symbols that the voice knows, and each method that doesn't read bytes.
        ends: Whether each message has an end, which is predicted too; passages of a running text have none.
        cold: Whether n-grams read each message after an END whose past is unknown, instead of after the messages before it. The
            compressors always read on.

    Raises:
        CorpusError: There is no text to learn from or to choose by.
    """
    learnt = _latest(train)
    shortened = f"the last {MOST_LEARNT:,} characters" if len(learnt) < len(train) else ""
    texts = [[_symbols(text, alphabet, ends=ends) for text in part] for part in (learnt, validation, messages)]
    data = [[text.encode("utf-8", "replace") + b"\n" * ends for text in part] for part in (learnt, validation, messages)]
    stream, held_out = (np.concatenate([_END, *part]) for part in texts[:2])

    def kneser_ney() -> Baseline:
        model = KneserNey.fit_best(stream, held_out, symbols=len(alphabet))
        return _of("Kneser-Ney", _read(model, texts[2], cold=cold), f"order {model.order}", shortened)

    def adapting() -> Baseline:
        found = ppmd(b"".join(data[0]), b"".join(data[1]), data[2])
        said = "adaptive: it has also read the validation part, and each message before the next"
        return _of("PPMd", found.bits, f"order {found.order}", said, shortened, adaptive=True)

    def compressed() -> Baseline:
        bits = xz_bits(b"".join(chain(data[0], data[1])), data[2])
        said = "preset 9e; adaptive: what the messages add to the size of all that was written before; only the sum is known"
        return Baseline("xz", adaptive=True, bits=None, total_bits=bits, detail=_told(said, shortened))

    slow: dict[str, Callable[[], Baseline]] = {"xz": compressed, "PPMd": adapting, "Kneser-Ney": kneser_ney}
    missing = left_out()
    # Two at a time: they compute outside Python's lock, and what they hold in memory adds up.
    with ThreadPoolExecutor(2) as pool:
        results = {name: pool.submit(method) for name, method in slow.items() if name not in missing}
    lengths = np.array([len(text) for text in texts[2]], np.float64)
    counts = np.bincount(stream[1:], minlength=len(alphabet)) + 1.0
    costs = -np.log2(counts / counts.sum())
    frequencies = np.array([costs[text].sum() for text in texts[2]], np.float64)
    return (
        _of("uniform", lengths * math.log2(len(alphabet)), f"{len(alphabet):,} symbols, each as likely as the others"),
        _of("frequencies", frequencies, "how often the author uses each symbol, and once more", shortened),
        *(results[name].result() for name in reversed(slow) if name in results),
    )


def left_out() -> dict[str, str]:
    """Return by name the baselines that this installation can't compute, each with what it needs."""
    return {name: need for name, (module, need) in _NEEDED.items() if importlib.util.find_spec(module) is None}


_END = np.array([END], np.uint16)


def _symbols(text: str, alphabet: Alphabet, *, ends: bool) -> np.ndarray:
    ids = alphabet.encode(text)
    return np.append(ids, _END) if ends else ids


def _latest(texts: Sequence[str]) -> Sequence[str]:
    """Return the last texts that hold at most ``MOST_LEARNT`` characters together, and at least the last one."""
    total = np.cumsum([len(text) for text in reversed(texts)])
    count = int(np.searchsorted(total, MOST_LEARNT, side="right"))
    return texts[len(texts) - max(1, count) :] if count < len(texts) else texts


def _read(model: KneserNey, texts: Sequence[np.ndarray], *, cold: bool) -> np.ndarray:
    """Return what each text costs [bit], float64 (M,), read as one stream, or each after an END with an unknown past."""
    before = np.array([_NEVER, END] if cold else [], np.uint16)
    costs = model.surprisal(np.concatenate([_END, *(part for text in texts for part in (before, text))]))
    ends = np.cumsum([len(before) + len(text) for text in texts])
    total = np.concatenate([[0.0], np.cumsum(costs)])
    starts = ends - np.array([len(text) for text in texts])
    bits: np.ndarray = (total[ends] - total[starts]) / math.log(2)
    return bits


def _of(name: str, bits: np.ndarray, *details: str, adaptive: bool = False) -> Baseline:
    return Baseline(name, adaptive, bits, float(bits.sum()), _told(*details))


def _told(*details: str) -> str:
    return "; ".join(filter(None, details))
