"""What a command shows on standard error about reading a chat: a progress bar, and what was skipped."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.progress import Progress, TaskID

    from talklike.chat.report import ReadReport

PATIENCE = 2.0
"""How long nothing is shown [s]."""

PLACES = 3
"""How many places the report names for each reason."""


@contextmanager
def reading_progress() -> Iterator[ReadingProgress]:
    """Give a callback for ``read_chat`` that shows on a terminal how far reading is, if it takes long."""
    progress = ReadingProgress()
    try:
        yield progress
    finally:
        progress.stop()


class ReadingProgress:
    """A progress bar on standard error that appears after ``PATIENCE`` seconds, and only on a terminal."""

    def __init__(self) -> None:
        self._start = time.monotonic()
        self._shown: tuple[Progress, TaskID] | None = None

    def __call__(self, done: int, total: int | None) -> None:
        """Show that ``done`` of ``total`` bytes have been read."""
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
        from rich.console import Console
        from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
        progress = Progress(*columns, console=Console(stderr=True), transient=True)
        progress.start()
        return progress, progress.add_task("reading", total=None)


def print_report(report: ReadReport) -> None:
    """Print to standard error how a chat was read, and what was skipped where and why."""
    lines = [f"read {report.source} as {report.format} ({report.why}): {report.kept:,} of {report.read:,} rows kept"]
    for reason, skip in report.skipped.items():
        places = ", ".join(skip.places[:PLACES]) + (", …" if skip.count > PLACES else "")
        lines.append(f"  {skip.count:,} skipped, {reason}: {places}")
    lines += [f"  {note}" for note in report.notes]
    sys.stderr.write("\n".join(lines) + "\n")
