"""Who wrote it, by a linear model: which of some labels a text most likely has, judged by its runs of one to five characters.

Runs of characters with a linear model are what short texts are attributed by best where little else is known of them. A text
begins and ends with a line end here, so that how someone begins and ends is seen too, which is worth two of a hundred messages.
The runs are hashed: no vocabulary is held, and what is counted is a matrix whatever the language.

Source: Stamatatos (2013), On the robustness of authorship attribution based on character n-gram features; Xu (2011), Towards
optimal one pass large scale learning with averaged stochastic gradient descent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from talklike.errors import MissingExtraError, OptionError

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST = 4_000_000
"""Characters it is fitted on, unless asked otherwise: 8 s of one core and 340 MB. Of a label with more than its part of them,
texts are drawn at random."""

LONGEST = 5
"""Characters of the longest run that is counted."""

_FEATURES = 1 << 20
_LOOSENESS = 4.0  # of one text; the penalty on the weights is 1 / (looseness · texts)
_ROUNDS = 10  # more change nothing, with 200 texts as with 16,000
_CAUTION = 1e-6  # no probability is nearer to 0 or 1


class Attributor:
    """A linear model that knows some labels.

    Attributes:
        classes: The labels, sorted.

    See ``Attributor.fit`` for how to get one.
    """

    def __init__(self, classes: tuple[str, ...], vectors: Any, model: Any) -> None:
        self.classes = classes
        self._vectors = vectors
        self._model = model

    @classmethod
    def fit(cls, texts: Sequence[str], labels: Sequence[str], *, seed: int = 0, most: int | None = MOST) -> Attributor:
        """Return a model of whose texts are like what; labels count alike, however many texts each has.

        Args:
            texts: Texts whose label is known.
            labels: The label of each, such as its author.
            seed: Decides the order in which texts are looked at, and which are drawn.
            most: Characters it is fitted on at most, each label with an equal part of them; None fits it on all.

        Raises:
            OptionError: There are fewer than two labels.
            MissingExtraError: scikit-learn isn't installed.
        """
        assert len(texts) == len(labels), "each text has a label"
        classes = tuple(sorted(set(labels)))
        if len(classes) < 2:
            raise OptionError(f"texts of {len(classes)} authors can't be told apart; give those of two or more")
        try:
            from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer
            from sklearn.linear_model import SGDClassifier
            from sklearn.pipeline import make_pipeline
        except ImportError as error:
            raise MissingExtraError("scikit-learn", "evaluate") from error
        numbers = {label: number for number, label in enumerate(classes)}
        targets = np.array([numbers[label] for label in labels])
        chosen = np.arange(len(texts)) if most is None else _drawn(texts, targets, most, seed)
        counting = HashingVectorizer(
            analyzer="char", ngram_range=(1, LONGEST), n_features=_FEATURES, lowercase=False, alternate_sign=False, norm=None,
            dtype=np.float32,
        )  # fmt: skip
        vectors = make_pipeline(counting, TfidfTransformer(sublinear_tf=True))
        model = SGDClassifier(
            loss="log_loss", alpha=1 / (_LOOSENESS * len(chosen)), max_iter=_ROUNDS, tol=None, class_weight="balanced",
            average=True, random_state=seed,
        )  # fmt: skip
        model.fit(vectors.fit_transform([_framed(texts[place]) for place in chosen.tolist()]), targets[chosen])
        return cls(classes, vectors, model)

    def probabilities(self, texts: Sequence[str]) -> np.ndarray:
        """Return how likely each label is for each text, float64, shape (N, classes); rows sum to 1."""
        if not len(texts):
            return np.zeros((0, len(self.classes)))
        shares = self._model.predict_proba(self._vectors.transform(map(_framed, texts))).astype(np.float64)
        found: np.ndarray = shares.clip(_CAUTION, 1 - _CAUTION)
        found /= found.sum(axis=1, keepdims=True)
        return found

    def predict(self, texts: Sequence[str]) -> list[str]:
        """Return the likeliest label of each text."""
        return [self.classes[place] for place in self.probabilities(texts).argmax(axis=1).tolist()]


def _framed(text: str) -> str:
    """Return a text with its ends made visible; lone surrogates, which can't be hashed, become question marks."""
    return f"\n{text}\n".encode("utf-8", "replace").decode()


def _drawn(texts: Sequence[str], targets: np.ndarray, most: int, seed: int) -> np.ndarray:
    """Return the places of the texts to be fitted on: of each label as many as its part of ``most`` characters holds.

    Args:
        texts: All texts.
        targets: The number of each one's label, from 0 on without a gap, shape (N,).
        most: Characters of all labels together.
        seed: Decides which are drawn.
    """
    lengths = np.array([len(text) for text in texts])
    labels = int(targets.max()) + 1
    order = np.random.default_rng(seed).permutation(len(texts))
    chosen = []
    for label in range(labels):
        own = order[targets[order] == label]
        chosen.append(own[: max(1, int(np.searchsorted(lengths[own].cumsum(), most // labels, side="right")))])
    return np.concatenate(chosen)
