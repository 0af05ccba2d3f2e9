"""Seconds from ``talklike generate VOICE hi --max-chars 100`` to its end, as a whole process.

The voice is an int8 one with H=512, the widest that the default recipe makes. The median of nine processes counts. One more
process, whose modules are looked at, proves that none of the packages that only training needs was imported.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.process import python, talklike
from benchmarks.record import Figure, report
from benchmarks.synthetic import write_voice_file

if TYPE_CHECKING:
    from collections.abc import Iterator

SEED = 1
HIDDEN = 512
MOST_SECONDS = 0.6
TRAINING_ONLY = ("torch", "lightning_fabric", "onnx", "matplotlib")

_LOOK = """
import sys
from talklike.cli.main import app
app(sys.argv[2:], standalone_mode=False)
print("\\nimported:", *sorted(set(sys.argv[1].split(",")) & set(sys.modules)))
"""


def figures(quick: bool) -> Iterator[Figure]:
    """Yield the median time of a process.

    Raises:
        RuntimeError: A package that only training needs was imported.
    """
    hidden, processes = (32, 2) if quick else (HIDDEN, 9)
    with tempfile.TemporaryDirectory() as folder:
        voice = Path(folder) / "voice.onnx"
        write_voice_file(voice, hidden, seed=SEED)
        command = ("generate", str(voice), "hi", "--max-chars", "100", "--seed", str(SEED))
        imported = python("-c", _LOOK, ",".join(TRAINING_ONLY), *command).output.rpartition("imported:")[2].split()
        if imported:
            raise RuntimeError(f"talklike generate imported {', '.join(imported)}, which only training needs")
        talklike(*command)  # the first process reads the packages from disk
        times = [talklike(*command).seconds for _ in range(processes)]
    details = {"hidden": hidden, "fastest": round(min(times), 3), "slowest": round(max(times), 3), "processes": processes}
    yield Figure("whole process", statistics.median(times), "s", at_most=MOST_SECONDS, details=details)


if __name__ == "__main__":
    sys.exit(report("generation.start", figures, seed=SEED))
