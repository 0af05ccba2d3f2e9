"""Texts looked at closely."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from talklike.evaluation.reading import by_character, costs
from talklike.evaluation.samples import SAMPLES, sampled
from talklike.evaluation.writing import LONGEST

if TYPE_CHECKING:
    from tests.evaluation.conftest import Judged


def test_samples_are_of_the_texts_with_their_own_figures(judged: Judged) -> None:
    """Probabilities of each character (an int8 voice's vary with what is read beside), and the spans that were found."""
    found = judged.found
    assert len(found.samples) == len(found.samples_real) == SAMPLES
    spans = {text: one.spans for text, one in zip(found.written, found.copied.texts, strict=True)}
    for sample in found.samples:
        assert sample.spans == spans[sample.text]
        nats = costs(judged.voice, [sample.text], 1)[0]
        np.testing.assert_allclose(sample.probabilities, by_character(judged.voice, sample.text, nats), atol=1e-2)
    assert {sample.text for sample in found.samples_real} <= {text[:LONGEST] for text in found.material.test}


def test_another_seed_draws_others(judged: Judged) -> None:
    """And never more than there are."""
    texts = judged.found.written[:5]
    few = sampled(judged.voice, judged.found.material, texts, judged.found.copied, seed=1)
    assert [sample.text for sample in few] == list(texts)
    first, second = (
        sampled(judged.voice, judged.found.material, judged.found.written, judged.found.copied, count=5, seed=seed)
        for seed in (1, 2)
    )
    assert [one.text for one in first] != [one.text for one in second]
