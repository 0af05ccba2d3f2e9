"""Opens a chat's file, or standard input, as one stream of UTF-8 bytes, whatever it is packed in."""

from __future__ import annotations

import contextlib
import itertools
import shutil
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Self, cast

from talklike.chat import unpack
from talklike.chat.encoding import marked_encoding, to_utf8
from talklike.errors import ChatFileError

if TYPE_CHECKING:
    import io
    from os import PathLike

Progress = Callable[[int, int | None], None]
"""Called with the bytes done and the bytes in all; None where nobody knows."""

STANDARD_INPUT = "-"
HEAD = 1 << 18
"""Bytes that a format sees before it says whether the file is its own [byte]."""

COLUMNAR = (b"PAR1", b"ARROW1")
"""How binary files begin that have a reader."""

BINARY = (
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"%PDF", "a PDF document"),
    (b"SQLite format 3", "an SQLite database"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (unpack.GZIP, "an archive inside an archive"),
    (unpack.ZSTANDARD, "an archive inside an archive"),
    (unpack.ZIP, "a zip archive or an Office document"),
)
"""How files begin that hold no text, and what to call them."""


@dataclass(frozen=True)
class Head:
    """The beginning of a file, and what else tells its format.

    Attributes:
        data: The first bytes, unpacked, without byte order mark.
        suffix: Of the file's name, in lower case with its dot; empty without one.
        complete: Whether ``data`` is the whole file.
    """

    data: bytes
    suffix: str
    complete: bool


class Source:
    """A chat's file, unpacked while it is read; use it as a context manager.

    Attributes:
        name: The file as the user named it.
        path: Where it lies; None for standard input.
        stem: Its name without folder and suffixes.
        head: The first bytes and what else tells the format.
        damage: Why the stream ended early, once it has; None if it hasn't.
    """

    def __init__(self, path: str | PathLike[str], progress: Progress | None = None) -> None:
        """Open ``path``.

        Args:
            path: A file, or ``-`` for standard input.
            progress: Called while the file is read.

        Raises:
            ChatFileError: It is missing, a folder, unreadable, empty or no text.
        """
        self.name = str(path)
        self.path = None if self.name == STANDARD_INPUT else Path(path)
        self.damage: str | None = None
        self._progress = progress
        self._closing = contextlib.ExitStack()
        self._packed = False
        try:
            self._open()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file and of temporary copies."""
        self._closing.close()

    def chunks(self) -> Iterator[bytes]:
        """Yield the content from its start, once, in pieces of at most a few MiB; UTF-8 as far as the file is."""
        yield self.head.data
        yield from self._rest

    def file(self) -> Path:
        """Return a file on disk that holds the content, for formats that must jump around in it."""
        if self.path is not None and not self._packed and self.path.is_file():
            return self.path
        copy = self._closing.enter_context(tempfile.NamedTemporaryFile(prefix="talklike-"))  # noqa: SIM115 - closed by close()
        for chunk in self.chunks():
            copy.write(chunk)
        copy.flush()
        return Path(copy.name)

    def place(self, line: int) -> str:
        """Return ``file:line``."""
        return f"{'<stdin>' if self.path is None else self.name}:{line}"

    def _open(self) -> None:
        file, size = self._file()
        magic = file.peek(8)[:8]
        inner = Path(self.name if self.path is not None else "stdin")
        self._packed = magic.startswith((unpack.ZIP, unpack.EMPTY_ZIP, unpack.GZIP, unpack.ZSTANDARD))
        if magic.startswith((unpack.ZIP, unpack.EMPTY_ZIP)):
            member, size, content = unpack.unzip(self._seekable(file), self.name)
            inner, content = Path(member), self._counted(content, size)
        else:
            content = self._counted(self._pieces(file), size)
            if magic.startswith(unpack.GZIP):
                content, inner = unpack.gunzip(content), _unsuffixed(inner, ".gz")
            elif magic.startswith(unpack.ZSTANDARD):
                content, inner = unpack.unzstd(content), _unsuffixed(inner, ".zst")
        self._rest = self._until_damage(content)
        start = self._take(HEAD)
        encoding = marked_encoding(start)
        if encoding is not None:
            self._rest = self._until_damage(to_utf8(itertools.chain((start,), self._rest), encoding))
            start = self._take(HEAD)
        if not start:
            what = "is empty" if self.damage is None else f"holds nothing readable: {self.damage}"
            raise ChatFileError(f"{self.name} {what}")
        following = next(self._rest, b"")
        self._rest = itertools.chain((following,), self._rest)
        self.head = Head(start, inner.suffix.lower(), complete=not following)
        self.stem = inner.stem
        self._refuse_binary(start)

    def _take(self, size: int) -> bytes:
        """Return at least ``size`` bytes of the stream, or all there are."""
        taken = bytearray()
        while len(taken) < size and (piece := next(self._rest, b"")):
            taken += piece
        return bytes(taken)

    def _seekable(self, file: IO[bytes]) -> IO[bytes]:
        if file.seekable():
            return file
        copy = self._closing.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - closed by close()
        shutil.copyfileobj(file, copy)
        return copy

    def _file(self) -> tuple[io.BufferedReader, int | None]:
        if self.path is None:
            return cast("io.BufferedReader", sys.stdin.buffer), None
        try:
            status = self.path.stat()
            if stat.S_ISDIR(status.st_mode):
                raise ChatFileError(f"{self.name} is a folder; name one file in it")
            file = self._closing.enter_context(self.path.open("rb"))
        except FileNotFoundError:
            raise ChatFileError(f"{self.name}: there is no such file") from None
        except (OSError, ValueError) as error:
            raise ChatFileError(f"{self.name} can't be opened: {_reason(error)}") from error
        return file, status.st_size if stat.S_ISREG(status.st_mode) else None

    def _pieces(self, file: io.BufferedReader) -> Iterator[bytes]:
        try:
            while piece := file.read1(unpack.PIECE):
                yield piece
        except OSError as error:
            raise ChatFileError(f"{self.name} can't be read: {_reason(error)}") from error

    def _counted(self, stream: Iterator[bytes], size: int | None) -> Iterator[bytes]:
        done = 0
        for piece in stream:
            done += len(piece)
            if self._progress is not None:
                self._progress(done, size)
            yield piece

    def _until_damage(self, stream: Iterator[bytes]) -> Iterator[bytes]:
        done = 0
        try:
            for piece in stream:
                done += len(piece)
                yield piece
        except (unpack.DamagedError, UnicodeDecodeError) as error:
            what = "the text is not what its byte order mark says" if isinstance(error, UnicodeDecodeError) else str(error)
            self.damage = f"{what}; only the {done:,} bytes before that are read" if done else what

    def _refuse_binary(self, start: bytes) -> None:
        if start.startswith(COLUMNAR):
            return
        kind = next((kind for magic, kind in BINARY if start.startswith(magic)), None)
        if kind is None and start[257:262] == b"ustar":
            kind = "a tar archive, which has to be unpacked first"
        if kind is None and b"\0" in start:
            kind = "binary (it holds NUL bytes)"
        if kind is not None:
            raise ChatFileError(f"{self.name} holds no text: it is {kind}")


def _unsuffixed(path: Path, suffix: str) -> Path:
    return path.with_suffix("") if path.suffix.lower() == suffix else path


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)
