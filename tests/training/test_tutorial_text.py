"""The tutorial's text and its windows, against the tutorial's own loops."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch

from talklike.chat.table import Chat
from talklike.corpus.corpus import build_corpus
from talklike.errors import TooLittleTextError
from talklike.training.tutorial_text import Windows, joined, share_of_ends

if TYPE_CHECKING:
    from pathlib import Path

MakeChat = Callable[..., Chat]

TEXTS = [f"Message {n}: the Tide turns at {n * 7 % 24} o'clock" for n in range(100)]


def test_the_text_is_the_first_messages_joined_by_spaces_in_lower_case(make_chat: MakeChat, tmp_path: Path) -> None:
    """As ``' '.join(messages[:n // 5]).lower()``, with characters sorted to indices."""
    corpus = build_corpus(make_chat(TEXTS), "a1", tmp_path, lowercase=True, learnt=0.2, every_character=True)
    text = " ".join(TEXTS[:20]).lower()
    assert corpus.alphabet.characters == "".join(sorted(set(text)))
    assert "".join(corpus.alphabet.characters[i] for i in joined(corpus)) == text
    assert share_of_ends(corpus) == pytest.approx(20 / (20 + sum(t.count(" ") for t in TEXTS[:20])))
    assert corpus.test.messages == 5, "what is held out is the last of all messages, not of those learnt"


def test_windows_are_the_tutorial_s() -> None:
    """The same windows and labels as the tutorial's loop makes, in every batch size."""
    text = "the quick brown fox jumps over the lazy dog"
    maxlen, step = 10, 3
    sentences, next_chars = [], []
    for i in range(0, len(text) - maxlen, step):  # as the tutorial cuts
        sentences.append(text[i : i + maxlen])
        next_chars.append(text[i + maxlen])
    windows = Windows(torch.tensor([ord(c) for c in text]), maxlen, step)
    x, y = windows.batch(torch.arange(len(windows)))
    assert ["".join(map(chr, row)) for row in x.tolist()] == sentences
    assert "".join(map(chr, y.tolist())) == "".join(next_chars)


def test_an_epoch_reads_each_window_once_in_an_order_of_its_own() -> None:
    """Orders are permutations, differ between epochs and seeds, and come again."""
    windows = Windows(torch.arange(100), 10, 1)
    orders = [windows.order(seed, epoch).tolist() for seed, epoch in ((0, 0), (0, 1), (1, 0), (0, 0))]
    assert all(sorted(order) == list(range(90)) for order in orders)
    assert orders[0] == orders[3]
    assert len({tuple(order) for order in orders}) == 3


def test_a_text_shorter_than_a_window_is_refused() -> None:
    """There must be a window and the character after it."""
    assert len(Windows(torch.arange(41), 40, 3)) == 1
    with pytest.raises(TooLittleTextError, match="40 characters to learn from are less than a window of 40"):
        Windows(torch.arange(40), 40, 3)


def test_messages_without_a_space_are_refused(make_chat: MakeChat, tmp_path: Path) -> None:
    """The tutorial joins messages by spaces, and its voice ends them by a share of the space's probability."""
    corpus = build_corpus(make_chat(["tide" * 20] * 50), "a1", tmp_path, learnt=0.2, every_character=True)
    with pytest.raises(TooLittleTextError, match="hold no space"):
        joined(corpus)


def test_memory_does_not_grow_with_the_number_of_windows() -> None:
    """A text takes 4 bytes a character; no array of all windows is made."""
    windows = Windows(torch.zeros(1_000_000, dtype=torch.int32), 40, 1)
    held = sum(v.element_size() * v.nelement() for v in vars(windows).values() if isinstance(v, torch.Tensor))
    assert held == 4_000_000 + 40 * 8
    assert np.prod(windows.batch(torch.arange(128))[0].shape) == 128 * 40
