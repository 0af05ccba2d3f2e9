"""What the tests of training share: small chats, corpora of them, and recipes small enough to train in a second."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
import torch

from talklike.chat.report import ReadReport
from talklike.chat.table import SCHEMA, Chat
from talklike.corpus.corpus import Corpus, build_corpus
from talklike.training.folder import RunFolder
from talklike.training.loop import Loop
from talklike.training.plan import make_wish
from talklike.training.progress import Evaluation, Result
from talklike.training.recipe import Recipe
from talklike.training.train import train_run
from talklike.training.trainer import make_fabric, sizes_of
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
