"""Bytes → characters: marks, and lines that are not UTF-8."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from talklike.chat import encoding
from talklike.chat.encoding import Repairs, marked_encoding, to_utf8


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
