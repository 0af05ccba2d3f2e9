"""``talklike explore``: who writes in a chat, how much, when, and who looks like a bot."""

from __future__ import annotations

import io
import shlex
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from talklike.cli import options  # Typer looks at the types when it runs
from talklike.cli.output import printable, write_json
from talklike.cli.progress import print_report, reading_progress, rows_progress
from talklike.cli.reading import read
from talklike.cli.reading_options import with_reading
from talklike.cli.writable import check_plot
from talklike.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from talklike.chat.people import Suggestion
    from talklike.chat.table import Chat
    from talklike.corpus.clean import Quotations

MOST_ALIKE = 5
"""How many pairs are shown who may be one person."""

FIRST_MESSAGES = 10
"""How many of an author's messages ``--author`` shows."""

LONGEST_LABEL = 24
"""Where a name in the plot is cut [character]."""

WIDE = 110
"""A terminal with as many columns as this shows names and ids side by side [character]."""

PIPE_WIDTH = 160
"""Width of the table where it doesn't go to a terminal [character]."""


@with_reading
def explore(
    chat: options.Chat,
    top: Annotated[int, typer.Option(help="How many authors to show, most active first.")] = 10,
    author: Annotated[str | None, typer.Option(help="Look at this author, by id or display name.")] = None,
    include: options.Include = None,
    exclude: options.Exclude = None,
    plot: Annotated[Path | None, typer.Option(help="Draw the most active authors into this PNG, SVG or PDF.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
    *,
    reading: dict[str, Any],
) -> None:
    """Show who writes in a chat, how much, when, and who looks automated.

    With --json: "report" (source, format, why, read, kept, skipped, notes, files), "kind" (messages or stream), and either
    "author" (with --author) or "authors", "cleaned" (quoting_messages and quoted_lines, which are no text to learn from) and
    "alike" (pairs who may be one person: author, into, reason, option). Each author has author, name, messages, characters,
    first, last, automated and reason; the one of --author also has distinct_characters and first_messages (time, text).
    """
    if top < 1:
        raise OptionError(f"--top must be 1 or more, not {top}")
    if author is not None and (include or exclude):
        raise OptionError("--author shows one author; leave out --include and --exclude")
    if plot is not None:
        check_plot(plot)
    if author is not None:
        from talklike.chat.authors import authors, find_author

        table = read(chat, **reading)
        print_report(table.report)
        shown = authors(table, only=[find_author(table, author)])
        details = _details(table, shown)
        _print_json(table, author=details) if as_json else _print_author(details)
    else:
        table, overview = _overview(chat, reading, top, include or (), exclude or ())
        shown = overview.shown
        _print_json(table, **overview.to_json()) if as_json else _print_overview(overview)
    if plot is not None:
        _draw(shown, plot)
        typer.echo(f"wrote {plot}", err=True)


@dataclass(frozen=True)
class _Overview:
    """What ``explore`` finds in a chat.

    Attributes:
        shown: The most active authors.
        names: The display name of every author, by id.
        alike: Authors who may be one person, at most ``MOST_ALIKE`` pairs.
        quotations: What of the messages is quoted; None where that is wanted or it is no chat.
    """

    shown: pl.DataFrame
    names: dict[str, str]
    alike: list[Suggestion]
    quotations: Quotations | None

    def to_json(self) -> dict[str, Any]:
        quoted = self.quotations
        return {
            "authors": _json_ready(self.shown),
            "cleaned": {} if quoted is None else {"quoting_messages": quoted.messages, "quoted_lines": quoted.lines},
            "alike": [
                {"author": pair.author, "into": pair.into, "reason": pair.reason, "option": _merge_option(pair)}
                for pair in self.alike
            ],
        }


def _overview(
    path: str, reading: dict[str, Any], top: int, include: Sequence[str], exclude: Sequence[str]
) -> tuple[Chat, _Overview]:
    """Go through a chat, with a progress bar, and print how it was read."""
    from talklike.chat.authors import find_among, ranked
    from talklike.chat.columns import ColumnOptions
    from talklike.chat.people import suggestions
    from talklike.chat.read import tally_chat
    from talklike.chat.tally import Tally

    quoted = _Quoted()
    tally = Tally(quoted)
    with reading_progress() as progress, rows_progress("counting") as counting:
        chat = tally_chat(
            path,
            tally,
            format=reading["format"],
            columns=ColumnOptions(*(reading[f"{column}_column"] for column in ("author", "text", "time"))),
            timezone=reading["timezone"],
            day_first=reading["day_first"],
            with_quotes=reading["with_quotes"],
            merge=reading["merge"] or (),
            follow_nicks=not reading["separate_nicks"],
            progress=progress,
            counting=counting,
        )
    print_report(chat.report)
    messages = chat.kind == "messages"
    only = [find_among(tally.names(), wanted) for wanted in include]
    without = [find_among(tally.names(), wanted) for wanted in exclude]
    everyone = tally.count()
    shown = ranked(everyone, tally.sample, chat, top=top, only=only, without=without)
    if not shown.height:
        raise OptionError("--include and --exclude leave no author to show")
    bots = shown.filter("automated")["author"].implode()
    people = everyone.filter(~everyone["author"].is_in(bots) & ~everyone["author"].is_in(without))
    alike = [pair for pair in suggestions(people) if "=" not in pair.author] if messages else []
    names = dict(everyone.select("author", "name").iter_rows())
    found = quoted.found if messages and not chat.with_quotes else None
    return chat, _Overview(shown, names, alike[:MOST_ALIKE], found)


class _Quoted:
    """Counts what is quoted in a chat, table by table."""

    def __init__(self) -> None:
        from talklike.corpus.clean import Quotations

        self.found = Quotations(0, 0)

    def __call__(self, messages: pl.DataFrame) -> None:
        from talklike.corpus.clean import Quotations, quotations

        more = quotations(messages)
        self.found = Quotations(self.found.messages + more.messages, self.found.lines + more.lines)


def _merge_option(pair: Suggestion) -> str:
    return f"--merge {shlex.quote(f'{pair.author}={pair.into}')}"


def _details(chat: Chat, shown: pl.DataFrame) -> dict[str, Any]:
    """Return all that ``--author`` shows about the one author in ``shown``."""
    import polars as pl

    from talklike.chat.authors import sizes

    found = _json_ready(shown)[0]
    written = chat.frame.filter(pl.col("author") == found["author"]).select("time", "text")
    first = written.sort("time", maintain_order=True, nulls_last=True).head(FIRST_MESSAGES).collect(engine="streaming")
    found["distinct_characters"] = sizes(chat, found["author"]).distinct
    found["first_messages"] = _json_ready(first)
    return found


def _json_ready(frame: pl.DataFrame) -> list[dict[str, Any]]:
    return [
        {key: value.isoformat() if hasattr(value, "isoformat") else value for key, value in row.items()}
        for row in frame.iter_rows(named=True)
    ]


def _print_json(chat: Chat, **found: object) -> None:
    write_json({"report": chat.report.to_dict(), "kind": chat.kind, **found}, indent=2)


def _print_overview(overview: _Overview) -> None:
    _print_table(overview.shown)
    if overview.quotations is not None and overview.quotations.messages:
        count, lines = overview.quotations.messages, overview.quotations.lines
        typer.echo(f"{count:,} messages quote others: {lines:,} lines that are not learnt from (--with-quotes keeps them)")
    if overview.alike:
        typer.echo("\nwho may be the same person, and the option that makes them one:")
        for pair in overview.alike:
            one, other = (printable(overview.names[author]) for author in (pair.author, pair.into))
            typer.echo(f"  {one} and {other} ({pair.reason}): {printable(_merge_option(pair))}")


def _print_author(found: dict[str, Any]) -> None:
    name = printable(found["name"])
    who = name if name == found["author"] else f"{name} ({printable(found['author'])})"
    counts = (found["messages"], found["characters"], found["distinct_characters"])
    typer.echo("{} accounts for {:,} messages, {:,} characters, {:,} distinct characters".format(who, *counts))
    if found["first"] is not None:
        typer.echo(f"from {found['first'][:10]} to {found['last'][:10]}")
    if found["automated"]:
        typer.echo(f"looks automated: {found['reason']}")
    typer.echo("\nfirst messages:")
    for message in found["first_messages"]:
        when = "" if message["time"] is None else f"{message['time'][:16].replace('T', ' ')}  "
        typer.echo(f"  {when}{printable(message['text'][:1000])}")


def _print_table(shown: pl.DataFrame) -> None:
    from rich.table import Table
    from rich.text import Text

    from talklike.cli.console import Console

    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=PIPE_WIDTH)
    wide = console.width >= WIDE
    dated = shown["first"].null_count() < shown.height
    table = Table(box=None, pad_edge=False)
    table.add_column("author", overflow="fold", max_width=2 * LONGEST_LABEL if wide else LONGEST_LABEL)
    table.add_column("messages", justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    table.add_column("characters", justify="right", no_wrap=True)
    for when in ("first", "last") if dated else ():
        table.add_column(when, no_wrap=True)
    most = max(shown["messages"].to_list())
    for row in shown.iter_rows(named=True):
        who = Text(printable(row["name"]))
        if row["author"] != row["name"]:
            who.append(("  " if wide else "\n") + printable(row["author"]), style="dim")
        bar = Text(_bar(row["messages"] / most, 20 if wide else 8), style="dim" if row["automated"] else "cyan")
        dates = [f"{row[when]:%Y-%m-%d}" if row[when] else "" for when in ("first", "last")] if dated else []
        table.add_row(who, f"{row['messages']:,}", bar, f"{row['characters']:,}", *dates)
    console.print(table)
    for row in shown.filter("automated").iter_rows(named=True):
        console.print(Text(f"{printable(row['name'])} looks automated: {row['reason']}"))


def _bar(share: float, width: int) -> str:
    """Return a bar of up to ``width`` characters, exact to an eighth of one."""
    eighths = max(1, round(share * width * 8))
    return "█" * (eighths // 8) + " ▏▎▍▌▋▊▉"[eighths % 8].strip()


def _draw(shown: pl.DataFrame, path: Path) -> None:
    from matplotlib.figure import Figure

    from talklike.voice.write import atomic_write

    labels = [_label(author, name) for author, name in zip(shown["author"], shown["name"], strict=True)]
    figure = Figure(figsize=(8, 1.5 + 0.4 * len(labels)), layout="constrained")
    axes = figure.subplots()
    colours = ["tab:gray" if automated else "tab:blue" for automated in shown["automated"]]
    axes.barh(range(len(labels)), shown["messages"].to_list(), color=colours)
    axes.set_yticks(range(len(labels)), labels, parse_math=False)
    axes.invert_yaxis()
    axes.set_title("Most active users" + (" (grey: look automated)" if shown["automated"].any() else ""))
    axes.set_xlabel("messages")
    axes.set_ylabel("user")
    picture = io.BytesIO()
    with warnings.catch_warnings():
        # A name in a script that the font lacks is drawn as boxes; whoever looks at a chat can't do anything about it.
        warnings.filterwarnings("ignore", "Glyph", UserWarning)
        figure.savefig(picture, format=path.suffix.lower().lstrip("."), dpi=150)
    atomic_write(path, picture.getvalue())


def _label(author: str, name: str) -> str:
    """Return a name as the plot shows it, with the id where the two differ."""
    shown = printable(name)
    shown = shown if len(shown) <= LONGEST_LABEL else shown[: LONGEST_LABEL - 1] + "…"
    return shown if author == name else f"{shown}\n{printable(author)[:LONGEST_LABEL]}"
