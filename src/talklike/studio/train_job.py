"""Trains a voice: the job ``python -m talklike.studio.train_job``; what is wanted stands with it (``runs.Order``).

It tells ``stage`` (``name``), ``prepared`` (what is trained on what), ``baseline`` (``name``, ``bits``), ``step`` (``step``,
``loss``, ``at``), ``shortened`` (``steps`` and ``room_steps``, by now), ``evaluated`` (a line of the metrics, and ``samples``),
``noted`` (``note``) and ``result`` (``stopped``, ``scores``, ``verdict``).
"""

from __future__ import annotations

import json
import math
import os
import signal
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from talklike.chat.read import read_chat
from talklike.corpus.choose import only
from talklike.evaluation.kneser_ney import KneserNey
from talklike.studio.events import FOLDER, tell
from talklike.studio.jobs import Job
from talklike.studio.runs import Order
from talklike.studio.workspace import RECORD, record_of
from talklike.training.plan import make_wish
from talklike.training.progress import Listener
from talklike.training.recipe import Recipe
from talklike.training.train import train_run
from talklike.voice.write import atomic_write

if TYPE_CHECKING:
    from talklike.corpus.corpus import Corpus
    from talklike.training.progress import Evaluation
    from talklike.training.schedule import Schedule
    from talklike.training.tutorial_recipe import TutorialRecipe

INTERRUPTED = 130
EVERY = 1.0
"""Time between two steps that are told [s]."""

BASELINE_SHARE = 0.05
"""Share of a budget that the simple methods may take."""

BASELINE_RATE = 160_000
"""Characters a second that a Kneser-Ney model of the best order learns from (docs/experiments.md), on one core."""

MOST_HELD_OUT = 300_000
"""Symbols of the validation part that it is measured on."""


class Teller(Listener):
    """Tells whoever watches the job, and keeps with the run what the studio must know of it.

    Args:
        order: What is wanted.
    """

    def __init__(self, order: Order) -> None:
        self.ready = False
        self._order = order
        self._last = 0.0
        self._loss: float | None = None

    def prepared(self, corpus: Corpus, recipe: Recipe | TutorialRecipe, device: str, folder: Path) -> None:
        """Tell what is trained on what, and what simple methods make of it."""
        assert isinstance(recipe, Recipe), "the studio asks for no other"
        known = record_of(folder)
        record = self._order.record | {"baselines": known.get("baselines")}
        _write_record(folder, record)
        a_step = recipe.streams * recipe.length
        tell(
            "prepared",
            name="the room" if corpus.whole_room else corpus.names[0],
            hidden=recipe.hidden, layers=recipe.layers, steps=recipe.steps, room_steps=recipe.room_steps, a_step=a_step,
            memory=bool(recipe.memory), alphabet=len(corpus.alphabet.characters),
            characters=corpus.target.characters, everyone=corpus.train.characters if corpus.room else 0,
            validation=corpus.validation.characters, test=corpus.test.characters,
            rounds=(recipe.steps - recipe.room_steps) * a_step / max(1, len(corpus.target)),
            device=device, precision=recipe.precision, threads=recipe.threads,
        )  # fmt: skip
        if record["baselines"] is None:
            tell("stage", name="measuring simple methods")
            record["baselines"] = baselines(corpus, self._order.seconds)
            _write_record(folder, record)
        for name, bits in record["baselines"].items():
            tell("baseline", name=name, bits=bits)
        tell("stage", name="training")
        self.ready = True

    def stepped(self, step: int, loss_bits: float | None) -> None:
        """Tell how far it is, now and then."""
        if loss_bits is not None:
            self._loss = loss_bits if self._loss is None else 0.9 * self._loss + 0.1 * loss_bits
        now = time.time()
        if now - self._last >= EVERY:
            self._last = now
            tell("step", step=step, loss=None if self._loss is None else round(self._loss, 4), at=round(now, 2))

    def shortened(self, schedule: Schedule) -> None:
        """Tell how many steps it makes by now."""
        tell("shortened", steps=schedule.steps, room_steps=schedule.room_steps)

    def evaluated(self, evaluation: Evaluation, samples: dict[float, str]) -> None:
        """Tell how good it is and what it writes."""
        texts = {str(temperature): text for temperature, text in samples.items()}
        tell("evaluated", **asdict(evaluation), samples=texts, at=round(time.time(), 2))

    def finishing(self) -> None:
        """Tell that the voice is being scored."""
        tell("stage", name="scoring the voice")

    def noted(self, note: str) -> None:
        """Tell a note."""
        tell("noted", note=note)


def baselines(corpus: Corpus, seconds: float) -> dict[str, float]:
    """Return what simple methods need for the validation part [bit/character], by name.

    Args:
        corpus: What is learnt from; the methods learn from the author's own text.
        seconds: The time that the training itself may take.
    """
    most = max(1, int(seconds * BASELINE_SHARE * BASELINE_RATE))
    own = corpus.target.ids
    nearest = np.concatenate([own[:1], own[1:][-most:]])
    held_out = corpus.validation.ids[: MOST_HELD_OUT + 1]
    if len(nearest) < 2 or len(held_out) < 2:
        return {}
    symbols = len(corpus.alphabet)
    characters = corpus.validation.characters * (len(held_out) - 1) / len(corpus.validation)
    counts = np.bincount(own[1:], minlength=symbols) + 1.0
    frequencies = -np.log2(counts / counts.sum())[held_out[1:]].sum()
    kneser_ney = KneserNey.fit_best(nearest, held_out, symbols=symbols).surprisal(held_out).sum() / math.log(2)
    return {
        "letter frequencies": round(float(frequencies) / characters, 4),
        "Kneser–Ney": round(float(kneser_ney) / characters, 4),
    }


def main(job: Job) -> int:
    """Train, or go on with a training; return the exit status.

    Raises:
        TalklikeError: It can't be trained.
    """
    order = Order.from_dict(job.about)
    teller = Teller(order)
    asked = False

    def interrupted(_number: int, _frame: object) -> None:
        nonlocal asked
        if asked or not teller.ready:
            raise KeyboardInterrupt
        asked = True
        tell("stage", name="saving")

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, interrupted)
    tell("stage", name="reading the messages")
    chat = only(read_chat(order.table, with_quotes=order.with_quotes), include=order.include)
    tell("stage", name="preparing the text")
    wish = make_wish(order.budget, order.epochs, {} if order.resume else order.settings)
    result = train_run(
        chat, order.author, Path(order.run), name=order.name, room=order.room, wish=wish, resume=order.resume,
        listener=teller, stop=lambda: asked,
    )  # fmt: skip
    tell("result", stopped=result.stopped, scores=result.voice.card.scores, verdict=result.verdict)
    return INTERRUPTED if result.stopped == "interrupted" else 0


def _write_record(folder: Path, record: dict[str, Any]) -> None:
    atomic_write(folder / RECORD, (json.dumps(record, indent=2, ensure_ascii=False) + "\n").encode("utf-8", "replace"))


if __name__ == "__main__":
    sys.exit(main(Job(Path(os.environ[FOLDER]))))
