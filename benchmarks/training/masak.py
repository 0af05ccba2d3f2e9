"""How well five minutes of training predict one person's unseen messages: masak on #perl6 in 2009.

Run is ``talklike train perl6-2009.csv.gz --author masak --budget 5m``, nothing tuned. Reported are the bits per character of the
shipped voice on the last 5 % of his messages, which neither trained it nor chose its checkpoint, and the characters a second of
the whole run, evaluations and samples included. Needs ../shared/data.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.process import metrics, shared_chat, talklike
from benchmarks.record import Figure, report

if TYPE_CHECKING:
    from collections.abc import Iterator

SEED = 0
MOST_BITS = 2.05


def figures(quick: bool) -> Iterator[Figure]:
    """Yield the test score and the speed.

    Raises:
        SkippedError: The chat isn't there.
    """
    chat = shared_chat("raku-irc", "perl6-2009.csv.gz")
    budget = "15s" if quick else "5m"
    with tempfile.TemporaryDirectory() as folder:
        run = Path(folder) / "run"
        done = talklike(
            "train", str(chat), "--author", "masak", "--budget", budget, "--seed", str(SEED), "-o", str(run), "--json"
        )
        recipe = json.loads((run / "recipe.json").read_text(encoding="utf-8"))["recipe"]
        last = metrics(run)
    result = json.loads(done.output)
    details = {
        "budget": budget,
        "whole_process_seconds": round(done.seconds, 1),
        "stopped": result["stopped"],
        "recipe": {name: recipe[name] for name in ("hidden", "layers", "streams", "length", "steps", "precision", "threads")},
    }
    bits = result["scores"]["test"]["bits_per_character"]
    yield Figure("test", bits, "bits/character", at_most=MOST_BITS, details=details)
    yield Figure("whole run", last["characters"] / last["seconds"], "characters/s", details=details)


if __name__ == "__main__":
    sys.exit(report("training.masak", figures, seed=SEED))
