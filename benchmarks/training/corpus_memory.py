"""The most memory that ``talklike train`` holds at once when one person wrote 500 MB.

The chat is made up, the same for the same seed: sentences of a vocabulary in three scripts, in which every word has favourite
followers, by one author and, one message in twenty-five, forty others, as a CSV of eight million messages in which one in fifty
stands later than it was written. It is trained on three times, by the author alone, by the author with everyone behind them, and
by the whole room. Measured is the peak resident memory of the whole process, from reading to the finished voice, as the operating
system counts it; pages of files that are mapped count too. A budget of 40 seconds is enough: the loop holds a network, a batch.
"""

from __future__ import annotations

import csv
import sys
import tempfile
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.process import talklike
from benchmarks.record import Figure, note, report

if TYPE_CHECKING:
    from collections.abc import Iterator

SEED = 0
MOST_GIGABYTES = 2.0
TEXT_BYTES, QUICK_TEXT_BYTES = 500_000_000, 2_000_000
"""UTF-8 of the author's messages; what others write and the other columns come on top."""

AUTHOR = "harbourmaster"
OTHERS = 40
OTHERS_EVERY = 25  # messages, of which one is someone else's
LATE_EVERY = 50  # messages, of which one stands later in the file than its time says
MOST_LATE = 600  # seconds
SECONDS_BETWEEN = 20  # on average
CHANNELS = ("quay", "pier")
MOVES_EVERY = 180  # messages, after which the talk moves to the other channel
BEGAN = int(datetime(2015, 1, 1, tzinfo=UTC).timestamp())

WORDS = 40_000
LETTERS = (("etaoinshrdlucmfwypvbgkjqxz", 0.9), ("аеинотрсвлкмдпуяыьгзбчйхжшю", 0.07), ("äöüßéèñçåøłžő", 0.03))
"""Scripts, each with its share of the words."""

PICTURES = "😀😂👍🎉🤔🙏"
LONGEST_WORD = 12
FOLLOWERS = 16
FOLLOWED = 0.6  # share of the words that are one of the favourite followers of the word before
MEAN_WORDS = 11  # of a message
MARKS = ("", ".", "!", "?", " :)", " ...")
MARK_SHARES = (0.55, 0.2, 0.1, 0.1, 0.03, 0.02)
BLOCK = 20_000  # messages made at a time


def write_chat(path: Path, text_bytes: int, *, seed: int) -> int:
    """Write a made-up chat as CSV: time, author, channel, text.

    Args:
        path: The file.
        text_bytes: About how many bytes of UTF-8 the author writes.
        seed: The same seed gives the same file.

    Returns:
        How many bytes of UTF-8 the author wrote: ``text_bytes``, and up to a block of messages more.
    """
    random = np.random.default_rng(seed)
    words = _vocabulary(random)
    frequent = np.cumsum(1 / np.arange(1, WORDS + 1))  # Zipf's law
    followers = np.searchsorted(frequent, random.random((WORDS, FOLLOWERS)) * frequent[-1])
    named = [AUTHOR, *(f"sailor{n}" for n in range(1, OTHERS + 1))]
    written, rows = 0, 0
    with path.open("w", encoding="utf-8", newline="") as file:
        rows_out = csv.writer(file, lineterminator="\n")
        rows_out.writerow(("time", "author", "channel", "text"))
        while written < text_bytes:
            texts = _messages(random, words, frequent, followers)
            count = len(texts)
            who = (random.random(count) < 1 / OTHERS_EVERY) * random.integers(1, OTHERS + 1, count)
            late = (random.random(count) < 1 / LATE_EVERY) * random.integers(0, MOST_LATE, count)
            numbers = rows + np.arange(count)
            stamps = np.datetime_as_string((BEGAN + numbers * SECONDS_BETWEEN - late).astype("datetime64[s]"), timezone="UTC")
            channels = np.array(CHANNELS)[numbers // MOVES_EVERY % len(CHANNELS)]
            columns = (stamps.tolist(), np.array(named)[who].tolist(), channels.tolist(), texts)
            rows_out.writerows(zip(*columns, strict=True))
            written += sum(len(text.encode()) for text, one in zip(texts, who.tolist(), strict=True) if not one)
            rows += count
    return written


def _vocabulary(random: np.random.Generator) -> list[str]:
    """Return ``WORDS`` words, the most frequent first and shortest."""
    scripts = random.choice(len(LETTERS), WORDS, p=[share for _, share in LETTERS])
    words = []
    for rank, script in enumerate(scripts.tolist()):
        letters = LETTERS[0][0] + LETTERS[script][0] if script == 2 else LETTERS[script][0]
        longest = min(LONGEST_WORD, 3 + rank // 40)
        # Cubed, the first letters of an alphabet are the frequent ones.
        picked = (random.random(int(random.integers(1, longest + 1))) ** 3 * len(letters)).astype(int)
        words.append("".join(letters[n] for n in picked))
    for rank, picture in enumerate(PICTURES, 50):
        words[rank * 7] = picture
    return words


def _messages(random: np.random.Generator, words: list[str], frequent: np.ndarray, followers: np.ndarray) -> list[str]:
    """Return about ``BLOCK`` messages."""
    drawn = np.empty((BLOCK, MEAN_WORDS), np.int64)
    before = np.zeros(BLOCK, np.int64)
    for place in range(MEAN_WORDS):
        anew = np.searchsorted(frequent, random.random(BLOCK) * frequent[-1])
        follow = followers[before, (random.random(BLOCK) ** 2 * FOLLOWERS).astype(int)]
        before = np.where(random.random(BLOCK) < FOLLOWED, follow, anew)
        drawn[:, place] = before
    said = [words[n] for n in drawn.flatten().tolist()]
    ends = np.cumsum(random.geometric(1 / MEAN_WORDS, BLOCK))
    ends = ends[ends <= len(said)].tolist()
    marks = random.choice(np.array(MARKS), len(ends), p=MARK_SHARES).tolist()
    pairs = zip(pairwise([0, *ends]), marks, strict=True)
    return [" ".join(said[start:end]).capitalize() + mark for (start, end), mark in pairs]


def figures(quick: bool) -> Iterator[Figure]:
    """Yield the peaks: of one author alone, of one with everyone behind them, of the whole room."""
    budget = "5s" if quick else "40s"
    runs: dict[str, tuple[str, ...]] = {
        "one author": ("--author", AUTHOR, "--alone"),
        "one author and the room": ("--author", AUTHOR, "--room"),
        "a room": ("--room",),
    }
    with tempfile.TemporaryDirectory(prefix="talklike-benchmark-") as folder:
        chat = Path(folder) / "chat.csv"
        note("writing the chat")
        written = write_chat(chat, QUICK_TEXT_BYTES if quick else TEXT_BYTES, seed=SEED)
        for name, options in runs.items():
            told = ("--budget", budget, "--hidden", "64", "--seed", str(SEED), "-o", str(Path(folder) / name), "--json")
            done = talklike("train", str(chat), *options, *told)
            details: dict[str, Any] = {
                "author_megabytes": round(written / 1e6, 1),
                "file_megabytes": round(chat.stat().st_size / 1e6, 1),
            }
            details |= {"budget": budget, "hidden": 64, "whole_process_seconds": round(done.seconds, 1)}
            yield Figure(f"peak memory, {name}", done.peak_bytes / 1e9, "GB", at_most=MOST_GIGABYTES, details=details)


if __name__ == "__main__":
    sys.exit(report("training.corpus_memory", figures, seed=SEED))
