"""Whose a held-out message is, by a room's voice and by a linear model: what they are asked, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pytest

from talklike.chat.read import read_chat
from talklike.corpus.corpus import build_corpus
from talklike.evaluation.attributor import Attributor
from talklike.evaluation.likeness import FEWEST
from talklike.evaluation.whose import LEAST, Whose, whose
from talklike.evaluation.writing import LONGEST
from talklike.sample import sample_path
from tests.evaluation.styles import loud, noise, plain
from tests.evaluation.test_material import messages_of

if TYPE_CHECKING:
    from pathlib import Path

    from talklike.chat.table import Chat
    from talklike.corpus.corpus import Corpus
    from talklike.generation.voice import Voice

MakeVoice = Callable[..., "Voice"]
MakeChat = Callable[..., "Chat"]
Style = Callable[[int, int], list[str]]

MODULE = import_module("talklike.evaluation.whose")


class Heard:
    """Notes what the voice and the linear model are shown; the voice answers what it is told to, or always its first author.

    Attributes:
        asked: Texts that the voice was asked about.
        fitted: Texts, and numbers of their authors, that the linear model was fitted on.
        answer: The number of the voice's answer to a text.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked: list[str] = []
        self.fitted: list[tuple[str, int]] = []
        self.answer: Callable[[str], int] = lambda _: 0
        fit = Attributor.fit

        def fitting(texts: Sequence[str], labels: Sequence[str], **options: Any) -> Attributor:
            self.fitted += [(text, int(label)) for text, label in zip(texts, labels, strict=True)]
            return fit(texts, labels, **options)

        def evidence(voice: Voice, texts: Sequence[str]) -> np.ndarray:
            self.asked += texts
            return np.eye(len(voice.card.authors))[[self.answer(text) for text in texts]]

        monkeypatch.setattr(Attributor, "fit", fitting)
        monkeypatch.setattr(MODULE, "evidence", evidence)


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Heard:
    """Return what notes the questions of a test."""
    return Heard(monkeypatch)


def long(style: Style, count: int, seed: int) -> list[str]:
    """Return messages of a style that are all long enough to be asked about."""
    short = style(6 * count, seed)
    return [" ".join(short[6 * number : 6 * number + 6]) for number in range(count)]


def of_corpus(make_voice: MakeVoice, corpus: Corpus, **recipe: Any) -> Voice:
    """Return a voice that knows nothing, and has the card of one that was trained on a corpus."""
    return make_voice(authors=corpus.authors, recipe=recipe, provenance={"sha256": corpus.sha256, "author": None})


def room(make_chat: MakeChat, people: dict[str, list[str]]) -> Chat:
    """Return a chat in which people of equally many messages take turns."""
    turns = [
        pair
        for round_ in zip(*([(who, text) for text in texts] for who, texts in people.items()), strict=True)
        for pair in round_
    ]
    return make_chat([text for _, text in turns], author=[who for who, _ in turns])


@pytest.mark.parametrize(("fraction", "lowercase"), [(1.0, False), (0.8, True)])
def test_the_split_is_that_of_training(
    make_voice: MakeVoice, heard: Heard, tmp_path: Path, fraction: float, lowercase: bool
) -> None:
    """Asked about are long messages of the test part alone, fitted on are those of the training part: of the named authors."""
    chat = read_chat(sample_path())
    corpus = build_corpus(chat, None, tmp_path, room=4, fraction=fraction, lowercase=lowercase)
    voice = of_corpus(make_voice, corpus, room=4, fraction=fraction, lowercase=lowercase)
    found = whose(voice, chat)
    assert found is not None
    expected = [
        (text, name)
        for number, name in enumerate(corpus.authors, 1)
        for text in messages_of(corpus, corpus.test, number)
        if len(text) >= LEAST
    ]
    assert sorted(heard.asked) == sorted(text[:LONGEST] for text, _ in expected)
    learnt = [(text[:LONGEST], number) for number in range(4) for text in messages_of(corpus, corpus.train, number + 1)]
    assert sorted(heard.fitted) == sorted(learnt)
    assert (found.authors, found.voice.texts, found.linear.texts) == (4, len(expected), len(expected))
    # A voice that always names its first author is right as often as that author wrote one.
    assert found.voice.share == np.mean([name == corpus.authors[0] for _, name in expected])
    assert found.commonest == max(np.mean([name == who for _, name in expected]) for who in corpus.authors)


