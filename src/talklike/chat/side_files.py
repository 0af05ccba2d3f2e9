"""What is read from the files beside the messages (who has which name), once for an export however many files it has."""

from __future__ import annotations

import json
import weakref
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from talklike.chat.json_items import items
from talklike.chat.json_lines import json_lines
from talklike.chat.report import ReadReport
from talklike.chat.source import Source
from talklike.errors import ChatFileError

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterator

    from talklike.chat.tree import Tree

T = TypeVar("T")

SUFFIXES = (".json", ".jsonl", ".ndjson", ".gz", "")
"""Of files that may hold them."""

MOST_FILES = 10_000
"""Side files of one kind that are read."""


class OfExport(Generic[T]):
    """Remembers what a function found in an export, for the next file of the same export."""

    def __init__(self, read: Callable[[Tree], T]) -> None:
        """Take the function that looks through an export."""
        self._read = read
        self._last: tuple[weakref.ref[Tree], T] | None = None

    def of(self, tree: Tree) -> T:
        """Return what is found in an export."""
        if self._last is None or self._last[0]() is not tree:
            self._last = weakref.ref(tree), self._read(tree)
        return self._last[1]


def objects_beside(tree: Tree, name: re.Pattern[str]) -> Iterator[dict[str, Any]]:
    """Yield the objects in JSON files whose names tell what they hold: one, an array of them, or one a line.

    Files that are no such JSON are passed over: a damaged list of names is no reason not to read the messages.

    Args:
        tree: The export.
        name: Matches somewhere in a file's name, in lower case.
    """
    found = [entry for entry in tree.entries if entry.suffix in SUFFIXES and name.search(_base(entry.name))]
    for entry in found[:MOST_FILES]:
        if entry.path is None and entry.size is None:  # a pipe can be read only once
            continue
        try:
            with Source(entry, tree) as source:
                yield from _objects(source)
        except ChatFileError:
            continue


def _objects(source: Source) -> Iterator[dict[str, Any]]:
    start, report = source.head.data.lstrip(), ReadReport("", "", "")
    if start.startswith(b"["):
        found = items(source, report, ("*",))
    elif _is_object(start.split(b"\n", 1)[0]):
        found = json_lines(source, report)
    elif start.startswith(b"{") and source.head.complete:  # what is larger holds messages, no names
        found = items(source, report)
    else:
        return
    for item in found:
        if isinstance(item.value, dict):
            yield item.value


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _base(name: str) -> str:
    return PurePosixPath(name).name.lower()
