"""A training run for ``test_processes.py``, started by itself or by torchrun: OUTPUT new|resume|busy STEPS_BEFORE_STOP."""

from __future__ import annotations

import json
import os
import random
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import polars as pl
import pytest

from talklike.chat.report import ReadReport
from talklike.chat.table import SCHEMA, Chat
from talklike.training import schedule, train
from talklike.training.loop import Loop
from talklike.training.plan import make_wish
from talklike.training.train import train_run

if TYPE_CHECKING:
    import torch

WORDS = ("tide", "rope", "crab", "gull", "mast", "pier", "salt", "sail", "knot", "fog", "net", "reef", "the", "on", "by", "is")


def chat() -> Chat:
    """Return a chat of two authors who take turns."""
    choose = random.Random(7)
    count = 160
    frame = pl.DataFrame(
        {
            "time": [datetime(2024, 1, 1, tzinfo=UTC) + timedelta(hours=hour) for hour in range(count)],
            "author": [f"a{n % 2}" for n in range(count)],
            "name": [f"name {n % 2}" for n in range(count)],
            "channel": [None] * count,
            "text": [" ".join(choose.choices(WORDS, k=7)) for _ in range(count)],
        },
        schema=SCHEMA,
    )
    return Chat(frame.lazy(), ReadReport("made.csv", "made", "made by a test", kept=count))


def get_busy() -> None:
    """Make a machine on which steps take three times as long from the 20th on; only the first process notices."""
    now, train_step = 0.0, Loop.train_step

    def step(loop: Loop) -> torch.Tensor:
        nonlocal now
        now += 0.1 if loop.step < 20 or os.environ.get("RANK", "0") != "0" else 0.3
        return train_step(loop)

    patch = pytest.MonkeyPatch()  # never undone: this process ends
    patch.setattr(Loop, "train_step", step)
    for module in (schedule, train):
        patch.setattr(module, "time", SimpleNamespace(perf_counter=lambda: now))
    patch.setattr(train, "measured", lambda _: 0.1)


def main(output: Path, how: str, stop_after: int) -> None:
    """Train thirty steps, or for thirteen seconds, about half of it on the room, with everything that is left to chance."""
    resume = how == "resume"
    budget, epochs = (None, 1) if how != "busy" else ("13s", None)
    settings = {
        "hidden": 16, "embedding": 8, "streams": 4, "length": 8, "precision": "32-true", "seed": 3, "layers": 2,
        "memory": 3, "buckets": 97, "steps": 30, "room_steps": 15, "evaluate_every": 10, "dropout": 0.3, "dropout_between": 0.3,
        "room_dropout": 0.2, "forget": 0.3, "memory_dropout": 0.5,
    }  # fmt: skip
    if how == "busy":
        get_busy()
        del settings["steps"], settings["room_steps"], settings["evaluate_every"]
    asked = iter(range(10**6))
    result = train_run(
        chat(), "a1", output, room=None if resume else True, wish=make_wish(budget, epochs, {} if resume else settings),
        resume=resume, device="cpu", stop=lambda: next(asked) >= stop_after,
    )  # fmt: skip
    sys.stdout.write(json.dumps([result.stopped, result.voice.generate(seed=1, max_chars=30)]) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