def test_who_is_right_is_counted(make_chat: MakeChat, make_voice: MakeVoice, heard: Heard) -> None:
    """The linear model tells people who are nothing alike; a voice that is always right, and one that never is, beside it."""
    chat = room(make_chat, {"al": long(loud, 400, 1), "bo": long(plain, 400, 2)})
    voice = make_voice(authors=("bo", "al"))
    for right in (True, False):
        heard.answer = lambda text, right=right: int((text[0].isupper()) == right)  # type: ignore[misc]  # the default binds the loop's value
        found = whose(voice, chat)
        assert found is not None
        assert (found.authors, found.linear.share, found.voice.share) == (2, 1.0, float(right))
        assert (found.ahead, found.low, found.high) == ((0.0, 0.0, 0.0) if right else (-1.0, -1.0, -1.0))
    assert heard.asked[:40] == heard.asked[40:]


def test_the_interval_is_of_the_same_messages(make_chat: MakeChat, make_voice: MakeVoice, heard: Heard) -> None:
    """A voice that is wrong of a quarter of the messages is behind by a quarter, give or take what 40 messages can say."""
    chat = room(make_chat, {"al": long(loud, 400, 1), "bo": long(plain, 400, 2)})
    heard.answer = lambda text: int(text[0].isupper()) ^ int(len(heard.asked) > 0 and heard.asked.index(text) % 4 == 0)
    found = whose(make_voice(authors=("bo", "al")), chat, seed=3)
    assert found is not None
    assert (found.ahead, found.voice.share) == (-0.25, 0.75)
    assert -0.42 < found.low < -0.3
    assert -0.2 < found.high < -0.08
    assert found == whose(make_voice(authors=("bo", "al")), chat, seed=3)


def test_a_trained_room_knows_whose_a_message_is(make_chat: MakeChat) -> None:
    """After two seconds of training both have nearly all messages right of two people who are nothing alike."""
    import torch

    from talklike.training.train import train

    torch.set_num_threads(1)
    chat = room(make_chat, {"al": long(loud, 300, 1), "bo": long(plain, 300, 2)})
    voice = train(
        chat, room=True, epochs=1, hidden=32, embedding=16, streams=8, length=32, memory=0, learning_rate=0.02, seed=3, threads=1,
        precision="32-true",
    )  # fmt: skip
    told: list[float] = []
    found = whose(voice, chat, progress=told.append)
    assert found is not None
    assert found.voice.texts == 30
    assert min(found.voice.share, found.linear.share) >= 0.96
    assert (found.commonest, told) == (0.5, [1.0])


def test_of_whom_little_was_learnt_isn_t_an_answer(make_chat: MakeChat, make_voice: MakeVoice, heard: Heard) -> None:
    """Neither is he asked about, nor can the voice or the model answer with him; unknown people aren't asked about either."""
    chat = room(make_chat, {"al": long(loud, 400, 1), "bo": long(plain, 400, 2), "cy": long(noise, 400, 3)})
    place = pl.int_range(pl.len())
    early, late = place < 3 * (FEWEST - 1), place >= 1170  # one message too few to learn from, and ten that are held out
    stranger = replace(chat, frame=chat.frame.filter((pl.col("author") != "cy") | early | late))
    heard.answer = lambda text: int(text[0].isupper())  # never cy
    found = whose(make_voice(authors=("bo", "al", "cy")), stranger)
    assert found is not None
    assert (found.authors, found.voice.share) == (2, 1.0)
    assert {number for _, number in heard.fitted} == {0, 1}
    assert not set(heard.asked) & set(long(noise, 400, 3))
    heard.answer = lambda _: 2
    found = whose(make_voice(authors=("bo", "al", "cy")), stranger)
    assert found is not None
    assert found.voice.share == found.commonest  # the first of the two is taken where nothing speaks for either
    heard.fitted.clear()
    heard.answer = lambda _: 0
    assert whose(make_voice(authors=("bo", "al")), chat) is not None
    assert {number for _, number in heard.fitted} == {0, 1}


