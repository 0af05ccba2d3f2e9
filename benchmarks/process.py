"""Runs the command line as a process of its own, as a user would, and measures it from outside."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from benchmarks.record import ROOT, SkippedError

if TYPE_CHECKING:
    from pathlib import Path

SHARED_DATA = ROOT.parent / "shared" / "data"
"""Real chats, which stay outside the repository; benchmarks that need them are skipped where they aren't."""

_ERROR_SHOWN = 2000  # characters of standard error that a failure quotes


@dataclass(frozen=True)
class Finished:
    """A process that ended well.

    Attributes:
        output: Its standard output.
        seconds: From start to end [s].
        peak_bytes: The most memory it held at once [byte].
    """

    output: str
    seconds: float
    peak_bytes: int


def talklike(*arguments: str) -> Finished:
    """Run ``talklike`` with arguments.

    Raises:
        RuntimeError: Its exit status isn't 0.
        SkippedError: This system doesn't tell the memory of a process.
    """
    return python("-m", "talklike", *arguments)


def python(*arguments: str) -> Finished:
    """Run this Python with arguments; see ``talklike``."""
    return program(sys.executable, *arguments)


def program(*command: str) -> Finished:
    """Run a program with arguments; see ``talklike``."""
    if sys.platform == "win32":
        raise SkippedError("needs a system with wait4, such as Linux or macOS")
    # Files, not pipes: nobody reads while wait4 waits, and a full pipe would stop the process.
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        start = time.perf_counter()
        # As installed programs, with their modules compiled.
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        process = subprocess.Popen(command, stdout=output, stderr=errors, cwd=ROOT, env=environment)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        errors.seek(0)
        if process.returncode:
            said = errors.read().decode("utf-8", "replace")[-_ERROR_SHOWN:]
            raise RuntimeError(f"{' '.join(command)}: exit status {process.returncode}\n{said}")
        # Linux counts in KiB, macOS in bytes.
        peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
        return Finished(output.read().decode("utf-8"), seconds, peak)


def shared_chat(*path: str) -> Path:
    """Return where a real chat lies.

    Raises:
        SkippedError: It isn't there.
    """
    chat = SHARED_DATA.joinpath(*path)
    if not chat.exists():
        raise SkippedError(f"needs ../shared/data/{'/'.join(path)}, a real chat that is not part of the repository")
    return chat


def metrics(run: Path) -> dict[str, Any]:
    """Return the last line of a run's ``metrics.jsonl``."""
    last: dict[str, Any] = json.loads((run / "metrics.jsonl").read_text(encoding="utf-8").splitlines()[-1])
    return last
