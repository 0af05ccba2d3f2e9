"""A server and clients as processes of their own."""

from __future__ import annotations

import contextlib
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.record import ROOT
from benchmarks.server.traffic.clients import Found

if TYPE_CHECKING:
    from collections.abc import Iterator

STOPPING = 60  # seconds that a server may take to stop


@contextlib.contextmanager
def server(voice: Path, *options: str) -> Iterator[tuple[str, int]]:
    """Run ``talklike serve`` on a free port; yield its address and process id.

    Raises:
        RuntimeError: It didn't start, or something went wrong in it.
    """
    with tempfile.TemporaryFile("w+") as log:
        command = [sys.executable, "-m", "talklike", "serve", str(voice), "--port", "0", *options]
        process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, cwd=ROOT)
        assert process.stderr is not None
        line = process.stderr.readline()
        found = re.search(r"at (http://\S+)/v1", line)
        if not found:
            process.kill()
            raise RuntimeError(f"the server didn't start: {line}")
        drain = subprocess.Popen(["cat"], stdin=process.stderr, stdout=log)  # or a full pipe would stop it
        try:
            yield found[1], process.pid
        finally:
            process.terminate()
            process.wait(STOPPING)
            drain.wait(STOPPING)
        log.seek(0)
        if "Traceback" in (said := log.read()):
            raise RuntimeError(f"something went wrong in the server:\n{said[-2000:]}")


def clients(url: str, kind: str, count: int, seconds: float, characters: int) -> Found:
    """Return what so many clients saw; see ``benchmarks.server.traffic.clients``."""
    command = [sys.executable, "-m", "benchmarks.server.traffic.clients", url, kind, str(count), str(seconds), str(characters)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=ROOT)
    if done.returncode:
        raise RuntimeError(f"the clients failed:\n{done.stderr[-2000:]}")
    found = json.loads(done.stdout)
    found["texts"] = {int(seed): text for seed, text in found["texts"].items()}
    return Found(**found)


def resident(process: int) -> float:
    """Return how much memory a process and its children hold [MB]."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii").split()
    pages = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / 1e6 + sum(resident(int(child)) for child in children)
