"""The chats of a workspace: each a folder with what was uploaded, the tables made from it, and what was found in them.

::

    chats/ID/
        chat.json              how it is called, where it came from, how to read it, who was made one, who was picked
        upload/                what was dropped on the page; removed once it has been read
        messages.parquet       all messages in one table
        text/                  instead of it, running text: a file called like each author
        merged-KEY.parquet     the same with authors made one
        read.json              how reading it went
        found.json             what was found in it; ``found-KEY.json`` with authors made one

Read with what its authors didn't write themselves too, ``-quotes`` stands in these names: what one reading has learnt from stays.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from talklike.errors import ChatFileError, OptionError
from talklike.studio import jobs
from talklike.studio.page_text import whole
from talklike.studio.workspace import record_of, typed_path
from talklike.voice.write import atomic_write

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from talklike.studio.jobs import Job
    from talklike.studio.workspace import Workspace

KIND = "read"
"""What jobs that read a chat are called."""

JOB_MODULE = "talklike.studio.chat_job"
READING = ("format", "author_column", "text_column", "time_column", "timezone", "day_first", "with_quotes")
"""Options of ``read_chat`` that a chat may be read with."""

KEPT = 30 * 86400
"""How long a chat that no run learnt from is kept after it was last used [s]."""

UNFINISHED = 86400
"""How long what was never read is kept: uploads that were given up, and what is no chat [s]."""

ENDING = 3.0
"""How long a job may take to end that reads a chat which is to be removed [s]."""

TEXT = "text"
_ABOUT = "chat.json"


@dataclass(frozen=True)
class ChatEntry:
    """A chat of a workspace.

    Attributes:
        id: Opaque: fit for addresses.
        folder: Its folder.
        about: What ``chat.json`` holds.
    """

    id: str
    folder: Path
    about: dict[str, Any]

    @property
    def name(self) -> str:
        """What it is called: the file or folder that it came from."""
        return str(self.about.get("name") or "chat")

    @property
    def merges(self) -> list[str]:
        """Pairs ``A=B`` of authors who are one."""
        return list(self.about.get("merges", []))

    @property
    def picked(self) -> dict[str, Any]:
        """Whose voice is to be trained: ``authors`` (ids) and ``room``."""
        return {"authors": [], "room": False} | dict(self.about.get("picked", {}))

    @property
    def reading(self) -> dict[str, Any]:
        """Options of ``read_chat`` that it is read with."""
        return dict(self.about.get("reading", {}))

    @property
    def with_quotes(self) -> bool:
        """Whether what its authors didn't write themselves counts as theirs."""
        return self.reading.get("with_quotes") is True

    @property
    def key(self) -> str:
        """What tells its table from those with other authors made one."""
        return hashlib.sha256(json.dumps(sorted(self.merges)).encode()).hexdigest()[:8] if self.merges else ""

    @property
    def table(self) -> Path | None:
        """The table of its messages; None if it hasn't been read yet."""
        if not self.key:
            return self.base
        merged = self.file("merged", f"-{self.key}.parquet")
        return merged if merged.exists() else None

    @property
    def base(self) -> Path | None:
        """The table with each author as the export has them."""
        return next((file for file in (self.file("messages", ".parquet"), self.file(TEXT)) if file.exists()), None)

    @property
    def found_file(self) -> Path:
        """Where stands what was found in it."""
        return self.file("found", f"-{self.key}.json" if self.key else ".json")

    @property
    def source(self) -> Path | None:
        """Where it came from; None if that is gone, as what was dropped is once it has been read."""
        source = Path(str(self.about.get("source", "")))
        return source if source.is_absolute() and source.exists() else None

    @property
    def once_read(self) -> bool:
        """Whether it has been read, as it is to be now or otherwise."""
        return any(self.otherwise(with_quotes=with_quotes).base for with_quotes in (False, True))

    def file(self, stem: str, ending: str = "") -> Path:
        """Return where something lies that was made by reading it as it is to be read."""
        return self.folder / f"{stem}{'-quotes' if self.with_quotes else ''}{ending}"

    def otherwise(self, *, with_quotes: bool, merges: Sequence[str] | None = None) -> ChatEntry:
        """Return it as if it were to be read otherwise, or with others made one; nothing is written."""
        merges = self.merges if merges is None else list(merges)
        return replace(self, about=self.about | {"reading": self.reading | {"with_quotes": with_quotes}, "merges": merges})

    def found(self) -> dict[str, Any] | None:
        """Return what was found in it (``talklike.studio.chat_job``); None if it hasn't been read yet."""
        try:
            content: dict[str, Any] = json.loads(self.found_file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        return content

    def job(self, workspace: Workspace) -> Job | None:
        """Return the job that reads it, or did so last."""
        folder = workspace.private / "jobs" / str(self.about.get("job", ""))
        return jobs.Job(folder) if (folder / jobs.ABOUT).is_file() else None

    def change(self, **values: Any) -> ChatEntry:
        """Write something about it down; return it anew."""
        file = self.folder / _ABOUT
        now = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}  # another tab may have changed it
        about = now | values | {"used": time.time()}
        atomic_write(file, (json.dumps(about, indent=2) + "\n").encode())  # ASCII: a path may be no UTF-8
        return ChatEntry(self.id, self.folder, about)


