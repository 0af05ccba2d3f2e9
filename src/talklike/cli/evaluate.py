"""``talklike evaluate``: how good a voice is, in the terminal, as JSON and as a page."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import typer

from talklike.cli import options
from talklike.cli.generate import Voice
from talklike.cli.reading_options import with_reading
from talklike.errors import RunError

MESSAGES = 1000


@with_reading
def evaluate(
    voice: Voice,
    chat: options.Chat,
    author: Annotated[
        str | None, typer.Option(help="Which of the voice's authors is judged, by id or name; else the one it learnt.")
    ] = None,
    messages: Annotated[int, typer.Option(help="How many messages it writes to be judged by.")] = MESSAGES,
    html: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the report as one HTML file, to look at.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
    without_texts: Annotated[
        bool, typer.Option("--without-texts", help="Leave all messages out of the report, so that it can be shown to others.")
    ] = False,
    seed: Annotated[int, typer.Option(help="Decides all draws.")] = 0,
    include: options.Include = None,
    exclude: options.Exclude = None,
    *,
    reading: dict[str, Any],
) -> None:
    """Say how good a voice is: what it foresees, how much it sounds like its author, what it copies and gives away.

    Give the chat that it learnt from, with the same options: the author's last messages, which were held out then, are what the
    voice is judged on. The JSON is described in docs/reference/report.md.
    """
    from talklike.cli.evaluation_view import EvaluationView, print_evaluation
    from talklike.cli.output import write_json
    from talklike.cli.progress import print_report
    from talklike.cli.reading import read
    from talklike.evaluation.evaluate import check
    from talklike.evaluation.evaluate import evaluate as judged
    from talklike.evaluation.history import history
    from talklike.generation.voice import load_voice

    check(messages, seed)  # now, rather than after minutes
    if html is not None and (html.is_dir() or not html.parent.is_dir() or not os.access(html.parent, os.W_OK)):
        raise RunError(f"{html}: can't be written there; make the folder, or name another file with --html")
    loaded = load_voice(voice)
    loss = history(voice)
    found = read(chat, include=include, exclude=exclude, **reading)
    print_report(found.report)
    with EvaluationView() as view:
        result = judged(loaded, found, author=author, messages=messages, seed=seed, loss=loss, file=str(voice), told=view.told)
    report = result.to_dict(texts=not without_texts)
    failed = _written(html, result.html(texts=not without_texts)) if html is not None else None
    if as_json:
        write_json(report, indent=2)
    else:
        print_evaluation(report)
    if failed is not None:
        raise failed


def _written(path: Path, page: str) -> RunError | None:
    """Write the page before the text, whose reader may stop reading; return what hinders that, as the text isn't to be lost."""
    try:
        _write(path, page)
    except RunError as error:
        return error
    typer.echo(f"wrote {path}", err=True)
    return None


def _write(path: Path, text: str) -> None:
    from talklike.voice.write import atomic_write

    data = text.encode("utf-8", "replace")
    try:
        if path.exists() and not path.is_file():  # a pipe or a device isn't to be replaced by a file
            with path.open("wb") as file:
                file.write(data)
        else:
            atomic_write(path, data)
    except OSError as error:
        raise RunError(f"{path}: can't be written: {error.strerror}; name another file with --html") from error
