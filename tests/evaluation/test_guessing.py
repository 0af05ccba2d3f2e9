"""Guessing: secrets cost what reading them costs, and ranks are those of trying all."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import pytest

from talklike.corpus.alphabet import END
from talklike.evaluation.bits import surprisal
from talklike.evaluation.guessing import Guessing

if TYPE_CHECKING:
    from talklike.generation.voice import Voice

MakeVoice = Callable[..., "Voice"]
ALPHABET = "abcdefghijklmnopqrstuvwxyz 0123"  # the other digits are spelt in bytes


@pytest.fixture
def voice(make_voice: MakeVoice) -> Voice:
    """Return a voice that finds some digits much likelier than others, depending on those before."""
    return make_voice(alphabet=ALPHABET, layers=2, authors=("u1", "u2"), orders=(2, 3), scale=1.0)


def test_a_secret_costs_what_reading_it_costs(voice: Voice) -> None:
    """Scored in batches behind words that are read once, a secret costs what its digits cost in the whole message."""
    before, secrets = "my code for belano: ", np.random.default_rng(0).integers(0, 10, (25, 8), np.uint8)
    found = Guessing(voice, before, author=2).costs(secrets)
    for cost, row in zip(found, secrets, strict=True):
        text = before + "".join(map(str, row))
        ids = np.concatenate([[END], voice.alphabet.encode(text)]).astype(np.int64)[None]
        logits = voice.engine.streams(1, 2).read(ids[:, :-1])
        assert cost == pytest.approx(surprisal(logits, ids[:, 1:])[0, -8:].sum(), rel=1e-5)


@pytest.mark.parametrize("length", [1, 3])
def test_the_rank_is_that_of_trying_all(voice: Voice, length: int) -> None:
    """Searched for beginning by beginning, as many secrets are likelier as are among all of them."""
    guessing, every = Guessing(voice, "the tide "), np.array(list(product(range(10), repeat=length)))
    costs = guessing.costs(every)
    for number in np.linspace(0, len(every) - 1, 30).astype(int):
        near = np.abs(costs - costs[number]) < 2e-3
        rank = guessing.rank(every[number])
        assert rank is not None
        assert abs(rank - (costs <= costs[number]).sum()) <= near.sum() - 1
    likeliest = guessing.rank(every[costs.argmin()])
    assert likeliest == 1


def test_a_search_that_would_take_too_long_is_given_up(voice: Voice) -> None:
    """The unlikeliest secret would take following every beginning."""
    guessing, every = Guessing(voice, "the tide "), np.array(list(product(range(10), repeat=3)))
    unlikeliest = every[guessing.costs(every).argmax()]
    assert guessing.rank(unlikeliest, most=50) is None
    assert guessing.rank(unlikeliest, most=110) == 1000


def test_an_int8_voice_ranks_as_its_float32_does(make_voice: MakeVoice) -> None:
    """What it rounds differently in each batch changes ranks little, and never ends the search."""
    exact, rounded = (make_voice(alphabet=ALPHABET, precision=precision, scale=1.0) for precision in ("float32", "int8"))
    every = np.array(list(product(range(10), repeat=3)))
    secrets = every[Guessing(exact, "a ").costs(every).argsort()[[0, 10, 100, 500, 999]]]
    ranks = [[Guessing(voice, "a ").rank(secret) or 0 for secret in secrets] for voice in (exact, rounded)]
    np.testing.assert_allclose(ranks[1], ranks[0], rtol=0.3, atol=5)


def test_batches_leave_no_trace(voice: Voice, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many secrets are read at once, each costs the same and ranks the same."""
    guessing, secrets = Guessing(voice, "the "), np.random.default_rng(0).integers(0, 10, (20, 3), np.uint8)
    whole, ranks = guessing.costs(secrets), [guessing.rank(secret) for secret in secrets[:5]]
    monkeypatch.setattr(import_module("talklike.evaluation.guessing"), "_LOGITS_AT_ONCE", 30_000)
    np.testing.assert_allclose(guessing.costs(secrets), whole, rtol=1e-5)
    assert [guessing.rank(secret) for secret in secrets[:5]] == pytest.approx(ranks, abs=1)
