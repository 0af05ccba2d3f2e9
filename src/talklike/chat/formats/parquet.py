"""Parquet, such as ``talklike convert`` writes."""

from __future__ import annotations

import polars as pl

from talklike.chat.columnar import Columnar

PARQUET = Columnar(
    name="parquet",
    title="Parquet with known column names",
    magic=b"PAR1",
    scan=lambda path: pl.scan_parquet(path, glob=False),
)
