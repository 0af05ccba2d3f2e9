"""Texts whose bytes stand in the place of characters."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from talklike.chat.mojibake import Mojibake

TEXT = st.text(st.characters(exclude_categories=["Cs"]))


def scrambled(text: str) -> str:
    """Return text as Meta writes it."""
    return text.encode().decode("latin-1")


@given(st.lists(TEXT, max_size=5), TEXT)
def test_what_was_scrambled_comes_back_exactly(first: list[str], text: str) -> None:
    """Whatever it was, also where the file has told nothing yet."""
    letters = Mojibake([{"messages": [scrambled(one) for one in first]}], expected=True)
    assert letters.text(scrambled(text)) == text


@given(st.lists(TEXT.filter(lambda text: not text.isascii()), min_size=1, max_size=5))
def test_sound_texts_stay_as_they_are(texts: list[str]) -> None:
    """Unless each of them is a chain of bytes of UTF-8, which no language writes."""
    letters = Mojibake(texts, expected=True)
    if not letters.scrambled:
        assert [letters.text(text) for text in texts] == texts


def test_a_sound_file_may_show_mojibake() -> None:
    """One message about it must not change because of it."""
    letters = Mojibake(["naïve", "it says Ã© instead of é", "Ã©"], expected=True)
    assert letters.text("Ã©") == "Ã©"
    assert Mojibake(["😀"], expected=True).text("Ã©") == "Ã©"


def test_a_text_that_was_cut_loses_its_last_character_only() -> None:
    """It becomes U+FFFD, if the file is known to be scrambled."""
    assert Mojibake([scrambled("é")], expected=True).text(scrambled("é 😀")[:-1]) == "é \ufffd"
    assert Mojibake([], expected=True).text("it says Ã© for é") == "it says Ã© for é"


def test_spaces_that_are_bytes_are_no_spaces() -> None:
    """The second byte of à looks like a space, that of Å like a line end."""
    letters = Mojibake([scrambled("Carità Å")], expected=True)
    assert letters.text(scrambled("Carità")) == "Carità"
    assert letters.text(scrambled("Å")) == "Å"


def test_a_layout_without_mojibake_has_it_only_if_nearly_all_texts_do() -> None:
    """A few texts about it show nothing."""
    assert Mojibake(["Ã©"] * 5, expected=False).text("Â¡") == "Â¡"
    assert Mojibake(["Ã©"] * 100 + ["é"], expected=False).text("Â¡") == "¡"
    assert Mojibake([], expected=False).text("Â¡") == "Â¡"


def test_what_is_no_string_stays() -> None:
    """Anything may stand where a string should."""
    letters = Mojibake([None, 3, [["é"]], {"a": {"b": 1}}], expected=True)
    assert [letters.text(value) for value in (None, 3, [1])] == [None, 3, [1]]


def test_deep_values_are_not_followed_for_ever() -> None:
    """Brackets inside brackets."""
    deep: list[object] = []
    for _ in range(5000):
        deep = [deep]
    assert Mojibake([deep], expected=True).scrambled
