"""The progress of reading and the report, on standard error."""

from __future__ import annotations

import io
import sys

import pytest

from talklike.chat.report import ReadReport
from talklike.cli import progress
from talklike.cli.progress import print_report, reading_progress


class Terminal(io.StringIO):
    """Standard error that says it is a terminal."""

    def isatty(self) -> bool:
        """Say yes."""
        return True


@pytest.mark.parametrize(("patience", "terminal", "shown"), [(0.0, True, True), (60.0, True, False), (0.0, False, False)])
def test_a_bar_appears_on_a_terminal_if_reading_takes_long(
    patience: float, terminal: bool, shown: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Never in a pipe, never for a moment."""
    error = Terminal() if terminal else io.StringIO()
    monkeypatch.setattr(sys, "stderr", error)
    monkeypatch.setattr(progress, "PATIENCE", patience)
    monkeypatch.setenv("TERM", "xterm")
    with reading_progress() as report:
        report(10, 100)
        report(50, 100)
    assert ("reading" in error.getvalue()) is shown


def test_the_report_says_what_was_skipped_where(capsys: pytest.CaptureFixture[str]) -> None:
    """The first places of each reason, and all notes."""
    report = ReadReport("chat.csv", "delimited", "a header", kept=1000, notes=["a note"])
    report.skip("empty", 5, [f"chat.csv:{line}" for line in range(2, 7)])
    report.skip("malformed", 1, ["chat.csv:9"])
    print_report(report)
    assert capsys.readouterr().err.splitlines() == [
        "read chat.csv as delimited (a header): 1,000 of 1,006 rows kept",
        "  5 skipped, empty: chat.csv:2, chat.csv:3, chat.csv:4, …",
        "  1 skipped, malformed: chat.csv:9",
        "  a note",
    ]
