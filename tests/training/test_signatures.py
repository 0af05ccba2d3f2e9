"""Learning what tells authors apart: planted styles, prior and trust, and what is taken from a corpus."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch

from talklike.corpus.encode import Part
from talklike.training import signatures as module
from talklike.training.signatures import LEAST_CALIBRATED, Labelled, labelled, learn_signatures

if TYPE_CHECKING:
    from talklike.voice.signatures import Signatures

A, B = range(1, 20), range(10, 30)
"""Symbols of two people; half of each one's are the other's too."""


def said(count: int, symbols: range, seed: int, length: int = 12) -> list[np.ndarray]:
    """Return messages of random symbols."""
    random = np.random.default_rng(seed)
    return [random.choice(np.array(symbols, np.uint16), length) for _ in range(count)]


def two(first: int, second: int, seed: int, length: int = 12) -> Labelled:
    """Return so many messages of each of two people."""
    messages = said(first, A, seed, length) + said(second, B, seed + 1, length)
    return Labelled(messages, np.repeat([0, 1], [first, second]))


def right(signatures: Signatures, asked: Labelled) -> float:
    """Return the share of messages whose likeliest author is the true one."""
    return float((signatures.logits(asked.messages).argmax(axis=1) == asked.authors).mean())


def test_two_styles_are_told_apart() -> None:
    """Of unseen messages at least 97 of 100, and the held-out share that is returned is the one that a count gives."""
    held_out = two(100, 100, 7)
    found, share = learn_signatures(two(300, 300, 1), held_out, people=2, rows=4096, rounds=3, seed=0)
    assert right(found, two(200, 200, 9)) >= 0.97
    assert share == right(found, held_out)


def test_how_much_someone_wrote_says_nothing() -> None:
    """Somebody who wrote forty times as much isn't likelier to have written what both may have."""
    found, _ = learn_signatures(two(2000, 50, 1), two(0, 0, 7), people=2, rows=4096, rounds=2, seed=0)
    both = said(300, range(10, 20), 3, length=2)
    scores = found.logits(both)
    assert abs(float((scores[:, 1] - scores[:, 0]).mean())) < 0.7  # ln 40 is 3.7


def test_probabilities_are_as_right_as_they_say() -> None:
    """What is learnt by heart of few messages is believed less: the trust makes held-out messages cheaper."""
    random = np.random.default_rng(0)
    train, held_out = (Labelled(said(count, A, seed), random.integers(0, 2, count)) for count, seed in ((200, 1), (300, 2)))
    found, _ = learn_signatures(train, held_out, people=2, rows=4096, rounds=10, seed=0)
    raw, _ = learn_signatures(train, Labelled([], np.zeros(0, np.int64)), people=2, rows=4096, rounds=10, seed=0)

    def nats(signatures: Signatures) -> float:
        scores = torch.from_numpy(signatures.logits(held_out.messages))
        return float(torch.nn.functional.cross_entropy(scores, torch.from_numpy(held_out.authors)))

    assert nats(found) < min(nats(raw), 0.75)  # guessing costs ln 2 = 0.69


def test_few_held_out_messages_say_nothing() -> None:
    """The numbers stay as they are, and no share is told."""
    few = two(LEAST_CALIBRATED - 1, 0, 7)
    found, share = learn_signatures(two(50, 50, 1), few, people=2, rows=1024, rounds=1, seed=0)
    same, _ = learn_signatures(two(50, 50, 1), two(0, 0, 7), people=2, rows=1024, rounds=1, seed=0)
    assert share is None
    np.testing.assert_array_equal(found.units, same.units)


@pytest.mark.parametrize("seed", [0, 1])
def test_the_same_seed_gives_the_same_numbers(seed: int) -> None:
    """And another seed others; torch's threads are as before."""
    threads = torch.get_num_threads()
    tables = [
        learn_signatures(two(300, 300, 1), two(0, 0, 7), people=2, rows=1024, rounds=1, seed=s)[0].table for s in (seed, seed, 2)
    ]
    np.testing.assert_array_equal(tables[0], tables[1])
    assert (tables[0] != tables[2]).any()
    assert torch.get_num_threads() == threads


def test_somebody_without_messages_is_never_likely() -> None:
    """A third person who wrote nothing has no numbers, and no message is taken for his."""
    found, _ = learn_signatures(two(300, 300, 1), two(100, 100, 7), people=3, rows=4096, rounds=3, seed=0)
    assert (found.logits(two(100, 100, 9).messages).argmax(axis=1) < 2).mean() > 0.97


def test_messages_of_named_authors_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Symbols between two ENDs whose author isn't 0; of a large part those of its end that are whole."""
    ids = np.array([0, 5, 6, 0, 7, 0, 0, 8, 9, 0], np.uint16)
    authors = np.array([2, 2, 2, 2, 0, 0, 1, 3, 3, 3], np.uint16)
    part = Part(ids, authors, messages=4, characters=9, utf8_bytes=9)
    found = labelled(part)
    assert [message.tolist() for message in found.messages] == [[5, 6], [], [8, 9]]
    assert found.authors.tolist() == [1, 0, 2]
    monkeypatch.setattr(module, "MOST_SYMBOLS", 8)
    assert [message.tolist() for message in labelled(part).messages] == [[], [8, 9]]
