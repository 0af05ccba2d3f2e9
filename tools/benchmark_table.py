"""Fills the tables of ``docs/reference/benchmarks.md`` from what the benchmarks printed.

``python tools/benchmark_table.py LINES…``: files of JSON lines from ``python -m benchmarks``, ``-`` is standard input. Everything
between the page's two markers is replaced. Smoke runs are left out; of a benchmark run twice on a machine, the later run stands.
The tables begin with a sentence that says which benchmarks have no figures in them: without LINES only that is written again, and
with ``--check`` nothing is, but a sentence that isn't true any more fails.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the repository, when this is run as a script

from benchmarks.__main__ import benchmarks

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "benchmarks.md"
BEGIN, END = "<!-- benchmarks -->", "<!-- /benchmarks -->"
LACKING = "No figure stands here of "

Line = dict[str, Any]


def read_lines(text: str) -> list[Line]:
    """Return the JSON lines of ``text`` that are not of a smoke run.

    Raises:
        ValueError: A line is not what a benchmark prints; the message says which.
    """
    lines = []
    for number, raw in enumerate(text.splitlines(), 1):
        if not raw.strip():
            continue
        try:
            line = json.loads(raw)
            known = line["benchmark"], line["date"], line["machine"]["cpu"], line["quick"]
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"line {number} is not a line that a benchmark prints") from error
        if not known[-1]:
            lines.append(line)
    return lines


def latest(lines: Iterable[Line]) -> list[Line]:
    """Return the lines of the last run of each benchmark on each machine, in the order of first appearance.

    Runs are told apart by their date. A run that was skipped counts too: what matters is what the last one said.
    """
    runs: dict[tuple[str, str], dict[str, list[Line]]] = {}
    for line in lines:
        run = runs.setdefault((machine(line), line["benchmark"]), {})
        run.setdefault(line["date"], []).append(line)
    return [line for run in runs.values() for line in run[max(run)]]


def machine(line: Line) -> str:
    """Return the machine of a line in words."""
    about = line["machine"]
    features = f" ({', '.join(about['features'])})" if about["features"] else ""
    return f"{about['cpu']}, {about['cores']} cores{features}, {about['system']}"


def tables(lines: Sequence[Line]) -> str:
    """Return the Markdown of ``lines``: a heading for each machine, and for each benchmark a heading and a table."""
    if not lines:
        return "No run is recorded.\n"
    parts = []
    for place in dict.fromkeys(machine(line) for line in lines):
        parts.append(f"## {place}\n")
        here = [line for line in lines if machine(line) == place]
        names = sorted({line["benchmark"] for line in here})
        parts += [_table(benchmark, [line for line in here if line["benchmark"] == benchmark]) for benchmark in names]
    return "\n".join(parts)


def _table(benchmark: str, lines: Sequence[Line]) -> str:
    first = lines[0]
    commit = f"`{first['commit'][:12]}`" if first["commit"] else "unknown"
    changed = " with changes" if first["modified"] else ""
    packages = ", ".join(f"{name} {number}" for name, number in first["versions"].items())
    head = f"### {benchmark}\n\nCommit {commit}{changed}, {first['date']}, load {first['machine']['load']}; {packages}.\n"
    if reason := first.get("skipped"):
        return f"{head}\nSkipped: {reason}.\n"
    rows = ["| figure | value | target | met |", "| --- | ---: | ---: | --- |"]
    rows += [f"| {line['figure']} | {_number(line['value'])} {line['unit']} | {_target(line)} | {_met(line)} |" for line in lines]
    return f"{head}\n" + "\n".join(rows) + "\n"


def _number(value: float) -> str:
    """Return a value as people read it: 26,790 or 0.4218."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def _target(line: Line) -> str:
    if line["target"] is None:
        return ""
    sign, _, limit = line["target"].partition(" ")
    return f"{sign} {_number(float(limit))}"


def _met(line: Line) -> str:
    return {True: "yes", False: "**no**", None: ""}[line["met"]]


def filled(page: str, content: str) -> str:
    r"""Return ``page`` with ``content`` between its markers.

    Raises:
        ValueError: The markers aren't there, once each and in order.

    >>> filled("a\n<!-- benchmarks -->\nold\n<!-- /benchmarks -->\nz", "new\n")
    'a\n<!-- benchmarks -->\n\nnew\n\n<!-- /benchmarks -->\nz'
    """
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end or BEGIN in rest or END in after:
        raise ValueError(f"the page must hold {BEGIN} and after it {END}, once each")
    return f"{before}{BEGIN}\n\n{content}\n{END}{after}"


def with_lacking(content: str, names: Iterable[str]) -> str:
    r"""Return what ``tables`` made, after a sentence that names the benchmarks of which no figure stands in it, if there are any.

    Args:
        content: The tables, with such a sentence or without.
        names: All benchmarks.

    >>> with_lacking("### a.b\n\n| x | 1 s |  |  |\n", ["a.b", "c.d", "c.e"])
    'No figure stands here of `c.d`, `c.e`.\n\n### a.b\n\n| x | 1 s |  |  |\n'
    """
    content = re.sub(rf"\A{re.escape(LACKING)}.*\n\n", "", content)
    sections = (section.partition("\n") for section in re.split(r"^### ", content, flags=re.MULTILINE)[1:])
    measured = {name for name, _, table in sections if re.search(r"^\| ", table, re.MULTILINE)}
    lacking = ", ".join(f"`{name}`" for name in names if name not in measured)
    return f"{LACKING}{lacking}.\n\n{content}" if lacking else content


def shown(page: str) -> str:
    """Return what stands between the markers of a page, as it was given to ``filled``."""
    return page.partition(f"{BEGIN}\n\n")[2].partition(f"\n{END}")[0]


def main() -> int:
    """Fill the page from the files named on the command line, or see to its first sentence."""
    page = PAGE.read_text(encoding="utf-8")
    names = sys.argv[1:]
    if names in ([], ["--check"]):
        true = filled(page, with_lacking(shown(page), benchmarks()))
        if not names:
            PAGE.write_text(true, encoding="utf-8")
        elif page != true:
            print(f"docs/reference/{PAGE.name} doesn't say which figures it lacks; run: python tools/benchmark_table.py")
            return 1
        return 0
    lines: list[Line] = []
    for name in names:
        try:
            lines += read_lines(sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            print(f"{name}: {error}", file=sys.stderr)
            return 1
    PAGE.write_text(filled(page, with_lacking(tables(latest(lines)), benchmarks())), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
