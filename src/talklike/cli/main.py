"""The command ``talklike``: its commands, and how errors become one line and an exit status."""

from __future__ import annotations

import functools
import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from talklike.cli.benchmark import benchmark
from talklike.cli.chat import chat
from talklike.cli.compare import compare
from talklike.cli.convert import convert
from talklike.cli.demo import demo
from talklike.cli.evaluate import evaluate
from talklike.cli.explore import explore
from talklike.cli.export import export
from talklike.cli.formats import formats
from talklike.cli.generate import generate
from talklike.cli.import_keras import import_keras
from talklike.cli.serve import serve
from talklike.cli.studio import studio
from talklike.cli.sweep import sweep
from talklike.cli.train import INTERRUPTED, train
from talklike.cli.who import who
from talklike.cli.write import write
from talklike.errors import TalklikeError

if TYPE_CHECKING:
    from collections.abc import Callable


def guarded(command: Callable[..., None]) -> Callable[..., None]:
    """Return a command whose errors become one line on standard error and an exit status (a user's mistake: 1, usage: 2).

    The wrapper stands inside Typer, which would otherwise decide by itself about Ctrl-C and closed pipes.
    """

    @functools.wraps(command)
    def run_command(*args: object, **kwargs: object) -> None:
        try:
            command(*args, **kwargs)
            sys.stdout.flush()
        except TalklikeError as error:
            sys.stderr.write(f"talklike: {error}\n")
            raise typer.Exit(error.exit_status) from error
        except KeyboardInterrupt as interruption:
            sys.stderr.write("talklike: interrupted\n")
            raise typer.Exit(INTERRUPTED) from interruption
        except BrokenPipeError as error:
            # The reader of our output has gone (``| head``): nothing is wrong, and Python must not complain at exit either.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit from error
        except OSError as error:  # a full disk or a vanished device under standard output
            _say_refused(error)
            raise typer.Exit(1) from error

    return run_command


def _say_refused(error: OSError) -> None:
    """Say in one line what the system refused."""
    sys.stderr.write(f"talklike: {error.filename or 'output'}: {error.strerror or error}\n")


app = typer.Typer(
    name="talklike",
    help="Train a small LSTM on one person's chat messages and let it write like them. Nothing leaves this machine.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
COMMANDS = (
    demo, formats, explore, convert, train, sweep, evaluate, compare, generate, chat, write, who, serve, export, import_keras,
    studio, benchmark,
)  # fmt: skip
for command in COMMANDS:
    app.command()(guarded(command))


def _version(wanted: bool) -> None:
    if wanted:
        from talklike.version import __version__

        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and exit.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Train a small LSTM on one person's chat messages and let it write like them. Nothing leaves this machine."""


def run() -> None:
    """Run the command line."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # whoever started us has closed it (``>&-``)
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115  (open until the process ends)
    for stream in (sys.stdout, sys.stderr):
        # What a terminal or a pipe can't show becomes an escape, never an error.
        if isinstance(stream, io.TextIOWrapper) and (stream.encoding or "").lower().replace("-", "") != "utf8":
            stream.reconfigure(errors="backslashreplace")
    try:
        app()
    except SystemExit as end:
        # Help and the version don't pass ``guarded``: where their reader has gone, Rich and Typer end with 1.
        if not isinstance(end.__context__, BrokenPipeError):
            raise
        sys.exit(0)
    except OSError as error:  # nor does their full disk
        _say_refused(error)
        sys.exit(1)


if __name__ == "__main__":
    run()
