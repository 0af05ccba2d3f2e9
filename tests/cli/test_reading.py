"""Reading a chat for a command."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from talklike.cli.reading import read, words
from talklike.errors import AuthorNotFoundError, FormatError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A small chat of three people, in columns that nobody would guess."""
    file = tmp_path / "chat.csv"
    file.write_text(
        "foo,bar,baz\nann,2020-01-01,hello\nbo,2020-01-02,hi\ncy,2020-01-03,hey\nann,2020-01-04,bye\n", encoding="utf-8"
    )
    return file


def authors(path: Path, *, include: Sequence[str] = (), exclude: Sequence[str] = ()) -> list[str]:
    """Return the authors of the rows that are read."""
    chat = read(str(path), include=include, exclude=exclude, author_column="foo", text_column="3", time_column="bar")
    return chat.frame.collect()["author"].to_list()


def test_columns_are_passed_on(path: Path) -> None:
    """Columns go by name or position; without them the file isn't understood."""
    assert authors(path) == ["ann", "bo", "cy", "ann"]
    with pytest.raises(FormatError):
        read(str(path))


def test_authors_are_kept_and_dropped(path: Path) -> None:
    """The chat is narrowed to the authors wanted; an unknown one is an error."""
    assert authors(path, include=["ann", "cy"]) == ["ann", "cy", "ann"]
    assert authors(path, exclude=["ann"]) == ["bo", "cy"]
    with pytest.raises(AuthorNotFoundError):
        authors(path, exclude=["dee"])


def test_times_and_people_are_passed_on(tmp_path: Path) -> None:
    """Zone, order of day and month, pairs of authors, quotes."""
    file = tmp_path / "chat.csv"
    file.write_text("author,time,text\nann,03/04/2024 12:00,hello\nann_,05/04/2024 12:00,hi\n", encoding="utf-8")
    chat = read(str(file), timezone="Europe/Berlin", day_first=False, merge=["ann_=ann"], with_quotes=True)
    rows = chat.frame.collect()
    assert [str(time) for time in rows["time"]] == ["2024-03-04 11:00:00+00:00", "2024-05-04 10:00:00+00:00"]
    assert rows["author"].to_list() == ["ann", "ann"]
    assert chat.with_quotes


def test_the_options_can_be_typed_again() -> None:
    """As ``train`` says how to resume."""
    nothing = {"format": None, "author_column": None, "text_column": None, "time_column": None, "timezone": None}
    assert words(**nothing, day_first=None, with_quotes=False, merge=None, separate_nicks=False) == []
    given = nothing | {"format": "irc", "timezone": "UTC"}
    assert words(**given, day_first=False, with_quotes=True, merge=["a b=c"], separate_nicks=True) == [
        "--format", "irc", "--timezone", "UTC", "--month-first", "--with-quotes", "--separate-nicks", "--merge", "a b=c",
    ]  # fmt: skip
    narrowed = words(
        **nothing, include=["ann", "b o"], exclude=["cy"], day_first=None, with_quotes=False, merge=["a=b"], separate_nicks=False
    )
    assert narrowed == ["--merge", "a=b", "--include", "ann", "--include", "b o", "--exclude", "cy"]
