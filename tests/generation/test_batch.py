"""Texts that come and go."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from talklike.corpus.alphabet import END
from talklike.generation.batch import Batch
from talklike.generation.request import Request
from talklike.generation.rows import primed
from talklike.generation.sampling import Sampling
from talklike.generation.voice import Voice
from talklike.generation.write import begin

MakeVoice = Callable[..., Voice]


def request(**values: object) -> Request:
    """Return a request at temperature 1."""
    return Request(**({"seed": 5, "most": 30, "sampling": Sampling(temperature=1.0, min_p=0.0)} | values))  # type: ignore[arg-type]  # values of any field


def test_a_text_that_leaves_frees_its_row(make_voice: MakeVoice) -> None:
    """The others go on as if it had never been, and the next takes its row."""
    voice = make_voice(precision="int8", hidden=16, kind="stream")
    wish = request(count=3, through=True)
    start = primed(voice.engine, np.array([END]), np.array([1]))
    batch = Batch(voice.engine, voice.rules)
    writings = begin(voice.rules, wish)
    batch.join(writings, start)
    found = {writing.number: "" for writing in writings}
    for step in range(200):
        if step == 7:
            batch.leave([writings[1]])
            assert len(batch) == 2
            (late,) = begin(voice.rules, request(most=4, through=True))
            batch.join([late], start)
        for writing, piece, _ in batch.step():
            if writing in writings:
                found[writing.number] += piece
    expected = voice.generate_many(3, chars=30, seed=5, temperature=1.0, min_p=0.0)
    assert [found[0], found[2]] == [expected[0], expected[2]]
    assert expected[1].startswith(found[1])
    assert len(found[1]) < 8


def test_an_empty_batch_does_nothing(make_voice: MakeVoice) -> None:
    """Stepping and leaving without texts are no errors."""
    voice = make_voice()
    batch = Batch(voice.engine, voice.rules)
    assert (len(batch), batch.step()) == (0, [])
    batch.leave(begin(voice.rules, request()))
    assert batch.step() == []
