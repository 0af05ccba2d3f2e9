"""Long work in processes of its own: begun, watched, paused, stopped, and found again after the studio was restarted.

A job is a folder::

    job.json       what it is: kind, command, what it is about, process id
    events.jsonl   what it has told, one JSON object a line (``talklike.studio.events``)
    stderr.txt     what it printed besides
    lock           locked by the process for as long as it lives, however it ends
    paused         is there while the process is held

The lock tells whether the process lives: unlike a process id it can't be another's.
"""

from __future__ import annotations

import atexit
import fcntl
import json
import os
import secrets
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any, Literal

from talklike.errors import RunError
from talklike.studio.events import EVENTS, Reader
from talklike.voice.write import atomic_write

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

State = Literal["running", "paused", "done", "stopped", "failed"]

PROCESS = "talklike.studio.job_process"
ABOUT, LOCK, PAUSED, STDERR = "job.json", "lock", "paused", "stderr.txt"
LOST = "it ended without a word, as when the machine was switched off or memory ran out; start it again"

_children: dict[Path, subprocess.Popen[bytes]] = {}  # those of this process, to be reaped


@atexit.register
def _let_go() -> None:
    """Leave alone what outlives this process, of which Python would warn."""
    for child in _children.values():
        if child.poll() is None:
            child.returncode = 0


def start(kind: str, argv: Sequence[str], folder: Path, *, about: Mapping[str, Any] | None = None) -> Job:
    """Start a job.

    Args:
        kind: What it is called among its like, such as ``train``.
        argv: What follows ``python -m``: a module and its arguments.
        folder: The job's folder, which is made.
        about: What else is to be kept with it; plain JSON-ready values.

    Raises:
        RunError: The folder can't be written, or the process doesn't start.
    """
    try:
        folder.mkdir(parents=True, mode=0o700)
        content = {"kind": kind, "argv": list(argv), "about": dict(about or {}), "began": time.time()}
        _write(folder, content)
        (folder / EVENTS).touch(mode=0o600)
        lock = os.open(folder / LOCK, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            with (folder / STDERR).open("wb") as err:
                child = subprocess.Popen(  # noqa: S603  (this program itself)
                    [sys.executable, "-m", PROCESS, str(folder)],
                    stdin=subprocess.DEVNULL, stdout=err, stderr=err, pass_fds=[lock],
                    start_new_session=True,  # Ctrl-C in the studio's terminal isn't meant for it
                )  # fmt: skip
        finally:
            os.close(lock)  # the child's copy keeps it locked
    except OSError as error:
        raise RunError(f"{folder}: no work can be started there: {error.strerror or error}; is the disk full?") from error
    _children[folder] = child
    _write(folder, content | {"pid": child.pid})
    return Job(folder)


class Job:
    """A job, running or over.

    Args:
        folder: Its folder.

    Attributes:
        id: Its name: opaque, fit for addresses.
        kind: What it was started as.
        argv: What follows ``python -m``.
        about: What was to be kept with it.
        began: When it was started [s since 1970].

    Raises:
        RunError: The folder holds no job.
    """

    def __init__(self, folder: Path) -> None:
        try:
            content = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
            self.kind: str = content["kind"]
            self.argv: list[str] = content["argv"]
            self.about: dict[str, Any] = content["about"]
            self.began: float = content["began"]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise RunError(f"{folder}: holds no job of the studio; remove the folder") from error
        self.folder = folder
        self.id = folder.name
        self._reader = Reader(folder / EVENTS)
        self._events: list[dict[str, Any]] = []

    def events(self) -> list[dict[str, Any]]:
        """Return all that it has told so far, oldest first; only what is new is read."""
        self._events += self._reader.new()
        return self._events

    @property
    def state(self) -> State:
        """What it is doing, or how it ended."""
        if self.alive:
            return "paused" if (self.folder / PAUSED).exists() else "running"
        last = self.ending
        return last["state"] if last else "failed"

    @property
    def alive(self) -> bool:
        """Whether its process is there."""
        try:
            lock = os.open(self.folder / LOCK, os.O_RDONLY)
        except OSError:
            return False
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(lock)
        if (child := _children.pop(self.folder, None)) is not None:
            child.wait()  # it ends just now, or has
        return False

    @property
    def ending(self) -> dict[str, Any] | None:
        """How it said that it ended: ``state`` and, where it failed, ``message``; None if it didn't."""
        events = self.events()
        return events[-1] if events and events[-1]["event"] == "end" else None

    @property
    def error(self) -> str | None:
        """Why it failed, in one sentence; None if it didn't."""
        if self.state != "failed":
            return None
        last = self.ending
        return str(last["message"]) if last else LOST

    def pause(self) -> None:
        """Hold the process where it is; its memory stays taken."""
        if self._signal(signal.SIGSTOP):
            (self.folder / PAUSED).touch()

    def go_on(self) -> None:
        """Let a process that is held go on."""
        (self.folder / PAUSED).unlink(missing_ok=True)
        self._signal(signal.SIGCONT)

    def stop(self) -> None:
        """Ask it to end, as Ctrl-C does: a training saves first. A second time it ends at once."""
        self._signal(signal.SIGINT)
        self.go_on()  # what is held hears nothing

    def kill(self) -> None:
        """End it at once, whatever it is doing."""
        self._signal(signal.SIGKILL)

    def wait(self, timeout: float) -> bool:
        """Return whether it has ended within a time [s]."""
        until = time.monotonic() + timeout
        while self.alive:
            if time.monotonic() > until:
                return False
            time.sleep(0.02)
        return True

    def _signal(self, number: int) -> bool:
        """Send its process a signal, if it is there."""
        if not self.alive:
            return False
        process = json.loads((self.folder / ABOUT).read_text(encoding="utf-8")).get("pid")
        if process is None:  # it is just being started
            return False
        os.kill(process, number)
        return True


def new_id() -> str:
    """Return a name that says nothing and that nobody has."""
    return secrets.token_hex(6)


def _write(folder: Path, content: Mapping[str, Any]) -> None:
    atomic_write(folder / ABOUT, (json.dumps(content, indent=2) + "\n").encode())
