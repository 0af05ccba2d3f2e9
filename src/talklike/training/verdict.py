"""Says in plain words how a run went and what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talklike.evaluation.history import FEW_ROUNDS, MOST_ROUNDS, STILL_LEARNING
from talklike.evaluation.verdict import LITTLE_TEXT

if TYPE_CHECKING:
    from talklike.corpus.corpus import Corpus
    from talklike.training.progress import Evaluation

MEMORISING = 0.35
"""Training text cheaper than held-out text by more than this many bits: the text is being learnt by heart."""


def verdict(evaluations: list[Evaluation], corpus: Corpus, stopped: str) -> list[str]:
    """Return the verdict: one sentence on the run, and what to try where something would help.

    Args:
        evaluations: All evaluations of the run, at least one.
        corpus: What it learnt from.
        stopped: Why it ended, as in ``Result``.
    """
    best = min(evaluations, key=lambda e: e.validation_bits_per_character)
    last = evaluations[-1]
    gap = best.validation_bits_per_character - best.train_bits_per_character
    rounds = last.characters / max(1, len(corpus.train))
    text = "the room's text" if corpus.room else "the text"
    held_out = f"{best.validation_bits_per_character:.2f} bits per character on held-out text"
    said = []
    if stopped == "interrupted":
        said.append(f"Interrupted: {held_out} so far.")
    elif stopped == "early" or last.validation_bits_per_character > best.validation_bits_per_character + STILL_LEARNING:
        said.append(
            f"Memorising: after {best.characters / max(1, len(corpus.train)):.0f} rounds over {text}, held-out text stopped "
            f"getting cheaper; the voice is the best one before that ({held_out})."
        )
    elif best is last and rounds < MOST_ROUNDS and (gap < STILL_LEARNING or rounds < FEW_ROUNDS):
        said.append(f"Still learning: {held_out}, and it was falling to the end; more time will improve it (--budget).")
    elif gap > MEMORISING:
        said.append(f"About right, with some learnt by heart: {held_out}, {gap:.2f} bits more than on training text.")
    else:
        said.append(f"About right: {held_out}, {gap:.2f} bits more than on training text.")
    characters = corpus.target.characters
    if characters < LITTLE_TEXT:
        said.append(
            f"There were only {characters:,} characters to learn from; from 100,000 on, voices are much better: "
            "a longer chat or a more active author helps most."
        )
    return said
