"""How the next symbol is picked, against slow definitions of each filter."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from talklike.generation.filters import kept, pick, pick_one, plain
from talklike.generation.sampling import Sampling

ALL = Sampling(temperature=1.0, min_p=0.0)
LOGITS = arrays(np.float32, st.integers(1, 12), elements=st.floats(-20, 20, width=32))
"""The logits of one row, with ties now and then."""
TIED = arrays(np.float32, st.integers(1, 12), elements=st.sampled_from([-3.0, -1.0, 0.0, 0.5, 2.0]))


def reachable(logits: np.ndarray, sampling: Sampling) -> set[int]:
    """Return every symbol that some draw picks."""
    draws = (np.arange(4096) + 0.5) / 4096
    return set(pick(np.tile(logits, (4096, 1)), sampling, draws).tolist())


def slow_sets(logits: np.ndarray, sampling: Sampling) -> set[int]:
    """Return the symbols that the definitions of top-k, top-p and min-p keep, applied one after the other."""
    kept = {i: float(x) for i, x in enumerate(logits) if np.isfinite(x)}
    if sampling.top_k:
        least = sorted(kept.values(), reverse=True)[: sampling.top_k][-1]
        kept = {i: x for i, x in kept.items() if x >= least}
    if sampling.top_p < 1:
        largest = max(kept.values())
        weights = {i: math.exp(x - largest) for i, x in kept.items()}
        total = sum(weights.values())
        gathered, least = 0.0, largest
        for i in sorted(kept, key=lambda i: -kept[i]):
            if gathered >= sampling.top_p * total:
                break
            gathered += weights[i]
            least = kept[i]
        kept = {i: x for i, x in kept.items() if x >= least}
    if sampling.min_p:
        largest = max(kept.values())
        kept = {i: x for i, x in kept.items() if x >= largest + math.log(sampling.min_p)}
    return set(kept)


@pytest.mark.parametrize("temperature", [0.3, 1.0, 2.5])
def test_frequencies_follow_the_softmax(temperature: float) -> None:
    """Over 100,000 draws, χ² against softmax(logits / T) is one that chance exceeds less than once in a million times."""
    logits = np.array([2.0, 1.0, 0.0, -0.5, 1.5, 0.3], np.float32)
    draws = np.random.default_rng(7).random(100_000)
    found = pick(np.tile(logits, (100_000, 1)), Sampling(temperature=temperature, min_p=0), draws)
    probabilities = np.exp(logits.astype(float) / temperature)
    expected = probabilities / probabilities.sum() * 100_000
    chi_square = ((np.bincount(found, minlength=6) - expected) ** 2 / expected).sum()
    assert chi_square < 36  # the quantile 1 - 1e-6 of χ² with 5 degrees of freedom is 35.9


@given(LOGITS, st.floats(0, 1, exclude_max=True))
def test_a_draw_picks_by_the_cumulated_probabilities(logits: np.ndarray, draw: float) -> None:
    """The symbol is the one in whose share of [0, 1) the draw lies, within rounding."""
    symbol = int(pick(logits[None], ALL, np.array([draw]))[0])
    probabilities = np.exp(logits.astype(float) - logits.max())
    edges = np.concatenate([[0], np.cumsum(probabilities)]) / probabilities.sum()
    assert edges[symbol] - 1e-6 <= draw <= edges[symbol + 1] + 1e-6


@given(st.one_of(LOGITS, TIED))
def test_temperature_zero_takes_the_most_likely(logits: np.ndarray) -> None:
    """Of several that are most likely, the first; the draw and the filters don't matter."""
    for draw in (0.0, 0.999):
        for sampling in (Sampling(temperature=0), Sampling(temperature=0, top_k=3, top_p=0.5, min_p=0.5)):
            assert pick(logits[None], sampling, np.array([draw]))[0] == logits.argmax()