def begin(workspace: Workspace) -> str:
    """Return the id of a new chat, whose files are to be uploaded."""
    workspace.make_private()
    one = jobs.new_id()
    folder = workspace.private / "chats" / one
    (folder / "upload").mkdir(parents=True, mode=0o700)
    ChatEntry(one, folder, {}).change(made=time.time())
    return one


def upload_folder(workspace: Workspace, id: str) -> Path:  # noqa: A002  (what it is called everywhere)
    """Return where the files of a chat go that is being uploaded.

    Raises:
        ChatFileError: No such chat is being uploaded.
    """
    folder = get(workspace, id).folder / "upload"
    if not folder.is_dir():
        raise ChatFileError("this upload is over already; drop the files once more")
    return folder


def read_uploaded(workspace: Workspace, id: str, options: Mapping[str, Any]) -> ChatEntry:  # noqa: A002  (an opaque id, called so in addresses)
    """Start to read a chat that has been uploaded.

    Raises:
        ChatFileError: Nothing was uploaded.
        OptionError: An option makes no sense.
    """
    entry = get(workspace, id)
    dropped = sorted((entry.folder / "upload").glob("*"))
    if not dropped:
        raise ChatFileError("nothing was uploaded; drop a file, a folder or a zip")
    source = dropped[0] if len(dropped) == 1 else entry.folder / "upload"
    name = whole(dropped[0].name) if len(dropped) == 1 else f"{len(dropped)} files"
    return _read(workspace, entry.change(name=name, source=str(source), reading=checked(options)))


def open_path(workspace: Workspace, path: str, options: Mapping[str, Any]) -> ChatEntry:
    """Start to read a chat on this machine.

    Raises:
        ChatFileError: There is no such file.
        OptionError: An option makes no sense.
    """
    source = typed_path(path)
    if source is None:
        raise ChatFileError("there is no file or folder at this path; copy the whole path from your file manager")
    reading = checked(options)
    entry = get(workspace, begin(workspace))
    (entry.folder / "upload").rmdir()
    return _read(workspace, entry.change(name=whole(source.name), source=str(source), reading=reading))


def read_again(workspace: Workspace, entry: ChatEntry, options: Mapping[str, Any]) -> ChatEntry:
    """Start to read a chat once more, whose reading failed, with other options.

    Raises:
        OptionError: An option makes no sense.
    """
    return _read(workspace, entry.change(reading=checked(options)))


def merge(workspace: Workspace, entry: ChatEntry, merges: Sequence[str]) -> ChatEntry:
    """Make authors one: start to look at the chat with these pairs, unless that was done before."""
    return _unless_known(workspace, entry.change(merges=list(merges), picked={"authors": [], "room": False}))


