"""The characters that the tutorial sorts."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from talklike.chat.table import Chat
from talklike.corpus.sorted_characters import sorted_characters
from talklike.errors import AuthorNotFoundError, OptionError, TooLittleTextError

MakeChat = Callable[..., Chat]


def test_the_first_messages_are_joined_folded_and_sorted(make_chat: MakeChat) -> None:
    """As ``sorted(set(" ".join(messages).lower()))`` does with the first fifth of them, in the order of the file."""
    chat = make_chat(["Ab b", "É", "z", "y", "x", "w", "v", "u", "t", "s"], times=list(range(9, -1, -1)))
    found = sorted_characters(chat, "u1")
    assert (found.characters, found.author, found.name) == (" abé", "u1", "name of u1")
    assert found.words == 1.5  # three words in two messages
    assert sorted_characters(chat, "u1", fraction=1).characters == " abstuvwxyzé"


def test_a_running_text_is_cut_by_characters(make_chat: MakeChat) -> None:
    """Its rows aren't messages, and no space is put between them."""
    found = sorted_characters(make_chat(["Abc", "def", "ghij"], kind="stream"), "u1", fraction=0.5)
    assert (found.characters, found.words) == ("abcde", None)


def test_what_makes_no_sense_is_told(make_chat: MakeChat) -> None:
    """A share of nothing, of too much, and an author who isn't there."""
    chat = make_chat(["a", "b", "c"])
    for fraction in (0, 1.5, float("nan")):
        with pytest.raises(OptionError, match="must be above 0 and at most 1"):
            sorted_characters(chat, "u1", fraction=fraction)
    with pytest.raises(TooLittleTextError, match=r"0\.2 of this author's 3 messages is none"):
        sorted_characters(chat, "u1")
    with pytest.raises(AuthorNotFoundError):
        sorted_characters(chat, "nobody")
