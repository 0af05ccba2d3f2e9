"""The files in zips and tar archives, read through the archive, and what is not safe to read.

Nothing is ever unpacked to a place that an archive names. What an archive could do harm with (links, paths that lead out of it,
archives inside archives, data that swell a thousandfold) is refused.
"""

from __future__ import annotations

import contextlib
import re
import stat
import tarfile
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Self

from talklike.chat import unpack
from talklike.errors import ChatFileError, FormatError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

LONGEST_NAME = 4096
"""Of a file in an archive [character]."""

MOST_SWOLLEN = 1_000
"""How many times its packed size a file may have; chats have 3 to 50 times."""

HARMLESS = 64 << 20
"""Up to this size a file may be packed as tightly as it likes [byte]."""

MOST_OPEN = 8
"""Zips that are kept open at a time; to open one again, its whole list of files is read."""

SUFFIXES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.zst")
"""Of archives, as the files in a folder or an archive are named."""

DAMAGED = "behind damage in the tar archive"
"""Why what follows in a tar archive is left out."""

OFFICE = "this is an Office document; save it as plain text, a spreadsheet as CSV"
"""What is said of a zip, or of its list of parts, that some office program made."""

DOCUMENTS: tuple[tuple[frozenset[str], str], ...] = (
    (frozenset({"[Content_Types].xml"}), OFFICE),
    (frozenset({"mimetype", "content.xml"}), OFFICE),
    (frozenset({"mimetype", "META-INF/container.xml"}), "this is an e-book (EPUB); convert it to plain text"),
)
"""Files that tell of a zip that it is one document, and what to do with it."""

START = 262
"""Bytes of a file that tell whether it is an archive [byte]."""

_TAR_MAGIC_AT, _TAR_MAGIC = 257, b"ustar"
_UTF_8 = 0x800  # the flag of a name in UTF-8
_MADE_ON_DOS = 0  # or on Windows, by .NET's libraries


@dataclass(frozen=True)
class Member:
    """A file of an archive.

    Attributes:
        name: Its path inside, with ``/``.
        size: How large it is [byte].
        open: Opens it for reading.
    """

    name: str
    size: int
    open: Callable[[], IO[bytes]]


