"""``talklike train``: learn a voice from a chat."""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from talklike.cli import options
from talklike.cli.output import write_json, write_text
from talklike.cli.progress import print_report
from talklike.cli.reading import read, words
from talklike.cli.reading_options import with_reading
from talklike.errors import MissingExtraError, OptionError, RunError
from talklike.training.recipe import PRECISIONS, Recipe
from talklike.training.tutorial_recipe import TutorialRecipe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from talklike.training.progress import Result

LONGEST_NAME = 80
"""Most bytes of an author's name in that of a folder; file systems take some 255 in all."""

INTERRUPTED = 130
"""Exit status after Ctrl-C, as shells have it: 128 + SIGINT."""

_RECIPE_FIELDS = Recipe.__dataclass_fields__
_TUTORIAL_FIELDS = TutorialRecipe.__dataclass_fields__


def _dial(name: str, *flags: str) -> Any:
    """Return the option of a field of the recipe: its help is the field's, so that the two can't drift apart."""
    help_ = _RECIPE_FIELDS[name].metadata["help"]
    return typer.Option(*flags, help=help_, rich_help_panel="Recipe")


def _tutorial_dial(name: str) -> Any:
    """Return the option of a field that only the tutorial's recipe has."""
    field = _TUTORIAL_FIELDS[name]
    default = ",".join(map(str, field.default)) if isinstance(field.default, tuple) else str(field.default)
    return typer.Option(help=field.metadata["help"], show_default=default, rich_help_panel="The tutorial's recipe")


