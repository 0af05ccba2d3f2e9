"""Who of ten people wrote a message: a room's voice by itself, beside a linear model fitted on the same people's messages.

``talklike train --room --named 10`` on #perl6 of 2009 without its bots, and then those messages of its last 5 % by time that have
60 characters or more and are one of the ten's. The linear model (``talklike.evaluation.attributor``) is fitted on all training
messages of the ten. Each answers twice: with everyone equally likely beforehand, and calibrated on the messages of the 5 % before
(``talklike.evaluation.calibration``), which tell it, too, who writes much.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.likelihood import kept_run
from benchmarks.process import shared_chat, talklike
from benchmarks.record import Figure, note, report
from talklike.chat.authors import authors
from talklike.chat.read import read_chat
from talklike.corpus import arrange
from talklike.corpus.choose import only
from talklike.corpus.clean import cleaned
from talklike.evaluation.attributor import Attributor
from talklike.evaluation.calibration import Calibration
from talklike.evaluation.shares import share
from talklike.evaluation.who import evidence
from talklike.generation.voice import load_voice

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl

    from talklike.corpus.arrange import Selection

SEED = 0
BUDGET = "10m"
PEOPLE = 10
LEAST = 60
"""Fewest characters of a message that is asked about."""

AT_LEAST = 0.0
"""Target: so many percent points more messages right than the linear model has."""

_LOOKED_AT = 50  # authors, most active first, among whom bots are looked for
_DRAWS = 1000


def figures(quick: bool) -> Iterator[Figure]:
    """Yield the share of messages whose author is found, by each judge and prior, and how far the voice is ahead.

    Raises:
        SkippedError: The chat isn't there.
    """
    path = shared_chat("raku-irc", "perl6-2009.csv.gz")
    chat = read_chat(path)
    bots = authors(chat, top=_LOOKED_AT).filter("automated")["author"].to_list()
    with kept_run("who") as run:
        if not (run / "metrics.jsonl").exists():
            excluded = [word for bot in bots for word in ("--exclude", bot)]
            options = ["--room", "--named", str(PEOPLE), "--budget", "5s" if quick else BUDGET, "--seed", str(SEED)]
            talklike("train", str(path), *options, *excluded, "-o", str(run))
        voice = load_voice(run)
    frame = cleaned(only(chat, exclude=bots).frame)
    where = arrange.everyone(arrange.keys(frame), voice.card.authors[0], PEOPLE)
    assert where.authors == voice.card.authors, "the voice knows the ten"
    every = frame.select("text").collect()["text"]
    most = 2000 if quick else None
    train, train_by = _of_the_ten(every, where.train, 1, most)
    known, known_by = _of_the_ten(every, where.validation, LEAST, most)
    asked, asked_by = _of_the_ten(every, where.test, LEAST, most)
    note(f"fitting on {len(train):,} messages, asking about {len(asked):,}")
    model = Attributor.fit(train, [where.authors[number] for number in train_by.tolist()], seed=SEED, most=None)
    order = [model.classes.index(name) for name in where.authors]
    judges = {
        "the voice": [evidence(voice, texts) for texts in (known, asked)],
        "a linear model": [np.log(model.probabilities(texts))[:, order] for texts in (known, asked)],
    }
    about = {"hidden": voice.card.sizes.hidden, "validation_bits": voice.card.scores["validation"]["bits_per_character"]}
    for prior in ("even prior", "calibrated"):
        right = []
        for judge, (before, scores) in judges.items():
            calibration = Calibration.even(PEOPLE) if prior == "even prior" else Calibration.fit(before, known_by)
            figure, hits = _accuracy(f"{judge}, {prior}", calibration.probabilities(scores), asked_by)
            yield replace(figure, details=figure.details | about)
            right.append(hits)
        ahead = 100 * (right[0].astype(float) - right[1])
        low, high = _interval(ahead)
        details = {"low": round(low, 1), "high": round(high, 1)}
        yield Figure(f"ahead of the linear model, {prior}", ahead.mean(), "points", at_least=AT_LEAST, details=details)


def _accuracy(name: str, shares: np.ndarray, answers: np.ndarray) -> tuple[Figure, np.ndarray]:
    """Return how often the likeliest answer is right, and for each message whether it is.

    Args:
        name: Of the figure.
        shares: Probability of each answer, shape (N, A).
        answers: The true answers, shape (N,).
    """
    hits = shares.argmax(axis=1) == answers
    found = share(hits)
    details = {
        "low": round(100 * found.low, 1),
        "high": round(100 * found.high, 1),
        "mean_of_authors": round(100 * float(np.mean([hits[answers == number].mean() for number in np.unique(answers)])), 1),
        "nats": round(float(-np.log(shares[np.arange(len(hits)), answers].clip(1e-12)).mean()), 3),
        "messages": len(hits),
    }
    return Figure(name, 100 * found.share, "% of messages", details=details), hits


def _of_the_ten(every: pl.Series, selection: Selection, least: int, most: int | None) -> tuple[list[str], np.ndarray]:
    """Return messages of a part that are one of the ten's and long enough, and the number of each one's author, from 0 on.

    Args:
        every: All messages.
        selection: The part.
        least: Fewest characters.
        most: About so many of them, spread over the part; all without it.
    """
    texts = every.gather(selection.rows).to_list()
    chosen = [place for place, text in enumerate(texts) if selection.authors[place] and len(text) >= least]
    chosen = chosen[:: max(1, len(chosen) // most) if most else 1]
    return [texts[place] for place in chosen], selection.authors[chosen].astype(np.int64) - 1


def _interval(values: np.ndarray) -> tuple[float, float]:
    """Return the 95 % bootstrap interval of a mean, such as of the differences between two judges of the same messages."""
    random = np.random.default_rng(SEED)
    means = [values[random.integers(0, len(values), len(values))].mean() for _ in range(_DRAWS)]
    low, high = np.percentile(means, (2.5, 97.5))
    return float(low), float(high)


if __name__ == "__main__":
    sys.exit(report("quality.who", figures, seed=SEED))
