"""Whether the room's messages help to predict an author's: asked of n-gram models, which answer in seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from talklike.evaluation.kneser_ney import KneserNey

if TYPE_CHECKING:
    from talklike.corpus.corpus import Corpus

LEAST_GAIN = 0.01
"""The room stands behind a voice if it makes held-out text at least this much cheaper for n-gram models. Where others write in
another language or about other things, it doesn't."""

_ORDER = 6
_LOOKED_AT = 4_000_000  # symbols of the room's text, from its end: the nearest in time


def room_gain(corpus: Corpus) -> float:
    """Return by what share the room makes the validation part cheaper.

    A model of the author's text alone is compared with the mean of its probabilities and those of a model of the room's.

    Args:
        corpus: One author's, with a room behind it.
    """
    assert corpus.own is not None, "there is a room behind an author"
    symbols = len(corpus.alphabet)
    validation = corpus.validation.ids
    alone = KneserNey.fit(corpus.own.ids, symbols=symbols, order=_ORDER).surprisal(validation)
    near = np.concatenate([corpus.train.ids[:1], corpus.train.ids[1:][-_LOOKED_AT:]])
    room = KneserNey.fit(near, symbols=symbols, order=_ORDER).surprisal(validation)
    together = np.log(2) - np.logaddexp(-alone, -room)
    return float(1 - together.sum() / alone.sum())