def test_of_many_an_even_spread_is_asked_about(
    make_chat: MakeChat, make_voice: MakeVoice, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the first to the last; and of many authors fewer, since each message is read once as each one's."""
    texts = {"al": long(loud, 800, 1), "bo": long(plain, 800, 2)}
    chat = room(make_chat, texts)
    voice = make_voice(authors=("bo", "al"))
    assert whose(voice, chat) is not None
    every = list(heard.asked)
    assert len(every) == 80
    for name, value in (("MOST", 27), ("_MOST_READ", 55)):
        with monkeypatch.context() as patch:
            patch.setattr(MODULE, name, value)
            heard.asked.clear()
            found = whose(voice, chat)
        assert found is not None
        assert (found.voice.texts, len(heard.asked)) == (27, 27)
        places = [every.index(text) for text in heard.asked]
        assert (places[0], places[-1]) == (0, 79)
        assert set(np.diff(places)) == {3, 4} or set(np.diff(places)) == {3}


def test_no_more_text_is_held_than_is_fitted_on(
    make_chat: MakeChat, make_voice: MakeVoice, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of each author an equal part of the characters, whoever wrote much; of a long message its first characters."""
    monkeypatch.setattr(MODULE, "MOST_FITTED", 6000)
    monkeypatch.setattr(MODULE, "LONGEST", 100)
    held: list[np.ndarray] = []
    read = MODULE.texts_of

    def reading(frame: pl.LazyFrame, rows: np.ndarray, total: int) -> Iterator[tuple[int, str]]:
        held.append(rows)
        yield from read(frame, rows, total)

    monkeypatch.setattr(MODULE, "texts_of", reading)
    chat = room(make_chat, {"al": long(loud, 400, 1), "bo": long(plain, 400, 2)})
    found = whose(make_voice(authors=("bo", "al")), chat, seed=5)
    assert found is not None
    for number in (0, 1):
        own = [text for text, author in heard.fitted if author == number]
        assert 2900 <= sum(map(len, own)) <= 3000
    assert max(len(text) for text, _ in heard.fitted) == max(map(len, heard.asked)) == 100
    assert sum(map(len, held)) == len(heard.fitted) + len(heard.asked)


def test_white_space_is_nobody_s(make_chat: MakeChat, make_voice: MakeVoice, heard: Heard) -> None:
    """A message of which nothing but spaces is left where it is cut is not asked about."""
    texts = [text for pair in zip(long(loud, 400, 1), long(plain, 400, 2), strict=True) for text in pair]
    texts[-3] = " " * 700 + "late"
    assert whose(make_voice(authors=("bo", "al")), make_chat(texts, author=["al", "bo"] * 400)) is not None
    assert len(heard.asked) == 39
    assert all(text.strip() for text in heard.asked)


@pytest.mark.parametrize("held_out", [FEWEST - 1, FEWEST])
def test_too_few_long_messages_say_nothing(make_chat: MakeChat, make_voice: MakeVoice, heard: Heard, held_out: int) -> None:
    """Short ones don't count."""
    texts = [text for pair in zip(long(loud, 400, 1), long(plain, 400, 2), strict=True) for text in pair]
    texts[760 : 800 - held_out] = ["ok then"] * (40 - held_out)
    found = whose(make_voice(authors=("bo", "al")), make_chat(texts, author=["al", "bo"] * 400))
    assert (found is None) == (held_out < FEWEST)
    assert len(heard.asked) == (0 if found is None else held_out)


def test_it_is_asked_of_a_whole_room_s_voice_alone(make_chat: MakeChat, make_voice: MakeVoice) -> None:
    """Not of one author's, with the room behind it or not, nor of a running text's, nor where one author alone is known."""
    chat = room(make_chat, {"al": long(loud, 100, 1), "bo": long(plain, 100, 2)})
    assert whose(make_voice(authors=("al",)), chat) is None
    assert whose(make_voice(authors=("al", "bo"), provenance={"author": "al"}), chat) is None
    assert whose(make_voice(authors=("al", "dee")), chat) is None
    stream = make_chat(["the sea came in. " * 900], kind="stream")
    assert whose(make_voice(kind="stream"), stream) is None


def test_figures_are_plain(make_chat: MakeChat, make_voice: MakeVoice, heard: Heard) -> None:
    """As the schema has them, without anybody's name."""
    found = whose(make_voice(authors=("bo", "al")), room(make_chat, {"al": long(loud, 400, 1), "bo": long(plain, 400, 2)}))
    assert isinstance(found, Whose)
    report = found.to_dict()
    assert list(report) == ["authors", "texts", "least", "commonest", "voice", "linear", "ahead"]
    assert (report["authors"], report["texts"], report["least"]) == (2, 40, LEAST)
    assert report["voice"] == {"share": 0.5, "low": found.voice.low, "high": found.voice.high, "texts": 40}
    assert report["ahead"] == {"share": -0.5, "low": found.low, "high": found.high}
