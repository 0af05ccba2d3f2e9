"""The files of an export, whether they lie in a folder, a zip, a tar archive or alone.

Nothing is ever unpacked to a place that an archive names: its files are read through it, one at a time. What an archive could do
harm with (links, paths that lead out of it, archives inside archives, data that swell a thousandfold) is refused.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import stat
import sys
import tarfile
import tempfile
import zipfile
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Any, Self, TypeVar, cast

from talklike.chat import unpack
from talklike.errors import ChatFileError

if TYPE_CHECKING:
    import io
    from collections.abc import Callable
    from os import PathLike

Helper = TypeVar("Helper", bound=contextlib.AbstractContextManager[Any])

STANDARD_INPUT = "-"

MOST_ENTRIES = 1_000_000
"""Files in an export; a server's export over ten years has some hundred thousand."""

LONGEST_NAME = 4096
"""Of a file in an archive [character]."""

MOST_SWOLLEN = 1_000
"""How many times its packed size a file may have; chats have 3 to 50 times."""

HARMLESS = 64 << 20
"""Up to this size a file may be packed as tightly as it likes [byte]."""

MEDIA = frozenset(
    {
        ".jpg", ".jpeg", ".png", ".gif", ".webp", ".heic", ".bmp", ".svg", ".ico", ".tif", ".tiff", ".mp4", ".mov", ".avi",
        ".mkv", ".webm", ".3gp", ".m4v", ".mp3", ".m4a", ".ogg", ".opus", ".oga", ".wav", ".aac", ".amr", ".flac", ".pdf",
        ".doc", ".docx", ".xls", ".xlsx", ".ppt", ".pptx", ".odt", ".vcf", ".tgs", ".apk", ".exe", ".dll", ".ttf", ".woff",
        ".woff2", ".css", ".js", ".db", ".sqlite", ".thumb", ".lock", ".ini", ".plist",
    }
)  # fmt: skip
"""Suffixes of files that lie beside messages in exports and are none."""

_PACKED_TREES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.zst")
_TAR_MAGIC_AT, _TAR_MAGIC = 257, b"ustar"
_TAR_START = 262  # bytes in which the magic ends


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

    def leave_out(self, reason: str) -> None:
        """Count a file that can't hold messages."""
        self.left_out[reason] = self.left_out.get(reason, 0) + 1

    def add(self, entry: Entry) -> None:
        """Add a file, or say why not."""
        parts = PurePosixPath(entry.name).parts
        if any(part == "__MACOSX" or part.startswith(".") for part in parts):
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


def _add_path(tree: Tree, path: Path) -> None:
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            return _add_folder(tree, path)
        if not stat.S_ISREG(status.st_mode):  # a named pipe
            tree.alone = True
            tree.entries.append(Entry(path.name, None, lambda: path.open("rb")))
            return None
        with path.open("rb") as file:
            start = file.read(_TAR_START)
    except FileNotFoundError:
        raise ChatFileError(f"{tree.name}: there is no such file") from None
    except (OSError, ValueError) as error:
        raise ChatFileError(f"{tree.name} can't be opened: {reason_of(error)}") from error
    if not _add_packed(tree, path, start, ""):
        tree.alone = True
        tree.entries.append(Entry(path.name, status.st_size, lambda: path.open("rb"), path))
    return None


def _add_folder(tree: Tree, folder: Path) -> None:
    def failed(error: OSError) -> None:
        raise ChatFileError(f"{tree.name} can't be read: {reason_of(error)}") from error

    for parent, folders, files in os.walk(folder, onerror=failed):
        folders.sort()
        for name in sorted(files):
            path = Path(parent, name)
            inner = path.relative_to(folder).as_posix()
            status = path.lstat()
            if stat.S_ISLNK(status.st_mode):
                tree.leave_out("links")
            elif not stat.S_ISREG(status.st_mode):
                tree.leave_out("no files")
            elif not (name.lower().endswith(_PACKED_TREES) and _add_packed(tree, path, _start(path), inner + "/")):
                tree.add(Entry(inner, status.st_size, _opener(path), path))


def _opener(path: Path) -> Callable[[], IO[bytes]]:
    return lambda: path.open("rb")


def _start(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_TAR_START)
    except OSError as error:
        raise ChatFileError(f"{path} can't be opened: {reason_of(error)}") from error


def _add_standard_input(tree: Tree) -> None:
    file = cast("io.BufferedReader", sys.stdin.buffer)
    start = file.peek(_TAR_START)[:_TAR_START] if hasattr(file, "peek") else b""  # what tests put in its place may lack it
    if start.startswith((unpack.ZIP, unpack.EMPTY_ZIP)) or _is_tar(start):
        copy = tree._closing.enter_context(tempfile.TemporaryFile())  # noqa: SIM115, SLF001 - closed with the tree; its own module
        shutil.copyfileobj(file, copy)
        copy.seek(0)
        if _is_tar(start):
            _add_tar(tree, copy, "")
        else:
            _add_zip(tree, copy, "")
        return
    tree.alone = True
    tree.entries.append(Entry("stdin", None, lambda: file))


