"""How well a training within 15 minutes predicts one author's unseen messages, beside what needs no training.

Run is ``talklike train CHAT --author X --budget …``, nothing tuned; reported are the bits per character of the shipped voice on
the last 5 % of the author's messages, which neither trained it nor chose its checkpoint. Beside it, on the same messages: the
Kneser-Ney model of the order that validation chose, trained on the author's training messages alone; and PPMd (7-zip's), which
adapts, so that it has also read what it is tested on up to each character: what the messages add to the author's earlier ones.

A run is kept in the folder that the environment variable TALKLIKE_BENCHMARK_RUNS names, and one that is finished there is
reported without training again.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from benchmarks.process import metrics, shared_chat, talklike
from benchmarks.record import Figure
from talklike.chat.read import read_chat
from talklike.corpus.choose import choose_author
from talklike.corpus.clean import cleaned
from talklike.corpus.corpus import Corpus, build_corpus
from talklike.evaluation.compressors import ppmd
from talklike.evaluation.kneser_ney import baseline
from talklike.voice.read import read_voice

if TYPE_CHECKING:
    from collections.abc import Iterator

FEWER = 8.0
"""Target: so many percent fewer bits than Kneser-Ney."""

_RECIPE = (
    "hidden", "layers", "streams", "length", "steps", "room_steps", "dropout", "memory", "buckets", "precision", "threads",
)  # fmt: skip


def author_figures(name: str, chat: Path, options: dict[str, str], author: str, budget: str, seed: int) -> Iterator[Figure]:
    """Train on one author's messages and yield the voice's score, those of the baselines, and what they say of it.

    Args:
        name: Name of the run's folder.
        chat: The chat.
        options: Options of ``talklike train`` that say how to read it.
        author: Id or name.
        budget: Time to train.
        seed: Of the run.
    """
    told = [word for option, value in options.items() for word in (option, value)]
    with kept_run(name) as run:
        if not (run / "metrics.jsonl").exists():
            talklike("train", str(chat), *told, "--author", author, "--budget", budget, "--seed", str(seed), "-o", str(run))
        card, _ = read_voice(run)
        last = metrics(run)
        recipe = json.loads((run / "recipe.json").read_text(encoding="utf-8"))["recipe"]
    bits = card.scores["test"]["bits_per_character"]
    details: dict[str, Any] = {
        "budget": budget,
        "training_characters": card.provenance["training_characters"],
        "room_characters": card.provenance["room_characters"],
        "version": card.provenance["version"],
        "recipe": {field: recipe[field] for field in _RECIPE},
    }
    read = {option.removeprefix("--").replace("-", "_"): value for option, value in options.items()}
    table = read_chat(chat, **read)  # type: ignore[arg-type]  # options of the same names
    who = choose_author(table, author).author
    with tempfile.TemporaryDirectory() as folder:
        corpus = build_corpus(table, who, Path(folder))
        model = baseline(corpus)
        yield Figure("talklike, test", bits, "bits/character", details=details)
        yield Figure("training", last["seconds"], "s", at_most=900)
        other = model.test.bits_per_character
        yield Figure(f"Kneser-Ney of order {model.order}, test", other, "bits/character")
        yield Figure("fewer bits than Kneser-Ney", 100 * (1 - bits / other), "%", at_least=FEWER)
        if importlib.util.find_spec("pyppmd"):
            own = cleaned(table.frame.filter(pl.col("author") == who)).sort("time", maintain_order=True, nulls_last=True)
            adaptive = ppmd_bits([str(text) for text in own.collect()["text"]], corpus)
            yield Figure("PPMd, adaptive, test", adaptive, "bits/character")
            yield Figure("fewer bits than PPMd", 100 * (1 - bits / adaptive), "%")


def ppmd_bits(texts: list[str], corpus: Corpus) -> float:
    """Return what PPMd needs for the test messages once it has read the messages before, for each character [bit].

    Args:
        texts: All of the author's messages, in order.
        corpus: Their corpus, which says where the parts begin.
    """
    data = [f"{text}\n".encode("utf-8", "replace") for text in texts]
    first = corpus.train.messages
    second = first + corpus.validation.messages
    found = ppmd(b"".join(data[:first]), b"".join(data[first:second]), data[second:])
    return float(found.bits.sum()) / corpus.test.characters


@contextlib.contextmanager
def kept_run(name: str) -> Iterator[Path]:
    """Yield where the run goes: kept if the environment says where, else removed."""
    if kept := os.environ.get("TALKLIKE_BENCHMARK_RUNS"):
        yield Path(kept) / name
        return
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder) / "run"


def perl6(author: str, quick: bool) -> Iterator[Figure]:
    """Yield the figures of someone on #perl6 in 2009.

    Raises:
        SkippedError: The chat isn't there.
    """
    chat = shared_chat("raku-irc", "perl6-2009.csv.gz")
    yield from author_figures(author, chat, {}, author, "20s" if quick else "13m", seed=0)


def gitter(author: str, quick: bool) -> Iterator[Figure]:
    """Yield the figures of someone in freeCodeCamp's rooms.

    Raises:
        SkippedError: The chat isn't there.
    """
    chat = shared_chat("fcc-gitter", "all-rooms.tsv.gz")
    yield from author_figures(author, chat, {}, author, "20s" if quick else "11m", seed=0)