@given(
    st.one_of(LOGITS, TIED),
    st.floats(0, 100, exclude_min=True),
    st.integers(0, 14),
    st.floats(0, 1, exclude_min=True),
    st.floats(0, 1),
    st.floats(0, 1, exclude_max=True),
)
@example(np.array([1.0, 2.0], np.float32), 1e-46, 0, 1.0, 0.0, 0.5)
@example(np.array([1.0, 9.0], np.float32), 1e-38, 0, 1.0, 0.0, 0.5)
@example(np.array([1.0, 9.0], np.float32), 1.0, 0, 1e-46, 0.0, 0.0)
@example(np.array([1.0, 9.0], np.float32), 1.0, 0, 1.0, 1e-320, 0.0)
def test_whatever_the_options_a_kept_symbol_is_picked(
    logits: np.ndarray, temperature: float, top_k: int, top_p: float, min_p: float, draw: float
) -> None:
    """No combination of values that are allowed fails, warns, or picks a symbol that isn't among the likely ones."""
    sampling = Sampling(temperature, top_k=top_k, top_p=top_p, min_p=min_p)
    logits = np.append(logits, np.float32(-np.inf))  # a symbol that isn't allowed
    symbol = int(pick(logits[None], sampling, np.array([draw]))[0])
    # Within rounding of the edges of the sets, which the test below looks at.
    generous = Sampling(1.0, top_k=top_k, top_p=min(1.0, top_p * (1 + 1e-5) + 1e-7), min_p=max(0.0, min_p * (1 - 1e-5)))
    assert symbol in slow_sets(logits, generous)
    assert np.isfinite(logits[symbol])


# Well apart, so that rounding can't move a symbol over an edge: sums of powers of two are exact.
STEPS = arrays(np.float32, st.integers(2, 8), elements=st.integers(-4, 4).map(lambda n: n * math.log(2)))


@given(STEPS, st.integers(1, 9))
def test_top_k_keeps_the_k_most_likely_and_their_ties(logits: np.ndarray, top_k: int) -> None:
    """Symbols as likely as the k-th are kept too; no symbol is preferred for its place."""
    sampling = Sampling(temperature=1.0, top_k=top_k, min_p=0)
    assert reachable(logits, sampling) == slow_sets(logits, sampling)


@given(STEPS, st.sampled_from([0.017, 0.1313, 0.29, 0.51, 0.731, 0.877, 0.953, 0.991]))
def test_top_p_keeps_the_fewest_that_reach_it(logits: np.ndarray, top_p: float) -> None:
    """The most likely symbols are kept until their probabilities reach p, with the ties of the last."""
    sampling = Sampling(temperature=1.0, top_p=top_p, min_p=0)
    assert reachable(logits, sampling) == slow_sets(logits, sampling)


@given(arrays(np.float32, st.integers(2, 8), elements=st.floats(-4, 4, width=32), unique=True), st.floats(0.05, 0.95))
def test_top_p_keeps_the_last_symbol_that_it_needs(logits: np.ndarray, top_p: float) -> None:
    """The kept symbols reach p, however the logits round: a threshold computed another way may not lose the last of them."""
    probabilities = np.exp(logits.astype(float) - logits.max())
    probabilities /= probabilities.sum()
    kept = reachable(logits, Sampling(temperature=100.0, top_p=top_p, min_p=0))
    assert sum(probabilities[list(kept)]) >= top_p - 1e-5


@given(STEPS, st.sampled_from([0.9, 0.45, 0.2, 0.1, 0.03, 0.01]))
def test_min_p_keeps_those_likely_enough(logits: np.ndarray, min_p: float) -> None:
    """Symbols less likely than min-p times the most likely one are never picked, all others are."""
    sampling = Sampling(temperature=1.0, min_p=min_p)
    # At temperature 100 every kept symbol has a share of draws that the grid of draws meets.
    assert reachable(logits, Sampling(temperature=100.0, min_p=min_p)) == slow_sets(logits, sampling)


def test_filters_look_at_probabilities_before_temperature() -> None:
    """Temperature changes how bold the choice is, not which symbols there are to choose from."""
    logits = np.log(np.array([0.7, 0.2, 0.09, 0.01], np.float32))
    for temperature in (0.5, 1.0, 100.0):
        assert reachable(logits, Sampling(temperature=temperature, top_p=0.85, min_p=0)) == {0, 1}
        assert reachable(logits, Sampling(temperature=temperature, min_p=0.1)) == {0, 1, 2}


