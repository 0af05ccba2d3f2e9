"""How good a voice is for how much text: people of different sizes in two chats, with the room behind them and without.

Each run is ``talklike train CHAT --author X --budget 90s``, ``--alone`` and ``--room``; the figures are the bits per character of
the last 5 % of the messages, with the size of the training text in their details. ``tools/amount_plot.py`` draws them.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from benchmarks.likelihood import kept_run
from benchmarks.process import metrics, shared_chat, talklike
from benchmarks.record import Figure, report
from talklike.voice.read import read_voice

if TYPE_CHECKING:
    from collections.abc import Iterator

SEED = 0
BUDGET = "90s"
PEOPLE = {
    "#perl6 2009": (("raku-irc", "perl6-2009.csv.gz"), ("masak", "colomon", "[particle]", "missingthepoint")),
    "freeCodeCamp": (("fcc-gitter", "all-rooms.tsv.gz"), ("SaintPeter", "terakilobyte", "karpimpski", "thekairath")),
}
"""By chat, people of whom there are 20 KB to 2 MB."""


def figures(quick: bool) -> Iterator[Figure]:
    """Yield the likelihood of each person's messages.

    Raises:
        SkippedError: A chat isn't there.
    """
    for chat, (path, people) in PEOPLE.items():
        file = shared_chat(*path)
        for person in people[:1] if quick else people:
            for how in ("alone", "room"):
                with kept_run(f"amount-{person}-{how}") as run:
                    if not (run / "metrics.jsonl").exists():
                        options = ["--author", person, f"--{how}", "--budget", "5s" if quick else BUDGET, "--seed", str(SEED)]
                        talklike("train", str(file), *options, "-o", str(run))
                    card, _ = read_voice(run)
                    last = metrics(run)
                details = {
                    "chat": chat,
                    "training_characters": card.provenance["training_characters"],
                    "room_characters": card.provenance["room_characters"],
                    "seconds": last["seconds"],
                    "hidden": card.sizes.hidden,
                }
                bits = card.scores["test"]["bits_per_character"]
                yield Figure(f"{person}, {how}", bits, "bits/character", details=details)


if __name__ == "__main__":
    sys.exit(report("quality.amount", figures, seed=SEED))
