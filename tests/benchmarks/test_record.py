from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from benchmarks.__main__ import FOLDER, benchmarks, chosen, main, summary
from benchmarks.record import FEATURES, Figure, SkippedError, Surroundings, here, machine, report, versions
from benchmarks.timing import interleaved
from tools import benchmark_table

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("value", "limits", "target", "met"),
    [
        (20_000, {"at_least": 20_000}, "≥ 20000", True),
        (19_990, {"at_least": 20_000}, "≥ 20000", False),
        (0.6, {"at_most": 0.6}, "≤ 0.6", True),
        (0.601, {"at_most": 0.6}, "≤ 0.6", False),
        (5, {}, None, None),
    ],
)
def test_a_figure_says_whether_it_meets_its_target(
    value: float, limits: dict[str, float], target: str | None, met: bool | None
) -> None:
    """The limit itself meets the target, on either side of which the answer differs; without a target there is none."""
    figure = Figure("any", value, "unit", **limits)  # type: ignore[arg-type]  # the limits alone
    assert (figure.target, figure.met) == (target, met)


def test_the_verdict_fits_the_printed_value() -> None:
    """A value is rounded before it is judged, so that a line can't contradict itself."""
    figure = Figure("any", 2.050_04, "bits/character", at_most=2.05)
    assert figure.value == 2.05
    assert figure.met


def test_a_line_holds_what_a_reader_needs_to_repeat_it() -> None:
    """Every line is one JSON object with figure, target, commit, date, machine, versions and seed."""
    line = Surroundings("stage.name", 7, quick=False, facts=here()).line(Figure("any", 3, "s", at_most=4, details={"n": 9}))
    assert "\n" not in line
    content = json.loads(line)
    assert content | {
        "benchmark": "stage.name", "figure": "any", "value": 3.0, "unit": "s", "target": "≤ 4", "met": True,
        "details": {"n": 9}, "quick": False, "seed": 7,
    } == content  # fmt: skip
    assert set(content) >= {"commit", "modified", "date", "machine", "versions"}
    assert datetime.fromisoformat(content["date"]).utcoffset() == timedelta(0)


def test_a_smoke_run_meets_no_target() -> None:
    """Figures of tiny sizes say nothing, so their lines claim nothing."""
    content = json.loads(Surroundings("stage.name", 0, quick=True, facts={}).line(Figure("any", 3, "s", at_most=4)))
    assert (content["target"], content["met"], content["quick"]) == (None, None, True)


