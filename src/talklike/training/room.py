"""Whether the room's messages help to predict an author's: asked of n-gram models, which answer in seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from talklike.evaluation.kneser_ney import KneserNey

if TYPE_CHECKING:
    from talklike.corpus.corpus import Corpus
    from talklike.corpus.encode import Part

LEAST_GAIN = 0.01
"""The room stands behind a voice if it makes held-out text at least this much cheaper for n-gram models. Where others write in
another language or about other things, it doesn't."""

_ORDER = 6
_LOOKED_AT = 4_000_000  # symbols of a training text, from its end: the nearest in time
_PREDICTED = 500_000  # symbols of the validation part, from its start


def room_gain(corpus: Corpus) -> float:
    """Return by what share the room makes the validation part cheaper.

    A model of the author's text alone is compared with the mean of its probabilities and those of a model of the room's.

    Args:
        corpus: One author's, with a room behind it.
    """
    assert corpus.own is not None, "there is a room behind an author"
    symbols = len(corpus.alphabet)
    validation = corpus.validation.ids[: _PREDICTED + 1]
    alone, room = (
        KneserNey.fit(_nearest(part), symbols=symbols, order=_ORDER).surprisal(validation) for part in (corpus.own, corpus.train)
    )
    together = np.log(2) - np.logaddexp(-alone, -room)
    return float(1 - together.sum() / alone.sum())


def _nearest(part: Part) -> np.ndarray:
    """Return the last symbols of a part, behind the one that its text begins after."""
    return np.concatenate([part.ids[:1], part.ids[1:][-_LOOKED_AT:]])
