"""A file's content in blocks of whole lines, valid UTF-8 throughout."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talklike.chat.encoding import Repairs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talklike.chat.report import ReadReport
    from talklike.chat.source import Source

BLOCK = 1 << 24
"""Bytes that are handed on at a time, and the most that one line or record may have [byte]."""

LONGEST_CHARACTER = 4
"""Most bytes in a UTF-8 character [byte]."""


def line_blocks(source: Source, report: ReadReport, block: int = BLOCK) -> Iterator[bytes]:
    """Yield the content in blocks of at most ``block`` bytes that end with a line.

    Only the last block may end without a newline, and pieces of a line that is longer than ``block`` (``is_cut``); those
    are cut between characters.

    Args:
        source: The file.
        report: Gets a note about lines that had to be repaired, and one about a damaged end.
        block: Size [byte].
    """
    repairs = Repairs()
    pending = bytearray()
    line = 1
    for chunk in source.chunks():
        pending += chunk
        while len(pending) >= block:
            end = pending.rfind(b"\n", 0, block) + 1 or _character_end(pending, block)
            data = bytes(pending[:end])
            del pending[:end]
            yield repairs.repair(data, line)
            line += data.count(b"\n")
    if pending:
        yield repairs.repair(bytes(pending), line)
    report.notes.extend(note for note in (source.damage, repairs.note()) if note)


def is_cut(data: bytes, block: int = BLOCK) -> bool:
    """Return whether a block is a piece of a line that is longer than ``block``."""
    return not data.endswith(b"\n") and len(data) > block - LONGEST_CHARACTER


def _character_end(data: bytearray, most: int) -> int:
    """Return where the last whole UTF-8 character before ``most`` ends; ``most`` where it isn't UTF-8."""
    for end in range(most, max(0, most - LONGEST_CHARACTER), -1):
        if end == len(data) or data[end] & 0xC0 != 0x80:  # no continuation byte: a character begins at end
            return end
    return most
