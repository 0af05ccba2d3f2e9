"""The wire format of Protocol Buffers: enough to look at an ONNX file before anything of it runs, and to make one.

Source: https://protobuf.dev/programming-guides/encoding/
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_FIELDS = 100_000
"""Fields of a message, or integers of a field, up to which a file is looked through: a voice's have some hundreds."""

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5


class WireError(ValueError):
    """The bytes are not a Protocol Buffers message."""


def fields(data: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    """Yield each field of a message: its number, and an integer or the bytes of it.

    Args:
        data: One message, without its length.

    Raises:
        WireError: The bytes end early, are no message, or hold more fields than any voice's.
    """
    position = count = 0
    while position < len(data):
        count = _counted(count)
        key, position = _varint(data, position)
        number, wire = key >> 3, key & 7
        if wire == VARINT:
            value, position = _varint(data, position)
            yield number, value
            continue
        if wire == BYTES:
            length, position = _varint(data, position)
        elif wire in (FIXED64, FIXED32):
            length = 8 if wire == FIXED64 else 4
        else:
            raise WireError(f"wire type {wire}")
        if position + length > len(data):
            raise WireError("the data end early")
        yield number, data[position : position + length]
        position += length


def varints(data: memoryview) -> Iterator[int]:
    """Yield the integers of a packed field; raises what ``fields`` does."""
    position = count = 0
    while position < len(data):
        count = _counted(count)
        value, position = _varint(data, position)
        yield value


def _counted(count: int) -> int:
    """Return one more, which takes Python long for a gigabyte of them.

    Raises:
        WireError: That is too many.
    """
    if count >= MOST_FIELDS:
        raise WireError(f"more than {MOST_FIELDS:,} fields")
    return count + 1


def _varint(data: memoryview, position: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        if position >= len(data) or shift > 63:
            raise WireError("a number does not end")
        byte = data[position]
        position += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, position
        shift += 7


def bytes_field(number: int, data: bytes) -> bytes:
    """Return a field that holds bytes: a string, or a message."""
    return _encoded(number << 3 | BYTES) + _encoded(len(data)) + data


def varint_field(number: int, value: int) -> bytes:
    """Return a field that holds an integer; a negative one takes ten bytes, as int64 does."""
    return _encoded(number << 3 | VARINT) + _encoded(value & 0xFFFF_FFFF_FFFF_FFFF)


def _encoded(value: int) -> bytes:
    found = bytearray()
    while value >= 0x80:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    found.append(value)
    return bytes(found)
