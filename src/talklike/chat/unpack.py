"""Unpacks gzip, Zstandard and zip while reading, in pieces of bounded size."""

from __future__ import annotations

import zipfile
import zlib
from typing import IO, TYPE_CHECKING

from talklike.errors import ChatFileError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

GZIP = b"\x1f\x8b"
ZSTANDARD = b"\x28\xb5\x2f\xfd"
ZIP = b"PK\x03\x04"
EMPTY_ZIP = b"PK\x05\x06"
PIECE = 1 << 20
"""Most bytes in a piece [byte]."""

# Zstandard's binding has no limit for what one call returns: 4 bytes may become a block of 128 KiB, so 1 KiB at most 32 MiB.
_ZSTANDARD_FEED = 1 << 10
# What one call has unpacked is lost when it meets damage.
_GZIP_FEED = 1 << 14


class DamagedError(Exception):
    """What follows can't be unpacked; what came before is sound."""


def gunzip(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the content of a gzip file, of all its members.

    Raises:
        DamagedError: The file is cut off or damaged here.

    Source: RFC 1952, GZIP file format specification.
    """
    member = zlib.decompressobj(zlib.MAX_WBITS | 16)
    for cut in _cut(chunks, _GZIP_FEED):
        rest = cut
        while rest:
            if member.eof:
                rest = rest.lstrip(b"\0")  # tapes and some servers pad with zeros
                if not rest:
                    break
                member = zlib.decompressobj(zlib.MAX_WBITS | 16)
            try:
                piece = member.decompress(rest, PIECE)
            except zlib.error as error:
                raise DamagedError("the gzip data are damaged") from error
            if piece:
                yield piece
            rest = member.unused_data if member.eof else member.unconsumed_tail
    while not member.eof:  # what the last call's limit left inside
        piece = member.decompress(b"", PIECE)
        if not piece:
            raise DamagedError("the gzip file is cut off")
        yield piece


def unzstd(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the content of a Zstandard file, of all its frames.

    Raises:
        DamagedError: The file is cut off or damaged here.

    Source: RFC 8878, Zstandard Compression.
    """
    import zstandard

    frame = zstandard.ZstdDecompressor().decompressobj()
    for cut in _cut(chunks, _ZSTANDARD_FEED):
        rest = cut
        while rest:
            if frame.eof:
                frame = zstandard.ZstdDecompressor().decompressobj()
            try:
                piece = frame.decompress(rest)
            except zstandard.ZstdError as error:
                raise DamagedError("the Zstandard data are damaged") from error
            if piece:
                yield piece
            rest = frame.unused_data if frame.eof else b""
    if not frame.eof:
        raise DamagedError("the Zstandard file is cut off")


def _cut(chunks: Iterable[bytes], size: int) -> Iterator[bytes]:
    for chunk in chunks:
        for start in range(0, len(chunk), size):
            yield chunk[start : start + size]


def only_member(archive: zipfile.ZipFile, source: str) -> zipfile.ZipInfo:
    """Return the one data file in a zip; what macOS adds and hidden files don't count.

    Raises:
        ChatFileError: There is none, there are several, or it is encrypted.
    """
    members = [
        info
        for info in archive.infolist()
        if not info.is_dir() and not any(part == "__MACOSX" or part.startswith(".") for part in info.filename.split("/"))
    ]
    if not members:
        raise ChatFileError(f"{source}: the zip holds no file")
    if len(members) > 1:
        names = ", ".join(info.filename for info in members[:5]) + (", …" if len(members) > 5 else "")
        raise ChatFileError(f"{source}: the zip holds {len(members)} files ({names}); unpack it and name one of them")
    if members[0].flag_bits & 1:
        raise ChatFileError(f"{source}: {members[0].filename} is encrypted; unpack it first")
    return members[0]


def unzip(file: IO[bytes], source: str) -> tuple[str, int, Iterator[bytes]]:
    """Open the one data file in a zip.

    Args:
        file: The zip; can be searched.
        source: The file as the user named it, for errors.

    Returns:
        Its name, its size [byte] and its content, whose end may be a ``DamagedError``.

    Raises:
        ChatFileError: No zip, or not one file in it.
    """
    try:
        archive = zipfile.ZipFile(file)
        info = only_member(archive, source)
        member = archive.open(info)
    except (zipfile.BadZipFile, NotImplementedError, OSError) as error:
        raise ChatFileError(f"{source}: the zip is cut off or damaged: {error}; copy or download it again") from error

    def content() -> Iterator[bytes]:
        with archive, member:
            try:
                while piece := member.read(PIECE):
                    yield piece
            except (zipfile.BadZipFile, zlib.error, EOFError) as error:
                raise DamagedError("the zip data are damaged") from error

    return info.filename, info.file_size, content()
