"""talklike and its peers on one author's messages: bits per character after 1, 3 and 10 minutes, and characters a second.

Everyone trains on the same messages on the same processor, and is judged by the same ones, the author's last 5 %; the 5 % before
choose the order of the n-grams and the checkpoints. No graphics card is used. There compete, one after the other:

- a Kneser-Ney model of the order that validation chose, trained on the same symbols as talklike's voice;
- PPMd of the order that validation chose (see ``talklike.evaluation.compressors``), which adapts: it has also read the messages
  that choose checkpoints, and those it is tested on up to each character;
- the tutorial's recipe in Keras on TensorFlow (see ``tutorial``) and a bare PyTorch loop (see ``bare``), each trained once, for
  ten minutes in which evaluations don't count, and examined on the way (see ``exam``);
- ``talklike train --alone`` with a budget of 1, 3 and 10 minutes, three trainings, in which evaluations do count;
- the same without ``--alone``, which lets the rest of the room stand behind the author: more text than the others have.

Characters a second are supervised predictions by the time of training, evaluations counted as above; of Kneser-Ney and PPMd
they are the training text's by the time until a model of the best order was there.
"""

from __future__ import annotations

import json
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from benchmarks.likelihood import ppmd_bits
from benchmarks.peers.rivals import bare
from benchmarks.peers.rivals.keras_process import keras, need_peers
from benchmarks.peers.rivals.text import PeerText, peer_text
from benchmarks.process import metrics, shared_chat, talklike
from benchmarks.record import Figure, note
from talklike.chat.read import read_chat
from talklike.corpus.choose import choose_author
from talklike.corpus.clean import cleaned
from talklike.corpus.corpus import Corpus, build_corpus
from talklike.evaluation.kneser_ney import baseline
from talklike.training.device import available_threads
from talklike.voice.read import read_voice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from talklike.chat.table import Chat

SEED = 0

MARKS = (60.0, 180.0, 600.0)
"""Times of training to compare at [s]."""

EVERY = 30.0
"""Time of training between two evaluations of a peer [s]."""

CHOOSING = 20_000
"""Characters of the validation part, its first, by which a peer's weights are chosen."""

ALONE, ROOM = "talklike, the same text", "talklike, with the room"

QUICK_MARKS, QUICK_EVERY, QUICK_SCORED = (1.0, 2.0, 4.0), 1.0, 2_000

_MINUTE = 60  # seconds
_RECIPE = ("hidden", "layers", "streams", "length", "steps", "room_steps", "precision", "threads")


@dataclass(frozen=True)
class Score:
    """What a competitor reached.

    Attributes:
        seconds: After so long a training [s].
        bits: Cost of the test text [bit/character].
        details: Whatever else a reader needs to judge it, JSON-ready.
    """

    seconds: float
    bits: float
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    """What came of one competitor.

    Attributes:
        name: Its name.
        scores: What it reached, earliest first; one for what is ready once and for all.
        rate: Supervised characters a second.
        details: Whatever else a reader needs to judge all of it, JSON-ready.
    """

    name: str
    scores: tuple[Score, ...]
    rate: float
    details: dict[str, Any]

    def figures(self) -> Iterator[Figure]:
        """Yield a figure for each score, and one for the speed."""
        for score in self.scores:
            name = f"{self.name}, {spoken(score.seconds)}" if len(self.scores) > 1 else self.name
            yield Figure(name, score.bits, "bits/character", details=self.details | score.details)
        yield Figure(f"{self.name}, speed", self.rate, "characters/s", details=self.details)

    def at(self, mark: float) -> float | None:
        """Return what was reached by a time of training [bit/character]; None if there was nothing yet."""
        reached = [score.bits for score in self.scores if score.seconds <= mark]
        return reached[-1] if reached else None


def spoken(seconds: float) -> str:
    """Return a time as people say it.

    >>> spoken(600), spoken(90), spoken(2)
    ('10 min', '1.5 min', '2 s')
    """
    return f"{seconds:g} s" if seconds < _MINUTE else f"{seconds / _MINUTE:g} min"


def table(title: str, rows: Sequence[Row], marks: Sequence[float]) -> str:
    """Return the rows side by side, for people to read.

    Args:
        title: What is compared.
        rows: The competitors.
        marks: Times of training to compare at [s].
    """
    corner = "bits per character after"
    width = max(len(name) for name in (corner, *(row.name for row in rows)))
    head = "".join(f"{spoken(mark):>12}" for mark in marks)
    lines = [title, f"{corner:{width}}{head}{'characters/s':>15}"]
    for row in rows:
        scores = (row.at(mark) for mark in marks)
        cells = "".join(f"{'-' if score is None else f'{score:.3f}':>12}" for score in scores)
        lines.append(f"{row.name:{width}}{cells}{row.rate:>15,.0f}")
    return "\n".join(lines)


