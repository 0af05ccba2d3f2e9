"""Who writes, how much, and whom a name means."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from talklike.chat.authors import MARKED, Sizes, authors, find_author, sizes
from talklike.chat.report import ReadReport
from talklike.chat.table import SCHEMA, Chat
from talklike.errors import AuthorNotFoundError, OptionError

MakeChat = Callable[..., Chat]


def named_chat(rows: Sequence[tuple[str, str, str]]) -> Chat:
    """Return a chat of (author, name, text)."""
    frame = pl.DataFrame(
        {"author": [r[0] for r in rows], "name": [r[1] for r in rows], "text": [r[2] for r in rows]},
        schema={"author": pl.String, "name": pl.String, "text": pl.String},
    ).select(pl.lit(None, SCHEMA["time"]).alias("time"), "author", "name", pl.lit(None, pl.String).alias("channel"), "text")
    return Chat(frame.lazy(), ReadReport("made", "made", "made"))


@given(rows=st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("xyz"), st.text(min_size=1, max_size=5)), min_size=1))
def test_counts_are_those_of_a_plain_loop(rows: list[tuple[str, str, str]]) -> None:
    """Messages and characters by author; the name is the last one in the file where there are no times."""
    found = authors(named_chat(rows))
    assert found.schema.names() == ["author", "name", "messages", "characters", "first", "last", "automated", "reason"]
    for row in found.iter_rows(named=True):
        own = [r for r in rows if r[0] == row["author"]]
        assert row["messages"] == len(own)
        assert row["characters"] == sum(len(r[2]) for r in own)
        assert row["name"] == own[-1][1]
    assert found["messages"].sum() == len(rows)
    assert found["messages"].to_list() == sorted(found["messages"], reverse=True)


def test_the_name_is_the_most_recent_by_time(make_chat: MakeChat) -> None:
    """Some exports have the newest message first."""
    chat = make_chat(["new", "old"], times=[9, 1], author="u")
    frame = chat.frame.with_columns(name=pl.Series(["new name", "old name"]))
    found = authors(Chat(frame, chat.report))
    assert found["name"].to_list() == ["new name"]
    assert found["first"][0] < found["last"][0]


def test_bots_that_the_app_marks_look_automated(make_chat: MakeChat) -> None:
    """However few messages they wrote; those that wrote none are not listed."""
    chat = make_chat(["one", "two"], author=["u", "b"])
    chat.report.bots.update(("b", "c"))
    found = authors(chat)
    assert found.select("author", "automated", "reason").rows() == [("b", True, MARKED), ("u", False, None)]


def test_authors_can_be_limited(make_chat: MakeChat) -> None:
    """To the most active, to some, to all but some."""
    chat = make_chat(list("abcdef"), author=["u", "u", "u", "v", "v", "w"])
    assert authors(chat, top=2)["author"].to_list() == ["u", "v"]
    assert authors(chat, only=["w", "v"])["author"].to_list() == ["v", "w"]
    assert authors(chat, without=["u"], top=1)["author"].to_list() == ["v"]
    with pytest.raises(OptionError, match="1 or more, not 0"):
        authors(chat, top=0)


def test_a_book_has_no_automated_author(make_chat: MakeChat) -> None:
    """Its rows are no messages."""
    found = authors(make_chat(["the same piece of text"] * 50, kind="stream"))
    assert found["automated"].to_list() == [False]
    assert authors(make_chat(["the same piece of text"] * 50))["automated"].to_list() == [True]


@given(texts=st.lists(st.text(min_size=1, max_size=20), min_size=1, max_size=10))
def test_sizes_count_characters_not_bytes(texts: list[str]) -> None:
    """Distinct ones too."""
    chat = named_chat([("u", "n", text) for text in texts] + [("v", "n", "other 😀")])
    assert sizes(chat, "u") == Sizes(len(texts), len("".join(texts)), len(set("".join(texts))))


def test_sizes_of_nobody_are_an_error() -> None:
    """Rather than zero."""
    with pytest.raises(AuthorNotFoundError, match="no author 'w'"):
        sizes(named_chat([("u", "n", "x")]), "w")


PEOPLE = [
    ("id-1", "Alice", "x"), ("id-1", "Alicia", "x"), ("id-2", "Bob", "x"), ("id-3", "bob", "x"), ("id-4", "Sam", "x"),
    ("id-5", "Sam", "x"), ("id-6", "id-2", "x"), ("id-7", "@cat", "x"), ("id-8", "Émile", "x"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("wanted", "author"),
    [
        ("id-1", "id-1"), ("Alice", "id-1"), ("Alicia", "id-1"), ("alicia", "id-1"), ("Bob", "id-2"), ("bob", "id-3"),
        ("id-2", "id-2"), ("ID-5", "id-5"), ("@Alice", "id-1"), (" Alice ", "id-1"), ("@cat", "id-7"), ("émile", "id-8"),
    ],
)  # fmt: skip
def test_an_id_goes_before_a_name_and_the_exact_case_before_another(wanted: str, author: str) -> None:
    """Past names count, and an @ in front does no harm."""
    assert find_author(named_chat(PEOPLE), wanted) == author


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ("Sam", ["2 authors are called 'Sam'", "id-4", "id-5", "by id"]),
        ("BOB", ["2 authors are called 'BOB'", "id-2", "id-3"]),
        ("Alise", ["no author 'Alise'", "did you mean", "Alice (id-1)"]),
        ("zzzzzz", ["no author 'zzzzzz'", "the most active are", "id-1"]),
    ],
)
def test_an_unknown_or_shared_name_is_an_error_that_helps(wanted: str, words: list[str]) -> None:
    """With near misses, or the ids to choose from."""
    with pytest.raises(AuthorNotFoundError) as error:
        find_author(named_chat(PEOPLE), wanted)
    for word in words:
        assert word in str(error.value)
