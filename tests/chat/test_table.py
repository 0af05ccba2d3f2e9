"""The chat that a user holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talklike.chat.authors import authors
from talklike.chat.table import SCHEMA, Chat

if TYPE_CHECKING:
    from collections.abc import Callable


def test_a_chat_tells_its_authors(make_chat: Callable[..., Chat]) -> None:
    """The method and the function are one."""
    chat = make_chat(["hi", "ho", "hey"], author=["a", "b", "b"])
    assert chat.authors().equals(authors(chat))
    assert chat.authors(top=1)["author"].to_list() == ["b"]


def test_the_table_has_the_columns_everything_relies_on() -> None:
    """In this order."""
    assert SCHEMA.names() == ["time", "author", "name", "channel", "text"]


def test_a_chat_shows_itself(make_chat: Callable[..., Chat]) -> None:
    """A line in a terminal; in a notebook the first messages too, as text and not as markup."""
    chat = make_chat(["<b>hi</b>", *["ho"] * 4, "sixth"])
    assert repr(chat) == "<Chat of made: 6 messages read as made>"
    html = chat._repr_html_()
    assert "Chat of made: 6 messages read as made" in html
    assert "&lt;b&gt;hi&lt;/b&gt;" in html
    assert "sixth" not in html