@given(st.data())
def test_a_row_depends_on_itself_alone(data: st.DataObject) -> None:
    """Picked in a batch or alone, each row's symbol is the same."""
    rows = data.draw(arrays(np.float32, (5, 9), elements=st.floats(-10, 10, width=32)))
    draws = data.draw(arrays(np.float64, 5, elements=st.floats(0, 1, exclude_max=True)))
    sampling = Sampling(data.draw(st.sampled_from([0.0, 0.7, 1.3])), top_k=data.draw(st.integers(0, 9)), top_p=0.9, min_p=0.01)
    together = pick(rows, sampling, draws)
    assert together.tolist() == [int(pick(rows[i : i + 1], sampling, draws[i : i + 1])[0]) for i in range(5)]


@given(st.data())
def test_one_row_by_itself_is_picked_as_in_a_batch(data: st.DataObject) -> None:
    """The short way for a single row picks what the way for many picks, whoever is beside it."""
    logits = np.array(data.draw(st.lists(st.floats(-20, 20, width=32), min_size=2, max_size=60)), np.float32)
    sampling = Sampling(
        temperature=data.draw(st.sampled_from([0, 1e-5, 0.1, 0.7, 1, 50])), min_p=data.draw(st.sampled_from([0.02, 0.5, 1]))
    )
    draw = data.draw(st.floats(0, 1, exclude_max=True))

    batch, draws = np.stack([logits[::-1], logits, -logits]), np.array([draw / 3, draw, draw / 2])
    assert pick(batch, sampling, draws).tolist() == [pick_one(row, sampling, d) for row, d in zip(batch, draws, strict=True)]


def test_symbols_that_are_not_allowed_are_never_picked() -> None:
    """A logit of −∞ is a probability of exactly 0, at the first draw and at the last."""
    logits = np.array([[-np.inf, 0.0, -np.inf, 1.0, -np.inf]] * 2, np.float32)
    draws = np.array([0.0, np.nextafter(1, 0)])
    for sampling in (ALL, Sampling(), Sampling(top_k=4), Sampling(top_p=0.999), Sampling(temperature=100, min_p=0)):
        assert pick(logits, sampling, draws).tolist() == [1, 3]


def test_the_logits_are_left_as_they_are() -> None:
    """Picking doesn't change its input."""
    logits = np.array([[0.0, 1.0, 2.0]], np.float32)
    pick(logits, Sampling(top_k=2, top_p=0.5, min_p=0.3), np.array([0.5]))
    assert logits.tolist() == [[0.0, 1.0, 2.0]]


def kept_by(logits: list[float], **values: float) -> set[int]:
    """Return the symbols that a filter keeps of one row."""
    sampling = Sampling(temperature=1.0, **({"min_p": 0.0} | values))  # type: ignore[arg-type]  # whole numbers are whole
    return set(np.flatnonzero(np.isfinite(kept(np.array([logits], np.float32), sampling)[0])).tolist())


def slow_typical(logits: np.ndarray, typical_p: float) -> set[int]:
    """Return what Meister et al. define, symbol by symbol."""
    weights = [math.exp(x) for x in logits.tolist()]
    probabilities = [w / sum(weights) for w in weights]
    entropy = -sum(p * math.log(p) for p in probabilities)
    order = sorted(range(len(logits)), key=lambda i: abs(-math.log(probabilities[i]) - entropy))
    found: set[int] = set()
    for i in order:
        found.add(i)
        if sum(probabilities[j] for j in found) >= typical_p:
            break
    return found


