"""Options that several commands share, so that one option means the same everywhere."""

from __future__ import annotations

from typing import Annotated

import typer

Chat = Annotated[
    str,
    typer.Argument(
        metavar="CHAT", help="The chat: a file, folder, zip or tar, also packed (.gz, .zst), or - for standard input."
    ),
]
Format = Annotated[str | None, typer.Option("--format", help="Read the chat as this format instead of detecting it.")]
AuthorColumn = Annotated[
    str | None, typer.Option(metavar="COLUMN", help="In a table, the column of the author: its name, or its position from 1.")
]
TextColumn = Annotated[str | None, typer.Option(metavar="COLUMN", help="The column of the text, likewise.")]
TimeColumn = Annotated[str | None, typer.Option(metavar="COLUMN", help="The column of the time, likewise.")]
Include = Annotated[list[str] | None, typer.Option(metavar="AUTHOR", help="Only these authors, by id or name; may be repeated.")]
Exclude = Annotated[
    list[str] | None, typer.Option(metavar="AUTHOR", help="All but these authors, by id or name; may be repeated.")
]
Timezone = Annotated[
    str | None, typer.Option(metavar="ZONE", help="Where times without a zone were written, such as Europe/Berlin; else UTC.")
]
DayFirst = Annotated[
    bool | None,
    typer.Option(
        "--day-first/--month-first", help="How to take 03/04: the 3rd of April, or March 4th.", show_default="as all dates say"
    ),
]
WithQuotes = Annotated[
    bool, typer.Option("--with-quotes", help="Keep what authors didn't write themselves: forwarded, relayed, quoted.")
]
Merge = Annotated[
    list[str] | None, typer.Option(metavar="A=B", help="Everything of author A becomes B's, by id or name; may be repeated.")
]
SeparateNicks = Annotated[
    bool, typer.Option("--separate-nicks", help="Leave the nicks of one person apart where an IRC log shows nick changes.")
]

Learnt = Annotated[
    str | None, typer.Option("--author", help="Whose voice, by id or name; else the most active who doesn't look automated.")
]
