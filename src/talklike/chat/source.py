"""Opens a file of an export as one stream of UTF-8 bytes, whatever it is packed in."""

from __future__ import annotations

import contextlib
import itertools
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Self

from talklike.chat import unpack
from talklike.chat.binary import no_text
from talklike.chat.encoding import holds_text, marked_encoding, sound_name, to_utf8, unmarked_utf16
from talklike.chat.tree import STANDARD_INPUT, Entry, Tree, open_tree, printable_name, reason_of
from talklike.errors import ChatFileError

if TYPE_CHECKING:
    from os import PathLike
    from typing import IO

Progress = Callable[[int, int | None], None]
"""Called with the bytes done and the bytes in all; None where nobody knows."""

_MAGIC = 8  # bytes that tell how a file is packed
HEAD = 1 << 18
"""Bytes that a format sees before it says whether the file is its own [byte]."""

COLUMNAR = (b"PAR1", b"ARROW1")
"""How binary files begin that have a reader."""

MAILBOX = b"From "
"""How a mailbox begins; NUL bytes in it came with a mail and don't make it something else."""

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
    (unpack.GZIP, "packed twice"),
    (unpack.ZSTANDARD, "packed twice"),
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
        path: The file as errors name it, for what the content alone leaves open.
    """

    data: bytes
    suffix: str
    complete: bool
    path: str = ""


class Source:
    """A file of an export, unpacked while it is read; use it as a context manager.

    Attributes:
        name: The file as errors name it: as the user did, or the export's name and the path inside.
        inner: Its path inside the export, without the suffix of what it is packed in.
        stem: Its name without folder and suffixes.
        shown: The file in ``file:line``.
        tree: The export, for formats that need a file beside this one.
        head: The first bytes and what else tells the format.
        damage: Why the stream ended early, once it has; None if it hasn't.
        notes: What else the report should say of the file's bytes, as far as they have been read.
    """

    def __init__(self, entry: Entry, tree: Tree, progress: Progress | None = None) -> None:
        """Open a file.

        Args:
            entry: Which.
            tree: The export that it is in.
            progress: Called while the file is read.

        Raises:
            ChatFileError: It is unreadable, empty or no text.
        """
        self.tree = tree
        self.name = printable_name(sound_name(tree.name if tree.alone else f"{tree.name.rstrip('/')}/{entry.name}"))
        self.shown = "<stdin>" + self.name[1:] if tree.name == STANDARD_INPUT else self.name
        self.damage: str | None = None
        self.notes: list[str] = []
        self._entry = entry
        self._progress = progress
        self._closing = contextlib.ExitStack()
        self._packed = False
        try:
            self._open()
        except BaseException:
            self.close()
            raise

    @classmethod
    def of(cls, path: str | PathLike[str], progress: Progress | None = None) -> Self:
        """Open the only file of an export; closing it closes the export too.

        Raises:
            ChatFileError: It is missing, unreadable, empty or no text, or there are several.
        """
        with contextlib.ExitStack() as stack:
            tree = stack.enter_context(open_tree(path))
            if len(tree.entries) != 1:
                raise ChatFileError(f"{printable_name(tree.name)} holds {len(tree.entries)} files, not one")
            source = cls(tree.entries[0], tree, progress)
            source._closing.callback(stack.pop_all().close)
        return source

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file and of temporary copies."""
        self._closing.close()

    def before_closing(self, call: Callable[[], object]) -> None:
        """Have something called before the file is let go of."""
        self._closing.callback(call)

    @property
    def waits_for_nobody(self) -> bool:
        """Whether all of the content lies on disk, and is more than its head."""
        return not self.head.complete and (self._entry.path or Path(self.tree.name)).is_file()

    def chunks(self) -> Iterator[bytes]:
        """Yield the content from its start, once, in pieces of at most a few MiB; UTF-8 as far as the file is."""
        yield self.head.data
        yield from self._rest

    def file(self) -> Path:
        """Return a file on disk that holds the content, for formats that must read it twice or jump around in it."""
        if self._entry.path is not None and not self._packed:
            return self._entry.path
        copy = self._closing.enter_context(tempfile.NamedTemporaryFile(prefix="talklike-"))  # noqa: SIM115 - closed by close()
        for chunk in self.chunks():
            copy.write(chunk)
        copy.flush()
        return Path(copy.name)

    def reopened(self, *, quietly: bool = False) -> Source:
        """Return the same file from its start, for formats that must read it twice; close it before this one.

        Args:
            quietly: Leave out the progress.
        """
        if self._entry.size is None and self._entry.path is None:  # a pipe can be read only once
            copy = self.file()
            self._entry = Entry(self._entry.name, copy.stat().st_size, lambda: copy.open("rb"), copy)
        again = Source(self._entry, self.tree, None if quietly else self._progress)
        again.notes = self.notes  # whichever of the two is read on
        return again

    def place(self, line: int) -> str:
        """Return ``file:line``."""
        return f"{self.shown}:{line}"

    def about(self, note: str) -> str:
        """Return a note with the file's name before it, if the export has several."""
        return note if len(self.tree.entries) == 1 else f"{self.shown}: {note}"

    def _note(self, note: str) -> None:
        if note not in self.notes:
            self.notes.append(note)

    def _open(self) -> None:
        try:
            file = self._entry.open()
            if self.name != STANDARD_INPUT or self._entry.path is not None:  # standard input isn't ours to close
                self._closing.callback(file.close)
            start = file.read(_MAGIC)
        except (OSError, ValueError, NotImplementedError, *unpack.DAMAGE) as error:
            raise ChatFileError(f"{self.name} can't be opened: {reason_of(error)}") from error
        inner = PurePosixPath(sound_name(self._entry.name))
        content = self._counted(itertools.chain((start,), self._pieces(file)), self._entry.size)
        if start.startswith(unpack.GZIP):
            content, inner = unpack.gunzip(content), _unsuffixed(inner, ".gz")
        elif start.startswith(unpack.ZSTANDARD):
            content, inner = unpack.unzstd(content), _unsuffixed(inner, ".zst")
        self._packed = start.startswith((unpack.GZIP, unpack.ZSTANDARD))
        self._rest = self._until_damage(content)
        start = self._take(HEAD)
        encoding = marked_encoding(start)
        if encoding is not None:
            replaced = partial(self._note, f"what is no character in {encoding.upper()} is replaced by \N{REPLACEMENT CHARACTER}")
            self._packed = True  # the file on disk is not what the stream gives
            self._rest = self._until_damage(to_utf8(itertools.chain((start,), self._rest), encoding, replaced))
            start = self._take(HEAD)
        if not start:
            what = "is empty" if self.damage is None else f"holds nothing readable: {self.damage}"
            raise ChatFileError(f"{self.name} {what}")
        self._refuse_binary(start, inner.name)
        start = self._mended(start)
        following = next(self._rest, b"")
        self._rest = itertools.chain((following,), self._rest)
        self.head = Head(start, inner.suffix.lower(), complete=not following, path=self.name)
        self.inner = inner
        self.stem = inner.stem

    def _mended(self, start: bytes) -> bytes:
        """Return the head, without what no text has; the same is done to what follows, if the head needs it."""
        if start.startswith((*COLUMNAR, MAILBOX)):
            return start
        nuls = b"\0" in start
        returns = b"\n" not in start and start.count(b"\r") > 1
        if not nuls and not returns:
            return start
        if nuls:
            self._note("NUL bytes, which no text has, are left out")
        if returns:
            self._note("lines end with a carriage return alone, as on old Macs")
        self._packed = True  # the file on disk is not what the stream gives
        mend = partial(_without, returns=returns, nuls=nuls)
        self._rest = filter(None, map(mend, self._rest))
        return mend(start)

    def _take(self, size: int) -> bytes:
        """Return at least ``size`` bytes of the stream, or all there are."""
        taken = bytearray()
        while len(taken) < size and (piece := next(self._rest, b"")):
            taken += piece
        return bytes(taken)

    def _pieces(self, file: IO[bytes]) -> Iterator[bytes]:
        read = getattr(file, "read1", file.read)  # of a pipe, what is there
        try:
            while piece := read(unpack.PIECE):
                yield piece
        except unpack.DAMAGE as error:
            raise unpack.DamagedError("the archive's data are damaged") from error
        except OSError as error:
            raise ChatFileError(f"{self.name} can't be read: {reason_of(error)}") from error

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

    def _refuse_binary(self, start: bytes, name: str) -> None:
        if start.startswith(COLUMNAR):
            return
        kind = next((kind for magic, kind in BINARY if start.startswith(magic)), None)
        if kind is None and b"\0" in start and not start.startswith(MAILBOX):
            if unmarked_utf16(start):
                raise ChatFileError(f"{self.name} looks like UTF-16 without its byte order mark; save it as UTF-8")
            if not holds_text(start):
                kind = "binary (it holds NUL bytes)"
        if kind is not None:
            raise ChatFileError(f"{self.name} holds no text: {no_text(kind, start, name)}")


def _without(piece: bytes, *, returns: bool, nuls: bool) -> bytes:
    """Return a piece of a file with newlines for carriage returns, without NUL bytes, or both."""
    if nuls:
        piece = piece.replace(b"\0", b"")
    return piece.replace(b"\r", b"\n") if returns else piece


def _unsuffixed(path: PurePosixPath, suffix: str) -> PurePosixPath:
    return path.with_suffix("") if path.suffix.lower() == suffix else path
