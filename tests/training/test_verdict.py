"""Tests of the verdict, on evaluations made by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from talklike.corpus.alphabet import Alphabet
from talklike.corpus.corpus import Corpus
from talklike.corpus.encode import Part
from talklike.training.verdict import verdict

if TYPE_CHECKING:
    from collections.abc import Callable

    from talklike.training.progress import Evaluation

    MakeEvaluation = Callable[..., Evaluation]


def corpus(characters: int) -> Corpus:
    """Return a corpus of which only the number of characters counts."""
    ids = np.broadcast_to(np.uint16(0), (characters + 1,))
    part = Part(ids, ids, 10, characters, characters)
    return Corpus("messages", ("a",), ("a",), Alphabet("a"), part, part, part, None, None, "0")


MUCH = corpus(200_000)


def test_still_learning_when_training_text_is_no_cheaper(make_evaluation: MakeEvaluation) -> None:
    """A network that finds training text as hard as held-out text has more to learn."""
    evaluations = [make_evaluation(10, 3.0, 3.0, characters=10**5), make_evaluation(20, 2.0, 2.01, characters=14 * 10**5)]
    said = "Still learning: 2.01 bits per character on held-out text, and it was falling to the end; more time will improve"
    assert verdict(evaluations, MUCH, "finished") == [f"{said} it (--budget)."]


def test_still_learning_after_few_rounds(make_evaluation: MakeEvaluation) -> None:
    """Best at the very end of less than five rounds over the text: more time would help."""
    evaluations = [make_evaluation(10, 3.0, 3.1, characters=10**5), make_evaluation(20, 2.0, 2.2, characters=9 * 10**5)]
    assert verdict(evaluations, MUCH, "finished")[0].startswith("Still learning: 2.20 bits")


def test_about_right(make_evaluation: MakeEvaluation) -> None:
    """A modest gap after enough rounds is as it should be."""
    evaluations = [make_evaluation(10, 3.0, 3.1, characters=10**6), make_evaluation(20, 2.0, 2.2, characters=2 * 10**6)]
    assert verdict(evaluations, MUCH, "finished") == [
        "About right: 2.20 bits per character on held-out text, 0.20 bits more than on training text."
    ]


def test_some_learnt_by_heart(make_evaluation: MakeEvaluation) -> None:
    """A wide gap is said, though held-out text still got cheaper."""
    evaluations = [make_evaluation(10, 3.0, 3.1, characters=10**6), make_evaluation(20, 1.5, 2.0, characters=2 * 10**6)]
    assert verdict(evaluations, MUCH, "finished") == [
        "About right, with some learnt by heart: 2.00 bits per character on held-out text, 0.50 bits more than on training text."
    ]


@pytest.mark.parametrize("stopped", ["finished", "early"])
def test_memorising(make_evaluation: MakeEvaluation, stopped: str) -> None:
    """Held-out text got dearer again: the voice is the best before that, and its rounds are counted up to there."""
    evaluations = [
        make_evaluation(10, 2.5, 2.6, characters=10**6),
        make_evaluation(20, 2.0, 2.2, characters=2 * 10**6),
        make_evaluation(30, 1.5, 2.3, characters=3 * 10**6),
    ]
    said = "Memorising: after 10 rounds over the text, held-out text stopped getting cheaper; "
    best = "the voice is the best one before that (2.20 bits per character on held-out text)."
    assert verdict(evaluations, MUCH, stopped) == [said + best]


def test_stopped_early_is_memorising_however_little(make_evaluation: MakeEvaluation) -> None:
    """A run that its patience ended had stopped improving, though by little."""
    evaluations = [make_evaluation(10, 2.5, 2.6, characters=10**6), make_evaluation(20, 2.4, 2.601, characters=2 * 10**6)]
    assert verdict(evaluations, MUCH, "early")[0].startswith("Memorising: after 5 rounds")


def test_interrupted(make_evaluation: MakeEvaluation) -> None:
    """An interrupted run is not judged, only told how far it got."""
    evaluations = [make_evaluation(10, 2.5, 2.6, characters=10**5), make_evaluation(20, 2.4, 2.7, characters=2 * 10**5)]
    assert verdict(evaluations, MUCH, "interrupted") == ["Interrupted: 2.60 bits per character on held-out text so far."]


@pytest.mark.parametrize("stopped", ["finished", "early", "interrupted"])
def test_too_little_text(make_evaluation: MakeEvaluation, stopped: str) -> None:
    """Less than a hundred thousand characters are remarked on, whatever else is said; so many are not."""
    evaluations = [make_evaluation(10, 2.4, 2.6, characters=10**6)]
    said = verdict(evaluations, corpus(1_234), stopped)
    assert said[1] == (
        "There were only 1,234 characters to learn from; from 100,000 on, voices are much better: a longer chat or a more active "
        "author helps most."
    )
    assert len(verdict(evaluations, corpus(99_999), stopped)) == 2
    assert len(verdict(evaluations, corpus(100_000), stopped)) == 1
