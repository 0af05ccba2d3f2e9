"""Unpacks gzip and Zstandard while reading, in pieces of bounded size."""

from __future__ import annotations

import lzma
import tarfile
import zipfile
import zlib
from typing import IO, TYPE_CHECKING

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


DAMAGE = (zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, EOFError)
"""What reading a file of a damaged archive may raise, besides the system's own errors."""


class DamagedError(Exception):
    """What follows can't be unpacked; what came before is sound."""


def pieces(file: IO[bytes]) -> Iterator[bytes]:
    """Yield what a file holds, in pieces of at most ``PIECE`` bytes."""
    while piece := file.read(PIECE):
        yield piece


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

    frame = zstandard.ZstdDecompressor(max_window_size=1 << 31).decompressobj()  # dumps packed with --ultra --long=31
    for cut in _cut(chunks, _ZSTANDARD_FEED):
        rest = cut
        while rest:
            if frame.eof:
                frame = zstandard.ZstdDecompressor(max_window_size=1 << 31).decompressobj()
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
