"""A voice that has learnt its text by heart, trained as anyone would, and kept from saying it."""

from __future__ import annotations

import dataclasses
import random
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from talklike.corpus.corpus import build_corpus
from talklike.evaluation.copying import TrainingText
from talklike.generation.voice import load_voice
from talklike.training.plan import make_wish
from talklike.training.train import train_run
from talklike.voice.graph import INDEX
from talklike.voice.novelty_index import NoveltyIndex, index_of, sums
from talklike.voice.read import arrays

if TYPE_CHECKING:
    from pathlib import Path

    from talklike.training.progress import Result
    from tests.training.conftest import MakeChat

LONGEST = (16, 24)


@pytest.fixture(scope="module")
def said() -> list[str]:
    """Return ten sentences, each said fifteen times, in any order."""
    choose = random.Random(5)
    words = ["tide", "rope", "crab", "gull", "mast", "pier", "salt", "sail", "knot", "fog", "net", "reef", "the", "on", "by"]
    return choose.sample([" ".join(choose.choices(words, k=14)) for _ in range(10)] * 15, k=150)


@pytest.fixture(scope="module")
def by_heart(make_chat: MakeChat, said: list[str], tiny: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Result:
    """Return a run that learnt them by heart."""
    settings = tiny | {"hidden": 48, "memory": 8, "buckets": 4999, "learning_rate": 0.02, "novelty_index": True}
    return train_run(make_chat(said), "a1", tmp_path_factory.mktemp("novelty") / "run", wish=make_wish(None, 12, settings))


@pytest.mark.parametrize("file", ["voice.onnx", "voice.float32.onnx"])
def test_a_trained_voice_copies_no_more_than_asked_for(by_heart: Result, said: list[str], file: str) -> None:
    """Both files of a run carry the index: free, the voice says sentences that it learnt; guarded, no longer pieces than N."""
    voice = load_voice(by_heart.folder / file)
    learnt = TrainingText([("a1", text) for text in said])
    options: dict[str, Any] = {"seed": 2, "temperature": 0.5}
    assert learnt.copied(voice.generate_many(30, **options)).longest["p90"] > 30
    for longest in LONGEST:
        texts = voice.generate_many(30, novelty=longest, **options)
        assert learnt.copied(texts).longest["most"] <= longest
        assert sum(map(len, texts)) > 30 * 20
        prompted = voice.generate_many(10, said[0][:12], novelty=longest, **options)
        assert learnt.copied(prompted).longest["most"] <= longest


def test_an_index_changes_nothing_else(
    by_heart: Result, make_chat: MakeChat, said: list[str], tiny: dict[str, Any], tmp_path: Path
) -> None:
    """Without one the same run gives the same voice, with not a word of it in the file."""
    settings = {name: value for name, value in by_heart.voice.card.recipe.items() if name not in ("novelty_index", "room")}
    plain = train_run(make_chat(said), "a1", tmp_path / "run", wish=make_wish(None, 12, settings))
    assert b"novelty" not in (tmp_path / "run" / "voice.onnx").read_bytes()
    assert "novelty_index" not in plain.voice.card.recipe
    assert plain.voice.card.scores == by_heart.voice.card.scores
    assert plain.voice.generate(seed=1) == by_heart.voice.generate(seed=1)
    ours, theirs = (arrays((result.folder / "voice.onnx").read_bytes()) for result in (by_heart, plain))
    assert ours.keys() - theirs.keys() == {INDEX}
    assert all((ours[name] == array).all() for name, array in theirs.items())


def test_the_room_and_running_text_are_in_it(make_chat: MakeChat, said: list[str], tmp_path: Path, tiny: dict[str, Any]) -> None:
    """The index knows everything that is trained on: everyone's messages behind an author's, or a text without messages."""
    from tests.training.shared_run import chat as room

    settings = tiny | {"novelty_index": True, "steps": 4, "room_steps": 2, "evaluate_every": 2}
    result = train_run(room(), "a1", tmp_path / "room", room=True, wish=make_wish(None, 1, settings))
    (tmp_path / "again").mkdir()
    corpus = build_corpus(room(), "a1", tmp_path / "again", room=result.voice.card.recipe["room"])
    assert corpus.own is not None
    index = arrays((tmp_path / "room" / "voice.onnx").read_bytes())[INDEX].view(np.uint8)
    assert (index == index_of([corpus.train.ids, corpus.own.ids])).all()
    assert NoveltyIndex(index).known(sums(np.asarray(corpus.own.ids))).all()
    assert not NoveltyIndex(index).known(sums(np.asarray(corpus.test.ids))).all()
    book = dataclasses.replace(make_chat(["\n".join(said)]), kind="stream")
    train_run(book, "a1", tmp_path / "book", wish=make_wish(None, 1, tiny | {"novelty_index": True, "steps": 2}))
    (tmp_path / "text").mkdir()
    learnt = build_corpus(book, "a1", tmp_path / "text").train.ids
    assert (arrays((tmp_path / "book" / "voice.onnx").read_bytes())[INDEX].view(np.uint8) == index_of([learnt])).all()


def test_an_interrupted_run_has_an_index_too(make_chat: MakeChat, said: list[str], tiny: dict[str, Any], tmp_path: Path) -> None:
    """Whoever stops a run early can guard its voice, before any evaluation and after; resumed, it ends as if never stopped."""
    settings = tiny | {"novelty_index": True, "steps": 8, "evaluate_every": 3}
    whole = train_run(make_chat(said), "a1", tmp_path / "whole", wish=make_wish(None, 1, settings))
    for number, steps in enumerate((1, 2, 1)):
        stop = partial(next, iter([False] * steps + [True]))
        wish = make_wish(None, 1, settings if not number else {})
        result = train_run(make_chat(said), "a1", tmp_path / "stopped", wish=wish, resume=number > 0, stop=stop)
        assert result.stopped == "interrupted"
        assert result.voice.generate(seed=1, novelty=20)
    train_run(make_chat(said), "a1", tmp_path / "stopped", wish=make_wish(None, 1, {}), resume=True)
    for file in ("voice.onnx", "voice.float32.onnx"):
        assert (tmp_path / "stopped" / file).read_bytes() == (whole.folder / file).read_bytes()
