"""What the tests of training share: small chats, corpora of them, and recipes small enough to train in a second."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from importlib import import_module
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
import torch

from talklike.chat.report import ReadReport
from talklike.chat.table import SCHEMA, Chat
from talklike.corpus.corpus import Corpus, build_corpus
from talklike.training.device import make_fabric
from talklike.training.folder import RunFolder
from talklike.training.loop import Loop
from talklike.training.plan import make_wish
from talklike.training.progress import Evaluation, Result
from talklike.training.recipe import Recipe
from talklike.training.train import train_run
from talklike.training.trainer import Trainer, sizes_of
from tests.harbour_words import HARBOUR_WORDS

if TYPE_CHECKING:
    from pathlib import Path

MakeChat = Callable[..., Chat]
MakeCorpus = Callable[[Sequence[str]], Corpus]
MakeRecipe = Callable[..., Recipe]
MakeLoop = Callable[..., Loop]
MakeEvaluation = Callable[..., Evaluation]


@pytest.fixture(autouse=True)
def one_thread() -> None:
    """Train on one thread: networks this small lose time to a second one, and other tests run beside."""
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def make_chat() -> MakeChat:
    """Return a function that makes a chat of one author from texts, an hour apart."""

    def make(texts: Sequence[str], *, author: str = "a1", name: str = "tidewatch") -> Chat:
        start = datetime(2024, 1, 1, tzinfo=UTC)
        count = len(texts)
        frame = pl.DataFrame(
            {
                "time": [start + timedelta(hours=hour) for hour in range(count)],
                "author": [author] * count,
                "name": [name] * count,
                "channel": [None] * count,
                "text": list(texts),
            },
            schema=SCHEMA,
        )
        return Chat(frame.lazy(), ReadReport("made.csv", "made", "made by a test", kept=count))

    return make


@pytest.fixture(scope="session")
def texts() -> list[str]:
    """Eighty messages of seven words, the same in every test."""
    choose = random.Random(7)
    return [" ".join(choose.choices(HARBOUR_WORDS, k=7)) for _ in range(80)]


@pytest.fixture(scope="session")
def chat(make_chat: MakeChat, texts: list[str]) -> Chat:
    """Return a chat of eighty messages."""
    return make_chat(texts)


@pytest.fixture(scope="session")
def make_corpus(make_chat: MakeChat, tmp_path_factory: pytest.TempPathFactory) -> MakeCorpus:
    """Return a function that makes a corpus from texts."""

    def make(texts: Sequence[str]) -> Corpus:
        return build_corpus(make_chat(texts), "a1", tmp_path_factory.mktemp("corpus"), name="tidewatch")

    return make


@pytest.fixture(scope="session")
def corpus(make_corpus: MakeCorpus, texts: list[str]) -> Corpus:
    """Return a corpus of eighty messages."""
    return make_corpus(texts)


@pytest.fixture(scope="session")
def tiny() -> dict[str, Any]:
    """Settings of a network that trains a thousand steps in a second or two, exactly."""
    return {
        "hidden": 16, "embedding": 8, "streams": 4, "length": 8, "threads": 1, "precision": "32-true", "seed": 3,
        "memory": 3, "buckets": 97,
    }  # fmt: skip


@pytest.fixture(scope="session")
def make_recipe(tiny: dict[str, Any]) -> MakeRecipe:
    """Return a function that makes a tiny recipe with other values for some fields."""

    def make(**settings: Any) -> Recipe:
        return Recipe(**{"steps": 20, "evaluate_every": 10} | tiny | settings)

    return make


@pytest.fixture
def make_loop(corpus: Corpus, make_recipe: MakeRecipe) -> MakeLoop:
    """Return a function that makes a loop with a tiny recipe."""

    def make(of: Corpus = corpus, **settings: Any) -> Loop:
        recipe = make_recipe(**settings)
        return Loop(of, recipe, sizes_of(of, recipe), make_fabric("cpu", recipe.precision))

    return make


@pytest.fixture(scope="session")
def make_evaluation() -> MakeEvaluation:
    """Return a function that makes an evaluation by hand."""

    def make(step: int, train: float, validation: float, *, characters: int = 0, best: bool = False) -> Evaluation:
        return Evaluation(step, float(step), characters, train, validation, best)

    return make


@pytest.fixture(scope="session")
def finished(chat: Chat, tiny: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Result:
    """Return a finished run of forty steps with four evaluations; tests read it and change nothing."""
    torch.set_num_threads(1)
    output = tmp_path_factory.mktemp("finished") / "run"
    wish = make_wish(None, 1, tiny | {"steps": 40, "evaluate_every": 10})
    return train_run(chat, "a1", output, name="tidewatch", wish=wish)


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    """Return a run folder, made and empty."""
    made = RunFolder(tmp_path / "run")
    made.create(resume=False)
    return made


class Machine:
    """A machine on which a step takes as long as is said, an evaluation so many of them, and nothing else any time.

    Attributes:
        now: What its clock says [s].
        step: Time of a step [s].
        busy_from: Step from which on everything takes ``slower`` times as long.
        evaluation: Time of an evaluation, in steps.
        pauses: Time for which it is held before a step [s], by step.
        rates: Learning rates of the steps that were done.
    """

    def __init__(self) -> None:
        self.now = 1000.0
        self.step, self.evaluation = 0.1, 5.0
        self.busy_from, self.slower = math.inf, 1.0
        self.pauses: dict[int, float] = {}
        self.rates: list[float] = []

    def work(self, steps: float, done: int) -> None:
        """Take the time of so many steps, when ``done`` were made."""
        self.now += steps * self.step * (self.slower if done >= self.busy_from else 1)


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    """Return a machine that runs as fast as a test says; what is trained is trained as ever."""
    made = Machine()
    train_step, evaluate = Loop.train_step, Trainer._evaluate

    def step(self: Loop) -> torch.Tensor:
        made.work(1, self.step)
        made.now += made.pauses.pop(self.step, 0.0)
        loss = train_step(self)
        made.rates.append(self._optimiser.param_groups[0]["lr"])
        return loss

    def evaluation(self: Trainer) -> None:
        made.work(made.evaluation, self._loop.step)
        evaluate(self)

    for module in ("schedule", "train"):
        monkeypatch.setattr(import_module(f"talklike.training.{module}"), "time", SimpleNamespace(perf_counter=lambda: made.now))
    monkeypatch.setattr(Loop, "train_step", step)
    monkeypatch.setattr(Trainer, "_evaluate", evaluation)
    # What a voice writes and how it looks is of no interest here, and takes longer than the training.
    monkeypatch.setattr(Trainer, "_sample", lambda *_: {})
    monkeypatch.setattr(import_module("talklike.training.folder"), "loss_plot", lambda *_: None)
    return made
