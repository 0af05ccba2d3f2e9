"""Tests of a chat at a terminal, with keys from a pipe; ``test_chat`` has a real pseudo-terminal."""

from __future__ import annotations

import signal
from importlib import import_module
from typing import TYPE_CHECKING

import pytest
from prompt_toolkit.history import InMemoryHistory
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from talklike.cli.converse import converse, show, write_answer
from talklike.cli.talk import Talk
from talklike.generation.conversation import Conversation

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from talklike.generation.voice import Voice


@pytest.fixture
def talk(make_voice: Callable[..., Voice]) -> Talk:
    """Return a chat with a voice of two authors that writes as at a terminal."""
    voice = make_voice(authors=("u1", "u2"), scale=1.0)
    lengths = {"max_chars": 9, "min_chars": 3}
    return Talk(voice, Conversation(voice), sampling={}, lengths=lengths, seed=1, write=write_answer, show=show)


def typed(talk: Talk, keys: str, history: InMemoryHistory | None = None) -> InMemoryHistory:
    """Let keys be typed until the chat is left, and return the lines that it remembers."""
    history = history or InMemoryHistory()
    with create_pipe_input() as pipe:
        pipe.send_text(keys)
        converse(talk, history, keys=pipe, output=DummyOutput())
    return history


def turns(talk: Talk) -> list[str]:
    """Return what was said to the voice."""
    return [one.text for one in talk.conversation.said if not one.written]


@pytest.mark.parametrize("leave", ["\x04", "/quit\r", "\x03\x03", "half a line\x03\x03", "once\x03twice\x03\x03"])
def test_leaving(talk: Talk, leave: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Ctrl-D, ``/quit``, or Ctrl-C on an empty line after another; a line that it empties was never said."""
    typed(talk, f"so\r\x03and\r{leave}")
    assert turns(talk) == ["so", "and"]
    assert capsys.readouterr().out.count("name of u1: ") == 2


def test_lines_are_edited_and_remembered(talk: Talk) -> None:
    """Keys edit the line, and each line is remembered as it was said; a command too."""
    history = typed(talk, "sax\x7fo\x01X\r/seed\r\x04")
    assert turns(talk) == ["Xsao"]
    assert list(history.get_strings()) == ["Xsao", "/seed"]


def test_completion(talk: Talk) -> None:
    """Tab ends a command that only one could be, and an author after ``/as``; of several it writes what they share."""
    history = typed(talk, "/top_\t\r/setti\t\r/as name of u\t2\r/top_k\t3\r\x04")
    assert talk.conversation.author == "u2"
    assert talk.options.values == {"top_k": 3}
    assert list(history.get_strings()) == ["/top_", "/settings ", "/as name of u2", "/top_k 3"]


def test_mistakes_are_told_and_the_chat_goes_on(talk: Talk, capsys: pytest.CaptureFixture[str]) -> None:
    """A command that makes no sense is one line."""
    typed(talk, "/nonsense\rso\r\x04")
    assert turns(talk) == ["so"]
    assert "  no command or option is called 'nonsense'" in capsys.readouterr().out


def test_what_is_pasted_is_one_turn(talk: Talk) -> None:
    """Line ends in it don't end it."""
    typed(talk, "\x1b[200~one\ntwo\x1b[201~\r\x04")
    assert turns(talk) == ["one\ntwo"]


def test_an_answer_is_shown_as_it_comes(capsys: pytest.CaptureFixture[str]) -> None:
    """With the name; further lines indented; nothing in it drives the terminal."""

    def pieces() -> Generator[str]:
        yield "a\x1b"
        assert capsys.readouterr().out == "u\ufffd: a\ufffd"
        yield "b\n"
        yield "c"

    write_answer("u\x07", pieces())
    assert capsys.readouterr().out == "b\n  c\n"


def test_ctrl_c_stops_an_answer(capsys: pytest.CaptureFixture[str]) -> None:
    """After the piece in hand; it is closed, so that it knows how far it came."""
    closed = []

    def pieces() -> Generator[str]:
        try:
            for number in range(9):
                if number == 3:
                    signal.raise_signal(signal.SIGINT)
                yield str(number)
        finally:
            closed.append(number)

    write_answer("u1", pieces())
    assert capsys.readouterr().out == "u1: 0123\n"
    assert closed == [3]


def test_ctrl_c_twice_in_an_answer(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stops even an answer that doesn't look; the prompt comes back."""

    def never_looks(_: str, pieces: Generator[str]) -> None:
        next(pieces)
        raise KeyboardInterrupt

    monkeypatch.setattr(talk, "_write", never_looks)
    typed(talk, "so\rand\r\x04")
    assert turns(talk) == ["so", "and"]


def test_replies_are_set_off(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Indented, and dim where colours are welcome."""
    show("a\nb")
    assert capsys.readouterr().out == "  a\n  b\n"
    monkeypatch.setattr(import_module("talklike.cli.converse"), "shows_colours", lambda: True)
    show("a")
    write_answer("u1", (piece for piece in "x"))
    assert capsys.readouterr().out == "  \x1b[2ma\x1b[0m\n\x1b[1mu1:\x1b[0m x\n"