def contest(place: Sequence[str], author: str, quick: bool) -> Iterator[Figure]:
    """Let everyone train on one author's messages; yield the figures, and say them side by side on standard error.

    Args:
        place: Folder and file of the chat among the shared data.
        author: Id or name.
        quick: Whether this is a smoke run: seconds of training, little text scored.

    Raises:
        SkippedError: The chat isn't there, or the peers aren't installed.
    """
    need_peers()
    chat = shared_chat(*place)
    marks, every = (QUICK_MARKS, QUICK_EVERY) if quick else (MARKS, EVERY)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        read = read_chat(chat)
        who = choose_author(read, author).author
        corpus = build_corpus(read, who, folder)
        texts = own_texts(read, who)
        text = shortened(split_text(texts, corpus), CHOOSING, QUICK_SCORED if quick else None)
        arguments = (str(chat), "--author", author)
        competitors: dict[str, Callable[[], Row]] = {
            "Kneser-Ney": lambda: kneser_ney(corpus),
            "PPMd": lambda: adaptive(texts, corpus),
            "Keras on TensorFlow": lambda: tutorial(text, folder, marks, every),
            "PyTorch": lambda: bare_loop(text, marks, every),
            ALONE: lambda: ours(ALONE, (*arguments, "--alone"), corpus, folder / "alone", marks),
            ROOM: lambda: ours(ROOM, arguments, corpus, folder / "room", marks),
        }
        rows = []
        for competitor, run in competitors.items():
            note(f"{author}: {competitor}")
            rows.append(run())
            yield from rows[-1].figures()
        held_out, trained = corpus.test.characters, corpus.train.characters
        note(table(f"{author}: {trained:,} characters to learn from, {held_out:,} to predict", rows, marks))


def own_texts(chat: Chat, author: str) -> list[str]:
    """Return an author's messages, cleaned, by time."""
    own = cleaned(chat.frame.filter(pl.col("author") == author)).sort("time", maintain_order=True, nulls_last=True)
    return [str(text) for text in own.select("text").collect()["text"]]


def split_text(texts: Sequence[str], corpus: Corpus) -> PeerText:
    """Return an author's messages as the networks that compete read them, in the parts of a corpus.

    Args:
        texts: All of the author's messages, by time.
        corpus: The corpus that talklike made of them.
    """
    first = corpus.train.messages
    second = first + corpus.validation.messages
    text = peer_text((texts[:first], texts[first:second], texts[second:]), corpus.alphabet.characters)
    for ids, part in ((text.train, corpus.train), (text.validation, corpus.validation), (text.test, corpus.test)):
        assert len(ids) - 1 == part.characters, "everyone is judged by the same characters"
    return text


def shortened(text: PeerText, choosing: int, scored: int | None) -> PeerText:
    """Return a text with less to score.

    Args:
        text: The text.
        choosing: Characters of the validation part to keep, its first.
        scored: Most characters of both held-out parts to keep; None keeps them.
    """
    most = choosing if scored is None else min(choosing, scored)
    test = text.test if scored is None else text.test[: scored + 1]
    return PeerText(text.train, text.validation[: most + 1], test, text.symbols, text.unknown_bits)


def kneser_ney(corpus: Corpus) -> Row:
    """Return what a Kneser-Ney model makes of the text."""
    start = time.perf_counter()
    model = baseline(corpus)
    seconds = time.perf_counter() - start
    score = Score(seconds, model.test.bits_per_character)
    details = {"seconds": round(seconds, 2)}
    return Row(f"Kneser-Ney of order {model.order}", (score,), corpus.train.characters / seconds, details)


def adaptive(texts: list[str], corpus: Corpus) -> Row:
    """Return what PPMd makes of the text."""
    start = time.perf_counter()
    bits = ppmd_bits(texts, corpus)
    seconds = time.perf_counter() - start
    details = {"seconds": round(seconds, 2)}
    return Row("PPMd, adaptive", (Score(seconds, bits),), corpus.train.characters / seconds, details)


def tutorial(text: PeerText, folder: Path, marks: Sequence[float], every: float) -> Row:
    """Return what the tutorial's recipe makes of the text."""
    path = folder / "text.npz"
    text.save(path)
    with keras() as competitor:
        done = competitor.ask(
            task="learn", text=str(path), threads=available_threads(), seed=SEED, marks=list(marks), every=every
        )
    details = {"versions": done["versions"], "symbols": text.symbols, "validation": done["history"]}
    return Row("the tutorial in Keras", _scores(done["marks"]), done["labels"] / done["seconds"], details)


def bare_loop(text: PeerText, marks: Sequence[float], every: float) -> Row:
    """Return what a bare PyTorch loop makes of the text."""
    threads = available_threads()
    done = bare.learn(text, marks, every, threads=threads, seed=SEED)
    rate = done.steps * bare.STREAMS * bare.LENGTH / done.seconds
    details = {"hidden": bare.HIDDEN, "threads": threads, "symbols": text.symbols, "validation": done.history}
    return Row("a bare PyTorch loop", _scores(done.marks), rate, details)


def ours(name: str, arguments: Sequence[str], corpus: Corpus, folder: Path, marks: Sequence[float]) -> Row:
    """Return what ``talklike train`` makes of the text, trained anew for each mark.

    Args:
        name: Of the row.
        arguments: Of ``talklike train``.
        corpus: What the others read, for comparison.
        folder: Where the runs go.
        marks: Budgets [s].
    """
    scores, rate = [], 0.0
    for mark in marks:
        run = folder / f"{mark:g}"
        done = talklike("train", *arguments, "--budget", f"{mark:g}s", "--device", "cpu", "--seed", str(SEED), "-o", str(run))
        card, _ = read_voice(run)
        assert card.provenance["training_characters"] == corpus.train.characters, "everyone learns from the same messages"
        last = metrics(run)
        recipe = json.loads((run / "recipe.json").read_text(encoding="utf-8"))["recipe"]
        details = {
            "training_seconds": last["seconds"],
            "process_seconds": round(done.seconds, 1),
            "room_characters": card.provenance["room_characters"],
            "recipe": {name: recipe[name] for name in _RECIPE},
        }
        scores.append(Score(mark, card.scores["test"]["bits_per_character"], details))
        rate = last["characters"] / last["seconds"]  # the longest training's stands
    return Row(name, tuple(scores), rate, {"version": card.provenance["version"]})


def _scores(marks: Iterable[Sequence[float]]) -> tuple[Score, ...]:
    return tuple(Score(mark, bits) for mark, bits in marks)
