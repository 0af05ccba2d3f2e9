"""Tests of the command itself: help, version, and how errors become one line and an exit status."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import typer.main

from talklike.cli import main
from talklike.errors import ChatFileError, OptionError, TalklikeError
from talklike.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Any

    Run = Callable[..., Any]

COMMANDS = list(typer.main.get_command(main.app).commands)  # type: ignore[attr-defined]  # a group, as there are several


def app_of(command: Callable[[], None]) -> typer.Typer:
    """Return a command line with one guarded command."""
    app = typer.Typer()
    app.command()(main.guarded(command))
    return app


def test_all_commands_are_there() -> None:
    """The commands stand in the order in which one needs them."""
    first = "demo formats explore convert train sweep evaluate compare generate chat write who"
    then = "serve export import-keras studio benchmark"
    assert f"{first} {then}".split() == COMMANDS


@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_names_every_command(talklike: Run, option: str) -> None:
    """The help names every command, on standard output, and ends well."""
    ran = talklike(option)
    assert (ran.status, ran.err) == (0, "")
    assert "Nothing leaves this machine." in ran.out
    assert all(f" {command} " in ran.out for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("option", ["--help", "-h"])
def test_every_command_has_help(talklike: Run, command: str, option: str) -> None:
    """Each command explains itself and every one of its options."""
    ran = talklike(command, option)
    assert (ran.status, ran.err) == (0, "")
    assert f"Usage: talklike {command}" in ran.out
    parameters = typer.main.get_command(main.app).commands[command].params  # type: ignore[attr-defined]  # a group of commands
    for parameter in parameters:
        if parameter.name != "help":
            assert parameter.help, parameter.name
            assert max(parameter.opts, key=len).lstrip("-").split()[0].lower() in ran.out.lower()


def test_without_a_command_there_is_help(talklike: Run) -> None:
    """Nothing asked for is a usage error that shows what there is."""
    ran = talklike()
    assert ran.status == 2
    assert "Usage: talklike" in ran.out + ran.err


def test_version(talklike: Run) -> None:
    """The version is one line and nothing else."""
    ran = talklike("--version")
    assert (ran.status, ran.out, ran.err) == (0, f"{__version__}\n", "")


@pytest.mark.parametrize("arguments", [["nonsense"], ["--nonsense"], ["generate"], ["train"], ["generate", "x", "--nonsense"]])
def test_usage_errors(talklike: Run, arguments: list[str]) -> None:
    """What the command line doesn't know is a usage error: status 2, nothing on standard output, no traceback."""
    ran = talklike(*arguments)
    assert (ran.status, ran.out) == (2, "")
    assert "Usage: talklike" in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(
    ("error", "status"), [(OptionError("count is 0"), 2), (ChatFileError("x.csv: no such file"), 1), (TalklikeError("so"), 1)]
)
def test_mistakes_are_one_line(talklike: Run, monkeypatch: pytest.MonkeyPatch, error: TalklikeError, status: int) -> None:
    """A mistake of the user's is its text on standard error, and its exit status."""

    def fail() -> None:
        raise error

    monkeypatch.setattr(main, "app", app_of(fail))
    ran = talklike()
    assert (ran.status, ran.out, ran.err) == (status, "", f"talklike: {error}\n")


def test_an_interruption_is_one_line(talklike: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C wherever it comes is one line and the exit status of shells."""

    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(main, "app", app_of(interrupted))
    ran = talklike()
    assert (ran.status, ran.out, ran.err) == (130, "", "talklike: interrupted\n")


def test_a_full_disk_under_standard_output(talklike: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the system refuses is told in one line too."""

    def fail() -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(main, "app", app_of(fail))
    ran = talklike()
    assert (ran.status, ran.out, ran.err) == (1, "", "talklike: output: No space left on device\n")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="a device that is always full is needed")  # noqa: PTH110  (a device)
def test_writing_to_a_full_device(voice_file: Path) -> None:
    """A real full device gives one line and status 1."""
    with open("/dev/full", "w") as full:  # noqa: PTH123  (a device)
        command = [sys.executable, "-m", "talklike", "generate", str(voice_file), "--seed", "1"]
        done = subprocess.run(command, check=False, stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 1
    assert "No space left on device" in done.stderr
    assert "Traceback" not in done.stderr


def test_ctrl_c_is_one_line(voice_file: Path) -> None:
    """Interrupted, a command says so in one line and ends with 130, as shells have it."""
    command = [sys.executable, "-m", "talklike", "generate", str(voice_file), "--chars", "100000000", "--seed", "1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.read(1)  # it is writing
        process.send_signal(signal.SIGINT)
        process.stdout.read()
        err = process.stderr.read().decode()
    assert (process.returncode, err) == (130, "talklike: interrupted\n")


def test_a_reader_that_has_gone_is_no_error(voice_file: Path) -> None:
    """Where the reader of a pipe ends first, as ``head`` does, the command ends quietly and well."""
    command = [sys.executable, "-m", "talklike", "generate", str(voice_file), "--chars", "100000000", "--seed", "1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.read(1)
        process.stdout.close()
        err = process.stderr.read().decode()
    assert (process.returncode, err) == (0, "")


@pytest.mark.parametrize("arguments", [["formats"], ["formats", "--json"], ["--help"], ["formats", "--help"], ["--version"]])
def test_no_command_minds_a_reader_that_has_gone(arguments: list[str]) -> None:
    """Tables, JSON, help and the version end alike: quietly and well."""
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run([sys.executable, "-m", "talklike", *arguments], check=False, stdout=write, stderr=subprocess.PIPE)
    os.close(write)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="a device that is always full is needed")  # noqa: PTH110  (a device)
@pytest.mark.parametrize("arguments", [["formats"], ["--help"], ["formats", "--help"], ["--version"]])
def test_whatever_is_written_to_a_full_device(arguments: list[str]) -> None:
    """Help and the version, too, end in one line."""
    with open("/dev/full", "w") as full:  # noqa: PTH123  (a device)
        done = subprocess.run([sys.executable, "-m", "talklike", *arguments], check=False, stdout=full, stderr=subprocess.PIPE)
    assert (done.returncode, done.stderr) == (1, b"talklike: output: No space left on device\n")


@pytest.mark.skipif(os.name != "posix", reason="a shell is needed that closes streams")
@pytest.mark.parametrize(
    ("closed", "arguments", "status"),
    [(">&-", ["formats"], 0), (">&-", ["formats", "--json"], 0), (">&-", ["--version"], 0), ("2>&-", ["explore", "nowhere"], 1),
     ("<&-", ["explore", "-"], 1), (">&- 2>&-", ["explore", "nowhere"], 1)],
)  # fmt: skip
def test_closed_streams(closed: str, arguments: list[str], status: int) -> None:
    """What goes to a stream that isn't there goes nowhere; one to be read is empty. Neither ends in a traceback."""
    command = ["sh", "-c", f'exec "$0" "$@" {closed}', sys.executable, "-m", "talklike", *arguments]
    done = subprocess.run(command, check=False, capture_output=True)
    assert (done.returncode, done.stdout) == (status, b"")
    assert done.stderr.count(b"\n") == (closed == "<&-"), done.stderr


def test_the_module_is_the_command(launched: Run) -> None:
    """``python -m talklike`` does what ``talklike`` does."""
    ran = launched("--version")
    assert (ran.status, ran.out, ran.err) == (0, f"{__version__}\n", "")