def test_report_prints_a_line_for_each_figure(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A benchmark run as a program prints its figures in order and is told of ``--quick``."""
    monkeypatch.setattr(sys, "argv", ["program", "--quick"])
    asked: list[bool] = []

    def figures(quick: bool) -> list[Figure]:
        asked.append(quick)
        return [Figure("first", 1, "s"), Figure("second", 2, "s")]

    assert report("stage.name", figures, seed=3) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["figure"] for line in lines] == ["first", "second"]
    assert asked == [True]


def test_report_prints_why_a_benchmark_is_skipped(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A benchmark that lacks its data prints one line with the reason, and that is no failure."""
    monkeypatch.setattr(sys, "argv", ["program"])

    def figures(_quick: bool) -> list[Figure]:
        raise SkippedError("needs a chat")

    assert report("stage.name", figures, seed=3) == 0
    (line,) = map(json.loads, capsys.readouterr().out.splitlines())
    assert (line["benchmark"], line["skipped"], line["seed"]) == ("stage.name", "needs a chat", 3)


def test_a_folder_without_git_has_no_commit(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An unpacked archive can be measured too; its lines say null where the commit would stand."""
    monkeypatch.setattr("benchmarks.record.ROOT", tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    facts = here()
    assert (facts["commit"], facts["modified"]) == (None, False)


def test_the_machine_and_the_versions_are_told() -> None:
    """A line names the processor, at least one core, and the Python and packages that ran."""
    about = machine()
    assert about["cpu"]
    assert about["cores"] >= 1
    assert set(about["features"]) <= set(FEATURES)
    assert versions()["python"] == ".".join(map(str, sys.version_info[:3]))
    assert {"talklike", "numpy", "onnxruntime"} <= set(versions())


def test_candidates_take_turns() -> None:
    """Each candidate runs once to warm up, then as often as asked, and another one begins each round."""
    ran: list[str] = []
    medians = interleaved({"a": lambda: ran.append("a"), "b": lambda: ran.append("b")}, 3)
    assert "".join(ran) == "ab" + "ab" + "ba" + "ab"
    assert set(medians) == {"a", "b"}


def test_list_names_every_benchmark_and_runs_none() -> None:
    """``--list`` prints the name and the first line of the docstring of each file, and nothing else."""
    command = [sys.executable, "-m", "benchmarks", "--list"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, encoding="utf-8")
    listed = dict(line.split(maxsplit=1) for line in done.stdout.splitlines())
    assert listed == {name: summary(path) for name, path in benchmarks().items()}
    assert {"demo.demo", "generation.start", "generation.steps", "training.masak", "training.memory"} <= set(listed)
    assert done.stderr == ""


def test_every_benchmark_reports_under_its_own_name() -> None:
    """The name in a benchmark's lines is its path, so that a line leads to the file that printed it."""
    for name, path in benchmarks().items():
        assert path == FOLDER / f"{name.replace('.', '/')}.py"
        assert re.findall(r'report\("([^"]+)"', path.read_text(encoding="utf-8")) == [name]


def test_every_benchmark_stands_in_the_documentation() -> None:
    """The reference has a row for each benchmark, and the markers that its tables go between."""
    page = benchmark_table.PAGE.read_text(encoding="utf-8")
    for name in benchmarks():
        assert f"| `{name}` |" in page
    assert benchmark_table.filled(page, "x") != page


def test_an_unknown_benchmark_is_a_usage_error(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A name that fits nothing ends with status 2 and says what there is, and nothing runs."""
    monkeypatch.setattr(sys, "argv", ["benchmarks", "generation", "speling"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert "'speling'" in (said := capsys.readouterr().err)
    assert "generation.steps" in said


def test_a_stage_stands_for_its_benchmarks() -> None:
    """The name of a stage chooses all of it, no name chooses everything, and a part of a name chooses nothing."""
    known = ["demo.demo", "generation.start", "generation.steps"]
    assert chosen(["generation"], known) == known[1:]
    assert chosen([], known) == known
    with pytest.raises(ValueError, match="'gen'"):
        chosen(["gen"], known)


@pytest.mark.parametrize("status", [0, 1])
def test_one_failure_does_not_stop_the_others(
    status: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every benchmark is started, in a process of its own; the exit status is 1 if one of them failed."""
    started: list[str] = []

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        started.append(command[2])
        return subprocess.CompletedProcess(command, status if len(started) == 1 else 0)

    monkeypatch.setattr(sys, "argv", ["benchmarks", "generation"])
    monkeypatch.setattr(subprocess, "run", run)
    assert main() == status
    assert started == ["benchmarks.generation.novelty", "benchmarks.generation.start", "benchmarks.generation.steps"]
    assert ("failed: generation.novelty" in capsys.readouterr().err) == bool(status)


def _line(**changes: Any) -> dict[str, Any]:
    """Return a line as a benchmark would print it."""
    about = {"cpu": "Some CPU", "cores": 2, "features": ["avx2"], "system": "Linux x86_64", "load": 0.1}
    line = {
        "benchmark": "stage.name", "figure": "any", "value": 26790.0, "unit": "characters/s", "target": "≥ 20000", "met": True,
        "details": {}, "quick": False, "seed": 1, "commit": "0123456789abcdef", "modified": False,
        "date": "2026-01-01T00:00:00+00:00", "machine": about, "versions": {"python": "3.11.7"},
    }  # fmt: skip
    return line | changes


def test_the_table_shows_value_target_and_verdict_with_commit_date_and_machine() -> None:
    """A line becomes a row; what all rows of a benchmark share stands above them."""
    markdown = benchmark_table.tables([_line(), _line(figure="other", value=0.4218, unit="s", target="≤ 0.4", met=False)])
    assert markdown.splitlines() == [
        "## Some CPU, 2 cores (avx2), Linux x86_64",
        "",
        "### stage.name",
        "",
        "Commit `0123456789ab`, 2026-01-01T00:00:00+00:00, load 0.1; python 3.11.7.",
        "",
        "| figure | value | target | met |",
        "| --- | ---: | ---: | --- |",
        "| any | 26,790 characters/s | ≥ 20,000 | yes |",
        "| other | 0.4218 s | ≤ 0.4 | **no** |",
    ]


def test_the_table_says_what_was_skipped() -> None:
    """A benchmark that could not run has its reason instead of rows."""
    skipped = {name: value for name, value in _line().items() if name not in ("figure", "value", "unit", "target", "met")}
    assert "Skipped: needs a chat." in benchmark_table.tables([skipped | {"skipped": "needs a chat"}])


def test_the_table_leaves_out_smoke_runs_and_what_was_measured_again() -> None:
    """Of two runs of a benchmark on a machine the later one stands, and a smoke run never does."""
    runs = [
        _line(value=1.0, date="2026-01-02T00:00:00+00:00"),
        _line(value=2.0, date="2026-01-01T00:00:00+00:00"),
        _line(value=3.0, date="2026-01-03T00:00:00+00:00", quick=True),
    ]
    lines = benchmark_table.read_lines("\n".join(map(json.dumps, runs)))
    assert [line["value"] for line in benchmark_table.latest(lines)] == [1.0]


@pytest.mark.parametrize("text", ["no json", "[]", "{}", '{"benchmark": "stage.name"}'])
def test_a_file_of_something_else_is_refused(text: str) -> None:
    """A line that no benchmark prints is named instead of being passed over."""
    with pytest.raises(ValueError, match="line 2 is not"):
        benchmark_table.read_lines(json.dumps(_line()) + "\n" + text)


@pytest.mark.parametrize("page", ["none", "<!-- /benchmarks --> <!-- benchmarks -->", "<!-- benchmarks -->"])
def test_a_page_without_its_markers_is_left_alone(page: str) -> None:
    """Markers that are missing or the wrong way round are an error, so that nothing else is overwritten."""
    with pytest.raises(ValueError, match="once each"):
        benchmark_table.filled(page, "x")
