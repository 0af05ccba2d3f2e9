"""Reading the wire format of Protocol Buffers."""

from __future__ import annotations

import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from talklike.voice.protobuf import MOST_FIELDS, WireError, fields, varints


def varint(value: int) -> bytes:
    """Return ``value`` in base 128, least significant group first."""
    groups = []
    while value >= 0x80:
        groups.append(0x80 | value & 0x7F)
        value >>= 7
    return bytes([*groups, value])


@given(st.lists(st.integers(0, (1 << 64) - 1)))
def test_packed_integers_come_back(values: list[int]) -> None:
    """Every unsigned 64-bit integer is read as it was written."""
    assert list(varints(memoryview(b"".join(map(varint, values))))) == values


FIELD = st.tuples(st.integers(1, (1 << 29) - 1), st.one_of(st.integers(0, (1 << 64) - 1), st.binary(max_size=300)))


@given(st.lists(FIELD))
def test_fields_come_back_in_order(written: list[tuple[int, int | bytes]]) -> None:
    """Numbers and bytes are read as they were written."""
    data = b""
    for number, value in written:
        wire = varint(value) if isinstance(value, int) else varint(len(value)) + value
        data += varint(number << 3 | (0 if isinstance(value, int) else 2)) + wire
    found = [(number, bytes(v) if isinstance(v, memoryview) else v) for number, v in fields(memoryview(data))]
    assert found == written


def test_endless_fields_are_refused() -> None:
    """A gigabyte of empty ones would keep Python busy for minutes."""
    with pytest.raises(WireError, match="more than 100,000 fields"):
        list(fields(memoryview(b"\x08\x00" * (MOST_FIELDS + 1))))
    with pytest.raises(WireError, match="more than 100,000 fields"):
        list(varints(memoryview(b"\x00" * (MOST_FIELDS + 1))))
    assert len(list(varints(memoryview(b"\x00" * MOST_FIELDS)))) == MOST_FIELDS


def test_a_message_of_onnx_is_read() -> None:
    """What the official library writes is read, fixed-width numbers included."""
    attribute = onnx.AttributeProto(name="alpha", f=1.5, ints=[3, 70000], type=onnx.AttributeProto.FLOAT)
    found = [(n, bytes(v) if isinstance(v, memoryview) else v) for n, v in fields(memoryview(attribute.SerializeToString()))]
    assert found == [(1, b"alpha"), (2, b"\x00\x00\xc0\x3f"), (8, 3), (8, 70000), (20, 1)]
    assert [bytes(v) for _, v in fields(memoryview(b"\x09ABCDEFGH")) if isinstance(v, memoryview)] == [b"ABCDEFGH"]


@pytest.mark.parametrize(
    "data",
    [
        b"\x08",  # a number that isn't there
        b"\x08\x80",  # a number that doesn't end
        b"\x08" + b"\xff" * 11,  # a number of more than 64 bits
        b"\x0a\x05abc",  # bytes that end early
        b"\x0a\xff\xff\xff\xff\xff\xff\xff\xff\x7f",  # a length of exabytes
        b"\x09abc",  # a 64-bit number that ends early
        b"\x0dabc",  # a 32-bit number that ends early
        b"\x0b",  # a group
        b"\x0e",  # a wire type that doesn't exist
        b"\x80",  # a key that doesn't end
    ],
)
def test_damaged_messages_are_refused(data: bytes) -> None:
    """What ends early or has no meaning is an error."""
    with pytest.raises(WireError):
        list(fields(memoryview(data)))


@given(st.binary(max_size=200))
def test_random_bytes_are_read_or_refused(data: bytes) -> None:
    """Whatever the bytes, each field found lies within them, or they are refused."""
    try:
        found = list(fields(memoryview(data)))
    except WireError:
        return
    assert sum(1 + (len(value) if isinstance(value, memoryview) else 1) for _, value in found) <= len(data)
