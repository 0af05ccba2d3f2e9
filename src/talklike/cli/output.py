"""Writes results to standard output, whatever it can show."""

from __future__ import annotations

import json
import sys


def write_text(text: str) -> None:
    """Write text; characters that standard output's encoding lacks become escapes, never an error."""
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))


def write_json(value: object, *, indent: int | None = None) -> None:
    """Write a value as JSON and a line end; JSON's own escapes stand for what the encoding lacks."""
    readable = json.dumps(value, ensure_ascii=False, indent=indent)
    try:
        readable.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        readable = json.dumps(value, indent=indent)
    sys.stdout.write(readable + "\n")


def printable(text: str) -> str:
    r"""Return text without control characters, which could drive a terminal; line breaks become visible.

    >>> printable("a\x1b[31mb\nc")
    'a�[31mb ⏎ c'
    """
    lines = " ⏎ ".join(text.splitlines())
    return "".join(character if character.isprintable() else "�" for character in lines)
