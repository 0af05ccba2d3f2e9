"""What a command shows on standard error about a chat: progress bars with time left, and how it was read."""

from __future__ import annotations

import re
import sys
import threading
import time
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl
    from rich.progress import Progress, TaskID

    from talklike.chat.report import ReadReport

PATIENCE = 2.0
"""How long nothing is shown [s]."""

PLACES = 3
"""How many places the report names for each reason."""

LIKE = 10
"""How many notes of a kind are shown."""

_FIGURES = re.compile(r"\d[\d,. …]*")


@contextmanager
def reading_progress() -> Iterator[Bar]:
    """Give a callback for ``read_chat`` that shows on a terminal how far reading is, if it takes long."""
    with _closing(Bar("reading", size=True)) as bar:
        yield bar


@contextmanager
def rows_progress(what: str) -> Iterator[Bar]:
    """Give a callback for ``watched`` that shows how far a table is gone through, if it takes long.

    Args:
        what: What is being done, such as ``writing``.
    """
    with _closing(Bar(what, size=False)) as bar:
        yield bar


class Bar:
    """A progress bar on standard error that appears after ``PATIENCE`` seconds, and only on a terminal."""

    def __init__(self, what: str, *, size: bool) -> None:
        """Begin to wait.

        Args:
            what: What is being done.
            size: Whether bytes are counted, not rows.
        """
        self._what = what
        self._size = size
        self._start = time.monotonic()
        self._shown: tuple[Progress, TaskID] | None = None

    def __call__(self, done: int, total: int | None) -> None:
        """Show that ``done`` of ``total`` have been gone through."""
        if self._shown is None:
            if time.monotonic() - self._start < PATIENCE or not sys.stderr.isatty():
                return
            self._shown = self._show()
        progress, task = self._shown
        progress.update(task, completed=done, total=total)

    def stop(self) -> None:
        """Take the bar away."""
        if self._shown is not None:
            self._shown[0].stop()

    def _show(self) -> tuple[Progress, TaskID]:
        from rich.progress import BarColumn, DownloadColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        from talklike.cli.console import Console

        counted = DownloadColumn() if self._size else MofNCompleteColumn()
        columns = (TextColumn("{task.description}"), BarColumn(), counted, TimeRemainingColumn())
        progress = Progress(*columns, console=Console(stderr=True), transient=True)
        progress.start()
        return progress, progress.add_task(self._what, total=None)


@contextmanager
def _closing(bar: Bar) -> Iterator[Bar]:
    try:
        yield bar
    finally:
        bar.stop()


def watched(frame: pl.LazyFrame, bar: Bar, rows: int, passes: int = 1) -> pl.LazyFrame:
    """Return a message table that tells a progress bar how much of it has been gone through.

    Args:
        frame: The table; its rows still stream.
        bar: Is told.
        rows: How many there are.
        passes: How often the table will be gone through.
    """
    import polars as pl

    lock = threading.Lock()
    done = 0

    def count(column: pl.Series) -> pl.Series:
        nonlocal done
        with lock:  # Polars calls from several threads
            done += len(column)
            bar(min(done, rows * passes), rows * passes)
        return column

    return frame.with_columns(pl.col("author").map_batches(count, return_dtype=pl.String, is_elementwise=True))


def print_report(report: ReadReport) -> None:
    """Print to standard error how a chat was read, and what was skipped where and why."""
    from talklike.chat.options import KEPT_WITH_QUOTES
    from talklike.cli.output import printable

    lines = [f"read {report.source} as {report.format} ({report.why}): {report.kept:,} of {report.read:,} rows kept"]
    for reason, skip in report.skipped.items():
        places = ", ".join(skip.places[:PLACES]) + (", …" if skip.count > PLACES else "")
        hint = " (--with-quotes keeps them)" if reason in KEPT_WITH_QUOTES else ""
        lines.append(f"  {skip.count:,} skipped, {reason}{hint}: {places}")
    lines += [f"  {note}" for note in _shortened(report.notes, report.source)]
    sys.stderr.write("\n".join(map(printable, lines)) + "\n")


def _shortened(notes: list[str], source: str) -> Iterator[str]:
    """Yield notes; of those that differ only in the file of an export and in numbers, the first and how many more there are."""
    kinds = [_FIGURES.sub("", note.partition(": ")[2] if note.startswith((source, "<stdin>")) else note) for note in notes]
    count, seen = Counter(kinds), Counter[str]()
    for note, kind in zip(notes, kinds, strict=True):
        seen[kind] += 1
        if seen[kind] <= LIKE:
            yield note
        if seen[kind] == LIKE < count[kind]:
            yield f"… and {count[kind] - LIKE:,} more like these"
