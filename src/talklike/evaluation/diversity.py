"""Diversity: how much texts repeat each other and themselves.

All of these figures depend on how much text there is, so texts are compared on equal amounts: equally many of each group, drawn
at random, and of those equally many n-grams.

Source: Li et al. (2016), A diversity-promoting objective function for neural conversation models (distinct-n);
``talklike.evaluation.self_bleu``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from talklike.evaluation.self_bleu import self_bleu
from talklike.evaluation.word_index import words

if TYPE_CHECKING:
    from collections.abc import Sequence

CHARACTERS = (4, 8)
WORDS = (1, 2, 3)
"""Lengths of the n-grams whose share of different ones is told."""

REPEAT = 16
"""Characters of a run that counts as repeated if it stands in the same text twice."""


@dataclass(frozen=True)
class Diversity:
    """How much some texts repeat each other and themselves; shares are from 0 to 1, and None where there is nothing to share.

    Attributes:
        texts: How many there are.
        distinct_characters: Share of the n-grams of so many characters that are different ones.
        distinct_words: The same of so many words.
        self_bleu: Mean BLEU of each text against all others; lower is more diverse.
        repeated: Share of the characters that lie in a run of ``REPEAT`` or more that the same text had before.
        repeating: Share of the texts that hold such a run.
        finished: Share of the texts that ended before their length was reached; None if none was given.
    """

    texts: int
    distinct_characters: dict[int, float | None]
    distinct_words: dict[int, float | None]
    self_bleu: float | None
    repeated: float | None
    repeating: float | None
    finished: float | None

    def to_dict(self) -> dict[str, Any]:
        """Return the figures as plain JSON-ready values."""
        return {
            "texts": self.texts,
            "distinct_characters": {str(n): share for n, share in self.distinct_characters.items()},
            "distinct_words": {str(n): share for n, share in self.distinct_words.items()},
            "self_bleu": self.self_bleu,
            "repeated": self.repeated,
            "repeating": self.repeating,
            "finished": self.finished,
        }


def diversity(*groups: Sequence[str], most: int | None = None, seed: int = 0) -> tuple[Diversity, ...]:
    """Return the diversity of groups of texts, each measured on equally much, so that they can be compared.

    Args:
        *groups: Texts: generated ones, real ones, those of several temperatures. Of each as many count as the smallest has.
        most: Characters at which generated texts were cut off: a text as long was not finished.
        seed: Decides which texts of a larger group are taken, and in what order their n-grams count.

    Returns:
        A value for each group.
    """
    count = min(map(len, groups), default=0)
    drawn = [_drawn(group, count, seed) for group in groups]
    said = [[words(text) for text in texts] for texts in drawn]
    by_character = {n: _distinct([_grams(texts, n) for texts in drawn]) for n in CHARACTERS}
    by_word = {n: _distinct([_grams(texts, n) for texts in said]) for n in WORDS}
    found = []
    for number, texts in enumerate(drawn):
        repeats = [repeated_characters(text) for text in texts]
        value = Diversity(
            texts=count,
            distinct_characters={n: shares[number] for n, shares in by_character.items()},
            distinct_words={n: shares[number] for n, shares in by_word.items()},
            self_bleu=self_bleu(texts),
            repeated=_share(sum(repeats), sum(map(len, texts))),
            repeating=_share(sum(map(bool, repeats)), count),
            finished=None if most is None else _share(sum(len(text) < most for text in texts), count),
        )
        found.append(value)
    return tuple(found)


def repeated_characters(text: str, run: int = REPEAT) -> int:
    """Return how many characters of a text lie in a run of so many or more that stood in it before.

    >>> repeated_characters("and then and then we left", run=8)
    9
    """
    seen: set[str] = set()
    hits = covered = 0
    for start in range(len(text) - run + 1):
        gram = text[start : start + run]
        if gram in seen:
            hits += start + run - max(start, covered)
            covered = start + run
        seen.add(gram)
    return hits


def _drawn(group: Sequence[str], count: int, seed: int) -> list[str]:
    return [group[place] for place in np.random.default_rng(seed).permutation(len(group))[:count].tolist()]


def _grams(texts: Sequence[Sequence[str]], n: int) -> list[tuple[str, ...]]:
    """Return the n-grams of texts, in order; none goes from one text into the next."""
    return [tuple(text[start : start + n]) for text in texts for start in range(len(text) - n + 1)]


def _distinct(groups: Sequence[list[tuple[str, ...]]]) -> list[float | None]:
    """Return for each group the share of different ones among its first n-grams, as many as the smallest group has."""
    least = min(map(len, groups), default=0)
    return [_share(len(set(grams[:least])), least) for grams in groups]


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
