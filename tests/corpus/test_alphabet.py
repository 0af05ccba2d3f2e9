"""The mapping between text and symbols."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from talklike.corpus.alphabet import END, FIRST_CHARACTER, MAX_CHARACTERS, Alphabet, count_characters

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
CHARACTERS = st.lists(st.characters(exclude_categories=["Cs"]), unique=True, max_size=40).map("".join)


@given(CHARACTERS, TEXT)
def test_decode_undoes_encode(characters: str, text: str) -> None:
    """Any text without surrogates comes back unchanged, whatever the alphabet, and its ids are in range."""
    alphabet = Alphabet(characters)
    ids = alphabet.encode(text)
    assert ids.dtype == np.uint16
    assert alphabet.decode(ids.tolist()) == text
    assert all(END < i < len(alphabet) for i in ids.tolist())


@given(CHARACTERS, TEXT)
def test_ids_are_those_of_the_definition(characters: str, text: str) -> None:
    """A character of the alphabet is 257 + its place, any other its bytes + 1."""
    slow = [
        i for c in text for i in ([FIRST_CHARACTER + characters.index(c)] if c in characters else [1 + b for b in c.encode()])
    ]
    assert Alphabet(characters).encode(text).tolist() == slow


@given(CHARACTERS, st.lists(TEXT, min_size=1, max_size=8))
def test_messages_are_encoded_with_their_ends(characters: str, texts: list[str]) -> None:
    """Encoding messages at once gives each message's own ids followed by END, empty messages and rare characters included."""
    alphabet = Alphabet(characters)
    slow = np.concatenate([np.append(alphabet.encode(text), END) for text in texts])
    found = alphabet.encode_messages(texts)
    assert found.dtype == np.uint16
    assert found.tolist() == slow.tolist()


def test_the_ids_of_bytes_and_ends_are_fixed() -> None:
    """0 ends a message, 1 to 256 are the bytes, 257 and on the characters in their order."""
    alphabet = Alphabet("ba")
    assert len(alphabet) == 259
    assert alphabet.bytes_of[END] == b"\n"
    assert [alphabet.bytes_of[1 + b] for b in range(256)] == [bytes([b]) for b in range(256)]
    assert alphabet.encode("ab").tolist() == [258, 257]
    assert alphabet.encode("😀").tolist() == [1 + b for b in "😀".encode()]
    assert alphabet.decode([258, END, 257]) == "a\nb"


def test_lone_surrogates_and_broken_bytes_become_replacement_characters() -> None:
    """What no UTF-8 can spell is read as U+FFFD, both ways, without an error."""
    alphabet = Alphabet("a")
    assert alphabet.decode(alphabet.encode("a\ud800a").tolist()) == "a\ufffda"
    assert alphabet.decode([257, 1 + 0xC3, 257]) == "a\ufffda"


def test_an_alphabet_holds_each_character_once() -> None:
    """The same character twice would have two ids."""
    with pytest.raises(ValueError, match="once"):
        Alphabet("aba")


def test_equal_alphabets_are_equal() -> None:
    """Alphabets compare, hash and show by their characters."""
    assert Alphabet("ab") == Alphabet("ab")
    assert Alphabet("ab") != Alphabet("ba")
    assert Alphabet("ab") != "ab"
    assert len({Alphabet("ab"), Alphabet("ab"), Alphabet("ba")}) == 2
    assert repr(Alphabet("a'\n")) == """Alphabet("a'\\n")"""


def test_from_counts_orders_by_frequency_then_code_point() -> None:
    """The most frequent character comes first; equally frequent ones in the order of Unicode; rare ones not at all."""
    counts = count_characters(["zzzz", "bbb", "aaa", "c", "éé"])
    assert Alphabet.from_counts(counts, min_count=2).characters == "zabé"
    assert Alphabet.from_counts(counts, min_count=1).characters == "zabéc"
    assert Alphabet.from_counts(counts, min_count=5).characters == ""


def test_from_counts_keeps_the_most_frequent_of_too_many() -> None:
    """A writing system with more characters than an alphabet may hold keeps its most frequent ones."""
    counts = np.zeros(0x110000, np.int64)
    counts[0x4E00 : 0x4E00 + MAX_CHARACTERS + 10] = 7
    counts[0x4E00 + MAX_CHARACTERS + 5] = 8
    characters = Alphabet.from_counts(counts).characters
    assert len(characters) == MAX_CHARACTERS
    assert characters[0] == chr(0x4E00 + MAX_CHARACTERS + 5)
    assert characters[1:] == "".join(chr(0x4E00 + i) for i in range(MAX_CHARACTERS - 1))


def test_characters_are_counted_over_all_texts() -> None:
    """Every character of every text counts, also when there are more than are counted at once."""
    counts = count_characters(["abba", "", "😀b", *["x" * 700_000] * 3])
    assert counts.dtype == np.int64
    assert counts.shape == (0x110000,)
    assert {chr(point): counts[point] for point in np.flatnonzero(counts)} == {"a": 2, "b": 3, "😀": 1, "x": 2_100_000}
    assert not count_characters([]).any()
