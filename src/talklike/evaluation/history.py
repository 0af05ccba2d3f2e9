"""How a voice got better while it was trained, from the metrics of its run folder."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING

from talklike.errors import RunError
from talklike.voice.full_precision import BESIDE

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence

METRICS = "metrics.jsonl"
VOICES = ("voice.onnx", BESIDE)
"""What a run calls its voices: a file called otherwise isn't of the run whose metrics lie beside it."""

MOST_ROUNDS = 8.0
"""Rounds over the text after which the default recipe has stopped improving, whatever the budget (docs/experiments.md)."""

FEW_ROUNDS = 5
"""Rounds over the text below which a run that was best at its end was simply too short."""

STILL_LEARNING = 0.02
"""A best score at the very end, with training text cheaper by less than this many bits, says that more time would help. Training
loss is measured with features dropped, held-out text without, so the difference may well be negative."""

_FIELDS = {
    "step": "step",
    "seconds": "seconds",
    "characters": "characters",
    "train": "train_bits_per_character",
    "validation": "validation_bits_per_character",
}


def history(path: str | os.PathLike[str]) -> list[dict[str, float]]:
    """Return step, seconds, characters read, and bits per character of training and held-out text at each evaluation of a run.

    Args:
        path: A run folder, or a voice in one by the name that the run gave it; of any other voice nothing is known.

    Raises:
        RunError: The folder's metrics are damaged.
    """
    folder = Path(path)
    if not folder.is_dir() and folder.name not in VOICES:
        return []
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


def still_learning(evaluations: Sequence[Mapping[str, float]], learnt: int) -> bool:
    """Return whether a run was best at its very end and would have gone on getting better, with more time.

    Args:
        evaluations: What ``history`` returned.
        learnt: Characters of the text that it learnt from.
    """
    if not evaluations:
        return False
    last = evaluations[-1]
    rounds = last["characters"] / max(1, learnt)
    ended_best = last["validation"] == min(one["validation"] for one in evaluations)
    return ended_best and rounds < MOST_ROUNDS and (last["validation"] - last["train"] < STILL_LEARNING or rounds < FEW_ROUNDS)
