"""A few texts looked at closely: how much the voice expected each character, and what of it is copied."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from talklike.evaluation.reading import by_character, costs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from talklike.evaluation.copying import Copying, Span
    from talklike.evaluation.material import Material
    from talklike.generation.voice import Voice

SAMPLES = 24


@dataclass(frozen=True)
class Sample:
    """A text looked at closely.

    Attributes:
        text: The text.
        probabilities: How likely the voice found each character, after those before it.
        spans: What of it stands in the training text.
    """

    text: str
    probabilities: tuple[float, ...]
    spans: tuple[Span, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain JSON-ready values."""
        return {
            "text": self.text,
            "probabilities": [round(one, 4) for one in self.probabilities],
            "spans": [{key: value for key, value in asdict(span).items() if key != "message"} for span in self.spans],
        }


def sampled(
    voice: Voice, material: Material, texts: Sequence[str], copied: Copying, *, count: int = SAMPLES, seed: int = 0
) -> tuple[Sample, ...]:
    """Return some texts drawn at random, looked at closely.

    Args:
        voice: The voice whose expectations are told.
        material: Whose texts these are.
        texts: What is drawn from.
        copied: What of each is copied.
        count: How many are drawn.
        seed: Decides which.
    """
    chosen = np.sort(np.random.default_rng(seed).permutation(len(texts))[:count]).tolist()
    nats = costs(voice, [texts[place] for place in chosen], material.speaker)
    return tuple(
        Sample(texts[place], tuple(by_character(voice, texts[place], one).tolist()), copied.texts[place].spans)
        for place, one in zip(chosen, nats, strict=True)
    )
