"""Several voices side by side, or one at several temperatures, or reports that were written before."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from talklike.corpus.canaries import planted_by
from talklike.errors import RunError
from talklike.evaluation.bootstrap import difference, interval
from talklike.evaluation.copying import TrainingText
from talklike.evaluation.diversity import diversity
from talklike.evaluation.evaluate import FORMAT, MESSAGES, check
from talklike.evaluation.likeness import FEWEST, Judge, likeness
from talklike.evaluation.material import gather, settings_of
from talklike.evaluation.reading import costs
from talklike.evaluation.writing import clipped, write

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from talklike.chat.table import Chat
    from talklike.evaluation.material import Material
    from talklike.generation.voice import Voice
    from talklike.voice.card import Card

    Ends = tuple[float, float]


@dataclass(frozen=True)
class Row:
    """One voice at one temperature; None where something couldn't be asked. Intervals are of 95 %.

    Attributes:
        label: What it is called.
        author: Whose voice.
        temperature: At which it wrote.
        parameters: Its weights.
        bits: Bits per character of the author's held-out messages, after his own messages.
        bits_ends: Interval of those.
        fewer: By how many it needs fewer than the first voice, on the same messages.
        fewer_ends: Interval of those; where it doesn't hold 0, one of the two is better.
        taken: Share of its messages that are taken for the author's.
        taken_ends: Interval of those.
        taken_real: Share of the author's real ones.
        told_apart: AUC of real messages against its own.
        told_apart_ends: Interval of those.
        copied: Share of its characters that are copied.
        copied_real: The same of the author's real messages.
        self_bleu: How much its messages are like each other, as many of them as there are real ones.
    """

    label: str
    author: str
    temperature: float
    parameters: int
    bits: float
    bits_ends: Ends | None
    fewer: float | None
    fewer_ends: Ends | None
    taken: float | None
    taken_ends: Ends | None
    taken_real: float | None
    told_apart: float | None
    told_apart_ends: Ends | None
    copied: float | None
    copied_real: float | None
    self_bleu: float | None

    def to_dict(self) -> dict[str, Any]:
        """Return the figures as plain JSON-ready values."""
        return asdict(self)


def compare(
    voices: Sequence[tuple[str, Voice]],
    chat: Chat,
    *,
    author: str | None = None,
    temperatures: Sequence[float] = (),
    messages: int = MESSAGES,
    seed: int = 0,
    told: Callable[[str, float], None] = lambda _label, _share: None,
) -> list[Row]:
    """Return a row for each voice and temperature.

    Args:
        voices: What each is called, and the voice.
        chat: The chat that they learnt from.
        author: Which author is judged, by id or name; the one that each learnt without it.
        temperatures: At which each writes; without any, at its own.
        messages: How many messages each writes.
        seed: Decides all draws.
        told: Is told which voice is being looked at, and what share of that is done.

    Raises:
        OptionError: A value makes no sense.
        AuthorNotFoundError: A voice or the chat doesn't know the author.
        CorpusError: The chat holds too little of the author.
        MissingExtraError: The extra ``evaluate`` isn't installed.
    """
    check(messages, seed, temperatures)
    rows: list[Row] = []
    first: tuple[tuple[str, ...], np.ndarray] | None = None
    known: tuple[Material, TrainingText, Judge | None] | None = None
    gathered: tuple[tuple[Any, ...], Material] | None = None
    for label, voice in voices:
        told(label, 0.0)
        by = _gathered_by(voice.card)
        if gathered is None or gathered[0] != by:
            gathered = (by, gather(chat, voice.card, author, seed=seed))
        material = gathered[1]
        if known is None or not _alike(known[0], material):
            judge = None
            if min(len(material.train), len(material.others_train)) >= FEWEST:
                judge = Judge(clipped(material.train), clipped(material.others_train), seed=seed)
            known = (material, TrainingText(material.learnt, author=material.author), judge)
        end = int(voice.card.kind == "messages")
        characters = np.array([len(text) + end for text in material.test])
        bits = np.array([one.sum() for one in costs(voice, material.test, material.speaker, material.own)]) / np.log(2)
        first = first or (material.test, bits)
        fewer = ends = None
        if rows and first[0] == material.test:
            fewer = float((first[1].sum() - bits.sum()) / characters.sum())
            ends = difference(first[1], bits, characters, seed=seed)
        own = voice.default_sampling.temperature
        train, real = clipped(material.train), clipped(material.test)
        before, after = clipped(material.others_train), clipped(material.others_test)
        copied_real = known[1].copied(real).copied
        for number, temperature in enumerate(temperatures or (own,), 1):
            written = write(voice, material, messages, seed=seed, temperature=temperature)
            like = likeness(train, real, before, after, written, judge=known[2], seed=seed)
            taken, apart = like.attribution, like.told_apart
            rows.append(
                Row(
                    label=label,
                    author=material.name,
                    temperature=temperature,
                    parameters=voice.card.sizes.parameters,
                    bits=float(bits.sum() / characters.sum()),
                    bits_ends=interval(bits, characters, seed=seed),
                    fewer=fewer,
                    fewer_ends=ends,
                    taken=taken.generated.share if taken else None,
                    taken_ends=(taken.generated.low, taken.generated.high) if taken else None,
                    taken_real=taken.real.share if taken else None,
                    told_apart=apart.generated.auc if apart else None,
                    told_apart_ends=(apart.generated.low, apart.generated.high) if apart else None,
                    copied=known[1].copied(written).copied,
                    copied_real=copied_real,
                    self_bleu=diversity(written, real, seed=seed)[0].self_bleu,
                )
            )
            told(label, number / max(1, len(temperatures)))
    return rows


def row_of(report: dict[str, Any], label: str) -> Row:
    """Return the row of a report that ``evaluate`` wrote.

    Args:
        report: What ``Evaluation.to_dict`` returned.
        label: What it is called.
    """
    own, likeness_, copying = report["likelihood"]["readings"]["own"], report["likeness"], report["copying"]
    taken, apart = likeness_["attribution"], likeness_["told_apart"]

    def ends(one: dict[str, float]) -> Ends | None:
        return None if one["low"] is None else (float(one["low"]), float(one["high"]))

    return Row(
        label=label,
        author=str(report["voice"]["name"]),
        temperature=float(report["voice"]["temperature"]),
        parameters=int(report["voice"]["parameters"]),
        bits=float(own["bits_per_character"]),
        bits_ends=ends(own),
        fewer=None,
        fewer_ends=None,
        taken=taken["generated"]["share"] if taken else None,
        taken_ends=ends(taken["generated"]) if taken else None,
        taken_real=taken["real"]["share"] if taken else None,
        told_apart=apart["generated"]["auc"] if apart else None,
        told_apart_ends=ends(apart["generated"]) if apart else None,
        copied=copying["generated"]["copied"],
        copied_real=copying["real"]["copied"],
        self_bleu=report["diversity"]["generated"]["self_bleu"],
    )


def read_report(path: Path) -> Row:
    """Return the row of a report in a file.

    Raises:
        RunError: It can't be read, or is no report that this version knows.
    """
    try:
        report = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise RunError(f"{path}: can't be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise RunError(f"{path}: is not JSON; give a voice, or what talklike evaluate --json printed") from error
    if not isinstance(report, dict) or report.get("format") != FORMAT:
        raise RunError(f"{path}: is no report of this version; write it anew with talklike evaluate --json")
    try:
        return row_of(report, path.stem)
    except (KeyError, TypeError, ValueError) as error:
        raise RunError(f"{path}: the report is damaged; write it anew with talklike evaluate --json") from error


def _gathered_by(card: Card) -> tuple[Any, ...]:
    """Return what of a voice decides its material: voices that have it in common are judged on the same."""
    return card.kind, card.authors, card.names, settings_of(card), planted_by(card.recipe), card.provenance.get("sha256")


def _alike(one: Material, other: Material) -> bool:
    """Return whether two voices learnt from the same text, so that what knows it need not be made again."""
    return (one.author, one.train, one.learnt, one.others_train) == (other.author, other.train, other.learnt, other.others_train)