@given(arrays(np.float32, st.integers(2, 9), elements=st.floats(-4, 4, width=32), unique=True), st.floats(0.05, 0.95))
def test_typical_p_keeps_what_is_about_as_surprising_as_expected(logits: np.ndarray, typical_p: float) -> None:
    """The kept symbols are those of the definition, within rounding of the sum and of the distances."""
    found = kept_by(logits.tolist(), typical_p=typical_p)
    assert found in [slow_typical(logits, typical_p * (1 + e)) for e in (0, -1e-6, 1e-6)] or len(found) == len(
        slow_typical(logits, typical_p)
    )


def test_typical_p_may_leave_out_the_most_likely() -> None:
    """With one likely symbol and many that are rare, the likely one surprises too little."""
    probabilities = [0.35] + [0.65 / 26] * 26
    assert 0 not in kept_by(np.log(probabilities).tolist(), typical_p=0.5)
    assert 0 in kept_by(np.log(probabilities).tolist(), top_p=0.5)


@given(arrays(np.float32, st.integers(2, 9), elements=st.floats(-9, 9, width=32)), st.sampled_from([0.0, 0.5, 1.0, 2.0]))
def test_top_n_sigma_keeps_what_is_near_the_top(logits: np.ndarray, sigmas: float) -> None:
    """Kept are the logits within n standard deviations of the largest; forbidden symbols don't widen them."""
    values = logits.astype(float)
    least = values.max() - sigmas * values.std()
    found = kept_by([*logits.tolist(), -math.inf], top_n_sigma=sigmas)
    assert (
        {i for i, x in enumerate(values) if x >= least + 1e-4} <= found <= {i for i, x in enumerate(values) if x >= least - 1e-4}
    )


def test_xtc_leaves_out_all_top_choices_but_the_last() -> None:
    """Of the symbols above the threshold only the least likely stays; below its probability nothing changes."""
    logits = np.log(np.array([[0.5, 0.3, 0.15, 0.05]], np.float32))
    sampling = Sampling(temperature=1.0, min_p=0, xtc_probability=0.5, xtc_threshold=0.1)
    assert np.isfinite(kept(logits, sampling, np.array([0.49])))[0].tolist() == [False, False, True, True]
    assert np.isfinite(kept(logits, sampling, np.array([0.5])))[0].tolist() == [True] * 4
    one = Sampling(temperature=1.0, min_p=0, xtc_probability=1.0, xtc_threshold=0.4)
    assert np.isfinite(kept(logits, one, np.array([0.0])))[0].tolist() == [True] * 4


@given(st.data())
def test_each_row_may_have_its_own_temperature(data: st.DataObject) -> None:
    """A row picked at its own temperature is picked as with that temperature for all, 0 included."""
    rows = data.draw(arrays(np.float32, (4, 7), elements=st.floats(-10, 10, width=32)))
    temperatures = np.array(data.draw(st.lists(st.sampled_from([0.0, 0.3, 1.0, 2.0]), min_size=4, max_size=4)))
    draws = data.draw(arrays(np.float64, 4, elements=st.floats(0, 1, exclude_max=True)))
    together = pick(rows, Sampling(min_p=0.01), draws, temperatures=temperatures).tolist()
    alone = [
        int(pick(rows[i : i + 1], Sampling(temperature=float(t), min_p=0.01), draws[i : i + 1])[0])
        for i, t in enumerate(temperatures)
    ]
    assert together == alone


@pytest.mark.parametrize(
    "values",
    [
        {"min_p": 0}, {"top_k": 3}, {"top_p": 0.9}, {"typical_p": 0.9}, {"top_n_sigma": 1.0}, {"xtc_probability": 0.1},
        {"mirostat": 2}, {"logit_bias": ((1, 1.0),)}, {"repetition_penalty": 1.1}, {"presence_penalty": 1.0},
        {"frequency_penalty": 0.1}, {"dry_multiplier": 1.0}, {"no_repeat_ngram_size": 9}, {"temperature_end": 0.5},
    ],
)  # fmt: skip
def test_the_short_way_is_open_to_plain_sampling_only(values: dict[str, object]) -> None:
    """Every option but temperature and min-p closes it."""
    assert plain(Sampling(temperature=0.3, min_p=0.1))
    assert not plain(Sampling(**values))  # type: ignore[arg-type]  # one option each
