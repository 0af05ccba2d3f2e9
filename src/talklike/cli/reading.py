"""Reads a chat for a command: with a progress bar, and only the authors wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from talklike.chat.table import Chat


def read(
    path: str,
    *,
    include: Sequence[str] | None = None,
    exclude: Sequence[str] | None = None,
    format: str | None = None,  # noqa: A002  (the option's name)
    author_column: str | None = None,
    text_column: str | None = None,
    time_column: str | None = None,
) -> Chat:
    """Return the chat of a command, read with a progress bar and narrowed to the authors wanted.

    Args:
        path: A file, or ``-``.
        include: Keep only these authors, by id or name.
        exclude: Drop these authors.
        format: Name of the format; detected without it.
        author_column: Column of the author, by name or position from 1.
        text_column: Column of the text.
        time_column: Column of the time.

    Raises:
        ChatError: The chat can't be read.
        AuthorNotFoundError: It holds no such author.
    """
    from talklike.chat.read import read_chat
    from talklike.cli.progress import reading_progress
    from talklike.corpus.choose import only

    with reading_progress() as progress:
        chat = read_chat(
            path,
            format=format,
            author_column=author_column,
            text_column=text_column,
            time_column=time_column,
            progress=progress,
        )
    return only(chat, include=include or (), exclude=exclude or ())
