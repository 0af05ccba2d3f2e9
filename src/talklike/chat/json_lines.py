"""Files of one JSON value a line, as databases and bulk exports write them, and the first values of any JSON file."""

from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING, Any, cast

from talklike.chat.json_items import Item, items
from talklike.chat.lines import is_cut, line_blocks
from talklike.chat.report import ReadReport
from talklike.errors import ChatFileError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from talklike.chat.source import Head, Source

FIRST = 50
"""How many values of a file tell its format."""


def json_lines(source: Source, report: ReadReport) -> Iterator[Item]:
    """Yield the value of each line; lines that are no JSON, or longer than ``lines.BLOCK``, are counted as ``malformed``.

    Args:
        source: The file.
        report: Gets the malformed lines and notes about repaired or lost bytes.
    """
    line, too_long = 1, False
    for data in line_blocks(source, report):
        rows = data.removesuffix(b"\n").split(b"\n")
        if too_long:  # the rest of a line that began in an earlier block
            rows[0] = b""
        if is_cut(data):
            if not too_long:
                report.skip("malformed", 1, [source.place(line)])
            too_long = True
            continue
        too_long = False
        for number, row in enumerate(rows, line):
            if row.strip():
                try:
                    value = json.loads(row)
                except (ValueError, RecursionError):
                    report.skip("malformed", 1, [source.place(number)])
                else:
                    yield Item((), value, number)
        line += len(rows)


def first_lines(head: Head) -> list[dict[str, Any]]:
    """Return the first objects of a file that holds one a line; none if another thing stands on one of these lines."""
    if not head.data.lstrip().startswith(b"{"):
        return []
    rows = [row for row in head.data.split(b"\n", 4 * FIRST)[: 4 * FIRST] if row.strip()][: FIRST + 1]
    if not head.complete or len(rows) > FIRST:
        rows = rows[:FIRST] if len(rows) > FIRST else rows[:-1]
    found: list[dict[str, Any]] = []
    for row in rows:
        try:
            value = json.loads(row)
        except (ValueError, RecursionError):
            return found if row is rows[-1] else []  # the last may be cut off
        if not isinstance(value, dict):
            return []
        found.append(value)
    return found


def first_items(head: Head, *wanted: Sequence[str], most: int = FIRST) -> list[Item]:
    """Return the first values at some paths of a JSON document (see ``json_items.items``), as far as the head has them whole.

    Args:
        head: Of the file.
        wanted: Paths.
        most: How many values.
    """
    if not head.data.lstrip().startswith((b"{", b"[")):
        return []
    report = ReadReport("", "", "")
    try:
        return list(itertools.islice(items(cast("Source", _HeadOnly(head.data)), report, *wanted), most))
    except ChatFileError:
        return []


class _HeadOnly:
    """As much of a file as detection sees, in place of the file."""

    damage = None

    def __init__(self, data: bytes) -> None:
        self._data = data

    def chunks(self) -> Iterator[bytes]:
        """Yield the head."""
        yield self._data

    def place(self, line: int) -> str:
        """Return the line alone; nobody gets to see it."""
        return str(line)
