"""Runs benchmarks, each in a process of its own, so that none inherits another's threads, caches or memory.

``python -m benchmarks`` runs all, ``python -m benchmarks generation training.rate`` a stage and one more; ``--quick`` is a smoke
run, ``--list`` only says what there is. Standard output holds one JSON line for each figure. The exit status says whether every
benchmark ran; whether a target was met stands in the line.
"""

from __future__ import annotations

import argparse
import ast
import subprocess
import sys
from pathlib import Path

from benchmarks.record import ROOT, note

FOLDER = Path(__file__).resolve().parent


def benchmarks() -> dict[str, Path]:
    """Return every benchmark by name: ``stage.module``."""
    files = sorted(path for path in FOLDER.glob("*/*.py") if path.name != "__init__.py")
    return {f"{path.parent.name}.{path.stem}": path for path in files}


def chosen(wanted: list[str], known: list[str]) -> list[str]:
    """Return the benchmarks that ``wanted`` names, in the order of ``known``; all of them without a wish.

    Args:
        wanted: Names of stages or of benchmarks.
        known: Names of all benchmarks.

    Raises:
        ValueError: A name fits nothing.

    >>> chosen(["training", "demo.demo"], ["demo.demo", "generation.steps", "training.rate"])
    ['demo.demo', 'training.rate']
    """
    for name in wanted:
        if not any(_fits(name, benchmark) for benchmark in known):
            raise ValueError(f"no benchmark is called {name!r}; there are {', '.join(known)}")
    return [benchmark for benchmark in known if not wanted or any(_fits(name, benchmark) for name in wanted)]


def _fits(name: str, benchmark: str) -> bool:
    return name in (benchmark, benchmark.partition(".")[0])


def summary(path: Path) -> str:
    """Return the first line of a benchmark's docstring, without importing what it imports."""
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return text.partition("\n")[0]


def main() -> int:
    """Run the benchmarks named on the command line; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Print one JSON line for each figure.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="a stage or a benchmark; all without one")
    parser.add_argument("--quick", action="store_true", help="a smoke run: tiny sizes, figures that say nothing")
    parser.add_argument("--list", action="store_true", help="say what there is and run nothing")
    given = parser.parse_args()
    known = benchmarks()
    try:
        names = chosen(given.names, list(known))
    except ValueError as error:
        parser.error(str(error))
    if given.list:
        for name in names:
            print(f"{name:18} {summary(known[name])}")
        return 0
    failed = []
    for name in names:
        note(f"benchmarks: {name}")
        command = [sys.executable, "-m", f"benchmarks.{name}", *(["--quick"] if given.quick else [])]
        if subprocess.run(command, cwd=ROOT, check=False).returncode:
            failed.append(name)
    if failed:
        note(f"benchmarks: failed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
