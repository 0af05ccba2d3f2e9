"""What an interactive command asks of the terminal: that Ctrl-C stops just the writing, and that it is left as it was found."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

    from prompt_toolkit.output import Output

JOINERS = "\u200c\u200d"
"""Characters that nothing shows but that join others, as in many emoji."""


def visible(text: str, newline: str = "\n") -> str:
    r"""Return text as a terminal may be shown it: nothing in it can drive the terminal.

    Args:
        text: Any text.
        newline: What stands for the end of a line.

    >>> visible("a\x1b[31mb\tc\nd\u202e", newline=" ⏎ ")
    'a�[31mb c ⏎ d�'
    """
    return "".join(map(_shown, text)).replace("\n", newline)


def _shown(character: str) -> str:
    if character.isprintable() or character == "\n" or character in JOINERS:
        return character
    return " " if (character.isspace() and character.isascii()) or character == "\xa0" else "\ufffd"


def at_terminal() -> bool:
    """Return whether someone sits at a terminal: lines come from one, and what is written goes to it."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty()


def moves_cursor() -> bool:
    """Return whether the terminal can move its cursor."""
    return os.environ.get("TERM", "").lower() not in ("dumb", "unknown") or sys.platform == "win32"


def screen() -> Output | None:
    """Return the terminal to draw on, standard error if standard output leads elsewhere; None for one that can't be drawn on."""
    from prompt_toolkit.output.defaults import create_output
    from prompt_toolkit.output.vt100 import Vt100_Output

    if not moves_cursor():
        return None
    output = create_output(always_prefer_tty=True)
    if isinstance(output, Vt100_Output):
        # Not asked where its cursor is: nothing here needs to know, and a terminal that doesn't answer is no reason to complain.
        output.enable_cpr = False
    return output


class Interruption:
    """Whether Ctrl-C was pressed."""

    def __init__(self) -> None:
        self.asked = False

    def __call__(self, _signum: int, _frame: FrameType | None) -> None:
        """Note it; at the second time, whoever should have looked didn't."""
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True


@contextlib.contextmanager
def interruptible() -> Iterator[Interruption]:
    """Let Ctrl-C be noted instead of ending what is going on, which may look and end where it suits."""
    interruption = Interruption()
    if threading.current_thread() is not threading.main_thread():
        yield interruption
        return
    before = signal.signal(signal.SIGINT, interruption)
    try:
        yield interruption
    finally:
        signal.signal(signal.SIGINT, before)


@contextlib.contextmanager
def unechoed() -> Iterator[None]:
    """Don't let the terminal show what is typed meanwhile: it would stand in the middle of what is written. It isn't lost."""
    with kept_terminal() as settings:
        if settings is not None:
            import termios

            quiet = [*settings]
            quiet[3] &= ~termios.ECHO
            termios.tcsetattr(sys.stdin, termios.TCSADRAIN, quiet)
        yield


@contextlib.contextmanager
def kept_terminal() -> Iterator[list[Any] | None]:
    """Yield the terminal's settings, if standard input is one, and give them back to it at the end, however that comes."""
    try:
        import termios
    except ImportError:  # Windows: there prompt_toolkit does it
        yield None
        return
    try:
        settings = termios.tcgetattr(sys.stdin)
    except (termios.error, ValueError, OSError, TypeError):  # no terminal, or closed
        yield None
        return
    try:
        yield settings
    finally:
        with contextlib.suppress(termios.error):  # it may be gone
            termios.tcsetattr(sys.stdin, termios.TCSADRAIN, settings)


@contextlib.contextmanager
def orderly() -> Iterator[None]:
    """Let whoever ends this process, or closes its terminal, end it in order: everything is put back as it was found."""

    def end(signum: int, _frame: FrameType | None) -> None:
        ended = SystemExit(128 + signum)
        if not _end_application(ended):
            raise ended

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    ends = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {number: signal.signal(number, end) for number in ends}
    try:
        with kept_terminal():
            yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _end_application(ended: SystemExit) -> bool:
    """Let what is drawn on the terminal, if anything is, end with an exception; return whether it will.

    Raised in a signal's handler, the exception might fall into code of the event loop, which only reports it.
    """
    if "prompt_toolkit" not in sys.modules:
        return False
    from prompt_toolkit.application import get_app_or_none

    app = get_app_or_none()
    if app is None or app.loop is None or not app.is_running:
        return False

    def end() -> None:
        if app.is_running and not app.is_done:
            app.exit(exception=ended)

    app.loop.call_soon_threadsafe(end)
    return True
