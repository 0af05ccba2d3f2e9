"""One dial: what each doubling of the budget brings for 100 KB, 1 MB and 10 MB of text, and what sizes set by hand do.

The texts are the first so many characters of #perl6's messages of a year, as one running text. A hand-set size has the width
named and everything else as the budget decides; the best of them stands against the width that the budget chose. Of the smallest
text the means of three seeds are compared: its test part has 5,000 characters, and two seeds differ by up to 1.6 %.
"""

from __future__ import annotations

import sys
import tempfile
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.likelihood import kept_run
from benchmarks.process import metrics, shared_chat, talklike
from benchmarks.record import Figure, report
from talklike.chat.read import read_chat
from talklike.voice.read import read_voice

if TYPE_CHECKING:
    from collections.abc import Iterator

SEED = 0
SEEDS = {"100 KB": 3}
"""Seeds whose mean is compared, where one is not enough."""

SIZES = {"100 KB": 100_000, "1 MB": 1_000_000, "10 MB": 10_000_000}
BUDGETS = ("30s", "1m", "2m", "4m")
COMPARED = "2m"
"""The budget at which sizes are set by hand."""

WIDTHS = (128, 256, 384, 512)
BUMP = 0.5
"""A larger budget may be this much worse before it counts as a bump [%]: what another seed does."""

LEAST_LOSS = 2.0
"""How much better a hand-set size may be [%]."""


def figures(quick: bool) -> Iterator[Figure]:
    """Yield the likelihood for each size and budget, the largest step upwards, and what hand-set sizes reach.

    Raises:
        SkippedError: The chat isn't there.
    """
    chat = read_chat(shared_chat("raku-irc", "perl6-2009.csv.gz"))
    most = max(SIZES.values())
    texts = "\n".join(chat.frame.head(most // 20).collect()["text"])
    for name, size in list(SIZES.items())[: 1 if quick else None]:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "text.txt"
            file.write_text(texts[:size], encoding="utf-8")
            budgets = BUDGETS[:1] if quick else BUDGETS
            seeds = SEEDS.get(name, 1)
            found = {budget: _bits(file, f"dial-{size}-{budget}", "5s" if quick else budget, seeds=seeds) for budget in budgets}
            for budget, (bits, hidden, seconds) in found.items():
                details = {"hidden": hidden, "seconds": seconds}
                yield Figure(f"{name}, {budget}", bits, "bits/character", details=details)
            if quick:
                return
            curve = [bits for bits, _, _ in found.values()]
            bump = max(100 * (after / before - 1) for before, after in pairwise(curve))
            yield Figure(f"{name}, largest step upwards", bump, "%", at_most=BUMP)
            chosen = found[COMPARED][1]
            others = [width for width in WIDTHS if width != chosen]
            by_hand = {width: _bits(file, f"dial-{size}-H{width}", COMPARED, width, seeds=seeds)[0] for width in others}
            by_hand[chosen] = found[COMPARED][0]
            best = min(by_hand, key=by_hand.__getitem__)
            loss = 100 * (by_hand[chosen] / by_hand[best] - 1)
            widths: dict[str, Any] = {
                "chosen": chosen,
                "best": best,
                "bits": {str(width): by_hand[width] for width in sorted(by_hand)},
            }
            yield Figure(f"{name}, {COMPARED}, behind the best width", loss, "%", at_most=LEAST_LOSS, details=widths)


def _bits(file: Path, name: str, budget: str, hidden: int | None = None, *, seeds: int = 1) -> tuple[float, int, float]:
    """Return bits per character of the test part and seconds of a training, the means over seeds, and the width."""
    runs = [_run(file, f"{name}-{seed}" if seed else name, budget, hidden, seed) for seed in range(SEED, SEED + seeds)]
    bits, widths, seconds = zip(*runs, strict=True)
    return sum(bits) / seeds, widths[0], sum(seconds) / seeds


def _run(file: Path, name: str, budget: str, hidden: int | None, seed: int) -> tuple[float, int, float]:
    """Return bits per character of the test part, the width, and the seconds of a training."""
    with kept_run(name) as run:
        if not (run / "metrics.jsonl").exists():
            fixed = [] if hidden is None else ["--hidden", str(hidden)]
            talklike("train", str(file), "--format", "text", "--budget", budget, *fixed, "--seed", str(seed), "-o", str(run))
        card, _ = read_voice(run)
        return card.scores["test"]["bits_per_character"], card.sizes.hidden, metrics(run)["seconds"]


if __name__ == "__main__":
    sys.exit(report("quality.dial", figures, seed=SEED))
