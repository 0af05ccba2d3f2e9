"""What every figure is reported with: target, commit, date, machine, versions and seed, as one JSON line."""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

ROOT = Path(__file__).resolve().parents[1]

PACKAGES = ("talklike", "numpy", "onnxruntime", "polars", "torch", "lightning-fabric")
"""Packages whose versions decide the figures."""

FEATURES = ("avx2", "avx512f", "avx512_vnni", "avx512_bf16", "amx_bf16", "amx_int8")
"""Instructions that decide how fast small matrices are multiplied, as Linux names them."""


class SkippedError(Exception):
    """A benchmark can't run here; the text says what it needs."""


@dataclass(frozen=True)
class Figure:
    """One measured number.

    Attributes:
        name: What was measured, such as ``H=128 int8``.
        value: The number; kept to four significant digits, beyond which it would not repeat.
        unit: Its unit.
        at_least: Target that the value must reach, if larger is better.
        at_most: Target that the value must not exceed, if smaller is better.
        details: Whatever else a reader needs to judge it, JSON-ready.
    """

    name: str
    value: float
    unit: str
    at_least: float | None = None
    at_most: float | None = None
    details: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        assert self.at_least is None or self.at_most is None, "a figure has one target"
        object.__setattr__(self, "value", float(f"{self.value:.4g}"))

    @property
    def target(self) -> str | None:
        """The target in words of mathematics, such as ``≥ 20000``; None without one."""
        if self.at_least is not None:
            return f"≥ {self.at_least:g}"
        return None if self.at_most is None else f"≤ {self.at_most:g}"

    @property
    def met(self) -> bool | None:
        """Whether the value, as reported, meets the target; None without one."""
        if self.at_least is not None:
            return self.value >= self.at_least
        return None if self.at_most is None else self.value <= self.at_most


@dataclass(frozen=True)
class Surroundings:
    """Where and when a benchmark ran.

    Attributes:
        benchmark: Its name, such as ``generation.steps``.
        seed: Decides its random numbers.
        quick: Whether it is a smoke run, whose figures say nothing.
        facts: Commit, date, machine, versions.
    """

    benchmark: str
    seed: int
    quick: bool
    facts: dict[str, Any]

    def line(self, figure: Figure) -> str:
        """Return the JSON line of a figure; a smoke run has no targets, because its sizes are not theirs."""
        measured = {
            "benchmark": self.benchmark,
            "figure": figure.name,
            "value": figure.value,
            "unit": figure.unit,
            "target": None if self.quick else figure.target,
            "met": None if self.quick else figure.met,
            "details": figure.details,
        }
        return self._json(measured)

    def skipped_line(self, reason: str) -> str:
        """Return the JSON line of a benchmark that can't run here."""
        return self._json({"benchmark": self.benchmark, "skipped": reason})

    def _json(self, content: dict[str, Any]) -> str:
        return json.dumps(content | {"quick": self.quick, "seed": self.seed} | self.facts, ensure_ascii=False)


def report(benchmark: str, figures: Callable[[bool], Iterable[Figure]], *, seed: int) -> int:
    """Run a benchmark as a program: print the JSON line of each figure as soon as it is there; return the exit status.

    Args:
        benchmark: Its name, such as ``generation.steps``.
        figures: Measures; told whether a smoke run is wanted.
        seed: The seed it uses.
    """
    parser = argparse.ArgumentParser(prog=f"python -m benchmarks.{benchmark}")
    parser.add_argument("--quick", action="store_true", help="a smoke run: tiny sizes, figures that say nothing")
    quick: bool = parser.parse_args().quick
    surroundings = Surroundings(benchmark, seed, quick, here())
    try:
        for figure in figures(quick):
            print(surroundings.line(figure), flush=True)
    except SkippedError as reason:
        print(surroundings.skipped_line(str(reason)), flush=True)
    return 0


def here() -> dict[str, Any]:
    """Return commit, date, machine and versions."""
    return {
        "commit": _git("rev-parse", "HEAD"),
        "modified": bool(_git("status", "--porcelain")),
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine(),
        "versions": versions(),
    }


def machine() -> dict[str, Any]:
    """Return the processor, the cores this process may use, its instructions, and how busy the machine is.

    ``load`` is the mean number of processes that wanted a core during the last minute: far above 0, somebody else was working
    too, and the figures are too low.
    """
    about = _cpu_info()
    flags = about.get("flags", about.get("Features", "")).split()
    return {
        "cpu": about.get("model name") or platform.processor() or platform.machine(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "features": [feature for feature in FEATURES if feature in flags],
        "system": f"{platform.system()} {platform.machine()}",
        "load": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
    }


def versions() -> dict[str, str]:
    """Return the versions of Python and of the packages that decide the figures; one that is missing is left out."""
    found = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def _cpu_info() -> dict[str, str]:
    """Return what Linux says of the first processor; nothing elsewhere."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return {}
    pairs = (line.partition(":") for line in text.split("\n\n", 1)[0].splitlines())
    return {name.strip(): value.strip() for name, _, value in pairs}


def _git(*arguments: str) -> str | None:
    """Return what git answers; None without git, or where it has no answer (an unpacked archive)."""
    try:
        done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()


def note(text: str) -> None:
    """Say on standard error what is going on; standard output holds only JSON lines."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
