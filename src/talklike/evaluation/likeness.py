"""Likeness: how much of what a voice writes passes for its author's, judged by models that never saw the voice's own numbers.

Two questions are asked of a linear model (``talklike.evaluation.attributor``), each beside the same question about real messages:
is a message rather the author's or somebody else's of the room, and is it real or generated? A model that can't tell the last two
apart finds nothing that is missing; one that can may do so by something that no reader would notice.

Source: Lopez-Paz and Oquab (2017), Revisiting classifier two-sample tests, for telling real from generated;
``talklike.evaluation.shares`` and ``traits`` for theirs.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from talklike.evaluation.attributor import Attributor
from talklike.evaluation.shares import Auc, Ratio, Share, auc, ratio, share
from talklike.evaluation.traits import Trait, traits

if TYPE_CHECKING:
    from collections.abc import Sequence

FEWEST = 20
"""Messages of a kind below which a question isn't asked."""

MOST = 1000
"""Messages of each kind that are told apart; of more, so many are drawn."""

FOLDS = 5

_HIGH, _LOW = "high", "low"


@dataclass(frozen=True)
class Attribution:
    """How often messages are taken for the author's by a model that knows the author and the others of the room.

    Attributes:
        generated: Of what the voice wrote.
        real: Of the author's held-out messages.
        others: Of the others' held-out messages.
        ratio: ``generated`` as part of ``real``: 1 is as often; None if none of the real ones are.
    """

    generated: Share
    real: Share
    others: Share
    ratio: Ratio | None

    def to_dict(self) -> dict[str, Any]:
        """Return the figures as plain JSON-ready values."""
        return {
            "generated": self.generated.to_dict(),
            "real": self.real.to_dict(),
            "others": self.others.to_dict(),
            "ratio": None if self.ratio is None else self.ratio.to_dict(),
        }


@dataclass(frozen=True)
class ToldApart:
    """How well a model that is trained to do so tells held-out real messages from other ones: 0.5 is guessing, 1 always right.

    Attributes:
        generated: From what the voice wrote.
        real: From as many real ones that the voice learnt from: the author changes with time, too.
        texts: Messages of each kind.
    """

    generated: Auc
    real: Auc
    texts: int

    def to_dict(self) -> dict[str, Any]:
        """Return the figures as plain JSON-ready values."""
        return {"generated": self.generated.to_dict(), "real": self.real.to_dict(), "texts": self.texts}


