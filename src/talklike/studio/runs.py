"""The training runs of a workspace: what was asked for, how far they are, how good they are."""

from __future__ import annotations

import hashlib
import itertools
import json
import re
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from talklike.errors import RunError, TalklikeError
from talklike.evaluation.history import history
from talklike.studio.workspace import RECIPE, VOICE, record_of, voice_id

if TYPE_CHECKING:
    from talklike.studio.jobs import Job, State
    from talklike.studio.workspace import Workspace

KIND = "train"
JOB_MODULE = "talklike.studio.train_job"
SAMPLES = "samples.txt"
DEFAULT_SECONDS = 300.0


@dataclass(frozen=True)
class Order:
    """What is wanted of a training.

    Attributes:
        run: The run's folder.
        table: The table of messages.
        chat: What the chat is called.
        chat_id: Its id in the studio.
        author: Whose voice, by id; None for a room.
        name: Their display name.
        with_quotes: Whether what authors didn't write themselves counts as theirs.
        include: Ids of the only authors that are read; everyone if there are none.
        room: Whether everyone's messages stand behind it; None where that helps.
        budget: Time to train, as ``make_wish`` takes it.
        epochs: Rounds over the text, instead.
        settings: Fields of the recipe that are fixed.
        resume: Whether a run in the folder goes on.
        seconds: About how long it will take [s].
    """

    run: str
    table: str
    chat: str = ""
    chat_id: str = ""
    author: str | None = None
    name: str | None = None
    with_quotes: bool = False
    include: list[str] = field(default_factory=list)
    room: bool | None = None
    budget: str | None = None
    epochs: float | None = None
    settings: dict[str, Any] = field(default_factory=dict)
    resume: bool = False
    seconds: float = DEFAULT_SECONDS

    @property
    def record(self) -> dict[str, Any]:
        """What is kept with the run, so that it can be resumed, judged and compared."""
        return {name: value for name, value in asdict(self).items() if name not in ("run", "resume")}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Order:
        """Return the order that ``asdict`` made, whatever else stands with it."""
        known = {one.name for one in fields(cls)}
        return cls(**{name: value for name, value in values.items() if name in known})


@dataclass(frozen=True)
class RunEntry:
    """A run.

    Attributes:
        id: Opaque: fit for addresses.
        folder: Its folder; it may not be there yet.
        job: The job that trains it, or did so last; None for runs of the command line.
    """

    id: str
    folder: Path
    job: Job | None

    @property
    def name(self) -> str:
        """What it is called."""
        return self.folder.name

    @property
    def state(self) -> State:
        """What it is doing, or how it ended."""
        return self.job.state if self.job else "done"

    @property
    def record(self) -> dict[str, Any]:
        """What the studio recorded of it; nothing if it didn't begin it."""
        return record_of(self.folder)

    @property
    def recipe(self) -> dict[str, Any]:
        """``recipe.json``: ``recipe`` and ``corpus``; empty if training hasn't begun."""
        try:
            content = json.loads((self.folder / RECIPE).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return content if isinstance(content, dict) else {}

    @property
    def voice(self) -> str | None:
        """The id of its voice; None if there is none yet."""
        file = self.folder / VOICE
        return voice_id(file) if file.is_file() else None

    def evaluations(self) -> list[dict[str, float]]:
        """Return its evaluations (``talklike.evaluation.history``); none if they can't be read."""
        try:
            return history(self.folder)
        except TalklikeError:
            return []

    def samples(self) -> list[tuple[str, dict[str, str]]]:
        """Return what it wrote at each evaluation: what the evaluation found, and a text for each temperature."""
        try:
            text = (self.folder / SAMPLES).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return []
        return parsed_samples(text)

    def can_go_on(self) -> bool:
        """Return whether it was stopped before its end and can be resumed here."""
        ended = self.state in ("stopped", "failed")
        table = self.record.get("table")
        return ended and bool(self.recipe) and bool(table) and Path(str(table)).exists()


def parsed_samples(text: str) -> list[tuple[str, dict[str, str]]]:
    """Return what a ``samples.txt`` holds: the head of each evaluation, and its texts by temperature."""
    found = []
    for block in re.split(r"^--- ", text, flags=re.MULTILINE)[1:]:
        head, _, rest = block.partition("\n")
        parts = re.split(r"^\[([\d.]+)\] ", rest, flags=re.MULTILINE)
        found.append((head, {parts[at]: parts[at + 1].rstrip("\n") for at in range(1, len(parts) - 1, 2)}))
    return found


def run_id(folder: Path) -> str:
    """Return the id of a run."""
    return hashlib.sha256(str(folder).encode("utf-8", "surrogateescape")).hexdigest()[:12]


def all_runs(workspace: Workspace) -> list[RunEntry]:
    """Return the runs, those that are being trained first, then the newest."""
    jobs: dict[Path, Job] = {}
    for job in sorted(workspace.jobs(KIND), key=lambda job: not job.alive):  # those that work first, then the newest
        jobs.setdefault(Path(job.about["run"]), job)
    begun = {file.parent for file in workspace.folder.glob(f"*/{RECIPE}")}
    waiting = {folder for folder, job in jobs.items() if folder not in begun and job.state in ("running", "paused", "failed")}
    entries = [RunEntry(run_id(folder), folder, jobs.get(folder)) for folder in begun | waiting]

    def order(entry: RunEntry) -> tuple[bool, float]:
        files = [entry.folder / name for name in (VOICE, RECIPE)]
        written = max((file.stat().st_mtime for file in files if file.is_file()), default=entry.job.began if entry.job else 0.0)
        return entry.state not in ("running", "paused"), -written

    return sorted(entries, key=order)


def find(workspace: Workspace, id: str) -> RunEntry:  # noqa: A002  (what it is called everywhere)
    """Return a run by its id.

    Raises:
        RunError: There is none.
    """
    for entry in all_runs(workspace):
        if entry.id == id:
            return entry
    raise RunError("this run isn't there any more; choose another on the page Runs")


def new_folder(workspace: Workspace, name: str) -> Path:
    """Return a folder for a run of this name that nothing has taken."""
    plain = re.sub(r"[^\w.-]+", "-", name).strip("-.") or "voice"
    taken = {Path(job.about["run"]) for job in workspace.jobs(KIND) if job.alive}
    names = itertools.chain([plain], (f"{plain}-{number}" for number in itertools.count(2)))
    folders = (workspace.folder / name for name in names)
    return next(folder for folder in folders if not folder.exists() and folder not in taken)


def begin(workspace: Workspace, order: Order) -> RunEntry:
    """Start a training.

    Raises:
        RunError: The process doesn't start.
    """
    job = workspace.start(KIND, [JOB_MODULE], about=asdict(order))
    return RunEntry(run_id(Path(order.run)), Path(order.run), job)


def resume(workspace: Workspace, entry: RunEntry) -> RunEntry:
    """Go on with a training that was stopped.

    Raises:
        RunError: It can't go on.
    """
    if not find(workspace, entry.id).can_go_on():  # another tab may have been quicker
        raise RunError("this run can't go on here: its messages are gone, or it is being trained; train anew")
    return begin(workspace, Order.from_dict(entry.record | {"run": str(entry.folder), "resume": True}))