class Archives:
    """Zips that are open, a few at a time, and copies of what can be read only from a file; use it as a context manager."""

    def __init__(self) -> None:
        """Begin without any."""
        self._zips: dict[Path, zipfile.ZipFile] = {}  # the one used last stands last
        self._closing = contextlib.ExitStack()
        self._folder: Path | None = None
        self._copies = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the zips and remove the copies."""
        while self._zips:
            self._zips.popitem()[1].close()
        self._closing.close()

    def zip(self, path: Path) -> zipfile.ZipFile:
        """Return an open zip; a file in it that is being read stays open when the zip no longer is."""
        archive = self._zips.pop(path, None)
        self._zips[path] = zipfile.ZipFile(path) if archive is None else archive
        while len(self._zips) > MOST_OPEN:
            self._zips.pop(next(iter(self._zips))).close()
        return self._zips[path]

    def copy(self) -> Path:
        """Return where a copy may be written, which is removed in the end."""
        if self._folder is None:
            self._folder = Path(self._closing.enter_context(tempfile.TemporaryDirectory(prefix="talklike-")))
        self._copies += 1
        return self._folder / str(self._copies)


def is_packed(start: bytes) -> bool:
    """Return whether a file that begins like this must be jumped around in or unpacked."""
    return start.startswith((unpack.ZIP, unpack.EMPTY_ZIP, unpack.GZIP, unpack.ZSTANDARD)) or _is_tar(start)


def members(archives: Archives, path: Path, start: bytes, label: str) -> Iterable[Member | str] | None:
    """Return the files of an archive, for one that is left out the reason; None if it is no archive.

    Args:
        archives: Keeps it open.
        path: The file.
        start: Its first ``START`` bytes.
        label: How errors name it.

    Raises:
        ChatFileError: It is damaged from its start, encrypted, or unpacks to far too much.
        FormatError: It is a document.
    """
    if start.startswith((unpack.ZIP, unpack.EMPTY_ZIP)):
        return _zip_members(archives, path, label)
    if _is_tar(start):
        return _tar_members(path, label)
    packed = unpack.gunzip if start.startswith(unpack.GZIP) else unpack.unzstd if start.startswith(unpack.ZSTANDARD) else None
    if packed is None:
        return None
    with path.open("rb") as file:
        pieces = packed(unpack.pieces(file))
        try:
            first = next(pieces, b"")
        except unpack.DamagedError:
            return None
        if not _is_tar(first):
            return None
        copy = archives.copy()
        whole = _unpack(first, pieces, copy, max(HARMLESS, MOST_SWOLLEN * path.stat().st_size), label)
    return _tar_members(copy, label, whole=whole)


def _unpack(first: bytes, pieces: Iterator[bytes], copy: Path, allowed: int, label: str) -> bool:
    """Write what is unpacked into a file, and return whether that is all of it."""
    with copy.open("wb") as file:
        size = file.write(first)
        try:
            for piece in pieces:
                size += file.write(piece)
                if size > allowed:
                    file.truncate(0)
                    raise ChatFileError(f"{label} unpacks to over {MOST_SWOLLEN:,} times its size; that is no chat")
        except unpack.DamagedError:
            return False
    return True


def _is_tar(start: bytes) -> bool:
    return start[_TAR_MAGIC_AT:START] == _TAR_MAGIC


def _zip_members(archives: Archives, path: Path, label: str) -> list[Member | str]:
    try:
        infos = archives.zip(path).infolist()
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as error:
        raise ChatFileError(f"{label}: the zip is cut off or damaged: {error}; copy or download it again") from error
    files = [(name, info) for info in infos if not (name := _name(info)).endswith("/")]
    names = {name for name, _ in files}
    for telling, said in DOCUMENTS:
        if telling <= names:
            raise FormatError(f"{label}: {said}")
    found: list[Member | str] = []
    for name, info in files:
        if info.flag_bits & 1:
            raise ChatFileError(f"{label}: {name!r} is encrypted; unpack it first")
        if stat.S_ISLNK(info.external_attr >> 16):
            found.append("links")
        elif _leads_out(name):
            found.append("paths that lead out of the archive")
        elif info.file_size > max(HARMLESS, MOST_SWOLLEN * info.compress_size):
            raise ChatFileError(f"{label}: {name!r} unpacks to over {MOST_SWOLLEN:,} times its size; that is no chat")
        elif name.lower().endswith(SUFFIXES):
            found.append("archives inside an archive")
        else:
            found.append(Member(name, info.file_size, _zip_opener(archives, path, info)))
    return found


def _name(info: zipfile.ZipInfo) -> str:
    """Return the path of a file in a zip, also where its writer broke the rules.

    Source: PKWARE, APPNOTE.TXT, 4.4.17.1 (slashes) and appendix D (names).
    """
    name = info.filename
    if not info.flag_bits & _UTF_8:  # some programs on a Mac write UTF-8 and don't say so
        with contextlib.suppress(UnicodeError):  # then it is what it says, code page 437
            name = name.encode("cp437").decode("utf-8")
    if info.create_system == _MADE_ON_DOS and "/" not in name:  # Windows PowerShell's Compress-Archive writes backslashes
        name = name.replace("\\", "/")
    return name


def _zip_opener(archives: Archives, path: Path, info: zipfile.ZipInfo) -> Callable[[], IO[bytes]]:
    return lambda: archives.zip(path).open(info)


def _tar_members(path: Path, label: str, *, whole: bool = True) -> Iterator[Member | str]:
    try:
        archive = tarfile.open(path, mode="r:")  # noqa: SIM115 - closed by who goes through it
    except (tarfile.TarError, OSError, ValueError) as error:
        raise ChatFileError(f"{label}: the tar archive is damaged: {error}") from error
    return _each(archive, path, whole=whole)


def _each(archive: tarfile.TarFile, path: Path, *, whole: bool) -> Iterator[Member | str]:
    with archive:
        while True:
            try:
                member = archive.next()
            except (tarfile.TarError, OSError, ValueError, EOFError):
                yield DAMAGED
                return
            if member is None:
                break
            archive.members = []  # type: ignore[attr-defined]  # else a list of all grows beside ours
            if member.issym() or member.islnk():
                yield "links"
            elif member.isdir():
                continue
            elif not member.isreg():
                yield "pipes, devices and the like"
            elif _leads_out(member.name):
                yield "paths that lead out of the archive"
            elif member.name.lower().endswith(SUFFIXES):
                yield "archives inside an archive"
            else:
                yield Member(member.name.removeprefix("./"), member.size, _tar_opener(path, member))
    if not whole:
        yield DAMAGED


def _tar_opener(path: Path, member: tarfile.TarInfo) -> Callable[[], IO[bytes]]:
    return lambda: _Part(tarfile.open(path, mode="r:"), member)


class _Part(tarfile.ExFileObject):
    """A file in a tar archive that closes the archive with itself."""

    def __init__(self, archive: tarfile.TarFile, member: tarfile.TarInfo) -> None:
        self._archive = archive
        super().__init__(archive, member)

    def close(self) -> None:
        super().close()
        self._archive.close()


def _leads_out(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    drive = re.match(r"[A-Za-z]:", parts[0])
    return ".." in parts or name.startswith(("/", "\\")) or drive is not None or "\0" in name or len(name) > LONGEST_NAME
