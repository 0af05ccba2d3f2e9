"""JSON Lines: one object a line, nested or flat."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from talklike.chat import columns
from talklike.chat.columns import Columns, recognised
from talklike.chat.format import Batch, Match
from talklike.chat.formats.text import JSON_START
from talklike.chat.lines import is_cut, line_blocks
from talklike.chat.source import HEAD
from talklike.chat.tabular import raw_columns
from talklike.errors import FormatError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from talklike.chat.format import Rows
    from talklike.chat.options import ReadOptions
    from talklike.chat.report import ReadReport
    from talklike.chat.source import Head, Source
    from talklike.chat.table import Kind

FIRST = 200
"""How many objects tell which fields there are."""


class JsonLines:
    """One JSON object a line; nested fields have dotted names (``fromUser.id``)."""

    name = "jsonl"
    title = "JSON Lines: one object a line"
    rule = "every line is a JSON object; nested fields have dotted names"
    limits = "one document that holds all messages in an array is read only in the layouts of the apps above"
    kind: Kind = "messages"
    has_columns = True

    def detect(self, head: Head) -> Match | None:
        """Say whether the first lines are JSON objects."""
        if not JSON_START.match(head.data):
            return None
        first = _parse(head.data.lstrip().split(b"\n", 1)[0])
        objects = _first_objects(head)
        if (
            first is not None
            and objects == [first]
            and any(isinstance(v, list) and v and isinstance(v[0], dict) for v in first.values())
        ):
            return None  # one document that holds the messages, not one message a line
        if first is not None and objects:
            known = recognised(_fields(objects)) == 2
            return Match(0.9 if known else 0.5, "each line is a JSON object" + (" with known fields" if known else ""))
        return Match(0.4, f"the file's name ends in {head.suffix}") if head.suffix in (".jsonl", ".ndjson") else None

    def read(self, source: Source, options: ReadOptions, report: ReadReport) -> Iterator[Batch]:
        """Yield the objects.

        Raises:
            FormatError: The fields of author and text are not known.
        """
        names = _fields(_first_objects(source.head))
        if not names:
            raise FormatError(f"{source.name}: no JSON object ends within the first {HEAD >> 10} KiB")
        where = columns.find(names, options.columns, source.name)
        take = {number: _getter(names[number]) for number in where.used()}
        for line, block in _lines(source, report):
            numbers: list[int] = []
            rows: list[list[str | None]] = []
            for number, text in enumerate(block, line):
                value = _parse(text)
                if value is not None:
                    numbers.append(number)
                    rows.append([get(value) for get in take.values()])
                elif text.strip():
                    report.skip("malformed", 1, [source.place(number)])
            yield _batch(rows, numbers, where)


def _lines(source: Source, report: ReadReport) -> Iterator[tuple[int, list[bytes]]]:
    """Yield blocks of lines with the number of the first; lines longer than a block are malformed."""
    line, too_long = 1, False
    for data in line_blocks(source, report):
        lines = data.removesuffix(b"\n").split(b"\n")
        if too_long:  # the rest of a line that began in an earlier block
            lines[0] = b""
        if is_cut(data):
            if not too_long:
                report.skip("malformed", 1, [source.place(line)])
            too_long = True
            continue
        if source.damage is not None and lines[-1] and not data.endswith(b"\n"):
            lines[-1] = b"{"  # the end of a damaged file is no end of an object
        too_long = False
        yield line, lines
        line += len(lines)


def _batch(rows: list[list[str | None]], numbers: list[int], where: Columns) -> Batch:
    values = zip(*rows, strict=True) if rows else ([] for _ in where.used())
    fields = pl.DataFrame({str(i): pl.Series(v, dtype=pl.String) for i, v in zip(where.used(), values, strict=True)})
    lines = np.array(numbers, np.int64)

    def at(rows: Rows) -> Rows:
        return lines[rows]

    return Batch(raw_columns(fields, where), at)


def _parse(line: bytes) -> dict[str, Any] | None:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _first_objects(head: Head) -> list[dict[str, Any]]:
    lines = head.data.split(b"\n")
    if not head.complete:
        lines.pop()
    return [value for line in lines[:FIRST] if (value := _parse(line)) is not None]


def _fields(objects: list[dict[str, Any]]) -> list[str]:
    """Return the dotted names of all fields, in the order they are first seen."""
    names: dict[str, None] = {}
    for value in objects:
        for key, inner in value.items():
            if isinstance(inner, dict):
                names.update(dict.fromkeys(f"{key}.{name}" for name in inner))
            else:
                names[key] = None
    return list(names)


def _getter(name: str) -> Callable[[dict[str, Any]], str | None]:
    outer, _, inner = name.partition(".")

    def get(value: dict[str, Any]) -> str | None:
        found = value.get(name)
        if found is None and inner:
            nested = value.get(outer)
            found = nested.get(inner) if isinstance(nested, dict) else None
        return _string(found)

    return get


def _string(value: object) -> str | None:
    if isinstance(value, str):
        # JSON can spell half a surrogate pair, which is no character.
        return value if value.isascii() else value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return None


JSONL = JsonLines()