@dataclass(frozen=True)
class Likeness:
    """How much a voice sounds like its author.

    Attributes:
        attribution: Whether its messages are taken for the author's; None if that couldn't be asked.
        told_apart: Whether they are told from real ones; None if that couldn't be asked.
        traits: Plain habits, such as length and capitals; none if there were too few messages.
        notes: Why something is missing, in sentences.
    """

    attribution: Attribution | None
    told_apart: ToldApart | None
    traits: tuple[Trait, ...]
    notes: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the figures as plain JSON-ready values."""
        return {
            "attribution": None if self.attribution is None else self.attribution.to_dict(),
            "told_apart": None if self.told_apart is None else self.told_apart.to_dict(),
            "traits": [trait.to_dict() for trait in self.traits],
            "notes": list(self.notes),
        }


class Judge:
    """A linear model that knows an author from the others of the room, by their messages from before the split.

    Args:
        own: The author's messages.
        others: Messages of the others.
        seed: Decides everything that is drawn.

    Raises:
        MissingExtraError: scikit-learn isn't installed.
    """

    def __init__(self, own: Sequence[str], others: Sequence[str], *, seed: int = 0) -> None:
        self._model = Attributor.fit([*own, *others], [_HIGH] * len(own) + [_LOW] * len(others), seed=seed)
        self._own = self._model.classes.index(_HIGH)

    def taken(self, texts: Sequence[str]) -> np.ndarray:
        """Return which texts are rather the author's than the others', bool (N,)."""
        hits: np.ndarray = self._model.probabilities(texts)[:, self._own] > 0.5
        return hits


def likeness(
    own_train: Sequence[str],
    own_test: Sequence[str],
    others_train: Sequence[str],
    others_test: Sequence[str],
    generated: Sequence[str],
    *,
    judge: Judge | None = None,
    seed: int = 0,
) -> Likeness:
    """Return how much generated messages are like their author's.

    Args:
        own_train: The author's messages that the voice learnt from.
        own_test: Held-out ones.
        others_train: Messages of the others of the room, from the time of ``own_train``; none if there are no others.
        others_test: The same from the time of ``own_test``.
        generated: What the voice wrote.
        judge: One that has been fitted on ``own_train`` and ``others_train`` before, to save the time.
        seed: Decides everything that is drawn.

    Returns:
        What could be asked; what there were too few messages for is None, and a note says so.

    Raises:
        MissingExtraError: scikit-learn isn't installed.
    """
    kinds = {"learnt": own_train, "held-out": own_test, "generated": generated}
    few = [f"{len(texts):,} {kind}" for kind, texts in kinds.items() if len(texts) < FEWEST]
    notes = [f"Only {' and '.join(few)} messages: too few to compare; {FEWEST} of each are needed."] if few else []
    attribution = told = None
    if not few and min(len(others_train), len(others_test)) < FEWEST:
        notes.append("Hardly anyone else writes in the chat, so whether messages are taken for the author's couldn't be asked.")
    elif not few:
        judge = judge or Judge(own_train, others_train, seed=seed)
        hits = [judge.taken(texts) for texts in (generated, own_test, others_test)]
        written, real, others = map(share, hits)
        attribution = Attribution(written, real, others, ratio(hits[0], hits[1], seed=seed))
    if not few:
        told = _told_apart(own_train, own_test, generated, seed)
        if told is None:
            notes.append("There are too few different messages to tell real ones from generated ones.")
    return Likeness(attribution, told, traits(own_train, own_test, generated, others_train, seed=seed), tuple(notes))


def _told_apart(own_train: Sequence[str], own_test: Sequence[str], generated: Sequence[str], seed: int) -> ToldApart | None:
    count = min(len(own_train), len(own_test), len(generated), MOST)
    random = np.random.default_rng(seed)
    learnt, real, written = (
        [texts[place] for place in random.permutation(len(texts))[:count].tolist()] for texts in (own_train, own_test, generated)
    )
    found = [separation(real, others, seed=seed) for others in (written, learnt)]
    return None if found[0] is None or found[1] is None else ToldApart(found[0], found[1], count)


def separation(real: Sequence[str], others: Sequence[str], *, seed: int = 0) -> Auc | None:
    """Return how well a model tells two groups of texts apart that it wasn't fitted on, by cross-validation.

    A text that stands in both groups is in one fold however often it does: else the model would have been told about it, with the
    wrong answer. What one group alone repeats gives it away, and may.

    Args:
        real: Texts that should have high scores.
        others: Texts that should have low ones.
        seed: Decides the folds.

    Returns:
        None if there are no folds with both groups on both sides.
    """
    texts = [*real, *others]
    labels = [_HIGH] * len(real) + [_LOW] * len(others)
    high = np.array([label == _HIGH for label in labels])
    folds = _folds(texts, set(real) & set(others), high, seed)
    scored = []
    for fold in range(FOLDS):
        inside = folds == fold
        if not all(part.any() for side in (inside, ~inside) for part in (high & side, ~high & side)):
            continue
        learnt = np.flatnonzero(~inside).tolist()
        model = Attributor.fit([texts[place] for place in learnt], [labels[place] for place in learnt], seed=seed)
        asked = np.flatnonzero(inside)
        scores = model.probabilities([texts[place] for place in asked.tolist()])[:, model.classes.index(_HIGH)]
        scored.append((scores[high[asked]], scores[~high[asked]]))
    return auc(scored, seed=seed) if scored else None


def _folds(texts: Sequence[str], both: set[str], high: np.ndarray, seed: int) -> np.ndarray:
    """Return the fold of each text, from 0 on, shape (N,); each fold has its part of either group, and of what is in both."""
    folds = np.zeros(len(texts), np.int64)
    dealt = Counter[str]()
    fold_of: dict[str, int] = {}
    for place in np.random.default_rng(seed).permutation(len(texts)).tolist():
        text = texts[place]
        if text in fold_of:
            folds[place] = fold_of[text]
            continue
        kind = "both" if text in both else _HIGH if high[place] else _LOW
        folds[place] = dealt[kind] % FOLDS
        dealt[kind] += 1
        if text in both:
            fold_of[text] = int(folds[place])
    return folds
