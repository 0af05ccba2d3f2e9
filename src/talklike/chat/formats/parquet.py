"""Parquet, such as ``talklike convert`` writes."""

from __future__ import annotations

from talklike.chat.columnar import Columnar

PARQUET = Columnar(
    name="parquet",
    title="Parquet with known column names",
    magic=b"PAR1",
    scan="scan_parquet",
)
