"""Reading a chat for a command."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from talklike.cli.reading import read
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
