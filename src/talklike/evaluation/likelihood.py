"""How well a voice expects what its author really wrote, in three readings, beside simple methods that know the same text."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from talklike.evaluation.baselines import Baseline, baselines
from talklike.evaluation.bootstrap import difference, interval
from talklike.evaluation.reading import costs
from talklike.evaluation.reliability import Predictions, Reliability

if TYPE_CHECKING:
    from collections.abc import Callable

    from talklike.evaluation.material import Material
    from talklike.generation.voice import Voice

COLD, OWN, CONVERSATION = "cold", "own", "conversation"
"""What was read before each message: nothing, the author's own messages before it, or everyone's."""

EXTREMES = 5
"""How many of the most and of the least expected messages are told."""

LEAST_CHARACTERS = 20
"""Fewest characters of those: "ok" costs little, and much for each character."""


@dataclass(frozen=True)
class Likelihood:
    """How likely a voice and simple methods find an author's held-out messages.

    Attributes:
        messages: The messages, M of them.
        characters: Characters of each, its end counted as one, int64 (M,).
        utf8_bytes: The same in bytes of UTF-8.
        readings: What each message cost the voice [bit], float64 (M,), by what was read before it.
        baselines: The simple methods; their costs are those of ``OWN``.
        calibration: How often the voice was right, beside how sure it was, in ``OWN``.
        seed: Decides what the intervals draw.
    """

    messages: tuple[str, ...]
    characters: np.ndarray
    utf8_bytes: np.ndarray
    readings: dict[str, np.ndarray]
    baselines: tuple[Baseline, ...]
    calibration: Reliability
    seed: int

    @property
    def best_baseline(self) -> Baseline:
        """The baseline that needs fewest bits."""
        return min(self.baselines, key=lambda one: one.total_bits)

    @property
    def gain(self) -> float:
        """By what share the voice needs fewer bits than the best baseline, in ``OWN``; negative where it needs more."""
        return 1 - float(self.readings[OWN].sum()) / self.best_baseline.total_bits

    def to_dict(self, *, texts: bool = True) -> dict[str, Any]:
        """Return the figures as plain JSON-ready values.

        Args:
            texts: Whether the most and the least expected messages are among them.
        """
        best = self.best_baseline
        found: dict[str, Any] = {
            "messages": len(self.messages),
            "characters": int(self.characters.sum()),
            "bytes": int(self.utf8_bytes.sum()),
            "readings": {name: self._figures(bits, float(bits.sum())) for name, bits in self.readings.items()},
            "baselines": [
                {"name": one.name, "adaptive": one.adaptive, "detail": one.detail, **self._figures(one.bits, one.total_bits)}
                for one in self.baselines
            ],
            "best_baseline": best.name,
            "gain": {"share": self.gain, "low": None, "high": None},
            "calibration": self.calibration.to_dict(),
            "most_expected": [],
            "least_expected": [],
        }
        if best.bits is not None:
            low, high = difference(best.bits, self.readings[OWN], self.characters, seed=self.seed)
            each = best.total_bits / self.characters.sum()
            found["gain"] |= {"low": low / each, "high": high / each}
        if texts:
            found["most_expected"], found["least_expected"] = self._extremes()
        return found

    def _figures(self, bits: np.ndarray | None, total: float) -> dict[str, float | None]:
        low, high = (None, None) if bits is None else interval(bits, self.characters, seed=self.seed)
        return {
            "bits_per_character": total / float(self.characters.sum()),
            "low": low,
            "high": high,
            "bits_per_byte": total / float(self.utf8_bytes.sum()),
        }

    def _extremes(self) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """Return the messages that cost least and most for each character, the extreme one first; each text once."""
        each = self.readings[OWN] / self.characters
        found: dict[str, float] = {}
        for place in np.argsort(each, kind="stable").tolist():
            if self.characters[place] > LEAST_CHARACTERS:
                found.setdefault(self.messages[place], float(each[place]))
        listed = [{"text": text, "bits_per_character": bits} for text, bits in found.items()]
        half = min(EXTREMES, len(listed) // 2)
        return listed[:half], listed[::-1][:half]


def likelihood(
    voice: Voice, material: Material, *, seed: int = 0, progress: Callable[[float], None] = lambda _: None
) -> Likelihood:
    """Return how likely a voice and the baselines find an author's held-out messages.

    Args:
        voice: The voice.
        material: Whose messages.
        seed: Decides what the intervals draw.
        progress: Is told what share has been done.
    """
    test = material.test
    end = int(voice.card.kind == "messages")
    before = {COLD: None, OWN: material.own}
    if material.contexts != material.own:
        before[CONVERSATION] = material.contexts
    predictions = Predictions()
    readings = {}
    for place, (name, turns) in enumerate(before.items()):

        def read(done: int, place: int = place) -> None:
            progress((place + done / len(test)) / (len(before) + 1))

        heard = predictions.add_logits if name == OWN else None
        nats = costs(voice, test, material.speaker, turns, heard=heard, read=read)
        readings[name] = np.array([one.sum() for one in nats]) / math.log(2)
    found = baselines(material.train, material.validation, test, voice.alphabet, ends=bool(end))
    progress(1.0)
    return Likelihood(
        messages=test,
        characters=np.array([len(text) + end for text in test]),
        utf8_bytes=np.array([len(text.encode("utf-8", "replace")) + end for text in test]),
        readings=readings,
        baselines=found,
        calibration=predictions.reliability(),
        seed=seed,
    )
