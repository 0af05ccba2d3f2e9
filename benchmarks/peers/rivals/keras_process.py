"""Starts the Keras competitor in the peers' virtual environment and speaks with it in JSON lines (see ``tutorial``)."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import tempfile
from typing import IO, TYPE_CHECKING, Any

from benchmarks.record import ROOT, SkippedError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PYTHON = ROOT / ".venv-peers" / "bin" / "python"

_ERROR_SHOWN = 2000  # characters of standard error that a failure quotes
_QUIET = {"TF_CPP_MIN_LOG_LEVEL": "2"}  # warnings and below aren't printed
_ENDS_WITHIN = 60  # seconds for a process that was told to end


class Competitor:
    """A program that answers each JSON line with one.

    Args:
        process: The program.
        errors: What it writes to standard error.
    """

    def __init__(self, process: subprocess.Popen[str], errors: IO[bytes]) -> None:
        self._process = process
        self._errors = errors

    def ask(self, **request: Any) -> dict[str, Any]:
        """Send a request and return the answer.

        Raises:
            RuntimeError: The program ended instead of answering.
        """
        requests, answers = self._process.stdin, self._process.stdout
        assert requests is not None, "its standard input is a pipe"
        assert answers is not None, "its standard output is a pipe"
        # Where the program has ended, reading finds no answer and says why.
        with contextlib.suppress(BrokenPipeError):
            requests.write(json.dumps(request) + "\n")
            requests.flush()
        line = answers.readline()
        if not line:
            status = self._process.wait()
            self._errors.seek(0)
            said = self._errors.read().decode("utf-8", "replace")[-_ERROR_SHOWN:]
            raise RuntimeError(f"the competitor ended without an answer: exit status {status}\n{said}")
        answer: dict[str, Any] = json.loads(line)
        return answer


@contextlib.contextmanager
def competitor(command: Sequence[str], backend: str = "tensorflow") -> Iterator[Competitor]:
    """Start a program that answers JSON lines; it is told to end by the end of its input, and ended if it doesn't.

    Args:
        command: The program and its arguments; it runs in the root of the repository.
        backend: What Keras computes with.
    """
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            cwd=ROOT,
            env=os.environ | _QUIET | {"KERAS_BACKEND": backend},
            encoding="utf-8",
        )
        try:
            yield Competitor(process, errors)
        except BaseException:
            process.kill()
            raise
        finally:
            try:
                process.communicate(timeout=_ENDS_WITHIN)
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()


def keras() -> contextlib.AbstractContextManager[Competitor]:
    """Start the Keras competitor.

    Raises:
        SkippedError: The peers' virtual environment isn't there.
    """
    need_peers()
    return competitor([str(PYTHON), "-m", "benchmarks.peers.rivals.tutorial"])


def keras_writing(backend: str) -> contextlib.AbstractContextManager[Competitor]:
    """Start Keras on a backend, to write as the tutorial does (see ``tutorial_writing``).

    Raises:
        SkippedError: The peers' virtual environment isn't there.
    """
    need_peers()
    return competitor([str(PYTHON), "-m", "benchmarks.peers.rivals.tutorial_writing"], backend)


def need_peers() -> None:
    """Make sure that the peers' virtual environment is there.

    Raises:
        SkippedError: It isn't.
    """
    if not PYTHON.exists():
        raise SkippedError("needs .venv-peers with Keras and TensorFlow, which make bench-peers sets up")
