"""JSON Lines: one object a line, nested or flat."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from talklike.chat import columns
from talklike.chat.columns import recognised
from talklike.chat.format import Batch, Match
from talklike.chat.formats.text import JSON_START
from talklike.chat.json_lines import json_lines
from talklike.chat.rows import Rows
from talklike.chat.source import HEAD
from talklike.errors import FormatError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

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
        fields = {"name": where.name, "channel": where.channel, "id": where.id}
        author, text = _getter(names[where.author]), _getter(names[where.text])
        others = {field: _getter(names[number]) for field, number in fields.items() if number is not None}
        times = [_getter(names[number]) for number in where.time]
        rows = Rows()
        for item in json_lines(source, report):
            value = item.value
            if not isinstance(value, dict):
                report.skip("malformed", 1, [source.place(item.line)])
                continue
            time = [part for get in times if (part := get(value)) is not None]
            rows.add(
                item.line,
                author(value),
                text(value),
                time=" ".join(time) if time and len(time) == len(times) else None,
                **{field: get(value) for field, get in others.items()},
            )
            yield from rows.full()
        yield from rows.rest()


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