def read_with_quotes(workspace: Workspace, entry: ChatEntry, *, wanted: bool) -> ChatEntry:
    """Start to read a chat with what its authors didn't write themselves, or without, unless that was done before.

    Raises:
        ChatFileError: What was dropped is gone.
    """
    other = entry.otherwise(with_quotes=wanted)
    if other.base is None and other.source is None:
        raise ChatFileError("what this chat was read from isn't there any more; drop it here to have it read so")
    return _unless_known(workspace, entry.change(reading=other.reading))


def give_up(workspace: Workspace, entry: ChatEntry) -> ChatEntry | None:
    """Read a chat no further: have it again as it was read before, or remove it if it never was.

    Returns:
        The chat as it was read before; None if it is gone.
    """
    before = [
        entry.otherwise(with_quotes=with_quotes, merges=merges)
        for with_quotes in (entry.with_quotes, not entry.with_quotes)
        for merges in (entry.merges, [])
    ]
    known = next((one for one in before if _known(one)), None)
    if known is None:
        remove(workspace, entry.id)
        return None
    _end_job(workspace, entry)
    return entry.change(reading=known.reading, merges=known.merges, job="")


def _known(entry: ChatEntry) -> bool:
    """Return whether it is known what is in a chat, as it is to be read."""
    return entry.found_file.exists() and entry.table is not None


def _unless_known(workspace: Workspace, entry: ChatEntry) -> ChatEntry:
    return entry if _known(entry) else _read(workspace, entry)


def _end_job(workspace: Workspace, entry: ChatEntry) -> None:
    """End the job that reads a chat, if there is one."""
    if (job := entry.job(workspace)) is not None and job.alive:
        job.stop()
        if not job.wait(ENDING):
            job.kill()


def _read(workspace: Workspace, entry: ChatEntry) -> ChatEntry:
    job = workspace.start(KIND, [JOB_MODULE, str(entry.folder)], about={"chat": entry.id})
    return entry.change(job=job.id)


def checked(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return options of reading, those that say nothing left away.

    Raises:
        OptionError: There is no such option, or a value is of no use.
    """
    given = {name: value for name, value in options.items() if value not in (None, "")}
    if unknown := sorted(set(given) - set(READING)):
        raise OptionError(f"a chat can't be read with {', '.join(unknown)}")
    for name, value in given.items():
        if not isinstance(value, bool if name in ("day_first", "with_quotes") else str):
            raise OptionError(f"{name.replace('_', ' ')} can't be {value!r}")
    return given


def get(workspace: Workspace, id: str) -> ChatEntry:  # noqa: A002  (an opaque id, called so in addresses)
    """Return a chat by its id.

    Raises:
        ChatFileError: There is none.
    """
    folder = workspace.private / "chats" / id
    try:
        if not id.isalnum():
            raise FileNotFoundError
        return ChatEntry(id, folder, json.loads((folder / _ABOUT).read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise ChatFileError("this chat isn't there any more; open it again") from error


def all_chats(workspace: Workspace) -> list[ChatEntry]:
    """Return the chats that have been read or are being read, those used last first."""
    found = [get(workspace, file.parent.name) for file in (workspace.private / "chats").glob(f"*/{_ABOUT}")]
    known = [entry for entry in found if entry.once_read or ((job := entry.job(workspace)) is not None and job.alive)]
    return sorted(known, key=lambda entry: -float(entry.about["used"]))


def remove(workspace: Workspace, id: str) -> None:  # noqa: A002  (an opaque id, called so in addresses)
    """Remove the studio's copy of a chat; the file that it came from stays, and so do the runs that learnt from it.

    Raises:
        ChatFileError: There is none.
    """
    entry = get(workspace, id)
    _end_job(workspace, entry)
    shutil.rmtree(entry.folder, ignore_errors=True)


def tidy(workspace: Workspace) -> None:
    """Remove what was never read, and chats that nobody has used for long and no run learnt from."""
    needed = {Path(str(record_of(run).get("table", ""))).parent for run in workspace.folder.glob("*")}
    now = time.time()
    for file in (workspace.private / "chats").glob(f"*/{_ABOUT}"):
        entry = get(workspace, file.parent.name)
        limit = KEPT if entry.once_read else UNFINISHED
        if entry.folder not in needed and now - float(entry.about.get("used", 0)) > limit:
            remove(workspace, entry.id)
