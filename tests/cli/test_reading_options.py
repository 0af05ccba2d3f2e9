"""The options about how a chat is read, for every command that reads one."""

from __future__ import annotations

import inspect
from typing import Annotated, Any, get_args

import pytest
import typer.main
from typer.testing import CliRunner

from talklike.cli.main import app
from talklike.cli.reading import read
from talklike.cli.reading_options import READING, with_reading

COMMANDS = ("explore", "convert", "train", "evaluate", "compare")


@pytest.mark.parametrize("command", COMMANDS)
def test_the_options_mean_the_same_everywhere(command: str) -> None:
    """Every command that reads a chat has them, one after another, explained in the same words."""
    found = {option.name: option for option in typer.main.get_command(app).commands[command].params}  # type: ignore[attr-defined]  # a group, as there are several
    names = list(found)
    first = names.index("format")
    assert names[first : first + len(READING)] == list(READING)
    for name, (annotation, default) in READING.items():
        assert found[name].help == get_args(annotation)[1].help
        assert found[name].default in (default, None)


def test_they_are_what_reading_takes() -> None:
    """Nothing else, and without them the same as there."""
    taken = inspect.signature(read).parameters
    assert {name: taken[name].default for name in READING} == {name: default for name, (_, default) in READING.items()}
    assert set(taken) - set(READING) == {"path", "include", "exclude"}


def test_a_command_gets_them_together() -> None:
    """What comes before and after them stays where it is."""
    got: dict[str, Any] = {}

    @with_reading
    def command(
        chat: str, *, reading: dict[str, Any], last: Annotated[bool, typer.Option("--last", help="The last.")] = False
    ) -> None:
        got.update(chat=chat, reading=reading, last=last)

    only = typer.Typer()
    only.command()(command)
    assert CliRunner().invoke(only, ["c.csv", "--text-column", "3", "--month-first", "--merge", "a=b", "--last"]).exit_code == 0
    nothing = {name: default for name, (_, default) in READING.items()}
    assert got == {
        "chat": "c.csv",
        "reading": nothing | {"text_column": "3", "day_first": False, "merge": ["a=b"]},
        "last": True,
    }
    assert list(inspect.signature(command).parameters) == ["chat", *READING, "last"]
