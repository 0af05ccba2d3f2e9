"""Whose messages are learnt."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from talklike.chat.read import read_chat
from talklike.corpus.choose import Chosen, automated, choose_author, only, without
from talklike.errors import AuthorNotFoundError

if TYPE_CHECKING:
    from pathlib import Path

    from talklike.chat.table import Chat


@pytest.fixture
def chat(tmp_path: Path) -> Chat:
    """A chat of a busy bot, two people, and one of them under a later name."""
    rows = ["id,user_id,name,text,time"]
    rows += [f"b{i},1,newsbot,Build {i} of project finished without any error,2020-01-01T00:{i:02}:00Z" for i in range(60)]
    words = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
    rows += [
        f"m{i},2,ann,{' '.join(words[i % 5 : i % 7 + 5 : 1 + i % 3])} {words[i % 11]},2020-01-02T00:{i:02}:00Z" for i in range(40)
    ]
    rows += ["x1,3,bo,hello there,2020-01-03T00:00:00Z", "x2,3,Bobby,again,2020-01-04T00:00:00Z"]
    path = tmp_path / "chat.csv"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return read_chat(path)


def test_the_most_active_human_is_chosen_without_a_name(chat: Chat) -> None:
    """The bot writes most and is passed over."""
    assert choose_author(chat) == Chosen("2", "ann")


@pytest.mark.parametrize("wanted", ["3", "bo", "Bobby", "bobby"])
def test_an_author_goes_by_id_or_any_name_and_is_shown_by_the_latest(chat: Chat, wanted: str) -> None:
    """An id, an old name and a new one mean the same author, called as they last were."""
    assert choose_author(chat, wanted) == Chosen("3", "Bobby")


def test_nobody_of_that_name_gets_a_suggestion(chat: Chat) -> None:
    """A near miss is named."""
    with pytest.raises(AuthorNotFoundError, match="Bobby"):
        choose_author(chat, "Bobbby")


def test_a_chat_of_bots_needs_a_name(chat: Chat) -> None:
    """Where everyone looks automated, none is chosen silently."""
    with pytest.raises(AuthorNotFoundError, match="automated"):
        choose_author(only(chat, include=["newsbot"]))


def test_only_narrows_a_chat(chat: Chat) -> None:
    """Authors are kept, dropped, or kept but for some; no names change nothing."""

    def left(narrowed: Chat) -> set[str]:
        return set(narrowed.frame.select(pl.col("author").unique()).collect()["author"])

    assert only(chat) is chat
    assert left(only(chat, include=["ann", "3"])) == {"2", "3"}
    assert left(only(chat, exclude=["newsbot"])) == {"2", "3"}
    assert left(only(chat, include=["ann", "bo"], exclude=["bo"])) == {"2"}


def test_only_nobody_is_an_error(chat: Chat) -> None:
    """A chat without anyone in it is refused, and so is a name that nobody has."""
    with pytest.raises(AuthorNotFoundError, match="nobody is left"):
        only(chat, include=["ann"], exclude=["ann"])
    with pytest.raises(AuthorNotFoundError):
        only(chat, exclude=["zoe"])


def test_who_looks_automated_is_known_but_for_whom_one_wants(chat: Chat) -> None:
    """A bot's own voice isn't made without the bot."""
    assert automated(chat) == automated(chat, "2") == ("1",)
    assert automated(chat, "1") == ()


def test_a_chat_without_some(chat: Chat) -> None:
    """They are gone, and who isn't there is no matter; without anybody to leave out it is the same chat."""
    assert without(chat, ()) is chat
    left = without(chat, ("1", "nobody")).frame.select(pl.col("author").unique()).collect()["author"]
    assert set(left) == {"2", "3"}
