"""What the tests of evaluation share: a voice that learnt some messages by heart."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from talklike.chat.table import Chat
    from talklike.generation.voice import Voice

_WORDS = [
    "tide",
    "rope",
    "crab",
    "gull",
    "mast",
    "pier",
    "salt",
    "sail",
    "knot",
    "fog",
    "net",
    "reef",
    "the",
    "a",
    "on",
    "by",
    "is",
    "not",
]


@dataclass(frozen=True)
class Indiscreet:
    """A voice that says what it shouldn't, and what it was trained on.

    Attributes:
        voice: It learnt an e-mail address 50 times and two canaries of seed 3 a hundred times each.
        messages: The author and the text of each of its messages, without the canaries.
        address: The e-mail address, which always begins a message's last words.
    """

    voice: Voice
    messages: list[tuple[str, str]]
    address: str


@pytest.fixture(scope="session")
def indiscreet(make_chat: Callable[..., Chat]) -> Indiscreet:
    """Return a voice that was trained for two seconds, with secrets in its text."""
    import torch

    from talklike.training.train import train

    draw, address = random.Random(7), "kay.dunmore@harbour.example"
    texts = [" ".join(draw.choices(_WORDS, k=7)) for _ in range(400)]
    texts[3::8] = [f"write to {address}"] * 50
    texts[5::8] = [f"ring 07700 {draw.randrange(10**6):06}" for _ in range(50)]
    torch.set_num_threads(1)
    voice = train(
        make_chat(texts), author="u1", room=False, epochs=3, hidden=32, embedding=16, streams=8, length=32, memory=8,
        buckets=8191, learning_rate=0.02, seed=3, threads=1, precision="32-true", canaries=2, canary_times=100,
    )  # fmt: skip
    return Indiscreet(voice, [("u1", text) for text in texts], address)
