"""What a conversation without a name is called: after those who take part in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST = 8
"""Members that are named."""


def named_after(members: Iterable[str]) -> str | None:
    """Return the names of members, each once, in the order of the alphabet; None if there are none.

    >>> named_after(["wren", "otter", "wren"])
    'otter, wren'
    """
    names = sorted(set(members))
    return ", ".join(names[:MOST]) + (", …" if len(names) > MOST else "") or None
