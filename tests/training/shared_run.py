"""A training run for ``test_processes.py``, started by itself or by torchrun: OUTPUT [PRECISION] [STEPS_BEFORE_STOP]."""

from __future__ import annotations

import json
import random
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl

from talklike.chat.report import ReadReport
from talklike.chat.table import SCHEMA, Chat
from talklike.training.plan import make_wish
from talklike.training.train import train_run

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


def main(output: Path, resume: bool, stop_after: int) -> None:
    """Train thirty steps, the first half on the room, with everything that is left to chance."""
    settings = {
        "hidden": 16, "embedding": 8, "streams": 4, "length": 8, "precision": "32-true", "seed": 3, "layers": 2,
        "memory": 3, "buckets": 97, "steps": 30, "room_steps": 15, "evaluate_every": 10, "dropout": 0.3, "dropout_between": 0.3,
        "room_dropout": 0.2, "forget": 0.3, "memory_dropout": 0.5,
    }  # fmt: skip
    asked = iter(range(10**6))
    result = train_run(
        chat(), "a1", output, room=None if resume else True, wish=make_wish(None, 1, {} if resume else settings), resume=resume,
        device="cpu", stop=lambda: next(asked) >= stop_after,
    )  # fmt: skip
    sys.stdout.write(json.dumps([result.stopped, result.voice.generate(seed=1, max_chars=30)]) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2] == "resume", int(sys.argv[3]))
