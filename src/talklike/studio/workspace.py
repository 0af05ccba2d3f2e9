"""What the studio works with: chats, runs, voices and jobs, and where they lie.

::

    runs/                  as the command line has it: a folder for each run
        NAME/studio.json   of a run that the studio began: which table it learnt from, and as what
        .studio/           the studio's own, readable by nobody else
            chats/ID/      a chat: what was uploaded, its tables, what was found in it
            jobs/ID/       a job (``talklike.studio.jobs``)
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from talklike.errors import RunError
from talklike.studio import jobs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from talklike.studio.jobs import Job

KEPT = 30 * 86400
"""How long is kept what a job has told [s]."""

VOICE, RECORD, RECIPE = "voice.onnx", "studio.json", "recipe.json"


@dataclass(frozen=True)
class VoiceEntry:
    """A voice that can be talked to.

    Attributes:
        id: Opaque, the same each time: fit for addresses.
        name: What it is called: its folder or file.
        path: The voice file.
        run: The folder of its run; None for a file that lies elsewhere.
        chat: What the chat is called that it was trained on; None if the studio doesn't know.
    """

    id: str
    name: str
    path: Path
    run: Path | None
    chat: str | None


@dataclass(frozen=True)
class Learnt:
    """What a voice learnt from.

    Attributes:
        path: The chat.
        with_quotes: Whether what its authors didn't write themselves counts as theirs (``read_chat``).
    """

    path: Path
    with_quotes: bool = False


class Workspace:
    """All that the studio works with.

    Args:
        folder: The folder of runs; made when it is first needed.

    Attributes:
        folder: The folder of runs.
        private: The studio's own folder in it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.private = self.folder / ".studio"
        self._added: dict[str, Path] = {}
        self._jobs: dict[Path, Job] = {}  # kept, so that of what they tell only the new is read

    def add(self, path: Path) -> str:
        """Offer a voice file, or a run folder, that lies elsewhere; return its id."""
        file = path.resolve()
        file = file / VOICE if file.is_dir() else file
        self._added[voice_id(file)] = file
        return voice_id(file)

    def voices(self) -> list[VoiceEntry]:
        """Return the voices that are there, the newest first."""
        files = {voice_id(file): file for file in self.folder.glob(f"*/{VOICE}")} | self._added
        there = {one: file for one, file in files.items() if file.is_file()}
        newest = sorted(there, key=lambda one: there[one].stat().st_mtime, reverse=True)
        return [_entry(one, there[one]) for one in newest]

    def voice(self, id: str) -> VoiceEntry:  # noqa: A002  (what it is called everywhere)
        """Return a voice by its id.

        Raises:
            RunError: There is none.
        """
        for entry in self.voices():
            if entry.id == id:
                return entry
        raise RunError("this voice isn't there any more; choose another")

    def chat_of(self, id: str) -> Learnt | None:  # noqa: A002  (an opaque id, called so in addresses)
        """Return the table of messages that a voice was trained on, as the training read it; None if it isn't known or gone."""
        run = self.voice(id).run
        record = record_of(run) if run else {}
        table = record.get("table")
        return Learnt(Path(table), record.get("with_quotes") is True) if table and Path(table).exists() else None

    def start(self, kind: str, argv: Sequence[str], *, about: Mapping[str, Any] | None = None) -> Job:
        """Start a job in a folder of its own; see ``talklike.studio.jobs.start``."""
        self.make_private()
        return jobs.start(kind, argv, self.private / "jobs" / jobs.new_id(), about=about)

    def jobs(self, kind: str | None = None) -> list[Job]:
        """Return the jobs, or those of a kind, the newest first."""
        folders = [file.parent for file in (self.private / "jobs").glob(f"*/{jobs.ABOUT}")]
        known: dict[Path, Job] = {}
        for folder in folders:
            with contextlib.suppress(RunError):  # a full disk may have cut it short
                known[folder] = self._jobs.get(folder) or jobs.Job(folder)
        self._jobs = known
        found = [job for job in self._jobs.values() if kind in (None, job.kind)]
        return sorted(found, key=lambda job: job.began, reverse=True)

    def tidy(self) -> None:
        """Remove what jobs of long ago have told, but for those of runs that are there."""
        for job in self.jobs():
            run = job.about.get("run")
            needed = job.alive or time.time() - job.began < KEPT or (run is not None and Path(run).exists())
            if not needed:
                shutil.rmtree(job.folder, ignore_errors=True)

    def make_private(self) -> None:
        """Make the studio's own folder, for its owner alone.

        Raises:
            RunError: It can't be made.
        """
        try:
            self.private.mkdir(parents=True, exist_ok=True)
            self.private.chmod(0o700)
        except OSError as error:
            raise RunError(
                f"{self.private}: can't be made: {error.strerror}; start the studio in another folder, or name one with --runs"
            ) from error


def typed_path(typed: str) -> Path | None:
    """Return the file or folder at a path that was typed, or pasted with quotation marks; None if nothing can be found there."""
    path = typed.strip().strip("'\"")
    try:
        found = Path(path).expanduser()
        return found.resolve() if path and found.exists() else None
    except (OSError, ValueError, RuntimeError):  # too long or not for us to see; no path at all; in the home of nobody
        return None


def voice_id(file: Path) -> str:
    """Return the id of a voice file."""
    return hashlib.sha256(str(file).encode("utf-8", "surrogateescape")).hexdigest()[:12]


def record_of(run: Path) -> dict[str, Any]:
    """Return what the studio recorded of a run; nothing if it didn't begin it."""
    try:
        content = json.loads((run / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _entry(id: str, file: Path) -> VoiceEntry:  # noqa: A002  (an opaque id, called so in addresses)
    run = file.parent if (file.parent / RECIPE).is_file() else None
    name = file.parent.name if run else file.stem
    chat = record_of(run).get("chat") if run else None
    return VoiceEntry(id, name, file, run, chat if isinstance(chat, str) else None)
