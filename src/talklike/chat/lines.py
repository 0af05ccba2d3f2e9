"""A file's content in blocks of whole lines, valid UTF-8 throughout."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from talklike.chat.encoding import Repairs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from talklike.chat.report import ReadReport
    from talklike.chat.source import Source

BLOCK = 1 << 24
"""Bytes that are handed on at a time, and the most that one line or record may have [byte]."""

LONGEST_CHARACTER = 4
"""Most bytes in a UTF-8 character [byte]."""

_NEWLINE = 0x0A
_CACHED = 1 << 18  # bytes that stay in a core's cache while they are compared and counted


def line_blocks(source: Source, report: ReadReport, block: int = BLOCK) -> Iterator[bytes]:
    """Yield the content in blocks of at most ``block`` bytes that end with a line.

    Only the last block may end without a newline, and pieces of a line that is longer than ``block`` (``is_cut``); those
    are cut between characters.

    Args:
        source: The file.
        report: Gets a note about lines that had to be repaired, and one about a damaged end.
        block: Size [byte].
    """
    for _, data in numbered_blocks(source, report, block):
        yield data


def numbered_blocks(source: Source, report: ReadReport, block: int = BLOCK) -> Iterator[tuple[int, bytes]]:
    """Yield what ``line_blocks`` does, and before each block the number of its first line, from 1."""
    repairs = Repairs()
    line = 1
    for data in _cut(source.chunks(), block):
        yield line, repairs.repair(data, line)
        line += newlines(data)
    report.notes.extend(note for note in (source.damage, repairs.note()) if note)


def newlines(data: bytes) -> int:
    """Return how many newlines there are, three times as fast as ``bytes.count``."""
    array = np.frombuffer(data, np.uint8)
    same = np.empty(min(array.size, _CACHED), np.bool_)
    return sum(
        int(np.count_nonzero(np.equal(part, _NEWLINE, out=same[: part.size])))
        for part in (array[start : start + _CACHED] for start in range(0, array.size, _CACHED))
    )


def is_cut(data: bytes, block: int = BLOCK) -> bool:
    """Return whether a block is a piece of a line that is longer than ``block``."""
    return not data.endswith(b"\n") and len(data) > block - LONGEST_CHARACTER


def _cut(chunks: Iterable[bytes], block: int) -> Iterator[bytes]:
    """Yield the content in blocks; each byte is copied once, and those around a cut again."""
    pieces: list[bytes] = []
    size = 0
    for chunk in chunks:
        pieces.append(chunk)
        size += len(chunk)
        while size >= block:
            room = block - (size - len(pieces[-1]))  # how much of the last piece still belongs to the block
            end = pieces[-1].rfind(b"\n", 0, room) + 1 if room > 0 else 0
            if not end:
                pieces = [b"".join(pieces)]
                end = pieces[0].rfind(b"\n", 0, block) + 1 or _character_end(pieces[0], block)
            last = pieces.pop()
            yield b"".join((*pieces, last[:end]))
            pieces = [last[end:]]
            size = len(pieces[0])
    if size:
        yield b"".join(pieces)


def _character_end(data: bytes, most: int) -> int:
    """Return where the last whole UTF-8 character before ``most`` ends; ``most`` where it isn't UTF-8."""
    for end in range(most, max(0, most - LONGEST_CHARACTER), -1):
        if end == len(data) or data[end] & 0xC0 != 0x80:  # no continuation byte: a character begins at end
            return end
    return most
