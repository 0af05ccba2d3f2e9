"""Unpacking in pieces of bounded size."""

from __future__ import annotations

import gzip
import zlib

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from talklike.chat.unpack import PIECE, DamagedError, gunzip, unzstd


def cut(data: bytes, size: int) -> list[bytes]:
    """Return data in pieces of one size."""
    return [data[i : i + size] for i in range(0, len(data), size)]


@given(data=st.binary(max_size=3000), size=st.integers(1, 500))
def test_packed_data_come_back_however_they_are_cut(data: bytes, size: int) -> None:
    """Cuts may fall anywhere, also between two members."""
    assert b"".join(gunzip(cut(gzip.compress(data) + gzip.compress(data), size))) == data * 2
    frame = zstandard.ZstdCompressor().compress(data)
    assert b"".join(unzstd(cut(frame + frame, size))) == data * 2


def test_a_small_file_that_unpacks_to_much_comes_in_small_pieces() -> None:
    """A gzip bomb must not fill the memory."""
    bomb = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    packed = bomb.compress(bytes(50 << 20)) + bomb.flush()
    sizes = [len(piece) for piece in gunzip([packed])]
    assert sum(sizes) == 50 << 20
    assert max(sizes) <= PIECE


@pytest.mark.parametrize("unpack", [gunzip, unzstd])
def test_garbage_and_a_missing_end_are_damage(unpack: type) -> None:
    """Whoever reads must be able to tell a whole file from a part of one."""
    good = gzip.compress(b"x" * 1000) if unpack is gunzip else zstandard.ZstdCompressor().compress(b"x" * 1000)
    for bad in (good[:-5], good + b"garbage", good[:6] + b"\xff" * 30):
        with pytest.raises(DamagedError):
            list(unpack([bad]))


def test_a_frame_with_a_window_of_two_gigabytes_is_unpacked() -> None:
    """Dumps of Reddit are packed so; the second byte of a frame's header says how large its window is."""
    packer = zstandard.ZstdCompressor().compressobj()
    frame = bytearray(packer.compress(b"the harbour\n" * 100) + packer.flush())
    frame[5] = 21 << 3  # 2 ** (10 + 21) bytes
    assert b"".join(unzstd([bytes(frame) * 2])) == b"the harbour\n" * 200
