"""A pseudo-terminal, at which a command runs as it would at a real one: keys go in, what is shown comes out."""

from __future__ import annotations

import os
import select
import struct
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

PATIENCE = 120
"""How long something may take before it counts as never to come [s]: it should take a moment, and machines are shared."""

# The terminal becomes that of a session of its own, so that its Ctrl-C reaches the command as a signal.
TAKE_TERMINAL = "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execv(sys.argv[1], sys.argv[1:])"


class PseudoTerminal:
    """A command at a pseudo-terminal.

    Args:
        command: Arguments of ``talklike``.
        environment: What the environment has besides.
        output: Where standard output goes, if not to the terminal.

    Attributes:
        process: The command's.
    """

    def __init__(self, command: list[str], environment: Mapping[str, str], output: Any = None) -> None:
        import fcntl
        import pty
        import termios

        self._ours, self._its = pty.openpty()
        fcntl.ioctl(self._its, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self._settings = termios.tcgetattr(self._its)
        self._data = b""
        self._read = 0
        self.process = subprocess.Popen(
            [sys.executable, "-c", TAKE_TERMINAL, sys.executable, "-m", "talklike", *command],
            stdin=self._its, stdout=output or self._its, stderr=self._its, start_new_session=True, env=os.environ | environment,
        )  # fmt: skip

    @property
    def shown(self) -> str:
        """Everything that was shown, escapes included."""
        return self._data.decode("utf-8", "replace")

    def keys(self, text: str) -> None:
        """Type."""
        os.write(self._ours, text.encode())

    def until(self, text: str) -> str:
        """Wait until a text is shown, and return what was shown since the last wait, with it."""
        deadline = time.monotonic() + PATIENCE
        wanted = text.encode()
        while (at := self._data.find(wanted, self._read)) < 0:
            assert time.monotonic() < deadline, f"{text!r} never came; shown was {self._data[self._read :]!r}"
            self._take()
        before, self._read = self._read, at + len(wanted)
        return self._data[before : self._read].decode("utf-8", "replace")

    def end(self) -> int:
        """Wait until the command ends, and return its status."""
        deadline = time.monotonic() + PATIENCE
        while self.process.poll() is None:
            assert time.monotonic() < deadline, f"it never ended; shown was {self._data[self._read :]!r}"
            self._take()
        while self._take():
            pass
        return self.process.returncode

    def unchanged(self) -> bool:
        """Return whether the terminal is as it was before the command."""
        import termios

        return termios.tcgetattr(self._its) == self._settings

    def close(self) -> None:
        """End the command if it still runs, and close the terminal."""
        self.process.kill()
        self.process.wait()
        os.close(self._ours)
        os.close(self._its)

    def _take(self) -> bool:
        ready, _, _ = select.select([self._ours], [], [], 0.05)
        if ready:
            self._data += os.read(self._ours, 1 << 16)
        return bool(ready)
