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


def figures(quick: bool) -> Iterator[Figure]:
    """Yield the figures of all nineteen seasons, in order, as one chat.

    Raises:
        SkippedError: The scripts aren't there.
    """
    archive = shared_chat("southpark", "by-season.tar.gz")
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(archive) as seasons:
            seasons.extractall(folder, filter="data")
        files = sorted(Path(folder).rglob("Season-*.csv"), key=lambda file: int(file.stem.removeprefix("Season-")))
        chat = Path(folder) / "southpark.csv"
        pl.concat([pl.read_csv(file, infer_schema=False) for file in files]).write_csv(chat)
        columns = {"--author-column": "Character", "--text-column": "Line"}
        yield from author_figures("Cartman", chat, columns, "Cartman", "20s" if quick else "11m", seed=0)


if __name__ == "__main__":
    sys.exit(report("quality.cartman", figures, seed=0))
