"""The verdict: the right sentence for each state of things."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from talklike.evaluation.verdict import Facts, verdict

GOOD = Facts(
    name="mossy", gain=0.08, rival="Kneser-Ney", taken=0.84, taken_real=0.87, taken_others=0.2, told_apart=0.6,
    told_apart_real=0.55, copied=0.03, copied_real=0.05, leaked=0, characters=500_000, still_learning=False, alone=False,
    temperature=0.7, best_temperature=None,
)  # fmt: skip


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({}, "It sounds like mossy: 84 of 100 of its messages are taken for mossy's, and of mossy's own 87."),
        (
            {"taken": 0.5},
            "hard to tell from mossy's: shown a real message and one of its own, a program picks the real one 60 times in 100",
        ),
        ({"taken": 0.5, "told_apart": 0.9}, "foresees what mossy writes next 8% better than the best simple method (Kneser-Ney)"),
        ({"taken": 0.72, "told_apart": 0.9, "gain": -0.1}, "It often sounds like mossy: 72 of 100"),
        ({"taken_others": 0.8, "told_apart": 0.9}, "foresees what mossy writes next 8% better"),
        ({"taken": None, "told_apart": None, "gain": 0.004}, "It writes text of its own"),
        ({"taken": None, "told_apart": None, "gain": -0.1}, "It writes text of its own: 3% of it stands"),
        ({"taken": None, "told_apart": None, "gain": -0.1, "copied": 0.5}, "nothing stands out that it is good at yet"),
    ],
)
def test_what_it_is_good_at(change: dict[str, float | None], says: str) -> None:
    """The first thing that holds is said."""
    assert says in verdict(replace(GOOD, **change))[0]  # type: ignore[arg-type]  # fields of Facts by name


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({}, "What it says means little"),
        ({"gain": -0.06}, "6% worse than a simple method that takes seconds (Kneser-Ney)"),
        ({"leaked": 1}, "gives away 1 private thing of"),
        ({"leaked": 3}, "gives away 3 private things of"),
        (
            {"copied": 0.2},
            "It copies: 20% of what it writes stands word for word in what it learnt from, and of what mossy really",
        ),
        ({"taken": 0.3}, "It doesn't sound enough like mossy: 30 of 100"),
        ({"gain": -0.004}, "What it says means little"),
        ({"taken_others": 0.8, "told_apart": 0.9}, "It doesn't pass for mossy"),
        ({"told_apart": 0.7, "told_apart_real": 0.7}, "What it says means little"),
        (
            {"told_apart": 0.8},
            "It doesn't pass for mossy: shown a real message and one of its own, a program picks the real one 80",
        ),
    ],
)
def test_what_it_isn_t(change: dict[str, float], says: str) -> None:
    """The worst that holds is said."""
    assert says in verdict(replace(GOOD, **change))[1]  # type: ignore[arg-type]  # fields of Facts by name


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({}, "Nothing obvious is left to do"),
        ({"characters": 40_000}, "Give it more text: it learnt from 40,000 characters of mossy's"),
        ({"still_learning": True}, "Train it longer (--budget"),
        ({"gain": -0.02}, "Train it anew with a longer --budget, or on more text: it is 2% behind"),
        ({"gain": -0.02, "alone": True}, "Let it learn from the others too (--room)"),
        ({"leaked": 2}, "of which 2 came out, and train again"),
        ({"copied": 0.2}, "Let it write more boldly (--temperature 0.8)"),
        ({"best_temperature": 0.9}, "Let it write at --temperature 0.9"),
        ({"taken": 0.6, "alone": True}, "Let it learn from the others too (--room): it then knows"),
    ],
)
def test_what_to_do(change: dict[str, float], says: str) -> None:
    """What helps most is said."""
    assert says in verdict(replace(GOOD, **change))[2]  # type: ignore[arg-type]  # fields of Facts by name


shares = st.none() | st.floats(0, 1)


@given(shares, shares, shares, shares, st.floats(-2, 1), st.integers(0, 3), st.booleans(), shares)
def test_there_are_always_three_sentences_with_a_number(
    taken: float | None,
    real: float | None,
    apart: float | None,
    copied: float | None,
    gain: float,
    leaked: int,
    alone: bool,
    best: float | None,
) -> None:
    """Whatever was measured and whatever wasn't."""
    facts = replace(
        GOOD,
        taken=taken,
        taken_real=real,
        told_apart=apart,
        copied=copied,
        gain=gain,
        leaked=leaked,
        alone=alone,
        best_temperature=best,
    )
    for sentence in verdict(facts):
        assert sentence.endswith(".")
        assert any(character.isdigit() for character in sentence)
        assert "None" not in sentence
