"""Tries in a process of its own whether a binary table can be read.

Of a damaged one Polars' threads print panics to standard error, and a length that is wrong can end the process that asks for so
much memory. Here that ends the process that tries.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Self

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

COMMAND = (sys.executable, "-P", "-m", "talklike.chat.trial")


class Trial:
    """Tries one file after another; use it as a context manager. The process starts with the first one."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def passes(self, scan: str, path: Path, columns: Sequence[str] | None = None) -> bool:
        """Return whether columns of a file can be read from first to last; without them, whether the file says which it has.

        Args:
            scan: Polars' function that opens it.
            path: The file.
            columns: Names of columns.
        """
        if self._process is None:
            self._process = subprocess.Popen(  # noqa: S603 - ourselves
                COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, encoding="utf-8"
            )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([scan, str(path.absolute()), columns]) + "\n")
        self._process.stdin.flush()
        passed = bool(self._process.stdout.readline())
        if not passed:
            self.__exit__()
        return passed


def main() -> None:
    """Try the files that standard input names, a line each; answer with an empty line, or end."""
    for line in sys.stdin:
        scan, path, columns = json.loads(line)
        frame: pl.LazyFrame = getattr(pl, scan)(path, glob=False)
        if columns is None:
            frame.collect_schema()
        else:
            frame.select(pl.col(columns).null_count()).collect(engine="streaming")
        sys.stdout.write("\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
