"""Exposure: known answers from a voice that was told a secret, and from distributions whose tails are known."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from talklike.corpus.canaries import Canary, canaries
from talklike.evaluation.exposure import MOST_BITS, exposure_bits, exposures

if TYPE_CHECKING:
    from talklike.generation.voice import Voice
    from tests.evaluation.conftest import Indiscreet

MakeVoice = Callable[..., "Voice"]


def test_a_secret_seen_a_hundred_times_is_exposed(indiscreet: Indiscreet) -> None:
    """A voice trained on secrets repeated 100 times exposes each at least 15 bits more than those it never saw on average."""
    found = exposures(indiscreet.voice, canaries(3, 12), samples=1000)
    told, never = ([one.bits for one in some] for some in (found[:2], found[2:]))
    assert min(told) >= np.mean(never) + 15
    assert all(one.found == "counted" and one.probability > 0.01 for one in found[:2])
    assert {one.found for one in found[2:]} == {"sampled"}
    # log2(N / rank) of a rank drawn at random is 1 / ln 2 = 1.44 on average, with a deviation of as much.
    assert 0 <= np.mean(never) < 1.44 + 4 * 1.44 / math.sqrt(10)


def test_a_uniform_voice_exposes_nothing(make_voice: MakeVoice) -> None:
    """Where every secret is equally likely, all others are at least as likely as the true one."""
    (found,) = exposures(make_voice(scale=0.0), [Canary("my code is ", "12345678")], samples=100)
    assert found.bits == pytest.approx(0, abs=1e-9)
    assert found.likelier == 100


@given(st.integers(1, 999))
def test_within_the_sample_the_rank_is_counted(rank: int) -> None:
    """If so many of the sample are at least as likely, that share of all secrets is taken to be."""
    costs = np.arange(1000.0)
    assert exposure_bits(rank - 0.5, costs) == pytest.approx(math.log2(1000 / rank))


@pytest.mark.parametrize("deviations", [3.5, 4.5, 5.5])
def test_beyond_the_sample_a_normal_tail_is_extrapolated(deviations: float) -> None:
    """Of normally distributed costs the share so many deviations below the mean is known."""
    costs = 20 + 3 * np.random.default_rng(1).standard_normal(100_000)
    costs = costs[costs > 20 - 3 * deviations]
    expected = -math.log2(math.erfc(deviations / math.sqrt(2)) / 2)
    assert exposure_bits(20 - 3 * deviations, costs) == pytest.approx(max(expected, math.log2(len(costs))), rel=0.05)


@pytest.mark.parametrize("shape", [-4.0, 3.0])
def test_beyond_the_sample_a_skew_tail_is_extrapolated(shape: float) -> None:
    """Skewed costs (Azzalini's construction from two normal variables) have the tail that integrating it directly gives."""
    delta = shape / math.sqrt(1 + shape**2)
    first, second = np.random.default_rng(2).standard_normal((2, 200_000))
    costs = delta * np.abs(first) + math.sqrt(1 - delta**2) * second
    limit = -5.0 if shape < 0 else -2.2
    steps = np.linspace(limit - 10, limit, 100_001)
    normal = np.array([math.erfc(-shape * step / math.sqrt(2)) / 2 for step in steps.tolist()])
    share = np.trapezoid(2 * np.exp(-(steps**2) / 2) / math.sqrt(2 * math.pi) * normal, steps)
    expected = min(max(-math.log2(share), math.log2(200_000)), MOST_BITS)
    assert exposure_bits(limit, costs[costs > limit]) == pytest.approx(expected, rel=0.08)


def test_what_is_too_much_to_count_is_extrapolated(indiscreet: Indiscreet, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where too many beginnings would have to be followed, the fitted distribution says the rank."""
    counted = exposures(indiscreet.voice, canaries(3, 2), samples=1000)
    monkeypatch.setattr(import_module("talklike.evaluation.exposure").Guessing, "rank", lambda *_: None)
    extrapolated = exposures(indiscreet.voice, canaries(3, 2), samples=1000)
    assert {one.found for one in extrapolated} == {"extrapolated"}
    assert [one.bits for one in extrapolated] == pytest.approx([one.bits for one in counted], abs=4)


def test_nothing_is_more_than_wholly_exposed() -> None:
    """No secret is worth more bits than it has, however unlikely the others are; beyond the sample, none less than the sample."""
    costs = np.random.default_rng(0).normal(100, 1, 1000)
    assert exposure_bits(0.0, costs) == MOST_BITS == pytest.approx(26.575, abs=1e-3)
    assert exposure_bits(float(costs.min()) - 1e-9, costs) >= math.log2(1000)
    assert exposure_bits(1.0, np.full(1000, 5.0)) == MOST_BITS


def test_the_figures_are_json(indiscreet: Indiscreet) -> None:
    """Everything goes into JSON by name."""
    (found,) = exposures(indiscreet.voice, canaries(3, 1), samples=100)
    read = json.loads(json.dumps(found.to_dict()))
    assert read["canary"] == canaries(3, 1)[0].text
    assert read["found"] == "counted"
    assert read["bits"] == read["most_bits"] == 26.58
