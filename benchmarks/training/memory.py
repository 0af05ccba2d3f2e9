"""The most memory that ``talklike train`` holds at once, from reading a large chat to the finished voice.

The chat is freeCodeCamp's Gitter rooms, packed; the author is the one that ``talklike`` picks itself. Measured is the peak
resident memory of the whole process as the operating system counts it. A budget of 20 seconds is enough: memory is decided by
the chat, the network and the batch, not by the number of steps. Needs ../shared/data.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.process import shared_chat, talklike
from benchmarks.record import Figure, report

if TYPE_CHECKING:
    from collections.abc import Iterator

SEED = 0
MOST_GIGABYTES = 1.5


def figures(quick: bool) -> Iterator[Figure]:
    """Yield the peak.

    Raises:
        SkippedError: The chat isn't there.
    """
    chat = shared_chat("fcc-gitter", "Casual.tsv" if quick else "all-rooms.tsv.gz")
    budget = "5s" if quick else "20s"
    with tempfile.TemporaryDirectory() as folder:
        run = Path(folder) / "run"
        done = talklike("train", str(chat), "--budget", budget, "--seed", str(SEED), "-o", str(run), "--json")
    details = {"chat": chat.name, "chat_megabytes": round(chat.stat().st_size / 1e6, 1), "budget": budget}
    details["whole_process_seconds"] = round(done.seconds, 1)
    yield Figure("peak resident memory", done.peak_bytes / 1e9, "GB", at_most=MOST_GIGABYTES, details=details)


if __name__ == "__main__":
    sys.exit(report("training.memory", figures, seed=SEED))
