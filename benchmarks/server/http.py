"""Characters a second through HTTP, streamed to 32 clients, against the library's own for 32 texts; time to the first character.

The voice has one layer (E=128, V=360, int8) of 128 and of 512 units. Server and clients are processes of their own on the same
machine and share its cores; the library writes 32 texts of the same length in this process. They take turns, and medians are
compared.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.record import Figure, note, report
from benchmarks.server.traffic.process import clients, server
from benchmarks.synthetic import write_voice_file
from talklike.generation.voice import load_voice

if TYPE_CHECKING:
    from collections.abc import Iterator

SEED = 1
CLIENTS = 32
CHARACTERS = 400
SECONDS, QUICK_SECONDS = 10.0, 1.0
TURNS = 3
LEAST_SHARE = 60.0
MOST_FIRST = 50.0


def figures(quick: bool) -> Iterator[Figure]:
    """Yield rates, their ratio, and the time to the first character, for each size."""
    with tempfile.TemporaryDirectory() as folder:
        for hidden in (128, 512):
            path = Path(folder) / f"h{hidden}.onnx"
            write_voice_file(path, hidden, seed=SEED)
            voice = load_voice(path)
            rates: list[float] = []
            through: list[float] = []
            first: list[float] = []
            for turn in range(1 if quick else TURNS):
                note(f"H={hidden}, turn {turn + 1}")
                began = time.perf_counter()
                voice.generate_many(CLIENTS, "hi", max_chars=CHARACTERS, min_chars=CHARACTERS, seed=turn)
                rates.append(CLIENTS * CHARACTERS / (time.perf_counter() - began))
                with server(path) as (url, _):
                    found = clients(url, "stream", CLIENTS, QUICK_SECONDS if quick else SECONDS, CHARACTERS)
                if found.wrong:
                    raise RuntimeError(f"something went wrong: {found.wrong[:3]}")
                through.append(found.characters / found.seconds)
                first += found.first
            library, http = statistics.median(rates), statistics.median(through)
            details = {"clients": CLIENTS, "characters": CHARACTERS, "library_characters_per_second": round(library)}
            yield Figure(f"H={hidden}, through HTTP", http, "characters/s", details=details)
            yield Figure(f"H={hidden}, of the library's rate", 100 * http / library, "%", at_least=LEAST_SHARE, details=details)
            late = 1000 * statistics.quantiles(first, n=20)[-1]
            median = {"texts": len(first), "median_ms": round(1000 * statistics.median(first), 1)}
            yield Figure(f"H={hidden}, first character, p95", late, "ms", at_most=MOST_FIRST, details=median)


if __name__ == "__main__":
    sys.exit(report("server.http", figures, seed=SEED))
