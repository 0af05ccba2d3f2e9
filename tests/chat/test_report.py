"""The report of a reading."""

from __future__ import annotations

import json

from talklike.chat.report import ReadReport


def test_counts_add_up_and_places_are_bounded() -> None:
    """A file with millions of bad rows must not fill the memory with their places."""
    report = ReadReport("chat.csv", "delimited", "header", kept=5)
    for start in range(0, 3000, 500):
        report.skip("empty", 500, [f"chat.csv:{line}" for line in range(start, start + 500)])
    report.skip("malformed", 1, ["chat.csv:7"])
    assert report.read == 3006
    assert report.skipped["empty"].count == 3000
    assert len(report.skipped["empty"].places) == ReadReport.MOST_PLACES
    assert report.skipped["empty"].places[-1] == "chat.csv:999"


def test_a_report_is_ready_for_json() -> None:
    """With what was read beside what was kept."""
    report = ReadReport("chat.csv", "delimited", "header", kept=5, notes=["a note"], files={"delimited": 1})
    report.skip("empty", 1, ["chat.csv:2"])
    found = json.loads(json.dumps(report.to_dict()))
    assert found == {
        "source": "chat.csv",
        "format": "delimited",
        "why": "header",
        "read": 6,
        "kept": 5,
        "skipped": {"empty": {"count": 1, "places": ["chat.csv:2"]}},
        "notes": ["a note"],
        "files": {"delimited": 1},
    }
