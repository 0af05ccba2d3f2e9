r"""How long ``talklike demo`` trains, and how many of the words it then writes are real.

Run is the command as a whole, in a temporary folder. Training time is the last ``seconds`` in the run's ``metrics.jsonl``. Then
the voice writes 200 messages at temperature 0.5; of their words of three letters or more (``\w{3,}``, case folded, each
occurrence counted), the share that the author ever used in his messages is reported. Beside it stands the same share of the
author's own held-out messages, measured against his training messages: people use new words too.
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from benchmarks.process import metrics, talklike
from benchmarks.record import Figure, report
from talklike.chat.read import read_chat
from talklike.corpus.clean import cleaned
from talklike.corpus.split import split
from talklike.generation.voice import load_voice

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SEED = 1
MESSAGES = 200
TEMPERATURE = 0.5
MOST_SECONDS = 90
LEAST_PERCENT = 75


def figures(quick: bool) -> Iterator[Figure]:
    """Yield the training time and the two shares."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        done = talklike("demo", "-o", str(folder), "--seed", str(SEED), *(["--budget", "5s"] if quick else []))
        run = folder / "run"
        seconds = metrics(run)["seconds"]
        voice = load_voice(run)
        written = voice.generate_many(10 if quick else MESSAGES, temperature=TEMPERATURE, seed=SEED)
        own = messages(folder, voice.card.authors[0])
    timing = {"whole_process_seconds": round(done.seconds, 1), "voice": repr(voice)}
    yield Figure("training", seconds, "s", at_most=MOST_SECONDS, details=timing)
    end = split(len(own)).train_end
    for subject, texts, known, target in (
        ("words written that the author uses", written, own, LEAST_PERCENT),
        ("words in held-out messages that the training messages use", own[end:], own[:end], None),
    ):
        share, counted = share_known(texts, known)
        yield Figure(subject, 100 * share, "%", at_least=target, details={"messages": len(texts), "words": counted})


def messages(folder: Path, author: str) -> list[str]:
    """Return an author's messages in the demo's chat, cleaned and in order of time as training reads them."""
    (chat,) = folder.glob("*.csv")
    frame = cleaned(read_chat(chat).frame.filter(pl.col("author") == author))
    texts: list[str] = frame.sort("time", maintain_order=True, nulls_last=True).collect()["text"].to_list()
    return texts


def words(texts: Iterable[str]) -> list[str]:
    """Return the words of three letters or more, case folded, in order.

    >>> words(["Oh, the Sea!", "THE sea"])
    ['the', 'sea', 'the', 'sea']
    """
    return [word for text in texts for word in re.findall(r"\w{3,}", text.casefold())]


def share_known(texts: Iterable[str], known: Iterable[str]) -> tuple[float, int]:
    """Return the share of the words in ``texts`` that stand in ``known`` too, and how many words there are.

    Raises:
        ValueError: ``texts`` hold no word.

    >>> share_known(["the sea and the sky"], ["The land, and the sea."])
    (0.8, 5)
    """
    vocabulary = set(words(known))
    found = words(texts)
    if not found:
        raise ValueError("the texts hold no word of three letters")
    return sum(word in vocabulary for word in found) / len(found), len(found)


if __name__ == "__main__":
    sys.exit(report("demo.demo", figures, seed=SEED))