def _add_packed(tree: Tree, path: Path, start: bytes, prefix: str) -> bool:
    """Add the files of an archive, and return whether it is one.

    Args:
        tree: Gets them.
        path: The archive.
        start: Its first bytes.
        prefix: What to put before the names.
    """
    closing = tree._closing  # noqa: SLF001 - its own module
    if start.startswith((unpack.ZIP, unpack.EMPTY_ZIP)):
        _add_zip(tree, closing.enter_context(path.open("rb")), prefix)
        return True
    if _is_tar(start):
        _add_tar(tree, closing.enter_context(path.open("rb")), prefix)
        return True
    packed = unpack.gunzip if start.startswith(unpack.GZIP) else unpack.unzstd if start.startswith(unpack.ZSTANDARD) else None
    if packed is None:
        return False
    with path.open("rb") as file:
        pieces = packed(unpack.pieces(file))
        try:
            first = next(pieces, b"")
        except unpack.DamagedError:
            return False
        if not _is_tar(first):
            return False
        copy = closing.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - closed with the tree
        size = copy.write(first)
        allowed = max(HARMLESS, MOST_SWOLLEN * path.stat().st_size)
        try:
            for piece in pieces:
                size += copy.write(piece)
                if size > allowed:
                    raise ChatFileError(
                        f"{tree.name}: {path.name} unpacks to over {MOST_SWOLLEN:,} times its size; that is no chat"
                    )
        except unpack.DamagedError as error:
            tree.leave_out(f"behind the damage ({error})")
    copy.seek(0)
    _add_tar(tree, copy, prefix)
    return True


def _is_tar(start: bytes) -> bool:
    return start[_TAR_MAGIC_AT:_TAR_START] == _TAR_MAGIC


def _add_zip(tree: Tree, file: IO[bytes], prefix: str) -> None:
    try:
        archive = tree._closing.enter_context(zipfile.ZipFile(file))  # noqa: SLF001 - its own module
        members = [info for info in archive.infolist() if not info.filename.endswith("/")]
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as error:
        raise ChatFileError(f"{tree.name}: the zip is cut off or damaged: {error}; copy or download it again") from error
    for info in members:
        if info.flag_bits & 1:
            raise ChatFileError(f"{tree.name}: {printable_name(info.filename)} is encrypted; unpack it first")
        if stat.S_ISLNK(info.external_attr >> 16):
            tree.leave_out("links")
        elif _leads_out(info.filename):
            tree.leave_out("paths that lead out of the archive")
        elif info.file_size > max(HARMLESS, MOST_SWOLLEN * info.compress_size):
            raise ChatFileError(
                f"{tree.name}: {printable_name(info.filename)} unpacks to over {MOST_SWOLLEN:,} times its size; that is no chat"
            )
        elif info.filename.lower().endswith(_PACKED_TREES):
            tree.leave_out("archives inside an archive")
        else:
            tree.add(Entry(prefix + info.filename, info.file_size, _zip_opener(archive, info)))


def _zip_opener(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[], IO[bytes]]:
    return lambda: archive.open(info)


def _add_tar(tree: Tree, file: IO[bytes], prefix: str) -> None:
    archive = tree._closing.enter_context(contextlib.closing(_tar(tree, file)))  # noqa: SLF001 - its own module
    while True:
        try:
            member = archive.next()
        except (tarfile.TarError, OSError, ValueError, EOFError):
            tree.leave_out("behind damage in the tar archive")
            return
        if member is None:
            return
        archive.members = []  # type: ignore[attr-defined]  # else a list of all grows beside ours
        if member.issym() or member.islnk():
            tree.leave_out("links")
        elif member.isdir():
            continue
        elif not member.isreg():
            tree.leave_out("no files")
        elif _leads_out(member.name):
            tree.leave_out("paths that lead out of the archive")
        elif member.name.lower().endswith(_PACKED_TREES):
            tree.leave_out("archives inside an archive")
        else:
            name = member.name.removeprefix("./")
            tree.add(Entry(prefix + name, member.size, _tar_opener(archive, member)))


def _tar(tree: Tree, file: IO[bytes]) -> tarfile.TarFile:
    try:
        return tarfile.open(fileobj=file, mode="r:")
    except (tarfile.TarError, OSError, ValueError) as error:
        raise ChatFileError(f"{tree.name}: the tar archive is damaged: {error}") from error


def _tar_opener(archive: tarfile.TarFile, member: tarfile.TarInfo) -> Callable[[], IO[bytes]]:
    def opened() -> IO[bytes]:
        file = archive.extractfile(member)
        assert file is not None, "only regular files are entries"
        return file

    return opened


def _leads_out(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return ".." in parts or name.startswith(("/", "\\")) or ":" in parts[0] or "\0" in name or len(name) > LONGEST_NAME


def printable_name(name: str) -> str:
    """Return a file's name without what a terminal would act on."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in name)


def reason_of(error: Exception) -> str:
    """Return what the system says of an error, without the path, which the message names already."""
    return getattr(error, "strerror", None) or str(error)
