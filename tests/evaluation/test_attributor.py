"""The linear model: what is told apart easily is told apart, and whatever it is given, its answers are probabilities."""

from __future__ import annotations

import sys
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from talklike.errors import MissingExtraError, OptionError
from talklike.evaluation.attributor import Attributor
from tests.evaluation.styles import loud, noise, plain


@cache
def fitted(count: int = 200, *, seed: int = 0, most: int | None = None) -> Attributor:
    """Return a model that knows three people."""
    texts = [*plain(count, 1), *loud(count, 2), *noise(count // 10, 3)]
    labels = ["bo"] * count + ["al"] * count + ["cy"] * (count // 10)
    return Attributor.fit(texts, labels, seed=seed, most=most)


def test_two_planted_styles_are_told_apart() -> None:
    """At least 99 of 100 unseen messages are given to whom they belong, also where one wrote a tenth as much."""
    model = fitted()
    assert model.classes == ("al", "bo", "cy")
    for label, texts in (("bo", plain(300, 11)), ("al", loud(300, 12)), ("cy", noise(300, 13))):
        assert np.mean([found == label for found in model.predict(texts)]) >= 0.99


def test_whoever_wrote_more_is_not_preferred() -> None:
    """Of people who write alike, the one with ten times the messages isn't taken for nearly everything."""
    model = Attributor.fit(plain(1100, 1), ["a"] * 1000 + ["b"] * 100)
    assert 0.2 < model.probabilities(plain(500, 2))[:, 1].mean() < 0.8


@given(st.lists(st.text(max_size=30), max_size=4))
@settings(max_examples=25)
def test_answers_are_probabilities(texts: list[str]) -> None:
    """Whatever the texts, each has a row that sums to 1, also an empty one."""
    found = fitted(40).probabilities([*texts, "", "\ud800"])
    assert found.shape == (len(texts) + 2, 3)
    assert (found > 0).all()
    np.testing.assert_allclose(found.sum(axis=1), 1)


def test_no_texts_no_rows() -> None:
    """Nothing asked is nothing answered."""
    assert fitted(40).probabilities([]).shape == (0, 3)
    assert fitted(40).predict([]) == []


def test_the_seed_decides() -> None:
    """The same seed gives the same model."""
    asked = [*plain(20, 5), *loud(20, 6)]
    once, again = (fitted(seed=4, most=8_000).probabilities(asked) for _ in range(2))
    np.testing.assert_array_equal(once, again)


def test_of_much_text_each_label_has_its_part() -> None:
    """Where there is too much, every label keeps some texts, and the model still tells them apart."""
    model = fitted(most=3_000)
    assert model.classes == ("al", "bo", "cy")
    assert np.mean([found == "bo" for found in model.predict(plain(200, 11))]) >= 0.95
    assert np.mean([found == "al" for found in fitted(most=1).predict(loud(50, 12))]) > 0.5


@pytest.mark.parametrize("labels", [[], ["a", "a"]])
def test_one_author_can_not_be_told_from_nobody(labels: list[str]) -> None:
    """Fewer than two labels are refused."""
    with pytest.raises(OptionError, match="two or more"):
        Attributor.fit(["x"] * len(labels), labels)


def test_without_its_package_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error names the extra."""
    monkeypatch.setitem(sys.modules, "sklearn.linear_model", None)
    with pytest.raises(MissingExtraError, match=r"scikit-learn.*talklike\[evaluate\]"):
        Attributor.fit(["a", "b"], ["a", "b"])
