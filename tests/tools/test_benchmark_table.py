"""The sentence on what has no figures; ``tests/benchmarks/test_record.py`` has the tables."""

from __future__ import annotations

import importlib
import json
import sys
from typing import TYPE_CHECKING

import pytest

from benchmarks.__main__ import benchmarks
from tools import benchmark_table

if TYPE_CHECKING:
    from pathlib import Path

NAMES = ("harbour.otter", "harbour.tern", "harbour.wren")
TABLE = "| figure | value | target | met |\n| --- | ---: | ---: | --- |\n| any | 1 s |  |  |\n"
MEASURED = f"## A\n\n### harbour.otter\n\nCommit.\n\n{TABLE}\n## B\n\n### harbour.otter\n\nSkipped: needs a chat.\n"


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a page of its own for the tool, with figures of one of the benchmarks."""
    path = tmp_path / "benchmarks.md"
    path.write_text(
        benchmark_table.filled("# Figures\n\n<!-- benchmarks -->\n<!-- /benchmarks -->\n", MEASURED), encoding="utf-8"
    )
    monkeypatch.setattr(benchmark_table, "PAGE", path)
    monkeypatch.setattr(importlib.import_module("tools.benchmark_table"), "benchmarks", lambda: dict.fromkeys(NAMES))
    return path


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    """Return the exit status of the tool."""
    monkeypatch.setattr(sys, "argv", ["benchmark_table.py", *arguments])
    return benchmark_table.main()


def test_the_page_says_which_figures_it_lacks() -> None:
    """What stands in the documentation is true: run ``python tools/benchmark_table.py`` if it isn't."""
    page = benchmark_table.PAGE.read_text(encoding="utf-8")
    content = benchmark_table.shown(page)
    assert benchmark_table.filled(page, content) == page
    assert benchmark_table.with_lacking(content, benchmarks()) == content


def test_what_was_skipped_everywhere_has_no_figure() -> None:
    """A heading alone is no figure, on one of the machines is enough, and one sentence replaces the other."""
    skipped = MEASURED + "\n### harbour.tern\n\nSkipped: needs a chat.\n"
    said = benchmark_table.with_lacking(skipped, NAMES)
    assert said == f"No figure stands here of `harbour.tern`, `harbour.wren`.\n\n{skipped}"
    assert benchmark_table.with_lacking(said, NAMES) == said
    assert benchmark_table.with_lacking(said, NAMES[:1]) == skipped


def test_the_sentence_is_written_and_checked(
    page: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A check writes nothing and fails until the tool has run without files."""
    before = page.read_text(encoding="utf-8")
    assert run(monkeypatch, "--check") == 1
    assert "which figures it lacks" in capsys.readouterr().out
    assert page.read_text(encoding="utf-8") == before
    assert run(monkeypatch) == 0
    assert "<!-- benchmarks -->\n\nNo figure stands here of `harbour.tern`, `harbour.wren`.\n\n## A\n" in page.read_text(
        encoding="utf-8"
    )
    assert run(monkeypatch, "--check") == 0


def test_filling_the_page_writes_the_sentence_too(page: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Lines of one benchmark leave the others without figures."""
    line = {
        "benchmark": "harbour.wren", "figure": "any", "value": 2.0, "unit": "s", "target": None, "met": None, "quick": False,
        "commit": None, "modified": False, "date": "2026-01-01T00:00:00+00:00", "versions": {"python": "3.11.7"},
        "machine": {"cpu": "C", "cores": 2, "features": [], "system": "Linux", "load": 0.1},
    }  # fmt: skip
    lines = tmp_path / "lines.jsonl"
    lines.write_text(json.dumps(line) + "\n", encoding="utf-8")
    assert run(monkeypatch, str(lines)) == 0
    assert "\n\nNo figure stands here of `harbour.otter`, `harbour.tern`.\n\n## C, 2 cores" in page.read_text(encoding="utf-8")
    assert run(monkeypatch, "--check") == 0
