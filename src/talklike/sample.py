"""The bundled chat: the invented harbour town of Halfmoon Slip, a year of messages, written for this project."""

from __future__ import annotations

import gzip
from importlib.resources import files
from pathlib import Path

FILE_NAME = "halfmoon_slip.csv"


def sample_path() -> Path:
    """Return where the bundled chat lies: compressed CSV, in the shape of Kaggle's ``freecodecamp_casual_chatroom.csv``."""
    return Path(str(files("talklike") / "data" / f"{FILE_NAME}.gz"))


def sample_csv() -> bytes:
    """Return the bundled chat as plain CSV."""
    return gzip.decompress(sample_path().read_bytes())
