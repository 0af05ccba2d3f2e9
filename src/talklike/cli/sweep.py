"""``talklike sweep``: look for settings that suit one author better than the default recipe's."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from talklike.cli import options
from talklike.cli.output import write_json
from talklike.cli.progress import print_report
from talklike.cli.reading import read, words
from talklike.cli.reading_options import with_reading
from talklike.cli.train import INTERRUPTED, plain_name, stop_on_interrupt
from talklike.errors import MissingExtraError

if TYPE_CHECKING:
    from talklike.training.trials import Sweep


@with_reading
def sweep(
    chat: options.Chat,
    author: options.Learnt = None,
    room: Annotated[
        bool | None,
        typer.Option(
            "--room/--alone",
            help="As for talklike train; decided once, for all trials.",
            show_default="the room where it helps",
        ),
    ] = None,
    trials: Annotated[int, typer.Option(help="Trials that the study is to have in the end, on all machines together.")] = 30,
    budget: Annotated[str | None, typer.Option(help="Time of each trial, such as 30s, 1m or 10m.", show_default="1m")] = None,
    epochs: Annotated[
        float | None,
        typer.Option(help="Rounds over the text of each trial, instead of a budget; for machines of different speed."),
    ] = None,
    vary: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=VALUES",
            help="What to vary: hidden=64..512, dropout=0.1,0.3, or a name alone for its usual range; layers=2 fixes it. "
            "May be repeated.",
            show_default="everything, see docs/how-to/find-better-settings.md",
        ),
    ] = None,
    pruning: Annotated[
        str | None,
        typer.Option(help="How trials that look bad are given up: median, hyperband or none.", show_default="median"),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="Folder of the sweep: the best voice, a picture, a summary.", show_default="runs/AUTHOR-sweep"
        ),
    ] = None,
    storage: Annotated[
        str | None,
        typer.Option(
            metavar="PLACE",
            help="Where the study is kept: a .db file, a .journal file on a shared folder, or a database's URL. "
            "Machines that name the same one share the work.",
            show_default="study.db in the folder",
        ),
    ] = None,
    study: Annotated[str, typer.Option(help="Name of the study in its storage.")] = "sweep",
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the study, or take part in it, if there is one.")] = False,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda or mps.")] = "auto",
    include: options.Include = None,
    exclude: options.Exclude = None,
    fraction: Annotated[float | None, typer.Option(help="Share of the messages used, the first by time.")] = None,
    lowercase: Annotated[bool, typer.Option("--lowercase", help="Fold letters to lower case.")] = False,
    seed: Annotated[int | None, typer.Option(help="Decides what is tried, and every random number of the trainings.")] = None,
    threads: Annotated[int | None, typer.Option(help="Processor threads.")] = None,
    *,
    reading: dict[str, Any],
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Try many settings, each for the same short time, and say which are better than the default recipe and what mattered.

    The first trial is the default recipe. Only the validation part decides; the test part is shown for the winner alone.
    """
    try:
        from talklike.cli.sweep_view import SweepView, print_sweep
        from talklike.training.sweep import check_wish
        from talklike.training.sweep import sweep as searched
    except ImportError as error:
        raise MissingExtraError(error.name or "optuna", "sweep") from error
    from talklike.corpus.choose import choose_author

    settings = {"fraction": fraction, "lowercase": lowercase or None, "threads": threads, "seed": seed}
    wanted: dict[str, Any] = {"trials": trials, "budget": budget, "epochs": epochs, "vary": vary or (), "pruning": pruning}
    wanted |= {name: value for name, value in settings.items() if value is not None}
    check_wish(**wanted)  # what makes no sense is told before a chat is read
    found_chat = read(chat, include=include, exclude=exclude, **reading)
    print_report(found_chat.report)
    found = None if room and author is None else choose_author(found_chat, author)
    folder = output or _sweep_folder(found.name if found else "room")
    with SweepView() as view, stop_on_interrupt() as stop:
        result = searched(
            found_chat, author=found.author if found else None, room=room, output=folder, storage=storage, study=study,
            resume=resume, device=device, listener=view, stop=stop, **wanted,
        )  # fmt: skip
    read_again = [chat, *words(include=include, exclude=exclude, **reading)]
    whose = ["--author", found.author] if found else []
    told = [*read_again, *whose]
    if result.best is not None:
        command = shlex.join(["talklike", "train", *told, *_training_words(result)])
        if as_json:
            write_json(result.to_dict() | {"command": command}, indent=2)
        else:
            print_sweep(result, command)
    _say_where(result)
    if result.stopped == "interrupted":
        again = ["talklike", "sweep", *told, "--trials", str(trials), "-o", str(folder)]
        again += [
            word
            for option, value in (("--storage", storage), ("--study", study))
            if value not in (None, "sweep")
            for word in (option, str(value))
        ]
        sys.stderr.write(f"Stopped. Go on with: {shlex.join([*again, '--resume'])}\n")
        raise typer.Exit(INTERRUPTED)


def _training_words(result: Sweep) -> list[str]:
    """Return the options of ``talklike train`` that train as the best trial did."""
    terms, best = result.terms, result.best
    assert best is not None, "there is a best trial"
    settings = dict(terms.settings) if best.default else result.settings(best)
    told = ["--room" if terms.room else "--alone"]
    told += ["--budget", f"{terms.budget:g}s"] if terms.budget is not None else ["--epochs", f"{terms.epochs:g}"]
    for name, value in settings.items():
        option = f"--{name.replace('_', '-')}"
        told += [option] if value is True else [option, str(value)]
    return told


def _say_where(result: Sweep) -> None:
    """Say where the best voice lies, and the picture."""
    best = result.best
    if result.voice is not None:
        voice = shlex.quote(str(result.folder / "best"))
        sys.stderr.write(f"The best voice: {voice}; let it write: talklike generate {voice}\n")
    elif best is not None:
        sys.stderr.write(f"The best voice was trained at {best.where}.\n")
    if (result.folder / "sweep.png").exists():
        sys.stderr.write(f"The picture: {result.folder / 'sweep.png'}\n")


def _sweep_folder(name: str) -> Path:
    """Return the usual folder of an author's sweep: the same each time, so that --resume finds it."""
    return Path("runs") / f"{plain_name(name)}-sweep"
