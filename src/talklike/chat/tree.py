"""The files of an export, whether they lie in a folder, a zip, a tar archive or alone."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shutil
import stat
import sys
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Any, Self, TypeVar, cast

from talklike.chat import archives, unpack
from talklike.errors import ChatError, ChatFileError

if TYPE_CHECKING:
    from collections.abc import Callable
    from os import PathLike

Helper = TypeVar("Helper", bound=contextlib.AbstractContextManager[Any])

STANDARD_INPUT = "-"

MOST_ENTRIES = 1_000_000
"""Files in an export; a server's export over ten years has some hundred thousand."""

MOST_NAMED = 3
"""Files that are named in one reason why some are left out."""

MEDIA = frozenset(
    {
        ".jpg", ".jpeg", ".png", ".gif", ".webp", ".heic", ".bmp", ".svg", ".ico", ".tif", ".tiff", ".mp4", ".mov", ".avi",
        ".mkv", ".webm", ".3gp", ".m4v", ".mp3", ".m4a", ".ogg", ".opus", ".oga", ".wav", ".aac", ".amr", ".flac", ".pdf",
        ".doc", ".docx", ".xls", ".xlsx", ".ppt", ".pptx", ".odt", ".vcf", ".tgs", ".apk", ".exe", ".dll", ".ttf", ".woff",
        ".woff2", ".css", ".js", ".db", ".sqlite", ".thumb", ".lock", ".ini", ".plist",
    }
)  # fmt: skip
"""Suffixes of files that lie beside messages in exports and are none."""

HIDDEN = frozenset({"__MACOSX", ".git", ".svn", ".hg", ".cache", ".Spotlight-V100", ".fseventsd"})
"""Folders in which systems and programs keep what is theirs, not people's chats."""

TRASH = ".Trash"
"""How the names begin of folders with what was thrown away."""


@dataclass(frozen=True)
class Entry:
    """A file of an export.

    Attributes:
        name: Its path inside, with ``/``.
        size: How large it is [byte]; None where nobody knows.
        open: Opens it for reading.
        path: Where it lies on disk, if it lies there as it is.
    """

    name: str
    size: int | None
    open: Callable[[], IO[bytes]]
    path: Path | None = None

    @property
    def suffix(self) -> str:
        """Of the name, in lower case, with its dot."""
        return PurePosixPath(self.name).suffix.lower()


