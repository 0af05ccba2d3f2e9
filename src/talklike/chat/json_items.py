"""Walks through one large JSON document, a message at a time, with the line where each begins.

Exports put all messages into one array of one document. A parser that builds the whole document needs several times its size, and
says nothing of a document that breaks off; one that streams says no lines. Here the brackets around the messages are walked by
hand and every message is given to ``json``.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from talklike.chat.encoding import Repairs
from talklike.errors import ChatFileError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from talklike.chat.report import ReadReport
    from talklike.chat.source import Source

ANY = "*"
"""In a path: each element of an array, or each value of an object."""

LARGEST = 64 << 20
"""Most characters that one value may have."""

DEEPEST = 200
"""Brackets inside brackets that are still walked through; messages have five or ten."""

_SPACE = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder()
_ROUGH_DECODER = json.JSONDecoder(parse_int=float)
_STEP = 1 << 20  # characters that are read at a time


Ways = tuple[tuple[str, ...], ...]
"""Paths, or their ends."""


@dataclass(frozen=True)
class Item:
    """A value of the document.

    Attributes:
        path: Keys and positions (from 0) that lead to it.
        value: What ``json`` made of it.
        line: Where it begins, from 1.
    """

    path: tuple[str | int, ...]
    value: Any
    line: int


def items(source: Source, report: ReadReport, *wanted: Sequence[str]) -> Iterator[Item]:
    """Yield the values at some paths, and what stands beside the path that leads to them, in the order of the document.

    For the path ``("messages", "*")`` these are every element of the array ``messages``, and every other value of the outermost
    object (``name``, ``type`` …), whole. A key's value is only descended into where a wanted path leads through it.

    Args:
        source: The file.
        report: Gets a note about repaired bytes and about a damaged end, and counts values that are no JSON as ``malformed``.
        wanted: Paths; ``ANY`` in them stands for each element or key.

    Raises:
        ChatFileError: The document is no JSON from its start, or a value is larger than ``LARGEST``.
    """
    yield from _Walker(source, report, [tuple(path) for path in wanted]).walk()


class _Walker:
    """Where the walk stands."""

    def __init__(self, source: Source, report: ReadReport, wanted: list[tuple[str, ...]]) -> None:
        self._source = source
        self._report = report
        self._wanted = wanted
        self._text = ""
        self._at = 0
        self._line = 1
        self._counted = 0  # up to where in the text lines are counted
        self._found = False
        self._repairs = Repairs()
        self._pieces = self._decoded()

    def walk(self) -> Iterator[Item]:
        """Yield all that is wanted."""
        try:
            yield from self._value((), tuple(way for way in self._wanted if way))
            if self._peek():
                self._report.notes.append(f"{self._source.place(self._here())}: what follows the end of the document is not read")
        except _EndError:
            if self._source.damage is None:
                self._report.notes.append(f"{self._source.place(self._here())}: the document breaks off here")
                self._report.skip("malformed", 1, [self._source.place(self._here())])
        except json.JSONDecodeError as error:
            if not self._found:
                raise ChatFileError(f"{self._source.place(self._here())}: this is no JSON: {error.msg}") from error
            self._report.notes.append(
                f"{self._source.place(self._here())}: no JSON from here on ({error.msg}); what follows is not read"
            )
            self._report.skip("malformed", 1, [self._source.place(self._here())])
        self._report.notes.extend(note for note in (self._source.damage, self._repairs.note()) if note)

    def _value(self, path: tuple[str | int, ...], ways: Ways) -> Iterator[Item]:
        """Walk through the value that begins here.

        Args:
            path: What leads to it.
            ways: What is left of the wanted paths that lead through it; none of them is empty.
        """
        if ways and len(path) < DEEPEST:
            char = self._peek()
            if char == "{":
                yield from self._object(path, ways)
                return
            if char == "[":
                yield from self._array(path, ways)
                return
        yield self._whole(path)

    def _whole(self, path: tuple[str | int, ...]) -> Item:
        """Return the value that begins here."""
        if not self._peek():
            raise _EndError
        line = self._here()
        value = self._parsed()
        self._found = True
        return Item(path, value, line)

    def _object(self, path: tuple[str | int, ...], ways: Ways) -> Iterator[Item]:
        self._at += 1
        if self._peek() == "}":
            self._at += 1
            return
        while True:
            if self._peek() != '"':
                self._unexpected("a key")
            key = self._parsed()
            if self._peek() != ":":
                self._unexpected("a colon")
            self._at += 1
            yield from self._value((*path, key), _further(ways, key))
            if not self._another("}"):
                return

    def _array(self, path: tuple[str | int, ...], ways: Ways) -> Iterator[Item]:
        self._at += 1
        if self._peek() == "]":
            self._at += 1
            return
        number, inner = 0, _further(ways, ANY)
        while True:
            if inner:
                yield from self._value((*path, number), inner)
            else:
                yield self._whole((*path, number))
            number += 1
            if not self._another("]"):
                return

    def _another(self, closing: str) -> bool:
        """Return whether a comma follows, and step over it or over the closing bracket."""
        char = self._peek()
        if char not in (",", closing) or not char:
            self._unexpected(f"a comma or {closing}")
        self._at += 1
        return char == ","

    def _peek(self) -> str:
        """Step over white space and return the next character; empty at the end."""
        while True:
            match = _SPACE.match(self._text, self._at)
            assert match is not None, "nothing is white space too"
            self._at = match.end()
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def _parsed(self) -> Any:
        """Return the value that begins here, and step over it."""
        while True:
            try:
                value, end = _value_at(self._text, self._at)
            except json.JSONDecodeError:
                if len(self._text) - self._at > LARGEST:
                    where = self._source.place(self._here())
                    raise ChatFileError(
                        f"{where}: the value that begins here is larger than {LARGEST >> 20} MiB, or no JSON"
                    ) from None
                if not self._more():
                    if self._cut_off():
                        raise _EndError from None
                    raise
                continue
            except RecursionError:
                raise json.JSONDecodeError("brackets inside brackets without end", self._text, self._at) from None
            # A number may go on behind the end of what has been read.
            if end < len(self._text) or not self._more():
                self._at = end
                return value

    def _cut_off(self) -> bool:
        """Return whether the value that begins here only lacks its end."""
        try:
            _value_at(self._text, self._at)
        except json.JSONDecodeError as error:
            return error.pos >= len(self._text.rstrip()) or error.msg.startswith("Unterminated string")
        return False

    def _more(self) -> bool:
        """Read on; return False at the end."""
        self._here()
        wanted = max(_STEP, len(self._text) - self._at)  # doubling keeps large values linear
        read = []
        while wanted > 0 and (piece := next(self._pieces, "")):
            read.append(piece)
            wanted -= len(piece)
        if not read:
            return False
        self._text = self._text[self._at :] + "".join(read)
        self._at = self._counted = 0
        return True

    def _here(self) -> int:
        """Return the line that the walk is in."""
        self._line += self._text.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._line

    def _decoded(self) -> Iterator[str]:
        """Yield the file as text, cut between lines or, in long ones, between characters."""
        pending, line = b"", 1
        for chunk in self._source.chunks():
            pending += chunk
            end = pending.rfind(b"\n") + 1
            if not end and len(pending) > _STEP:
                end = _character_end(pending)
            if end:
                yield self._repairs.decode(pending[:end], line)
                line += pending.count(b"\n", 0, end)
                pending = pending[end:]
        # A document ends with a bracket; one that breaks off within a character is not for that in another encoding.
        if pending := pending[: _character_end(pending)]:
            yield self._repairs.decode(pending, line)

    def _unexpected(self, wanted: str) -> None:
        if not self._peek():
            raise _EndError
        raise json.JSONDecodeError(f"expected {wanted}", self._text, self._at)


def _character_end(data: bytes) -> int:
    """Return where the last whole UTF-8 character ends."""
    for end in range(len(data), max(0, len(data) - 4), -1):
        if data[end - 1] < 0x80:
            return end
        if data[end - 1] >= 0xC0:
            return end - 1
    return len(data)


def _value_at(text: str, at: int) -> tuple[Any, int]:
    """Return the value that begins at a place, and where it ends."""
    try:
        return _DECODER.raw_decode(text, at)
    except json.JSONDecodeError:
        raise
    except ValueError:  # more digits than Python turns into a whole number
        return _ROUGH_DECODER.raw_decode(text, at)


def _further(ways: Ways, key: str) -> Ways:
    """Return what is left of wanted paths behind a key."""
    return tuple(way[1:] for way in ways if len(way) > 1 and way[0] in (ANY, key))


class _EndError(Exception):
    """The document ends where it may not."""
