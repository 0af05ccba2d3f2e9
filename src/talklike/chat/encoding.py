"""Which characters a file's bytes stand for: byte order marks, UTF-16, and lines that are not UTF-8."""

from __future__ import annotations

import codecs
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""Byte order marks, and the codec that each announces."""

# Windows-1252 leaves five bytes undefined; browsers read them as control characters, and so do we.
_UNDEFINED = {byte: chr(byte) for byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}
_WINDOWS_1252 = [bytes([b]).decode("cp1252") if b not in _UNDEFINED else _UNDEFINED[b] for b in range(256)]

_PIECE = 1 << 20  # bytes that are copied and checked at once; more would be copied into memory fresh from the system


def marked_encoding(head: bytes) -> str | None:
    """Return the encoding that a byte order mark at the start announces, None without one."""
    return next((encoding for mark, encoding in MARKS if head.startswith(mark)), None)


def to_utf8(chunks: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """Re-encode a stream in UTF-8, without its byte order mark.

    Args:
        chunks: The stream, cut anywhere.
        encoding: What ``marked_encoding`` found.

    Raises:
        UnicodeDecodeError: The stream breaks off or is not in ``encoding`` (never for UTF-8, see ``Repairs``).
    """
    if encoding == "utf-8":
        first = True
        for chunk in chunks:
            yield chunk.removeprefix(codecs.BOM_UTF8) if first else chunk
            first = False
        return
    decoder = codecs.getincrementaldecoder(encoding)()
    for chunk in chunks:
        yield decoder.decode(chunk).encode("utf-8", "surrogatepass")
    decoder.decode(b"", final=True)


@dataclass
class Repairs:
    """Lines that are not UTF-8 and are read as Windows-1252, what old chat clients wrote.

    Attributes:
        count: How many lines.
        lines: The numbers of the first few.
    """

    MOST_LINES = 10

    count: int = 0
    lines: list[int] = field(default_factory=list)

    def decode(self, data: bytes, line: int) -> str:
        """Return ``data`` as text, every line that is not UTF-8 read as Windows-1252.

        Args:
            data: Whole lines.
            line: Number of the first, from 1.
        """
        try:
            return data.decode()
        except UnicodeDecodeError:
            return "".join(self._line(one, line + i) for i, one in enumerate(data.split(b"\n")))[:-1]

    def repair(self, data: bytes, line: int) -> bytes:
        """Return ``data`` as valid UTF-8; the lines and their number stay the same."""
        return data if _is_utf8(data) else self.decode(data, line).encode()

    def _line(self, data: bytes, line: int) -> str:
        try:
            return data.decode() + "\n"
        except UnicodeDecodeError:
            self.count += 1
            if len(self.lines) < self.MOST_LINES:
                self.lines.append(line)
            return "".join([_WINDOWS_1252[byte] for byte in data]) + "\n"

    def note(self) -> str | None:
        """Return what a reader of the report should know, None where nothing was repaired."""
        if not self.count:
            return None
        numbers = ", ".join(map(str, self.lines)) + (", …" if self.count > len(self.lines) else "")
        lines = "1 line is" if self.count == 1 else f"{self.count:,} lines are"
        return f"{lines} not UTF-8, read as Windows-1252 (line {numbers})"


def _is_utf8(data: bytes) -> bool:
    """Return whether bytes are UTF-8, fourteen times as fast as Python decodes them."""
    start = 0
    while start < len(data):
        end = min(start + _PIECE, len(data))
        for _ in range(3):  # a character has three bytes after its first at most
            if end < len(data) and data[end] & 0xC0 == 0x80:
                end -= 1
        try:
            pl.Series([data[start:end]], dtype=pl.Binary).cast(pl.String)
        except pl.exceptions.PolarsError:
            return False
        start = end
    return True
