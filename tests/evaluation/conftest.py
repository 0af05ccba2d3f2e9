"""What the tests of evaluation share: a voice that learnt some messages by heart."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.harbour_words import HARBOUR_WORDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from talklike.chat.table import Chat
    from talklike.evaluation.evaluate import Evaluation
    from talklike.generation.voice import Voice


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
    texts = [" ".join(draw.choices(HARBOUR_WORDS, k=7)) for _ in range(400)]
    texts[3::8] = [f"write to {address}"] * 50
    texts[5::8] = [f"ring 07700 {draw.randrange(10**6):06}" for _ in range(50)]
    torch.set_num_threads(1)
    voice = train(
        make_chat(texts), author="u1", room=False, epochs=3, hidden=32, embedding=16, streams=8, length=32, memory=8,
        buckets=8191, learning_rate=0.02, seed=3, threads=1, precision="32-true", canaries=2, canary_times=100,
    )  # fmt: skip
    return Indiscreet(voice, [("u1", text) for text in texts], address)


@dataclass(frozen=True)
class Judged:
    """A voice of the bundled chat, and what was found of it.

    Attributes:
        voice: It was trained for a few seconds, with two canaries planted.
        chat: What it learnt from.
        found: What ``evaluate`` found.
        told: The stages and shares that it told.
    """

    voice: Voice
    chat: Chat
    found: Evaluation
    told: list[tuple[str, float]]


@pytest.fixture(scope="session")
def judged() -> Judged:
    """Return a hastily trained voice that was judged."""
    import torch

    from talklike.chat.read import read_chat
    from talklike.evaluation.evaluate import evaluate
    from talklike.sample import sample_path
    from talklike.training.train import train

    torch.set_num_threads(1)
    chat = read_chat(sample_path())
    voice = train(
        chat, author="mossy_keel", room=False, epochs=1, hidden=32, embedding=16, streams=32, memory=8, buckets=8191,
        learning_rate=0.01, seed=3, threads=1, precision="32-true", canaries=2, canary_times=50,
    )  # fmt: skip
    told: list[tuple[str, float]] = []
    loss = [
        {"step": 1.0, "seconds": 1.0, "characters": 500.0, "train": 3.0, "validation": 3.5},
        {"step": 9.0, "seconds": 2.0, "characters": 900.0, "train": 2.0, "validation": 2.5},
    ]
    found = evaluate(
        voice, chat, messages=60, temperatures=(0.5, 1.0), loss=loss, file="mossy.onnx", told=lambda *one: told.append(one)
    )
    return Judged(voice, chat, found, told)
