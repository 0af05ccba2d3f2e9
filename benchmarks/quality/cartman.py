"""How well a voice predicts South Park's Cartman, against Kneser-Ney and PPMd (see ``benchmarks/likelihood.py``)."""

from __future__ import annotations

import sys
import tarfile
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from benchmarks.likelihood import author_figures
from benchmarks.process import shared_chat
from benchmarks.record import Figure, report

if TYPE_CHECKING:
    from collections.abc import Iterator


COLUMNS = {"--author-column": "Character", "--text-column": "Line"}
"""Options of ``talklike train`` that say how to read the scripts."""


def figures(quick: bool) -> Iterator[Figure]:
    """Yield the figures of all nineteen seasons, in order, as one chat.

    Raises:
        SkippedError: The scripts aren't there.
    """
    with tempfile.TemporaryDirectory() as folder:
        chat = all_seasons(Path(folder))
        yield from author_figures("Cartman", chat, COLUMNS, "Cartman", "20s" if quick else "11m", seed=0)


def all_seasons(folder: Path) -> Path:
    """Write the scripts of all seasons, in order, into one table in a folder, and return it.

    Raises:
        SkippedError: The scripts aren't there.
    """
    with tarfile.open(shared_chat("southpark", "by-season.tar.gz")) as seasons:
        seasons.extractall(folder, filter="data")
    files = sorted(folder.rglob("Season-*.csv"), key=lambda file: int(file.stem.removeprefix("Season-")))
    chat = folder / "southpark.csv"
    pl.concat([pl.read_csv(file, infer_schema=False) for file in files]).write_csv(chat)
    return chat


if __name__ == "__main__":
    sys.exit(report("quality.cartman", figures, seed=0))
