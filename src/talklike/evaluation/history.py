"""How a voice got better while it was trained, from the metrics of its run folder."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING

from talklike.errors import RunError

if TYPE_CHECKING:
    import os

METRICS = "metrics.jsonl"
_FIELDS = {
    "step": "step",
    "seconds": "seconds",
    "train": "train_bits_per_character",
    "validation": "validation_bits_per_character",
}


def history(path: str | os.PathLike[str]) -> list[dict[str, float]]:
    """Return step, seconds, and bits per character of training and held-out text at each evaluation of a run, oldest first.

    Args:
        path: A run folder, or a voice in one; of any other voice nothing is known.

    Raises:
        RunError: The folder's metrics are damaged.
    """
    folder = Path(path)
    metrics = (folder if folder.is_dir() else folder.parent) / METRICS
    try:
        lines = metrics.read_text("utf-8").splitlines()
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise RunError(f"{metrics}: can't be read; remove it, and the report goes without the curve") from error
    found = []
    for number, line in enumerate(lines, 1):
        try:
            raw = json.loads(line)
            values = {name: float(raw[key]) for name, key in _FIELDS.items()}
        except (ValueError, KeyError, TypeError, RecursionError, OverflowError) as error:
            raise RunError(f"{metrics}:{number}: is damaged; remove it, and the report goes without the curve") from error
        if all(map(math.isfinite, values.values())):
            found.append(values)
    return found
