"""What the room behind a voice is worth: each author alone, with the room, and with the room and then the author's own.

All three have the same time. Two are ``talklike train CHAT --author X --budget …`` with ``--alone``, and as it is by default (the
room's messages, then the author's); the third makes as many steps as the second, all but one of them on the room's, which holds
the author's. Reported are the bits per character of the shipped voice on the last 5 % of the author's messages.

Runs are kept in the folder that the environment variable TALKLIKE_BENCHMARK_RUNS names, those of the default recipe together with
``quality.masak`` and its like.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.likelihood import kept_run
from benchmarks.process import metrics, shared_chat, talklike
from benchmarks.quality.cartman import COLUMNS, all_seasons
from benchmarks.record import Figure, report
from talklike.chat.read import read_chat
from talklike.training.train import train
from talklike.voice.read import read_voice

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talklike.voice.card import Card

SEED = 0
SMALL = 1_000_000
"""Characters of training text below which the room has to help."""

_SIZES = ("hidden", "streams", "length", "evaluate_symbols", "patience", "threads", "precision")


def figures(quick: bool) -> Iterator[Figure]:
    """Yield each author's three likelihoods, and what the room is worth.

    Raises:
        SkippedError: A chat isn't there.
    """
    with tempfile.TemporaryDirectory() as folder:
        people: list[tuple[str, Path, dict[str, str], str]] = [("Cartman", all_seasons(Path(folder)), COLUMNS, "11m")]
        if not quick:
            gitter, perl6 = shared_chat("fcc-gitter", "all-rooms.tsv.gz"), shared_chat("raku-irc", "perl6-2009.csv.gz")
            people += [(author, gitter, {}, "11m") for author in ("evaristoc", "SaintPeter")]
            people += [(author, perl6, {}, "13m") for author in ("colomon", "masak")]
        for author, chat, options, budget in people:
            yield from _of_one(author, chat, options, "20s" if quick else budget)


def _of_one(author: str, chat: Path, options: dict[str, str], budget: str) -> Iterator[Figure]:
    told = [word for option, value in options.items() for word in (option, value)]
    common = ["train", str(chat), *told, "--author", author, "--budget", budget, "--seed", str(SEED)]
    with kept_run(f"{author}-alone") as run:
        if not (run / "metrics.jsonl").exists():
            talklike(*common, "--alone", "-o", str(run))
        alone, details = _judged(run)
        yield Figure(f"{author}, alone", alone, "bits/character", details=details)
    with kept_run(author) as run:
        if not (run / "metrics.jsonl").exists():
            talklike(*common, "-o", str(run))
        recipe = json.loads((run / "recipe.json").read_text(encoding="utf-8"))["recipe"]
        both, details = _judged(run)
    with kept_run(f"{author}-room") as run:
        if not (run / "metrics.jsonl").exists():
            _in_the_room(author, chat, options, recipe, run)
        room, more = _judged(run)
        yield Figure(f"{author}, the room", room, "bits/character", details=more)
    yield Figure(f"{author}, the room, then his own", both, "bits/character", details=details)
    small = details["training_characters"] < SMALL
    yield Figure(f"{author}, fewer bits than alone", 100 * (1 - both / alone), "%", at_least=0 if small else None)


def _judged(run: Path) -> tuple[float, dict[str, Any]]:
    """Return the bits per character of the test part, and what made the voice."""
    card: Card
    card, _ = read_voice(run)
    details = {
        "training_characters": card.provenance["training_characters"],
        "room_characters": card.provenance["room_characters"],
        "seconds": metrics(run)["seconds"],
        "hidden": card.sizes.hidden,
        "steps": card.recipe["steps"],
        "room_steps": card.recipe["room_steps"],
    }
    return card.scores["test"]["bits_per_character"], details


def _in_the_room(author: str, chat: Path, options: dict[str, str], recipe: dict[str, Any], run: Path) -> None:
    """Train with the steps and sizes of a recipe, all steps but the last on the room's messages."""
    read = {option.removeprefix("--").replace("-", "_"): value for option, value in options.items()}
    table = read_chat(chat, **read)  # type: ignore[arg-type]  # options of the same names
    sizes = {name: recipe[name] for name in _SIZES}
    steps = recipe["steps"]
    every = min(recipe["evaluate_every"], steps)
    train(
        table, author=author, room=True, epochs=1, output=run, seed=SEED, steps=steps, room_steps=steps - 1, evaluate_every=every,
        average=recipe["average"], **sizes,
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(report("quality.room", figures, seed=SEED))
