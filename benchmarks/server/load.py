"""200 clients for a minute, a tenth of whose requests hang up in mid-stream and a tenth of which are rubbish.

What is counted: errors that aren't the client's, texts that aren't the library's for their seed (of 500 that are compared), texts
still being written when all clients have gone, and what the server's memory grows by from a first to a second such minute.
"""

from __future__ import annotations

import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.record import Figure, note, report
from benchmarks.server.traffic.process import clients, resident, server
from benchmarks.synthetic import write_voice_file
from talklike.generation.voice import load_voice

if TYPE_CHECKING:
    from collections.abc import Iterator

SEED = 1
HIDDEN = 256
CLIENTS, QUICK_CLIENTS = 200, 10
SECONDS, QUICK_SECONDS = 60.0, 2.0
CHARACTERS = 100
COMPARED = 500
SETTLING = 5.0  # seconds in which what was given up must have ended
MOST_GROWTH = 5.0
"""What memory may grow by [%]."""


def figures(quick: bool) -> Iterator[Figure]:
    """Yield what went wrong, and what the memory did."""
    count, seconds = (QUICK_CLIENTS, QUICK_SECONDS) if quick else (CLIENTS, SECONDS)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "voice.onnx"
        write_voice_file(path, HIDDEN, seed=SEED)
        with server(path) as (url, process):
            memory = []
            for turn in range(2):
                note(f"{count} clients, minute {turn + 1}")
                found = clients(url, "load", count, seconds, CHARACTERS)
                time.sleep(SETTLING)
                memory.append(resident(process))
            counters = urllib.request.urlopen(f"{url}/metrics").read().decode()
        left = sum(float(line.split()[-1]) for line in counters.splitlines() if line.startswith("talklike_texts_"))
        voice = load_voice(path)
        compared = list(found.texts.items())[:COMPARED]
        options: dict[str, Any] = {"max_chars": CHARACTERS, "min_chars": CHARACTERS, "echo": False}
        other = sum(text != voice.generate("hi", seed=seed, **options) for seed, text in compared)
    details = {
        "clients": count, "seconds": round(found.seconds, 1), "texts": len(found.texts), "hung_up": found.hung_up,
        "rubbish": len(found.refused), "characters_per_second": round(found.characters / found.seconds),
    }  # fmt: skip
    yield Figure("errors that aren't the client's", len(found.wrong), "", at_most=0, details=details | {"first": found.wrong[:3]})
    yield Figure("texts that aren't the library's", other, "", at_most=0, details={"compared": len(compared)})
    yield Figure("texts left being written or waiting", left, "", at_most=0)
    growth = 100 * (memory[1] / memory[0] - 1)
    yield Figure("memory's growth in the second minute", growth, "%", at_most=MOST_GROWTH, details={"megabytes": memory})


if __name__ == "__main__":
    sys.exit(report("server.load", figures, seed=SEED))
