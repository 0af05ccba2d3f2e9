"""How long ``talklike evaluate`` takes, and how much memory, for a person with 2 MB of text and a thousand generated messages.

The voice is masak's, with the room of #perl6 2009 behind it, so that copies are looked for in 20 MB. The run of
``quality.likeness`` is taken if it was kept; else one is trained for a minute.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from benchmarks.likelihood import kept_run
from benchmarks.process import shared_chat, talklike
from benchmarks.record import Figure, report

if TYPE_CHECKING:
    from collections.abc import Iterator

SECONDS, BYTES = 120, 1.5
"""Targets: so many seconds on two cores, so many gigabytes."""


def figures(quick: bool) -> Iterator[Figure]:
    """Yield the time and the memory of the whole command.

    Raises:
        SkippedError: The chat isn't there.
    """
    chat = shared_chat("raku-irc", "perl6-2009.csv.gz")
    with kept_run("likeness-masak") as run:
        if not (run / "metrics.jsonl").exists():
            talklike("train", str(chat), "--author", "masak", "--room", "--budget", "20s" if quick else "1m", "-o", str(run))
        messages = "100" if quick else "1000"
        page = run.parent / "report.html"
        done = talklike("evaluate", str(run), str(chat), "--messages", messages, "--json", "--html", str(page))
        page.unlink()
    found = json.loads(done.output)
    details = {"stages": found["seconds"], "voice": found["voice"] | {"file": ""}}
    yield Figure("talklike evaluate", done.seconds, "s", at_most=SECONDS, details=details)
    yield Figure("peak memory", done.peak_bytes / 1e9, "GB", at_most=BYTES)


if __name__ == "__main__":
    sys.exit(report("quality.report", figures, seed=0))
