"""What JSON holds where a string, an object or a time is expected: anything at all, and none of it may stop the reading."""

from __future__ import annotations

from typing import Any

from talklike.chat.rows import sound

NO_TIME = "no time"
"""Stands for a value that can't be one, so that the common parser counts it."""

LONGEST_ID = 1000
"""Characters of an id or a name; what is longer is text in the wrong place [character]."""


def string(value: object) -> str | None:
    """Return a string as characters that UTF-8 can hold; None for anything else."""
    return sound(value) if isinstance(value, str) else None


def identifier(value: object) -> str | None:
    """Return an id or a name, which may be a whole number; None for anything else and for empty ones."""
    whole = isinstance(value, int) and not isinstance(value, bool)
    found = str(value) if whole else (string(value) or "").strip()
    return found if 0 < len(found) <= LONGEST_ID else None


def mapping(value: object) -> dict[str, Any]:
    """Return an object; an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def listing(value: object) -> list[Any]:
    """Return an array; an empty one for anything else."""
    return value if isinstance(value, list) else []


def time(value: object) -> str | None:
    """Return a time as the common parser takes it: text, or a number since 1970 whose size tells its unit.

    MongoDB's ``{"$date": …}`` and ``{"$numberLong": …}`` are looked into. None where there is none.

    >>> time({"$date": {"$numberLong": "1588404642993"}})
    '1588404642993'
    """
    for key in ("$date", "$numberLong"):
        if isinstance(value, dict) and key in value:
            value = value[key]
    if value is None:
        return None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return string(value) or NO_TIME
