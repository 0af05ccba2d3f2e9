"""Likeness: known answers for messages that are the author's own, somebody else's, or nobody's."""

from __future__ import annotations

import json

import pytest

from talklike.evaluation.likeness import FEWEST, likeness, separation
from tests.evaluation.styles import loud, noise, plain

TRAIN, TEST, OTHERS, OTHERS_TEST = plain(400, 1), plain(200, 2), loud(400, 3), loud(200, 4)


def test_the_author_himself_is_like_himself() -> None:
    """Held-out messages given as generated are taken for the author's as often, and can't be told from themselves."""
    found = likeness(TRAIN, TEST, OTHERS, OTHERS_TEST, TEST)
    assert found.attribution is not None
    assert found.attribution.real.share >= 0.99
    assert found.attribution.others.share <= 0.01
    assert found.attribution.ratio is not None
    assert found.attribution.ratio.ratio == pytest.approx(1)
    assert found.told_apart is not None
    assert found.told_apart.generated.auc == pytest.approx(0.5, abs=0.05)
    assert found.notes == ()


def test_other_messages_of_the_author_are_like_him() -> None:
    """Messages from the same pen that nobody has seen are hardly told apart, no better than earlier ones."""
    found = likeness(TRAIN, TEST, OTHERS, OTHERS_TEST, plain(200, 9))
    assert found.told_apart is not None
    assert found.told_apart.generated.auc == pytest.approx(0.5, abs=0.1)
    assert found.told_apart.real.auc == pytest.approx(0.5, abs=0.1)
    assert found.told_apart.generated.low < 0.5 < found.told_apart.generated.high


def test_somebody_else_is_not_like_the_author() -> None:
    """Messages in another's style are taken for the author's hardly ever, and always told apart."""
    found = likeness(TRAIN, TEST, OTHERS, OTHERS_TEST, loud(200, 5))
    assert found.attribution is not None
    assert found.attribution.generated.share <= 0.01
    assert found.attribution.ratio is not None
    assert found.attribution.ratio.ratio <= 0.01
    assert found.told_apart is not None
    assert found.told_apart.generated.auc >= 0.99


def test_noise_is_like_nobody() -> None:
    """Characters drawn at random are told from messages always."""
    found = likeness(TRAIN, TEST, OTHERS, OTHERS_TEST, noise(200))
    assert found.told_apart is not None
    assert found.told_apart.generated.auc >= 0.99
    assert found.told_apart.generated.high <= 1


@pytest.mark.parametrize("others", [[], loud(FEWEST - 1)])
def test_without_others_only_the_rest_is_asked(others: list[str]) -> None:
    """In a chat of one person nothing can be taken for somebody else's, and a note says so."""
    found = likeness(TRAIN, TEST, others, others, plain(100, 5))
    assert found.attribution is None
    assert found.told_apart is not None
    assert found.traits
    assert len(found.notes) == 1
    assert "anyone else" in found.notes[0]


@pytest.mark.parametrize("few", [[], ["ok"], plain(FEWEST - 1)])
@pytest.mark.parametrize("which", [0, 1, 4])
def test_too_few_messages_are_told(few: list[str], which: int) -> None:
    """With too few of one kind nothing is asked, and the note says of which."""
    given = [TRAIN, TEST, OTHERS, OTHERS_TEST, plain(100, 5)]
    given[which] = few
    found = likeness(*given)
    assert (found.attribution, found.told_apart) == (None, None)
    kind = ("learnt", "held-out", "", "", "generated")[which]
    assert found.notes == (f"Only {len(few)} {kind} messages: too few to compare; 20 of each are needed.",)


def test_a_voice_that_always_says_the_same_is_found_out() -> None:
    """What only the voice says, over and over, gives it away; if the author says nothing else either, nothing can be asked."""
    told = likeness(TRAIN, TEST, OTHERS, OTHERS_TEST, ["ok"] * 100).told_apart
    assert told is not None
    assert told.generated.auc == 1
    found = likeness(["a"] * 40, ["a"] * 40, ["b"] * 40, ["b"] * 40, ["a"] * 40)
    assert found.told_apart is None
    assert "too few different messages" in found.notes[0]


def test_texts_in_both_groups_are_no_hint() -> None:
    """Groups of the same texts can't be told apart, although each of them was seen with the other answer."""
    found = separation(TEST, TEST[::-1])
    assert found is not None
    assert found.auc == pytest.approx(0.5, abs=0.02)


def test_the_seed_decides() -> None:
    """The same seed gives the same figures, whole and in JSON."""
    once, again = (likeness(TRAIN, TEST, OTHERS, OTHERS_TEST, plain(100, 5), seed=3) for _ in range(2))
    assert once == again
    read = json.loads(json.dumps(once.to_dict(), allow_nan=False))
    assert set(read) == {"attribution", "told_apart", "traits", "notes"}
    assert set(read["attribution"]) == {"generated", "real", "others", "ratio"}
    assert set(read["told_apart"]["generated"]) == {"auc", "low", "high"}
    assert json.loads(json.dumps(likeness([], [], [], [], []).to_dict()))["attribution"] is None
