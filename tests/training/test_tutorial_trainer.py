"""Runs by the tutorial's recipe, from a chat to a voice."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch

import talklike as tl
from talklike.chat.table import Chat
from talklike.corpus.alphabet import FIRST_CHARACTER
from talklike.errors import OptionError, RunError
from talklike.evaluation.material import gather
from talklike.training.progress import Evaluation, Listener
from talklike.training.train import train, train_run, wished
from talklike.training.tutorial_loop import TutorialLoop
from talklike.training.tutorial_recipe import TutorialRecipe
from talklike.voice.read import read_voice
from tests.harbour_words import HARBOUR_WORDS

if TYPE_CHECKING:
    from pathlib import Path

MakeChat = Callable[..., Chat]

SMALL: dict[str, Any] = {
    "epochs": 3, "window": 12, "hidden": 12, "batch_size": 64, "characters": 30, "threads": 1, "temperatures": [0.5, 1.0],
}  # fmt: skip


class Hears(Listener):
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.evaluations: list[tuple[Evaluation, dict[float, str]]] = []
        self.notes: list[str] = []

    def evaluated(self, evaluation: Evaluation, samples: dict[float, str]) -> None:
        """Keep an evaluation."""
        self.evaluations.append((evaluation, samples))

    def noted(self, note: str) -> None:
        """Keep a note."""
        self.notes.append(note)


@pytest.fixture(scope="module")
def chat(make_chat: MakeChat) -> Chat:
    """A chat of some 12,000 characters."""
    generator = random.Random(3)
    return make_chat([" ".join(generator.choices(HARBOUR_WORDS, k=5)).capitalize() for _ in range(400)])


def test_a_run_is_the_tutorial_s(chat: Chat, tmp_path: Path) -> None:
    """It writes after the first and the last epoch, keeps the lowest training loss, and says so as Keras does."""
    hears = Hears()
    voice = train(chat, recipe="tutorial", output=tmp_path / "run", listener=hears, **SMALL)
    assert [bool(samples) for _, samples in hears.evaluations] == [True, False, True]
    texts = hears.evaluations[2][1]
    assert list(texts) == [0.5, 1.0]
    assert {len(text) for text in texts.values()} == {12 + 30}
    assert len({text[:12] for text in texts.values()}) == 1, "each begins with the same window of the text"
    losses = [evaluation.train_bits_per_character * np.log(2) for evaluation, _ in hears.evaluations]
    assert losses[0] > losses[1] > losses[2]
    assert hears.notes[0].startswith(f"Epoch 1: loss improved from inf to {losses[0]:.5f}"[:-1])
    assert hears.notes[1].startswith(f"Epoch 2: loss improved from {losses[0]:.5f}"[:-1])
    assert voice.card.recipe["name"] == "tutorial"
    assert voice.card.alphabet == "".join(sorted(voice.card.alphabet))
    assert voice.card.precision == "float32"
    assert set(voice.card.scores) == {"validation", "test"}
    assert voice.generate("the ", seed=1, max_chars=20)
    saved = json.loads((tmp_path / "run" / "recipe.json").read_text())
    assert TutorialRecipe.from_dict(saved["recipe"]) == TutorialRecipe(**SMALL | {"temperatures": (0.5, 1.0)})


def test_the_voice_predicts_what_the_network_does_from_a_window(chat: Chat) -> None:
    """Read from a fresh state, a window gives the probabilities of the stack that it was made of: nothing is lost on the way."""
    voice = train(chat, recipe="tutorial", **SMALL | {"epochs": 1})
    ids = np.array([[FIRST_CHARACTER + n % len(voice.card.alphabet) for n in range(12)]])
    logits = voice.engine.streams(1, 1).read(ids)[0, -1].astype(np.float64)
    shares = np.exp(logits - np.logaddexp.reduce(logits))
    assert shares[1:FIRST_CHARACTER].sum() < 2e-6, "bytes are next to impossible"
    assert shares.sum() == pytest.approx(1)


@pytest.mark.parametrize("after", [3, 25])
def test_an_interrupted_run_goes_on_bit_for_bit(chat: Chat, tmp_path: Path, after: int) -> None:
    """Stopped in the first epoch or a later one, and resumed, it ends in the same voice, losses and texts."""
    settings = SMALL | {"dropout": 0.2}
    whole = Hears()
    train(chat, recipe="tutorial", output=tmp_path / "whole", listener=whole, **settings)
    steps = iter(range(1000))
    wish = wished("tutorial", None, 3, {name: value for name, value in settings.items() if name != "epochs"})
    stopped = train_run(chat, "a1", tmp_path / "cut", name="tidewatch", wish=wish, stop=lambda: next(steps) == after)
    assert stopped.stopped == "interrupted"
    assert stopped.voice.generate(seed=1, max_chars=10)
    rest = Hears()
    train(chat, output=tmp_path / "cut", resume=True, listener=rest)
    assert (tmp_path / "cut" / "voice.onnx").read_bytes() == (tmp_path / "whole" / "voice.onnx").read_bytes()
    assert (tmp_path / "cut" / "samples.txt").read_text() == (tmp_path / "whole" / "samples.txt").read_text()
    assert rest.evaluations[-1][1] == whole.evaluations[-1][1]


def test_a_run_that_diverges_is_ended(chat: Chat, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A loss that is no number gives one sentence, and no voice of nonsense."""
    monkeypatch.setattr(TutorialLoop, "train_step", lambda *_: torch.tensor(float("nan")))
    with pytest.raises(RunError, match=r"diverged in epoch 1.*smaller --learning-rate"):
        train(chat, recipe="tutorial", output=tmp_path / "run", **SMALL)
    assert not (tmp_path / "run" / "voice.onnx").exists()


def test_evaluate_finds_the_same_text(chat: Chat, tmp_path: Path) -> None:
    """What a tutorial voice learnt, and what was held out from it, are told from its card."""
    train(chat, recipe="tutorial", output=tmp_path / "run", **SMALL | {"epochs": 1})
    material = gather(chat, read_voice(tmp_path / "run")[0])
    assert material.same
    assert len(material.train) == 80
    assert len(material.test) == 20


def test_a_running_text_can_be_learnt_so(tmp_path: Path) -> None:
    """Its voice ends no messages; the first fifth of its characters is learnt."""
    generator = random.Random(3)
    book = tmp_path / "book.txt"
    book.write_text("\n".join(" ".join(generator.choices(HARBOUR_WORDS, k=9)) for _ in range(300)))
    voice = train(tl.read_chat(book), recipe="tutorial", **SMALL | {"epochs": 1})
    assert voice.card.kind == "stream"
    assert "\n" in voice.card.alphabet
    assert voice.card.provenance["training_characters"] == int(len(book.read_text()) * 0.2)


def test_it_learns_from_one_author_alone(chat: Chat) -> None:
    """A room, or a budget, isn't what the tutorial has; and there are only two recipes."""
    with pytest.raises(OptionError, match="learns from one author alone"):
        train(chat, recipe="tutorial", room=True, **SMALL)
    with pytest.raises(OptionError, match="not a time"):
        train(chat, recipe="tutorial", budget="1m")
    with pytest.raises(OptionError, match="recipe is 'best', must be one of default, tutorial"):
        train(chat, recipe="best")
