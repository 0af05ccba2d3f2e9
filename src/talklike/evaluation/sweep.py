"""What changes with temperature, and at which one a voice sounds most like its author.

It is chosen on the messages that chose the checkpoint, so that the test messages stay what nothing was chosen by.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from talklike.evaluation.likeness import FEWEST, separation
from talklike.evaluation.writing import LONGEST, clipped, write

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from talklike.evaluation.copying import TrainingText
    from talklike.evaluation.likeness import Judge
    from talklike.evaluation.material import Material
    from talklike.generation.voice import Voice

TEMPERATURES = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1)
TEXTS = 300
"""Messages written at each: the AUC then varies by about 0.02."""


@dataclass(frozen=True)
class Point:
    """What a voice is like at one temperature; None where it couldn't be asked.

    Attributes:
        temperature: Which.
        told_apart: AUC of real messages against its own; 0.5 is guessing.
        taken: Share of its messages that are taken for its author's.
        copied: Share of its characters that are copied.
        finished: Share of its messages that came to an end; passages of a running text have none.
    """

    temperature: float
    told_apart: float | None
    taken: float | None
    copied: float | None
    finished: float | None


@dataclass(frozen=True)
class Sweep:
    """What changes with temperature.

    Attributes:
        points: By temperature.
        texts: Messages written at each.
    """

    points: tuple[Point, ...]
    texts: int

    @property
    def best(self) -> float | None:
        """The temperature whose messages are hardest to tell from real ones; None if that couldn't be asked."""
        # Below one half is chance, and no better than one half.
        asked = [(max(point.told_apart, 0.5), point.temperature) for point in self.points if point.told_apart is not None]
        return min(asked)[1] if asked else None

    def told_apart_at(self, temperature: float | None) -> float | None:
        """Return the AUC at one of the temperatures; None if it couldn't be asked, or wasn't."""
        return next((point.told_apart for point in self.points if point.temperature == temperature), None)

    def to_dict(self) -> dict[str, Any]:
        """Return the figures as plain JSON-ready values."""
        return {"texts": self.texts, "best": self.best, "points": [asdict(point) for point in self.points]}


def sweep(
    voice: Voice,
    material: Material,
    training: TrainingText,
    judge: Judge | None,
    temperatures: Sequence[float] = TEMPERATURES,
    *,
    texts: int = TEXTS,
    seed: int = 0,
    told: Callable[[float], None] = lambda _: None,
) -> Sweep:
    """Return what changes with temperature, everything else being the voice's default.

    Args:
        voice: The voice.
        material: Whose author.
        training: What it learnt from.
        judge: Knows the author from the others, if there are any.
        temperatures: Which to try, beside the voice's own.
        texts: Messages written at each.
        seed: Decides all draws.
        told: Is told what share has been done.
    """
    random = np.random.default_rng(seed)
    chosen = random.permutation(len(material.validation))[:texts].tolist()
    real = clipped([material.validation[place] for place in chosen])
    ends = voice.card.kind == "messages"
    wanted = sorted({float(one) for one in temperatures} | {voice.default_sampling.temperature})
    points = []
    for number, temperature in enumerate(wanted, 1):
        # Other texts than those that are judged at the default, which the choice must not know.
        written = write(voice, material, texts, seed=seed + 1, temperature=temperature)
        apart = separation(real, written[: len(real)], seed=seed) if len(real) >= FEWEST else None
        points.append(
            Point(
                temperature=temperature,
                told_apart=None if apart is None else apart.auc,
                taken=None if judge is None else float(judge.taken(written).mean()),
                copied=training.copied(written).copied,
                finished=sum(len(text) < LONGEST for text in written) / len(written) if ends else None,
            )
        )
        told(number / len(wanted))
    return Sweep(tuple(points), texts)
