"""JSON Lines, one object a line, and JSON documents whose messages are objects of one array; nested or flat."""

from __future__ import annotations

import itertools
import json
import re
from typing import TYPE_CHECKING, Any

from talklike.chat import columns
from talklike.chat.columns import recognised
from talklike.chat.format import Batch, Match
from talklike.chat.formats.text import JSON_START
from talklike.chat.json_items import items
from talklike.chat.json_lines import first_items, json_lines
from talklike.chat.json_values import time as moment
from talklike.chat.rows import Rows
from talklike.chat.source import HEAD
from talklike.errors import FormatError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from talklike.chat.json_items import Item
    from talklike.chat.options import ReadOptions
    from talklike.chat.report import ReadReport
    from talklike.chat.source import Head, Source
    from talklike.chat.table import Kind

FIRST = 200
"""How many objects tell which fields there are."""

MOST_ARRAYS = 10
"""Of those that begin in the head of a document, how many are looked at."""

ALONE = 0.45
"""How sure it is of an array with known fields: enough for a file alone, not for one of several (``detect.SURE``)."""

ASKED = 0.05
"""How sure it is of an array with other fields: enough if the user names the columns (``detect.LEAST``)."""

_ARRAY = re.compile(rb'"([^"\\\n]{1,60})"\s{0,20}:\s{0,20}\[\s{0,100}\{')


class JsonLines:
    """One JSON object a line, or in an array; nested fields have dotted names (``fromUser.id``)."""

    name = "jsonl"
    title = "JSON Lines: one object a line; JSON: an array of objects"
    rule = "every line is a JSON object, or objects in an array name an author and a text; nested fields have dotted names"
    limits = (
        "an array is read if it is the whole document or right inside its outermost object, and the file isn't one of several"
    )
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
            return _in_array(head)  # one document that holds the messages, not one message a line
        if first is not None and objects:
            known = recognised(_fields(objects)) == 2
            return Match(0.9 if known else 0.5, "each line is a JSON object" + (" with known fields" if known else ""))
        if head.suffix in (".jsonl", ".ndjson"):
            return Match(0.4, f"the file's name ends in {head.suffix}")
        return _in_array(head)

    def read(self, source: Source, options: ReadOptions, report: ReadReport) -> Iterator[Batch]:
        """Yield the objects.

        Raises:
            FormatError: The fields of author and text are not known.
        """
        path = _array(source.head)
        names = _fields(_first_objects(source.head) if path is None else _elements(source.head, path))
        if not names:
            raise FormatError(f"{source.name}: no JSON object ends within the first {HEAD >> 10} KiB")
        where = columns.find(names, options.columns, source.name)
        fields = {"name": where.name, "channel": where.channel, "id": where.id}
        author, text = _getter(names[where.author]), _getter(names[where.text])
        others = {field: _getter(names[number]) for field, number in fields.items() if number is not None}
        times = [_getter(names[number], _time) for number in where.time]
        rows = Rows()
        for item in json_lines(source, report) if path is None else _within(items(source, report, path), path):
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


def _in_array(head: Head) -> Match | None:
    """Say whether a document holds an array of objects that may be messages."""
    path = _array(head)
    if path is None:
        return None
    known = recognised(_fields(_elements(head, path))) == 2
    what = "a JSON array of objects"
    return Match(ALONE, f"{what} with known fields") if known else Match(ASKED, what)


def _array(head: Head) -> tuple[str, ...] | None:
    """Return the path to the messages of a document: the array of objects with the best known fields, the first of them.

    None if it is one object a line, or one object that is a message itself.
    """
    start = head.data.lstrip()
    first = _parse(start.split(b"\n", 1)[0])
    if first is not None and len(_first_objects(head)) > 1:
        return None
    paths: list[tuple[str, ...]] = [("*",)]
    if not start.startswith(b"["):
        keys = dict.fromkeys(found[1].decode("utf-8", "replace") for found in _ARRAY.finditer(head.data))
        paths = [(key, "*") for key in itertools.islice(keys, MOST_ARRAYS)]
    known = {path: recognised(_fields(found)) for path in paths if (found := _elements(head, path))}
    best = max(known, key=lambda path: known[path], default=None)
    if best is not None and first is not None and recognised(_fields([first])) > known[best]:
        return None
    return best


def _elements(head: Head, path: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return the first objects of an array."""
    found = _within(first_items(head, path, most=FIRST), path)
    return [item.value for item in found if isinstance(item.value, dict)]


def _within(found: Iterable[Item], path: tuple[str, ...]) -> Iterator[Item]:
    """Yield the elements of an array, without what stands beside it."""
    return (
        item for item in found if len(item.path) == len(path) and isinstance(item.path[-1], int) and item.path[:-1] == path[:-1]
    )


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
            if isinstance(inner, dict) and not any(name.startswith("$") for name in inner):
                names.update(dict.fromkeys(f"{key}.{name}" for name in inner))
            else:
                names[key] = None
    return list(names)


def _string(value: object) -> str | None:
    if isinstance(value, str):
        # JSON can spell half a surrogate pair, which is no character.
        return value if value.isascii() else value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, dict):  # MongoDB writes ids and numbers so
        inner = next((value[kind] for kind in ("$oid", "$numberLong", "$numberInt") if kind in value), None)
        return None if isinstance(inner, dict) else _string(inner)
    return None


def _getter(name: str, read: Callable[[object], str | None] = _string) -> Callable[[dict[str, Any]], str | None]:
    outer, _, inner = name.partition(".")

    def get(value: dict[str, Any]) -> str | None:
        found = value.get(name)
        if found is None and inner:
            nested = value.get(outer)
            found = nested.get(inner) if isinstance(nested, dict) else None
        return read(found)

    return get


def _time(value: object) -> str | None:
    return moment(value) if isinstance(value, dict) and not {"$date", "$numberLong"}.isdisjoint(value) else _string(value)


JSONL = JsonLines()
