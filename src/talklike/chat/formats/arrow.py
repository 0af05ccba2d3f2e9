"""Arrow's IPC file format (Feather 2), such as ``talklike convert`` writes."""

from __future__ import annotations

from talklike.chat.columnar import Columnar

ARROW = Columnar(
    name="arrow",
    title="Arrow IPC file (Feather 2) with known column names",
    magic=b"ARROW1",
    scan="scan_ipc",
)