@with_reading
def train(
    chat: options.Chat,
    author: options.Learnt = None,
    room: Annotated[
        bool | None,
        typer.Option(
            "--room/--alone",
            help="Learn from everyone's messages, then from the author's; without --author, a voice of the whole room. "
            "--alone learns from the author's alone.",
            show_default="the room where it helps",
        ),
    ] = None,
    recipe: Annotated[
        str, typer.Option(help="default, or tutorial: as the freeCodeCamp tutorial trains, step by step.")
    ] = Recipe.name,
    budget: Annotated[str | None, typer.Option(help="Time to train, such as 90s, 5m or 1h30m.", show_default="5m")] = None,
    epochs: Annotated[
        float | None, typer.Option(help="Rounds over the text, instead of a budget.", show_default="15 in the tutorial's recipe")
    ] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Folder of the run.", show_default="runs/AUTHOR")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the run in the folder.")] = False,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda or mps.")] = "auto",
    include: options.Include = None,
    exclude: options.Exclude = None,
    fraction: Annotated[float | None, _dial("fraction")] = None,
    lowercase: Annotated[
        bool | None,
        typer.Option("--lowercase/--keep-case", help="Fold letters to lower case.", show_default="only in the tutorial's recipe"),
    ] = None,
    precision: Annotated[
        str | None,
        typer.Option(
            help=f"{' or '.join(PRECISIONS)}; else the fast one where the machine has it, and 32-true in the tutorial's recipe.",
            rich_help_panel="Recipe",
        ),
    ] = None,
    seed: Annotated[int | None, _dial("seed")] = None,
    hidden: Annotated[int | None, _dial("hidden")] = None,
    layers: Annotated[int | None, _dial("layers")] = None,
    embedding: Annotated[int | None, _dial("embedding")] = None,
    dropout: Annotated[float | None, _dial("dropout")] = None,
    dropout_between: Annotated[float | None, _dial("dropout_between")] = None,
    streams: Annotated[int | None, _dial("streams")] = None,
    length: Annotated[int | None, _dial("length")] = None,
    learning_rate: Annotated[float | None, _dial("learning_rate")] = None,
    weight_decay: Annotated[float | None, _dial("weight_decay")] = None,
    clip: Annotated[float | None, _dial("clip")] = None,
    patience: Annotated[int | None, _dial("patience")] = None,
    memory: Annotated[int | None, _dial("memory")] = None,
    memory_dropout: Annotated[float | None, _dial("memory_dropout")] = None,
    memory_rate: Annotated[float | None, _dial("memory_rate")] = None,
    named: Annotated[int | None, _dial("room", "--named")] = None,
    with_bots: Annotated[bool, _dial("bots", "--with-bots")] = False,
    threads: Annotated[int | None, _dial("threads")] = None,
    canaries: Annotated[int | None, _dial("canaries")] = None,
    canary_times: Annotated[int | None, _dial("canary_times")] = None,
    novelty_index: Annotated[bool, _dial("novelty_index", "--novelty-index")] = False,
    window: Annotated[int | None, _tutorial_dial("window")] = None,
    step: Annotated[int | None, _tutorial_dial("step")] = None,
    batch_size: Annotated[int | None, _tutorial_dial("batch_size")] = None,
    optimizer: Annotated[str | None, _tutorial_dial("optimizer")] = None,
    temperatures: Annotated[str | None, _tutorial_dial("temperatures")] = None,
    write_every: Annotated[int | None, _tutorial_dial("write_every")] = None,
    characters: Annotated[int | None, _tutorial_dial("characters")] = None,
    *,
    reading: dict[str, Any],
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Learn how one author writes. Ctrl-C saves; --resume goes on as if nothing had happened."""
    try:
        from talklike.training.train import train_run, wished
    except ImportError as error:
        raise MissingExtraError(error.name or "torch", "train") from error
    from talklike.cli.training_view import TrainingView
    from talklike.corpus.choose import choose_author

    if int(os.environ.get("RANK", "0")):  # of several processes the first one speaks
        sys.stdout = sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  (open until the process ends)
    given = {
        "fraction": fraction, "lowercase": lowercase, "precision": precision, "seed": seed, "hidden": hidden, "layers": layers,
        "embedding": embedding, "dropout": dropout, "dropout_between": dropout_between, "streams": streams,
        "length": length, "learning_rate": learning_rate, "weight_decay": weight_decay, "clip": clip,
        "patience": patience, "threads": threads, "memory": memory, "memory_dropout": memory_dropout,
        "memory_rate": memory_rate, "room": named, "canaries": canaries, "canary_times": canary_times,
        "bots": with_bots or None, "novelty_index": novelty_index or None, "window": window, "step": step,
        "batch_size": batch_size, "optimizer": optimizer, "temperatures": _temperatures(temperatures),
        "write_every": write_every, "characters": characters,
    }  # fmt: skip
    settings = {name: value for name, value in given.items() if value is not None}
    if resume:
        if output is None:
            raise OptionError("name the folder of the run to resume with -o")
        others = {"budget": budget, "epochs": epochs, "recipe": recipe if recipe != Recipe.name else None}
        if fixed := [name for name, value in (settings | others).items() if value is not None]:
            raise OptionError(f"a resumed run keeps its recipe; leave away {', '.join(_typed(name, given) for name in fixed)}")
    wish = wished(recipe, budget, epochs, settings)
    if resume and author is None and output is not None:
        author = _author_of(output)
        room = room or author is None
    found_chat = read(chat, include=include, exclude=exclude, **reading)
    print_report(found_chat.report)
    found = None if room and author is None else choose_author(found_chat, author)
    folder = output or _run_folder(found.name if found else "room")
    with TrainingView() as view, stop_on_interrupt() as stop, enough_memory():
        result = train_run(
            found_chat, found.author if found else None, folder,
            name=found.name if found else None, room=room, wish=wish, resume=resume, device=device, listener=view, stop=stop,
        )  # fmt: skip
    whose = ["--author", found.author] if found else ["--room"]
    read_again = [chat, *words(include=include, exclude=exclude, **reading)]
    told = ["talklike", "train", *read_again, *whose, "-o", str(folder), "--resume"]
    _report(result, shlex.join(told), as_json=as_json)
    if result.stopped == "interrupted":
        raise typer.Exit(INTERRUPTED)


@contextlib.contextmanager
def enough_memory() -> Iterator[None]:
    """Say what to do where memory is short, which torch says in its own words.

    Raises:
        RunError: It is short.
    """
    try:
        yield
    except (RuntimeError, MemoryError) as error:  # torch's OutOfMemoryError is a RuntimeError
        if isinstance(error, MemoryError) or re.search("out of memory|can't allocate memory", str(error)):
            raise RunError("memory doesn't suffice for this training; choose smaller --streams, --length or --hidden") from error
        raise


class stop_on_interrupt:  # noqa: N801  (a context manager, named like a function)
    """Turns the first Ctrl-C, or a polite kill, into a wish to stop; the second one ends the program at once."""

    def __enter__(self) -> Callable[[], bool]:
        self._asked = False
        self._before = {number: signal.signal(number, self._ask) for number in (signal.SIGINT, signal.SIGTERM)}
        return lambda: self._asked

    def _ask(self, _number: int, _frame: object) -> None:
        if self._asked:
            raise KeyboardInterrupt
        self._asked = True

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)


def _typed(name: str, given: Mapping[str, object]) -> str:
    """Return an option as it is typed, from the name of the field that it sets."""
    if name == "lowercase":
        return "--lowercase" if given[name] else "--keep-case"
    return {"room": "--named", "bots": "--with-bots"}.get(name, f"--{name.replace('_', '-')}")


def _temperatures(text: str | None) -> list[float] | None:
    """Return the numbers of a list such as ``0.2,0.5``."""
    if text is None:
        return None
    try:
        return [float(part) for part in text.split(",")]
    except ValueError as error:
        raise OptionError(f"temperatures are {text!r}, must be numbers with commas between, such as 0.2,0.5") from error


def _report(result: Result, resume_command: str, *, as_json: bool) -> None:
    """Print the verdict to standard error and the result to standard output."""
    scores = result.voice.card.scores
    for sentence in result.verdict:
        sys.stderr.write(f"{sentence}\n")
    if result.stopped == "interrupted":
        sys.stderr.write(f"Saved. Go on with: {resume_command}\n")
    if test := scores.get("test"):
        sys.stderr.write(
            f"Test: {test['bits_per_character']:.3f} bits per character, {test['bits_per_byte']:.3f} bits per byte "
            "on messages it has never seen.\n"
        )
    sys.stderr.write(f"Let it write: talklike generate {shlex.quote(str(result.folder))}\n")
    if as_json:
        facts = {
            "folder": str(result.folder),
            "stopped": result.stopped,
            "scores": scores,
            "verdict": result.verdict,
            "steps": result.evaluations[-1].step if result.evaluations else 0,
        }
        write_json(facts)
    else:
        write_text(f"{result.folder / 'voice.onnx'}\n")


def _author_of(folder: Path) -> str | None:
    """Return the author of the run in a folder; None if it is the whole room."""
    from talklike.training.folder import RunFolder

    author = RunFolder(folder).read_recipe()["corpus"]["author"]
    return None if author is None else str(author)


def _run_folder(name: str) -> Path:
    """Return a folder under ``runs/`` for an author's run."""
    from talklike.training.folder import free_folder

    return free_folder(Path("runs") / plain_name(name))


def plain_name(name: str) -> str:
    """Return what a folder of an author's is called: their name without what a shell or a file system may stumble over."""
    plain = re.sub(r"[^\w.-]+", "-", name).encode()[:LONGEST_NAME].decode(errors="ignore")
    return plain.strip("-.") or "voice"
