"""Repairs what Messenger's and Instagram's downloads do to texts: each byte of their UTF-8 is written as a character of its own.

The bytes of ``é`` come out as ``Ã©``, those of an emoji as ``ð`` and three control characters. Reading the characters as bytes
again undoes it exactly. Nobody types such sequences; still, a text that merely shows some must not be touched, so what the file
as a whole is like decides first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

DEEPEST = 8
"""How deep strings are looked for in a value."""

MANY = 10
"""Strings that look like mojibake, for each that is sound and one more, in a file that should have none."""


class Mojibake:
    """How the strings of one file are to be read.

    Attributes:
        scrambled: Whether the file's strings are bytes in the place of characters.
    """

    def __init__(self, first: Iterable[Any], *, expected: bool) -> None:
        """Look at the first values of the file.

        Args:
            first: As JSON gives them.
            expected: Whether the layout of the file is known to have mojibake; else a few strings don't show it.
        """
        scrambled = sound = 0
        for text in _strings(first):
            if not text.isascii():
                if _repaired(text) is None:
                    sound += 1
                else:
                    scrambled += 1
        self._is_certain = scrambled > (sound if expected else MANY * (sound + 1))
        # Where nothing tells, a later text is repaired if it is one chain of UTF-8 from end to end.
        self.scrambled = self._is_certain or (expected and not sound)

    def text(self, value: object) -> object:
        """Return a string as it was meant; anything else as it is."""
        if not self.scrambled or not isinstance(value, str) or value.isascii():
            return value
        repaired = _repaired(value, cut=self._is_certain)
        return value if repaired is None else repaired


def _repaired(text: str, *, cut: bool = False) -> str | None:
    """Return what the characters mean as bytes of UTF-8; None if they aren't such bytes.

    Args:
        text: The characters.
        cut: Whether the last character may be cut in two, as in texts that were shortened; it becomes U+FFFD.
    """
    try:
        data = text.encode("latin-1")
    except UnicodeEncodeError:
        return None
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        if not cut or error.reason != "unexpected end of data":
            return None
        return data[: error.start].decode() + "\N{REPLACEMENT CHARACTER}"


def _strings(values: Iterable[Any], depth: int = 0) -> Iterator[str]:
    for value in values:
        if isinstance(value, str):
            yield value
        elif depth < DEEPEST and isinstance(value, dict):
            yield from _strings(value.values(), depth + 1)
        elif depth < DEEPEST and isinstance(value, list):
            yield from _strings(value, depth + 1)
