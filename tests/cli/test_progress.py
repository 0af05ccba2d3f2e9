"""The progress of reading and the report, on standard error."""

from __future__ import annotations

import io
import sys

import polars as pl
import pytest

from talklike.chat.report import ReadReport
from talklike.cli import progress
from talklike.cli.progress import print_report, reading_progress, rows_progress, watched


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


def test_a_table_tells_how_far_it_is_gone_through(monkeypatch: pytest.MonkeyPatch) -> None:
    """Row by row over all passes; its content stays."""
    told: list[tuple[int, int | None]] = []
    frame = pl.LazyFrame({"author": ["a", "b", "a"], "text": ["x", "y", "z"]})
    monkeypatch.setattr(progress.Bar, "__call__", lambda self, done, total: told.append((done, total)))
    with rows_progress("counting") as bar:
        seen = watched(frame, bar, 3, passes=2)
        assert seen.collect(engine="streaming").equals(frame.collect())
        assert seen.filter(pl.col("author") == "a").collect(engine="streaming")["text"].to_list() == ["x", "z"]
    assert told[-1] == (6, 6)


def test_the_report_says_what_was_skipped_where(capsys: pytest.CaptureFixture[str]) -> None:
    """The first places of each reason, and all notes."""
    report = ReadReport("chat.csv", "delimited", "a header", kept=1000, notes=["a note"])
    report.skip("empty", 5, [f"chat.csv:{line}" for line in range(2, 7)])
    report.skip("malformed", 1, ["chat.csv:9"])
    report.skip("forwarded", 1, ["chat.csv:11"])
    print_report(report)
    assert capsys.readouterr().err.splitlines() == [
        "read chat.csv as delimited (a header): 1,000 of 1,007 rows kept",
        "  5 skipped, empty: chat.csv:2, chat.csv:3, chat.csv:4, …",
        "  1 skipped, malformed: chat.csv:9",
        "  1 skipped, forwarded (--with-quotes keeps them): chat.csv:11",
        "  a note",
    ]


def test_like_notes_are_shortened_and_names_tamed(capsys: pytest.CaptureFixture[str]) -> None:
    """An export may have thousands of files with the same flaw, and names that would drive the terminal."""
    notes = ["a note", *(f"export/{n}.txt: {n} lines are not UTF-8 (line {n}, {n + 1}, …)" for n in range(300))]
    notes += [f"export/{n}.txt: the gzip data are damaged" for n in range(10)]
    report = ReadReport("export", "irc", "brackets", kept=1, notes=[*notes, "export/\x1b[31m\n: odd"])
    print_report(report)
    shown = capsys.readouterr().err.splitlines()
    assert shown[1] == "  a note"
    assert shown[2:12] == [f"  {note}" for note in notes[1:11]]
    assert shown[12] == "  … and 290 more like these"
    assert shown[13:23] == [f"  {note}" for note in notes[-10:]]
    assert shown[23:] == ["  export/�[31m ⏎ : odd"]
    assert len(report.to_dict()["notes"]) == 312
