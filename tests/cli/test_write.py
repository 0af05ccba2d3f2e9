"""Tests of ``talklike write``: the list, and a person at a terminal."""

from __future__ import annotations

import json
import signal
from typing import TYPE_CHECKING

import pytest

from talklike.generation.voice import load_voice

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Any

    from tests.cli.pseudo_terminal import PseudoTerminal

    Run = Callable[..., Any]
    AtTerminal = Callable[..., PseudoTerminal]


def test_the_list(talklike: Run, voice_file: Path) -> None:
    """Without a terminal: a probability, a tab and the text on each line, as the library finds them."""
    ran = talklike("write", voice_file, "the t", "--candidates", 7)
    expected = load_voice(voice_file).continuations("the t", 7)
    assert (ran.status, ran.err) == (0, "")
    lines = [line.split("\t") for line in ran.out.splitlines()]
    assert [float(chance) for chance, _ in lines] == [round(one.probability, 4) for one in expected]
    assert [text.endswith("⏎") for _, text in lines] == [one.ends or one.text.endswith("\n") for one in expected]
    assert talklike("write", voice_file, "the t", "-n", 7, "--list").out == ran.out


def test_json(talklike: Run, voice_file: Path) -> None:
    """One line, with texts as they are and whole probabilities; author and what was said count."""
    ran = talklike("write", voice_file, "the t", "--json", "--as", "u2", "--said", "u1: is it out", "--said", "so")
    said = [("u1", "is it out"), ("someone", "so")]
    expected = load_voice(voice_file).continuations("the t", author="u2", conversation=said)
    assert (ran.status, ran.out.count("\n")) == (0, 1)
    assert json.loads(ran.out) == [{"text": text, "probability": chance, "ends": ends} for text, chance, ends in expected]
    assert len(json.loads(talklike("write", voice_file, "--json", "-n", 3).out)) == 3


@pytest.mark.parametrize("options", [("-n", 0), ("-n", 101), ("--seed", -1), ("--temperature", -1)])
@pytest.mark.parametrize("more", [[], ["--json"]])
def test_nonsense_is_a_usage_error(talklike: Run, voice_file: Path, options: tuple[object, ...], more: list[str]) -> None:
    """One line, and nothing on standard output."""
    ran = talklike("write", voice_file, "the t", *options, *more)
    assert (ran.status, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert ran.err.startswith("talklike: ")


def test_unknown_authors(talklike: Run, voice_file: Path) -> None:
    """One line that says whom the voice knows."""
    ran = talklike("write", voice_file, "--as", "u3")
    assert (ran.status, ran.out) == (1, "")
    assert ran.err == "talklike: this voice is not 'u3''s; it writes as name of u1, name of u2\n"


def test_a_message_at_a_terminal(at_terminal: AtTerminal, voice_file: Path) -> None:
    """The text and what may follow are shown; what was written is printed at the end, and the terminal is as it was."""
    terminal = at_terminal("write", voice_file, "the t")
    terminal.until("name of u1: ")
    terminal.until("Ctrl-V")
    terminal.keys("ide\r\r")
    assert terminal.end() == 0
    assert "the tide\r\n" in terminal.shown
    assert terminal.unchanged()


def test_ctrl_c_prints_what_is_written(at_terminal: AtTerminal, voice_file: Path) -> None:
    """And ends as Ctrl-C ends everything."""
    terminal = at_terminal("write", voice_file, "the t")
    terminal.until("Ctrl-V")
    terminal.keys("ide\x03")
    assert terminal.end() == 130
    assert terminal.shown.endswith("the tide\r\ntalklike: interrupted\r\n")
    assert terminal.unchanged()


def test_whoever_ends_it_finds_the_terminal_as_it_was(at_terminal: AtTerminal, voice_file: Path) -> None:
    """A signal to end is followed in order, and what was written isn't lost."""
    terminal = at_terminal("write", voice_file, "the tide")
    terminal.until("Ctrl-V")
    terminal.process.send_signal(signal.SIGTERM)
    assert terminal.end() == 128 + signal.SIGTERM
    assert "the tide\r\n" in terminal.shown
    assert terminal.unchanged()


def test_the_text_can_go_elsewhere(at_terminal: AtTerminal, voice_file: Path, tmp_path: Path) -> None:
    """With standard output in a file, the screen is drawn all the same, and the file has the text alone."""
    with (tmp_path / "text").open("wb") as file:
        terminal = at_terminal("write", voice_file, "the t", output=file)
        terminal.until("Ctrl-V")
        terminal.keys("ide\r\r")
        assert terminal.end() == 0
    assert (tmp_path / "text").read_text(encoding="utf-8") == "the tide\n"


def test_a_terminal_that_cannot_be_drawn_on(at_terminal: AtTerminal, voice_file: Path) -> None:
    """Gets the list."""
    terminal = at_terminal("write", voice_file, "the t", TERM="dumb")
    assert terminal.end() == 0
    assert terminal.shown.count("\t") + terminal.shown.count(" ") >= 5
    assert "\x1b" not in terminal.shown
