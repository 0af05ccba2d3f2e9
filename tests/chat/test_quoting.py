"""Finding records by bits: what a plain loop over the bytes finds, wherever the text is cut into parts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from talklike.chat import quoting
from talklike.chat.quoting import skeleton
from talklike.chat.records import _records

FIELDS = [
    "",
    "a",
    "say hi",
    "é",
    "\0",
    '""',
    '"a"',
    '"a,b"',
    '"a\nb"',
    '"a""b"',
    '"""a"""',
    '"\r\n"',
    '"\r"',
    '"' + "x" * 61 + '"',
    "y" * 62,
]
HOSTILE = ['"', '""', 'a"b', '"a"b', "\r", "\r\r", "a\rb", ' "a"', '"a" ', ",,", "\n", "\r\n"]
SOUND = st.tuples(st.sampled_from(FIELDS), st.sampled_from([",", ",", "\n", "\r\n"])).map("".join)
TEXT = st.lists(SOUND | SOUND | SOUND | st.sampled_from(HOSTILE), min_size=1, max_size=60).map("".join)


def plain(data: bytes) -> tuple[list[int], list[int]] | None:
    """Return ends and widths of the records, None where a rule is broken before the last end."""
    ends, widths, inside, commas, wrong = [], [], False, 0, len(data)
    for i, byte in enumerate(data):
        before, after = data[i - 1 : i], data[i + 1 : i + 2]
        if byte == ord('"'):
            inside = not inside
            if inside:
                sound = i == 0 or before in (b",", b"\n", b'"')
            else:
                sound = after in (b",", b"\n", b'"') or data[i + 1 : i + 3] == b"\r\n"
            wrong = wrong if sound else min(wrong, i)
        elif not inside and byte == ord("\r") and after != b"\n":
            wrong = min(wrong, i)
        elif not inside and byte == ord(","):
            commas += 1
        elif not inside and byte == ord("\n"):
            ends.append(i)
            widths.append(commas + 1)
            commas = 0
    return (ends, widths) if ends and wrong > ends[-1] else None


@settings(max_examples=400)
@given(text=TEXT, part=st.sampled_from([64, 128, 1 << 20]))
def test_the_bits_tell_what_a_loop_over_the_bytes_tells(text: str, part: int) -> None:
    """Whether the quotes are sound, where records end, and how many fields they have; half a record at the end tells nothing."""
    found, expected = skeleton(text.encode(), ord(","), part), plain(text.encode())
    assert (found is None) == (expected is None)
    if found is not None:
        assert (found.ends.tolist(), found.widths.tolist()) == expected


@settings(max_examples=200)
@given(text=TEXT, part=st.sampled_from([64, 1 << 20]))
def test_sound_records_are_those_of_the_exact_way(text: str, part: int) -> None:
    """Whatever this module takes, the regular expression cuts at the same places into as many fields; it may go further."""
    data = text.encode()
    found = skeleton(data, ord(","), part)
    if found is not None:
        records = [(end - 1, len(fields)) for _, end, fields in _records(data, ",")]
        assert records[: found.ends.size] == list(zip(found.ends.tolist(), found.widths.tolist(), strict=True))


@pytest.mark.parametrize("size", [61, 62, 63, 64, 65, 126, 127, 128, 129])
@pytest.mark.parametrize(
    ("end", "sound"), [('"\n', True), ('"\r\n', True), ('",\n', True), ('""b"\n', True), ('"b\n', False), ('"\r,\n', False)]
)
def test_a_quote_at_the_border_of_a_part_is_judged_by_the_bytes_beyond(size: int, end: str, sound: bool) -> None:
    """Also a carriage return there."""
    data = ('"' + "a" * (size - 1) + end).encode()
    assert (skeleton(data, ord(","), 64) is not None) == sound
    assert (skeleton(b"a\n" * 50 + data, ord(","), 64) is not None) == sound


def test_without_a_complete_record_nothing_is_found() -> None:
    """Nor in nothing."""
    assert skeleton(b"", ord(",")) is None
    assert skeleton(b'a,"b\n', ord(",")) is None


def test_old_numpy_counts_bits_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before its version 2 there is no function for it."""
    words = np.random.default_rng(0).integers(0, 2**64, 100, dtype=np.uint64)
    expected = quoting._ones(words).tolist()
    assert expected == [int(word).bit_count() for word in words]
    monkeypatch.delattr(np, "bitwise_count", raising=False)
    assert quoting._ones(words).tolist() == expected
