"""The console of tables and bars, apart from ``talklike.cli.output`` as Rich takes longer to load than most commands to write."""

from __future__ import annotations

import errno
import os

import rich.console


class Console(rich.console.Console):
    """A console that lets ``talklike.cli.main`` decide, as for all other output, what becomes of a reader that has gone."""

    def on_broken_pipe(self) -> None:
        """Raise again what Rich would turn into exit status 1.

        Raises:
            BrokenPipeError: Always.
        """
        raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))
