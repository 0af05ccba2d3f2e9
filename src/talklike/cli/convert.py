"""``talklike convert``: any chat → one table as Parquet, Arrow, CSV or JSON Lines."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from talklike.cli import options  # Typer looks at the types when it runs
from talklike.cli.progress import print_report, rows_progress, watched
from talklike.cli.reading import read
from talklike.cli.reading_options import with_reading
from talklike.cli.writable import check_file
from talklike.errors import OptionError, TalklikeError

if TYPE_CHECKING:
    import polars as pl

SUFFIXES = (".parquet", ".arrow", ".csv", ".jsonl")
"""What a table can be written as."""


@with_reading
def convert(
    chat: options.Chat,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="The file to write; its suffix says how: .parquet, .arrow, .csv or .jsonl.")
    ],
    *,
    reading: dict[str, Any],
) -> None:
    """Write a chat as one table: time (UTC), author, name, channel, text."""
    _check(chat, output)
    table = read(chat, **reading)
    print_report(table.report)
    try:
        with rows_progress("writing") as bar:
            _write_atomically(watched(table.frame, bar, table.report.kept), output)
    except OSError as error:
        raise TalklikeError(f"{output} can't be written: {error.strerror or error}") from error
    typer.echo(f"wrote {output}: {table.report.kept:,} {'pieces of text' if table.kind == 'stream' else 'messages'}", err=True)


def _check(chat: str, output: Path) -> None:
    """Refuse before a long reading what can't be written after it."""
    if output.suffix.lower() not in SUFFIXES:
        raise OptionError(f"-o {output}: the suffix must be one of {', '.join(SUFFIXES)}")
    check_file(output, "-o")
    if chat != "-" and output.exists() and Path(chat).exists() and output.samefile(chat):
        raise OptionError(f"-o {output} is the chat itself; write to another file")
    if chat != "-" and Path(chat).is_dir():
        written, folder = output.parent.resolve() / output.name, Path(chat).resolve()
        # Hidden files are never read.
        if written.is_relative_to(folder) and not any(part.startswith(".") for part in written.relative_to(folder).parts):
            raise OptionError(f"-o {output} lies in the chat, {chat}, and would be read with it the next time; write elsewhere")


def _write_atomically(frame: pl.LazyFrame, output: Path) -> None:
    """Write beside ``output`` and rename, so that nobody ever sees half a file."""
    with tempfile.TemporaryDirectory(prefix=".talklike-", dir=output.parent) as folder:
        part = Path(folder) / output.name
        _write(frame, part)
        part.replace(output)


def _write(frame: pl.LazyFrame, path: Path) -> None:
    import polars as pl

    suffix = path.suffix.lower()
    if suffix == ".parquet":
        frame.sink_parquet(path)
    elif suffix == ".arrow":
        frame.sink_ipc(path)
    else:
        readable = frame.with_columns(pl.col("time").dt.to_string("%Y-%m-%dT%H:%M:%S%.fZ"))
        if suffix == ".csv":
            readable.sink_csv(path, quote_style="non_numeric")  # else a carriage return at the end of a text gets lost
        else:
            readable.sink_ndjson(path)
