"""Bytes → characters: marks, and lines that are not UTF-8."""

from __future__ import annotations

import codecs
import random
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from talklike.chat import encoding
from talklike.chat.encoding import Repairs, holds_text, marked_encoding, sound_name, to_utf8, unmarked_utf16


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-32"])
@given(
    text=st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=50),
    size=st.integers(1, 7),
)
def test_marked_text_becomes_utf8_however_it_is_cut(codec: str, text: str, size: int) -> None:
    """The mark is dropped, every other character kept."""
    data = text.encode(codec)
    found = marked_encoding(data)
    assert found is not None
    # The mark is in the first piece, as it is in the head of a file.
    pieces = [data[:4], *(data[i : i + size] for i in range(4, len(data), size))]
    assert b"".join(to_utf8(pieces, found)).decode() == text


def test_text_without_a_mark_has_no_marked_encoding() -> None:
    """UTF-8 needs no mark."""
    assert marked_encoding(b"hello") is None
    assert marked_encoding(codecs.BOM_UTF16_LE + b"h\0") == "utf-16"


def test_only_the_lines_that_are_not_utf8_are_repaired() -> None:
    """Windows-1252 has curly quotes where Latin-1 has control characters; its undefined bytes are kept as such."""
    repairs = Repairs()
    data = "é\n".encode() + b"\x93caf\xe9\x94\n" + "ü\n".encode() + b"\x81"
    assert repairs.repair(data, 7).decode() == "é\n“café”\nü\n\x81"
    assert repairs.lines == [8, 10]
    assert repairs.note() == "2 lines are not UTF-8, read as Windows-1252 (line 8, 10)"


@given(data=st.binary(max_size=200))
def test_any_bytes_become_utf8_with_the_same_number_of_lines(data: bytes) -> None:
    """Line numbers stay right after a repair."""
    repaired = Repairs().repair(data, 1)
    repaired.decode()
    assert repaired.count(b"\n") == data.count(b"\n")


def test_the_note_names_the_first_lines_only() -> None:
    """A file in Latin-1 has a bad line nearly everywhere."""
    repairs = Repairs()
    repairs.repair(b"\xe9\n" * 50, 1)
    note = repairs.note()
    assert note is not None
    assert note.startswith("50 lines are not UTF-8")
    assert note.endswith("10, …)")
    assert Repairs().note() is None


@given(data=st.binary(max_size=40) | st.text(max_size=20).map(str.encode), piece=st.integers(4, 9))
def test_bytes_are_checked_like_python_checks_them_wherever_they_are_cut(data: bytes, piece: int) -> None:
    """Into pieces that end between characters, if there are any."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(encoding, "_PIECE", piece)
        assert encoding._is_utf8(data) == (data.decode("utf-8", "ignore").encode() == data)


LATIN = "[10:00] <wren> where is the heron?\n[10:01] <otter> at the quay, as ever\n" * 20
RUSSIAN = "выдра: где цапля?\nцапля: у причала\n" * 20
CHINESE = "水獭在港口等待苍鹭然后一起回家吃晚饭" * 20 + "\n"
NOISE = random.Random(3).randbytes(5000)


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", [LATIN, RUSSIAN, "hi\n"], ids=["latin", "russian", "short"])
def test_utf16_without_its_mark_is_told(text: str, codec: str) -> None:
    """By NUL bytes at every other place."""
    assert unmarked_utf16(text.encode(codec))
    assert not holds_text(text.encode(codec))
    assert not unmarked_utf16(text.encode())


@pytest.mark.parametrize(
    "data",
    [
        LATIN.encode() + bytes(4096),
        LATIN.encode() + bytes(512) + LATIN.encode(),
        b"only one NUL byte is in this\0 line\n",
        RUSSIAN.encode() + b"\0",
        LATIN.replace("heron", "h\xe9ron\0").encode("latin-1"),
        LATIN.encode() + b"\0" + "é".encode()[:1],
    ],
    ids=["power cut", "power cut in the middle", "one", "other letters", "Latin-1", "cut character"],
)
def test_text_may_have_nul_bytes(data: bytes) -> None:
    """Few of them, or many in a row."""
    assert holds_text(data)
    assert not unmarked_utf16(data)


@pytest.mark.parametrize(
    "data",
    [
        b"SQLite-like 3\0" + bytes(100) + LATIN.encode(),
        b"\x8aPNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 640, 480) + NOISE,
        NOISE.replace(b"\0", b"") + b"\0",
        zlib.compress(LATIN.encode() * 9 + NOISE)[:4000] + b"\0",
        b"A program's own file" + b"".join(struct.pack("<IH", n, n % 7) + b"wren" for n in range(300)),
        (CHINESE * 3).encode("utf-16-le"),
        LATIN.encode("utf-32-le"),
        bytes(100),
    ],
    ids=["database", "image", "encrypted", "packed", "records", "Chinese in UTF-16", "UTF-32", "nothing"],
)
def test_what_is_binary_stays_so(data: bytes) -> None:
    """NUL bytes in the beginning, control characters everywhere, or bytes in no encoding with few letters."""
    assert not holds_text(data)


def test_half_a_surrogate_pair_is_replaced_and_a_wrong_mark_is_told() -> None:
    """One bad character is no reason to refuse a chat; bytes that are something else altogether are."""
    calls: list[int] = []
    for half, codec in ((b"\x3d\xd8", "utf-16"), (b"\x3d\xd8\0\0", "utf-32")):
        data = "ahoy ".encode(codec) + half + "!".encode(f"{codec}-le")
        for size in (1, 3, 100):
            pieces = [data[:4], *(data[i : i + size] for i in range(4, len(data), size))]
            assert b"".join(to_utf8(pieces, codec, lambda: calls.append(1))).decode().startswith("ahoy �")
    assert b"".join(to_utf8(["ahoy".encode("utf-16") + b"\x3d\xd8"], "utf-16")).decode() == "ahoy�"
    assert calls
    with pytest.raises(UnicodeDecodeError):
        list(to_utf8(["ahoy".encode("utf-16") + b"\x3d"], "utf-16"))
    with pytest.raises(UnicodeDecodeError):
        list(to_utf8([codecs.BOM_UTF32_LE + b"\xff" * 400], "utf-32"))


def test_names_of_files_become_characters() -> None:
    """Old ones are Latin-1; half a surrogate pair, which Windows allows, is none."""
    assert sound_name("M\udcfcller.txt") == "Müller.txt"
    assert sound_name("Müller 😀.txt") == "Müller 😀.txt"
    assert sound_name("a\ud83db") == "a?b"