@dataclass
class Tree:
    """All files of an export; use it as a context manager.

    Attributes:
        name: The export as the user named it.
        alone: Whether the user named one file, which is not packed with others.
        entries: The files that may hold messages, in the natural order of their names.
        left_out: Why other files are not among them, with how many.
    """

    name: str
    alone: bool
    entries: list[Entry] = field(default_factory=list)
    left_out: dict[str, int] = field(default_factory=dict)
    _closing: contextlib.ExitStack = field(default_factory=contextlib.ExitStack, repr=False)
    _by_name: dict[str, Entry] = field(default_factory=dict, repr=False)
    _kept: dict[type, Any] = field(default_factory=dict, repr=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the archive and of temporary copies."""
        self._closing.close()

    def kept(self, kind: type[Helper]) -> Helper:
        """Return what helps to read all files of the export, a context manager made when first asked for and left at the end."""
        if kind not in self._kept:
            self._kept[kind] = self._closing.enter_context(kind())
        return cast("Helper", self._kept[kind])

    def find(self, name: str) -> Entry | None:
        """Return the file with a path, None if there is none."""
        if not self._by_name:
            self._by_name = {entry.name: entry for entry in self.entries}
        return self._by_name.get(name)

    def content(self, name: str, most: int = 64 << 20) -> bytes | None:
        """Return what a file beside the messages holds (Slack's ``users.json``).

        None if it isn't there, can't be read, or is larger than ``most`` [byte].
        """
        entry = self.find(name)
        if entry is None or (entry.size or 0) > most:
            return None
        try:
            with entry.open() as file:
                data = file.read(most + 1)
        except (OSError, ValueError, NotImplementedError, *unpack.DAMAGE):
            return None  # a damaged list of names is no reason not to read the messages
        return data if len(data) <= most else None

    def leave_out(self, reason: str, which: str = "") -> None:
        """Count a file that can't hold messages, and say of the first few which it is, where that is given."""
        if which and sum(known.startswith(f"{reason} (") for known in self.left_out) < MOST_NAMED:
            reason = f"{reason} ({which})"
        self.left_out[reason] = self.left_out.get(reason, 0) + 1

    def add(self, entry: Entry) -> None:
        """Add a file, or say why not."""
        if _is_hidden(entry.name):
            return self.leave_out("hidden")
        if entry.suffix in MEDIA:
            return self.leave_out("media")
        if len(self.entries) >= MOST_ENTRIES:
            raise ChatFileError(f"{self.name} holds more than {MOST_ENTRIES:,} files; name a part of it")
        self.entries.append(entry)
        return None


def open_tree(path: str | PathLike[str]) -> Tree:
    """Open an export.

    Args:
        path: A file, a folder, a zip or tar archive, or ``-`` for standard input.

    Raises:
        ChatFileError: It is missing, unreadable, damaged or not safe to read.
    """
    name = str(path)
    if not name:
        raise ChatFileError("no file is named")
    tree = Tree(name, alone=False)
    try:
        if name == STANDARD_INPUT:
            _add_standard_input(tree)
        else:
            _add_path(tree, Path(path))
    except BaseException:
        tree.close()
        raise
    tree.entries.sort(key=lambda entry: natural(entry.name))
    return tree


def natural(name: str) -> list[tuple[bool, int, str]]:
    """Return a key that sorts names as people do: ``message_2`` before ``message_10``.

    >>> sorted(["m_10", "m_2", "m_1"], key=natural)
    ['m_1', 'm_2', 'm_10']
    """
    return [(word.isdecimal(), int(word) if word.isdecimal() else 0, word) for word in re.split(r"([0-9]+)", name)]


def _is_hidden(name: str) -> bool:
    *folders, own = PurePosixPath(name).parts or ("",)
    return own.startswith(".") or any(folder in HIDDEN or folder.startswith(TRASH) for folder in folders)


def _add_path(tree: Tree, path: Path) -> None:
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            return _add_folder(tree, path)
        if not stat.S_ISREG(status.st_mode):  # a named pipe
            tree.alone = True
            tree.entries.append(Entry(path.name, None, _opener(path)))
            return None
        _add_file(tree, path, _start(path), path.name)
    except FileNotFoundError:
        raise ChatFileError(f"{tree.name}: there is no such file") from None
    except (OSError, ValueError) as error:
        raise ChatFileError(f"{tree.name} can't be opened: {reason_of(error)}") from error
    return None


def _add_file(tree: Tree, path: Path, start: bytes, name: str) -> None:
    """Add a file that is the whole export, or the files in it."""
    found = archives.members(tree.kept(archives.Archives), path, start, printable_name(tree.name))
    if found is None:
        tree.alone = True
        tree.entries.append(Entry(name, path.stat().st_size, _opener(path), path))
        return
    for member in found:
        if isinstance(member, str):
            tree.leave_out(member)
        else:
            tree.add(Entry(member.name, member.size, member.open))


def _add_folder(tree: Tree, folder: Path) -> None:
    def failed(error: OSError) -> None:
        inner = Path(error.filename or folder).relative_to(folder).as_posix()
        name = tree.name if inner == "." else f"{tree.name.rstrip('/')}/{printable_name(inner)}"
        raise ChatFileError(f"{name} can't be read: {reason_of(error)}") from error

    for parent, folders, files in os.walk(folder, onerror=failed):
        folders.sort()
        for name in sorted([*folders, *files]):
            path = Path(parent, name)
            try:
                status = path.lstat()
            except OSError as error:
                failed(error)
            if not stat.S_ISDIR(status.st_mode):
                _add_one_of_many(tree, path, status, path.relative_to(folder).as_posix())


def _add_one_of_many(tree: Tree, path: Path, status: os.stat_result, inner: str) -> None:
    """Add a file of a folder, or the files in it; an archive that can't be read doesn't keep the rest from being read."""
    if stat.S_ISLNK(status.st_mode):
        return tree.leave_out("links")
    if not stat.S_ISREG(status.st_mode):
        return tree.leave_out("pipes, devices and the like")
    found = None
    if inner.lower().endswith(archives.SUFFIXES) and not _is_hidden(inner):
        label = printable_name(inner)
        try:
            found = archives.members(tree.kept(archives.Archives), path, _start(path), label)
        except OSError as error:
            return tree.leave_out("archives that can't be read", f"{label}: {reason_of(error)}")
        except ChatError as error:
            return tree.leave_out("archives that can't be read", str(error))
    if found is None:
        return tree.add(Entry(inner, status.st_size, _opener(path), path))
    for member in found:
        if isinstance(member, str):
            tree.leave_out(member, printable_name(inner) if member == archives.DAMAGED else "")
        else:
            tree.add(Entry(f"{inner}/{member.name}", member.size, member.open))
    return None


def _opener(path: Path) -> Callable[[], IO[bytes]]:
    return lambda: path.open("rb")


def _start(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(archives.START)


def _add_standard_input(tree: Tree) -> None:
    file = cast("io.BufferedReader", sys.stdin.buffer)
    try:
        start = file.read(archives.START)  # all of them, or all there are, however small the pieces they come in
        if not archives.is_packed(start):
            # At a terminal, asking once more after the end would wait for another one.
            begun = cast("IO[bytes]", _Begun(start, file) if len(start) == archives.START else io.BytesIO(start))
            tree.alone = True
            tree.entries.append(Entry("stdin", None, lambda: begun))
            return
        path = tree.kept(archives.Archives).copy()
        with path.open("wb") as copy:
            copy.write(start)
            shutil.copyfileobj(file, copy, unpack.PIECE)
        _add_file(tree, path, start, "stdin")
    except OSError as error:
        raise ChatFileError(f"{tree.name} can't be read: {reason_of(error)}") from error


class _Begun(io.BufferedIOBase):
    """A stream whose first bytes have been looked at and come once more."""

    def __init__(self, start: bytes, rest: io.BufferedReader) -> None:
        self._start = start
        self._rest = rest

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        if size is None or size < 0:
            start, self._start = self._start, b""
            return start + self._rest.read()
        start, self._start = self._start[:size], self._start[size:]
        return start + self._rest.read(size - len(start))

    def read1(self, size: int = -1, /) -> bytes:
        if self._start:
            return self.read(len(self._start) if size < 0 else min(size, len(self._start)))
        return self._rest.read1(size)


def printable_name(name: str) -> str:
    """Return a file's name without what a terminal would act on."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in name)


def reason_of(error: Exception) -> str:
    """Return what the system says of an error, without the path, which the message names already."""
    return getattr(error, "strerror", None) or str(error)
