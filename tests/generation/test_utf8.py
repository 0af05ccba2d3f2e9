"""What may follow which byte."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from talklike.corpus.alphabet import END, FIRST_BYTE, FIRST_CHARACTER
from talklike.generation.utf8 import START, Utf8

UTF8 = Utf8(FIRST_CHARACTER + 3)


def run(data: bytes) -> int | None:
    """Return the state after ``data``, or None where a byte wasn't allowed."""
    state = START
    for byte in data:
        if UTF8.penalty[state, FIRST_BYTE + byte] != 0:
            return None
        state = int(UTF8.after[state, FIRST_BYTE + byte])
    return state


def decodes(data: bytes) -> bool:
    """Return whether Python's decoder accepts ``data`` as whole UTF-8."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


BYTES = st.one_of(
    st.binary(max_size=8),
    st.text(max_size=4).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.tuples(st.text(max_size=2), st.binary(max_size=3)).map(lambda t: t[0].encode("utf-8", "surrogatepass") + t[1]),
)


@given(BYTES)
@example(b"\xc0\x80")
@example(b"\xe0\x80\x80")
@example(b"\xed\xa0\x80")
@example(b"\xf0\x80\x80\x80")
@example(b"\xf4\x90\x80\x80")
@example(b"\xf5\x80\x80\x80")
def test_exactly_valid_sequences_are_allowed(data: bytes) -> None:
    """A sequence ends between characters if and only if Python's decoder accepts it."""
    assert (run(data) == START) == decodes(data)


def test_all_pairs_and_the_edges_of_longer_sequences() -> None:
    """Every pair of bytes, and every longer sequence with bytes at the edges of their ranges, is judged as Python judges it."""
    edges = [0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0]
    pairs = [bytes([a, b]) for a in range(256) for b in range(256)]
    triples = [bytes([a, b, c]) for a in range(0xE0, 0xF8) for b in edges for c in edges]
    fours = [bytes([a, b, c, d]) for a in range(0xF0, 0xF8) for b in edges for c in edges for d in (0x7F, 0x80, 0xBF)]
    for data in pairs + triples + fours:
        assert (run(data) == START) == decodes(data), data


@given(st.binary(max_size=8))
def test_what_is_begun_can_be_finished(data: bytes) -> None:
    """From every state that can be reached, some symbol may follow: the voice never gets stuck."""
    state = run(data)
    if state is not None:
        assert (UTF8.penalty[state] == 0).any()


def test_characters_and_ends_follow_whole_characters_only() -> None:
    """Between characters everything that begins one is allowed, and the end; within one neither is."""
    whole = [END, *range(FIRST_CHARACTER, FIRST_CHARACTER + 3)]
    assert (UTF8.penalty[START, whole] == 0).all()
    assert (UTF8.after[:, whole] == START).all()
    assert np.isneginf(UTF8.penalty[1:, whole]).all()


@pytest.mark.parametrize("symbols", [FIRST_CHARACTER, FIRST_CHARACTER + 1000])
def test_tables_fit_the_alphabet(symbols: int) -> None:
    """One column for each symbol, also without any character."""
    utf8 = Utf8(symbols)
    assert utf8.penalty.shape == utf8.after.shape == (8, symbols)
    assert utf8.penalty.dtype == np.float32
