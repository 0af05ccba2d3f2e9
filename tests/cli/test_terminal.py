"""Tests of what an interactive command asks of the terminal."""

from __future__ import annotations

import os
import signal
import sys
import threading
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from talklike.cli.terminal import at_terminal, interruptible, kept_terminal, moves_cursor, orderly, screen, unechoed, visible

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Let standard input be a pseudo-terminal, and return its descriptor."""
    pty = pytest.importorskip("pty", reason="pseudo-terminals are Unix's")
    ours, its = pty.openpty()
    with os.fdopen(its, "r", closefd=False) as stream:
        monkeypatch.setattr(sys, "stdin", stream)
        yield its
    os.close(ours)
    os.close(its)


@given(st.text())
def test_what_is_visible_drives_nothing(text: str) -> None:
    """Every character is shown or joins others, and as many are shown as there were."""
    shown = visible(text)
    assert len(shown) == len(text)
    assert all(c.isprintable() or c in "\n\u200c\u200d" for c in shown)


def test_what_is_visible_stays_what_it_is() -> None:
    """Text in any script, joined emoji included, is left alone; tabs and hard spaces are spaces."""
    text = "tide, é 日本 👩🏽\u200d🚀 ☀\ufe0f\n"
    assert visible(text) == text
    assert visible("a\tb\xa0c\r\n", "|") == "a b c |"


def test_without_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody sits at a pipe or a closed stream, and there is nothing to keep or to quieten."""
    with open(os.devnull) as nothing:  # noqa: PTH123 - it has no path that matters
        for stream in (nothing, None):
            monkeypatch.setattr(sys, "stdin", stream)
            assert not at_terminal()
            with kept_terminal() as settings, unechoed():
                assert settings is None


@pytest.mark.parametrize(("term", "moves"), [("dumb", False), ("unknown", False), ("xterm", True), ("", True)])
def test_which_terminals_can_be_drawn_on(monkeypatch: pytest.MonkeyPatch, term: str, moves: bool) -> None:
    """All but those that say they can't move their cursor; none is asked where that is."""
    monkeypatch.setenv("TERM", term)
    assert moves_cursor() is moves or sys.platform == "win32"
    output = screen()
    assert (output is not None) is moves_cursor()
    assert output is None or not output.responds_to_cpr


def test_ctrl_c_is_noted() -> None:
    """Once it is noted; at the second time it does as always; afterwards everything is as before."""
    before = signal.getsignal(signal.SIGINT)
    with interruptible() as interruption:
        assert not interruption.asked
        signal.raise_signal(signal.SIGINT)
        assert interruption.asked
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


def test_signals_are_the_main_thread_s() -> None:
    """In another thread nothing is done about them, and nothing fails."""
    passed = []

    def run() -> None:
        with orderly(), interruptible() as interruption:
            passed.append(interruption.asked)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert passed == [False]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends a process without asking it")
def test_an_end_in_order(terminal: int) -> None:
    """Whoever ends the process gets the status that shells give, and the terminal back as it was."""
    import termios

    settings = termios.tcgetattr(terminal)
    before = signal.getsignal(signal.SIGTERM)
    with orderly():
        changed = [*settings]
        changed[3] &= ~termios.ICANON
        termios.tcsetattr(terminal, termios.TCSANOW, changed)
        with pytest.raises(SystemExit) as end:
            signal.raise_signal(signal.SIGTERM)
    assert end.value.code == 143
    assert termios.tcgetattr(terminal) == settings
    assert signal.getsignal(signal.SIGTERM) is before


def test_what_is_typed_is_not_shown_meanwhile(terminal: int) -> None:
    """Echo is off, Ctrl-C still works, and afterwards all is as before."""
    import termios

    settings = termios.tcgetattr(terminal)
    with unechoed():
        flags = termios.tcgetattr(terminal)[3]
        assert not flags & termios.ECHO
        assert flags & termios.ISIG
    assert termios.tcgetattr(terminal) == settings
