"""Tests of the options that several commands share."""

from __future__ import annotations

from typing import Any, get_args

import pytest
import typer.main

from talklike.cli import options
from talklike.cli.main import app

READING = ("explore", "convert", "train")
"""Commands that read a chat."""


def explained(option: Any) -> str:
    """Return the help of a shared option or argument, which is an annotation."""
    return str(get_args(option)[1].help)


def parameters(command: str) -> dict[str, Any]:
    """Return the parameters of a command by their longest spelling."""
    found = typer.main.get_command(app).commands[command].params  # type: ignore[attr-defined]  # a group, as there are several
    return {max(parameter.opts, key=len): parameter for parameter in found}


@pytest.mark.parametrize(("option", "expected"), [("--include", options.Include), ("--exclude", options.Exclude)])
def test_choosing_authors_means_the_same_everywhere(option: str, expected: Any) -> None:
    """Training, and whatever else narrows a chat to some authors, does it with the same options."""
    found = [parameters(command)[option].help for command in READING if option in parameters(command)]
    assert found
    assert set(found) == {explained(expected)}


@pytest.mark.parametrize("command", READING)
def test_the_chat_comes_first(command: str) -> None:
    """The first argument of every command that reads a chat is the chat."""
    chat = next(iter(parameters(command).values()))
    assert (chat.name, chat.required, chat.help) == ("chat", True, explained(options.Chat))
