"""Options that several commands share, so that one option means the same everywhere."""

from __future__ import annotations

from typing import Annotated

import typer

Chat = Annotated[
    str, typer.Argument(metavar="CHAT", help="The chat: a file, also packed (.gz, .zst, .zip), or - for standard input.")
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
