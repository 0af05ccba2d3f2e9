"""Which characters a file's bytes stand for: byte order marks, UTF-16, NUL bytes, and lines that are not UTF-8."""

from __future__ import annotations

import codecs
import itertools
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

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

FIRST_BYTES = 16
"""In these no text has a NUL byte, and nearly every binary format has one."""

MOST_CONTROLS = 0.05
"""Share of control characters up to which bytes may be text; of packed or encrypted data it is 0.1."""

LEAST_ASCII = 0.7
"""Share of ASCII from which text with NUL bytes may be in another encoding than UTF-8; of Chinese in UTF-16 it is 0.5."""

_CONTROLS = bytes(byte for byte in range(1, 0x20) if byte not in b"\t\n\v\f\r\x1b")
_ASCII = bytes(range(0x20, 0x7F)) + b"\t\n\r"
_LOOKED_AT = 1 << 12  # bytes that tell UTF-16

_UNITS = {"utf-16": 2, "utf-32": 4}  # bytes
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_FEW, _MOST_REPLACED = 10, 0.1  # more characters than that in a piece, and more of them: the mark is wrong

_PIECE = 1 << 20  # bytes that are copied and checked at once; more would be copied into memory fresh from the system


def marked_encoding(head: bytes) -> str | None:
    """Return the encoding that a byte order mark at the start announces, None without one."""
    return next((encoding for mark, encoding in MARKS if head.startswith(mark)), None)


def unmarked_utf16(head: bytes) -> bool:
    """Return whether the first bytes of a file look like UTF-16 without its mark: NUL bytes, and only at every other place."""
    head = head[: min(_LOOKED_AT, len(head) // 2 * 2)]
    for codec, high, low in (("utf-16-le", head[1::2], head[0::2]), ("utf-16-be", head[0::2], head[1::2])):
        if high.count(0) > max(2, 0.1 * len(high)) and low.count(0) <= 0.01 * len(low):
            text = head.decode(codec, "replace")
            return sum(char.isprintable() or char.isspace() for char in text) > 0.9 * len(text)
    return False


def holds_text(head: bytes) -> bool:
    """Return whether the first bytes of a file are text, though there are NUL bytes among them.

    Some may be in any text, and thousands in a row where the power went while a log was written.
    """
    if 0 in head[:FIRST_BYTES]:
        return False
    rest = head.replace(b"\0", b"")
    controls = len(re.findall(rb"\0+", head)) + len(rest) - len(rest.translate(None, _CONTROLS))
    if controls > max(1, MOST_CONTROLS * len(rest)):
        return False
    try:
        codecs.getincrementaldecoder("utf-8")().decode(rest)  # the last character may be cut off
    except UnicodeDecodeError:
        return len(rest.translate(None, _ASCII)) <= (1 - LEAST_ASCII) * len(rest)
    return True


def sound_name(name: str) -> str:
    r"""Return a file's name in characters that UTF-8 can hold: one that isn't UTF-8 on disk is read as Windows-1252.

    >>> sound_name("M\udcfcller.txt")
    'Müller.txt'
    """
    try:
        return Repairs().decode(name.encode("utf-8", "surrogateescape"), 1)
    except UnicodeEncodeError:  # half a surrogate pair, which Windows allows in names
        return name.encode("utf-8", "replace").decode()


def to_utf8(chunks: Iterable[bytes], encoding: str, replaced: Callable[[], object] = lambda: None) -> Iterator[bytes]:
    """Re-encode a stream in UTF-8, without its byte order mark.

    Args:
        chunks: The stream, cut anywhere.
        encoding: What ``marked_encoding`` found.
        replaced: Called when characters that are none (half a surrogate pair) had to be replaced.

    Raises:
        UnicodeDecodeError: The stream breaks off or is not in ``encoding`` (never for UTF-8, see ``Repairs``).
    """
    if encoding == "utf-8":
        first = True
        for piece in chunks:
            yield piece.removeprefix(codecs.BOM_UTF8) if first else piece
            first = False
        return
    decoder = codecs.getincrementaldecoder(encoding)()
    for chunk, final in itertools.chain(((chunk, False) for chunk in chunks), ((b"", True),)):
        try:
            text = decoder.decode(chunk, final)
        except UnicodeDecodeError:
            if final and len(decoder.getstate()[0]) % _UNITS[encoding]:
                raise  # it breaks off
            decoder.errors = "replace"
            text = decoder.decode(chunk, final)
            decoder.errors = "strict"
            if text.count(_REPLACEMENT) > max(_FEW, len(text) * _MOST_REPLACED):
                raise
            replaced()
        if text:
            yield text.encode()


@dataclass
class Repairs:
    """Lines that are not UTF-8 and are read as Windows-1252, what old chat clients wrote.

    Attributes:
        count: How many lines.
        lines: The numbers of the first few.
    """

    MOST_LINES = 10
    NOTED = "not UTF-8, read as Windows-1252"

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
            return "\n".join(self.value(one, line + i) for i, one in enumerate(data.split(b"\n")))

    def repair(self, data: bytes, line: int) -> bytes:
        """Return ``data`` as valid UTF-8; the lines and their number stay the same."""
        return data if _is_utf8(data) else self.decode(data, line).encode()

    def value(self, data: bytes, line: int) -> str:
        """Return ``data`` as text, all of it as Windows-1252 if it is not UTF-8.

        Args:
            data: One value.
            line: Where it begins, from 1.
        """
        try:
            return data.decode()
        except UnicodeDecodeError:
            self.count += 1
            if len(self.lines) < self.MOST_LINES:
                self.lines.append(line)
            return "".join([_WINDOWS_1252[byte] for byte in data])

    def note(self) -> str | None:
        """Return what a reader of the report should know, None where nothing was repaired."""
        if not self.count:
            return None
        numbers = ", ".join(map(str, self.lines)) + (", …" if self.count > len(self.lines) else "")
        lines = "1 line is" if self.count == 1 else f"{self.count:,} lines are"
        return f"{lines} {self.NOTED} (line {numbers})"


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
