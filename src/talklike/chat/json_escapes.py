r"""Mends escapes that JSON does not have: Telegram Desktop writes control characters as ``\x0B``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talklike.chat.source import Source

# Any escape is taken whole, so that the x behind an escaped backslash is left alone.
_ESCAPE = re.compile(rb"\\(?:(x)(?=[0-9A-Fa-f]{2})|.)", re.DOTALL)

_DIGITS = frozenset(bytes([digit]) for digit in b"0123456789abcdefABCDEF")


def unescaped(data: bytes) -> bytes:
    r"""Return JSON with ``\xHH`` as ``\u00HH``, which means the same.

    >>> unescaped(rb'"a\x0Bb \\x0B"')
    b'"a\\u000Bb \\\\x0B"'
    """
    return _ESCAPE.sub(_mended, data) if b"\\x" in data else data


class Unescaped:
    """A file whose content is mended while it is read, in place of the file."""

    def __init__(self, source: Source) -> None:
        self._source = source

    @property
    def damage(self) -> str | None:
        """Why the stream ended early, once it has; None if it hasn't."""
        return self._source.damage

    def chunks(self) -> Iterator[bytes]:
        """Yield the content, mended; an escape is never cut in two."""
        pending = b""
        for chunk in self._source.chunks():
            data = pending + chunk if pending else chunk
            whole = _whole(data)
            pending = data[whole:]
            yield unescaped(data[:whole])
        yield pending

    def place(self, line: int) -> str:
        """Return ``file:line``."""
        return self._source.place(line)


def _mended(escape: re.Match[bytes]) -> bytes:
    return b"\\u00" if escape[1] else escape[0]


def _whole(data: bytes) -> int:
    """Return where the last escape begins if it is cut off, else the end of the data, which begin with no cut escape."""
    end = len(data)
    if data[end - 2 : end - 1] == b"x" and data[end - 1 :] in _DIGITS:
        end -= 2
    elif data.endswith(b"x"):
        end -= 1
    backslashes = end - len(data[:end].rstrip(b"\\"))
    return end - 1 if backslashes % 2 else len(data)
