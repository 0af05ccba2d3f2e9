"""Finds files that are second copies: downloaded or saved again, with a name that says so and the same bytes."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from talklike.chat import unpack

if TYPE_CHECKING:
    from collections.abc import Sequence

    from talklike.chat.tree import Entry

_AGAIN = re.compile(r"(?: ?\(\d{1,3}\)| - Copy(?: \(\d{1,3}\))?| copy(?: \d{1,3})?)$")
"""What browsers and file managers write behind the name of a file that is there already."""


def original_of(name: str) -> str | None:
    """Return what the file is called of which a name says that it is a copy; None if it says nothing.

    >>> original_of("quay/Chat with Otter (1).txt"), original_of("wren - Copy.csv"), original_of("2020 (2)/wren.csv")
    ('quay/Chat with Otter.txt', 'wren.csv', None)
    """
    path = PurePosixPath(name)
    stem = _AGAIN.sub("", path.stem)
    return None if stem in ("", path.stem) else str(path.with_name(stem + path.suffix))


def copies(entries: Sequence[Entry]) -> set[str]:
    """Return the names of files that hold the very bytes of the file that their name says they are a copy of.

    Files of other names are never compared: two days of a channel may be alike.
    """
    by_name = {entry.name: entry for entry in entries}
    found = set()
    for entry in entries:
        original = by_name.get(original_of(entry.name) or "")
        if original is not None and original.size == entry.size and _same(original, entry):
            found.add(entry.name)
    return found


def _same(one: Entry, other: Entry) -> bool:
    try:
        with one.open() as first, other.open() as second:
            while (piece := first.read(unpack.PIECE)) == second.read(unpack.PIECE):
                if not piece:
                    return True
    except (OSError, ValueError, NotImplementedError, *unpack.DAMAGE):  # whoever reads it says what is wrong
        return False
    return False
