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
    timezone: str | None = None,
    day_first: bool | None = None,
    with_quotes: bool = False,
    merge: Sequence[str] | None = None,
    separate_nicks: bool = False,
) -> Chat:
    """Return the chat of a command, read with a progress bar and narrowed to the authors wanted.

    Args:
        path: A file, folder or archive, or ``-``.
        include: Keep only these authors, by id or name.
        exclude: Drop these authors.
        format: Name of the format; detected without it.
        author_column: Column of the author, by name or position from 1.
        text_column: Column of the text.
        time_column: Column of the time.
        timezone: Of times that name none; UTC without it.
        day_first: Whether 03/04 is the 3rd of April; inferred without it.
        with_quotes: Keep what authors didn't write themselves.
        merge: Pairs ``A=B`` of authors who are one.
        separate_nicks: Leave the nicks of one person apart.

    Raises:
        ChatError: The chat can't be read.
        AuthorNotFoundError: It holds no such author.
        OptionError: An option makes no sense.
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
            timezone=timezone,
            day_first=day_first,
            with_quotes=with_quotes,
            merge=merge or (),
            follow_nicks=not separate_nicks,
            progress=progress,
        )
    return only(chat, include=include or (), exclude=exclude or ())


def words(
    *,
    include: Sequence[str] | None = None,
    exclude: Sequence[str] | None = None,
    format: str | None,  # noqa: A002  (the option's name)
    author_column: str | None,
    text_column: str | None,
    time_column: str | None,
    timezone: str | None,
    day_first: bool | None,
    with_quotes: bool,
    merge: Sequence[str] | None,
    separate_nicks: bool,
) -> list[str]:
    """Return the options of ``read`` as they are typed, for a command that is to read the same chat again."""
    values = {
        "--format": format,
        "--author-column": author_column,
        "--text-column": text_column,
        "--time-column": time_column,
        "--timezone": timezone,
    }
    told = [word for option, value in values.items() if value is not None for word in (option, value)]
    if day_first is not None:
        told.append("--day-first" if day_first else "--month-first")
    told += [option for option, on in (("--with-quotes", with_quotes), ("--separate-nicks", separate_nicks)) if on]
    several = {"--merge": merge, "--include": include, "--exclude": exclude}
    return told + [word for option, each in several.items() for one in each or () for word in (option, one)]
