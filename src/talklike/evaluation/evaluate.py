"""The whole judgement of a voice: likelihood, likeness, who wrote what, copying, leaks, diversity, temperature, and a verdict."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from talklike.corpus.canaries import planted_by
from talklike.errors import OptionError
from talklike.evaluation.baselines import left_out
from talklike.evaluation.copying import TrainingText
from talklike.evaluation.diversity import diversity
from talklike.evaluation.exposure import exposures
from talklike.evaluation.history import still_learning
from talklike.evaluation.leaks import leaks
from talklike.evaluation.likelihood import likelihood
from talklike.evaluation.likeness import FEWEST, Judge, likeness
from talklike.evaluation.material import gather
from talklike.evaluation.personal_data import personal_data
from talklike.evaluation.samples import sampled
from talklike.evaluation.sweep import TEMPERATURES, TEXTS, sweep
from talklike.evaluation.verdict import Facts, verdict
from talklike.evaluation.whose import LEAST, whose
from talklike.evaluation.writing import LONGEST, clipped, write
from talklike.generation.request import MOST_TEXTS
from talklike.generation.sampling import Sampling
from talklike.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from talklike.chat.table import Chat
    from talklike.evaluation.copying import Copying
    from talklike.evaluation.diversity import Diversity
    from talklike.evaluation.exposure import Exposure
    from talklike.evaluation.leaks import Leaks
    from talklike.evaluation.likelihood import Likelihood
    from talklike.evaluation.likeness import Likeness
    from talklike.evaluation.material import Material
    from talklike.evaluation.samples import Sample
    from talklike.evaluation.sweep import Sweep
    from talklike.evaluation.whose import Whose
    from talklike.generation.voice import Voice

    Told = Callable[[str, float], None]

FORMAT = 1
"""Version of the report's JSON (docs/reference/report.schema.json)."""

MESSAGES = 1000
"""Messages that the voice writes to be judged by."""

LEAST_MESSAGES = 20
"""Fewest of them that say anything."""

CHANCE = 0.04
"""By so much the AUC of one temperature may differ from another's without meaning anything."""


@dataclass(frozen=True)
class Evaluation:
    """What was found of a voice.

    Attributes:
        voice: The voice.
        material: What it was judged on.
        written: What it wrote at its default sampling.
        likelihood: How well it expects what its author wrote.
        copied: What of ``written`` is copied.
        copied_real: What of held-out real messages stands in the training text.
        likeness: How much it sounds like its author.
        whose: How often it says rightly who of a room wrote a message; None where that isn't asked.
        diversity: How much ``written`` repeats itself.
        diversity_real: How much real messages do.
        exposure: How much it gives away of each planted canary.
        leaks: What it gives away of private things in the training text.
        leaks_held_out: The same for held-out messages, which it never saw.
        sweep: What changes with temperature.
        samples: Some of ``written``, looked at closely.
        samples_real: Some real ones.
        loss: Step, and bits per character of training and held-out text, at each evaluation of its run, if known.
        source: What the chat was read from.
        file: What the voice is called.
        seed: Decided all draws.
        seconds: How long each stage took [s].
    """

    voice: Voice
    material: Material
    written: tuple[str, ...]
    likelihood: Likelihood
    copied: Copying
    copied_real: Copying
    likeness: Likeness
    whose: Whose | None
    diversity: Diversity
    diversity_real: Diversity
    exposure: tuple[Exposure, ...]
    leaks: Leaks
    leaks_held_out: Leaks
    sweep: Sweep
    samples: tuple[Sample, ...]
    samples_real: tuple[Sample, ...]
    loss: tuple[dict[str, float], ...]
    source: str
    file: str
    seed: int
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def verdict(self) -> tuple[str, str, str]:
        """What it is good at, what it isn't, and what to do."""
        provenance = self.voice.card.provenance
        attribution, told_apart = self.likeness.attribution, self.likeness.told_apart
        return verdict(
            Facts(
                name=self.material.name,
                gain=self.likelihood.gain,
                rival=self.likelihood.best_baseline.name,
                taken=attribution.generated.share if attribution else None,
                taken_real=attribution.real.share if attribution else None,
                taken_others=attribution.others.share if attribution else None,
                told_apart=told_apart.generated.auc if told_apart else None,
                told_apart_real=told_apart.real.auc if told_apart else None,
                copied=self.copied.copied,
                copied_real=self.copied_real.copied,
                leaked=sum(leak.said for leak in self.leaks.leaks),
                characters=sum(map(len, self.material.train)),
                still_learning=still_learning(self.loss, provenance.get("room_characters") or sum(map(len, self.material.train))),
                alone=not provenance.get("room_characters") and bool(self.material.others_train),
                temperature=self.voice.default_sampling.temperature,
                best_temperature=self._better_temperature,
            )
        )

    @property
    def _better_temperature(self) -> float | None:
        """The best temperature, if it is better than the voice's own by more than chance."""
        best, own = self.sweep.best, self.voice.default_sampling.temperature
        apart, apart_own = self.sweep.told_apart_at(best), self.sweep.told_apart_at(own)
        if apart is None or apart_own is None or apart_own - max(apart, 0.5) < CHANCE:
            return None
        return best

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know before anything else."""
        said = []
        if not self.material.same:
            said.append(
                "This is not exactly the chat that the voice learnt from: messages taken here as held out may have been learnt, "
                "and everything may look better than it is. Give the same chat with the same options as for training."
            )
        if self.material.left_out:
            said.append(f"Copies were not looked for in {self.material.left_out:,} characters of the oldest training text.")
        if len(self.material.test) < LEAST_MESSAGES:
            said.append(f"Only {len(self.material.test)} messages were held out; the figures say little.")
        said += [f"{name} is not among the simple methods: it {need}." for name, need in left_out().items()]
        card = self.voice.card
        if self.whose is None and card.kind == "messages" and len(card.authors) > 1 and card.provenance.get("author") is None:
            said.append(
                f"Who wrote what was not asked: fewer than {FEWEST} held-out messages of {LEAST} characters or more are by two "
                "authors whom the voice knows well enough."
            )
        return (*said, *self.likeness.notes)

    def to_dict(self, *, texts: bool = True) -> dict[str, Any]:
        """Return the report as plain JSON-ready values, as docs/reference/report.schema.json says.

        Args:
            texts: Whether messages are in it; without, neither anybody's words nor the ids of others are.
        """
        card = self.voice.card
        sizes = card.sizes
        file, source = (text if texts else Path(text).name for text in (self.file, self.source))
        copying = {"generated": self.copied.to_dict(), "real": self.copied_real.to_dict()}
        if not texts:  # others' ids can be their addresses or phone numbers
            for side in copying.values():
                side["sources"] = _without_names(side["sources"], self.material.author)
        return {
            "format": FORMAT,
            "version": __version__,
            "seed": self.seed,
            "voice": {
                "file": file,
                "author": self.material.author,
                "name": self.material.name,
                "kind": card.kind,
                "precision": card.precision,
                "layers": sizes.layers,
                "hidden": sizes.hidden,
                "parameters": sizes.parameters,
                "training_messages": len(self.material.train),
                "training_characters": sum(map(len, self.material.train)),
                "room_characters": card.provenance.get("room_characters") or 0,
                "temperature": self.voice.default_sampling.temperature,
            },
            "chat": {"source": source, "same": self.material.same},
            "notes": list(self.notes),
            "verdict": list(self.verdict),
            "likelihood": self.likelihood.to_dict(texts=texts),
            "likeness": self.likeness.to_dict(),
            "who": None if self.whose is None else self.whose.to_dict(),
            "copying": copying,
            "diversity": {"generated": self.diversity.to_dict(), "real": self.diversity_real.to_dict()},
            "exposure": [one.to_dict() for one in self.exposure],
            "leaks": {"training": self.leaks.to_dict(), "held_out": self.leaks_held_out.to_dict()},
            "sweep": self.sweep.to_dict(),
            "samples": {
                "generated": [one.to_dict() for one in self.samples] if texts else [],
                "real": [one.to_dict() for one in self.samples_real] if texts else [],
            },
            "loss": list(self.loss),
            "seconds": {stage: round(seconds, 2) for stage, seconds in self.seconds.items()},
        }

    def html(self, *, texts: bool = True) -> str:
        """Return the report as one HTML file that needs nothing else.

        Args:
            texts: Whether messages are in it.

        Raises:
            MissingExtraError: Jinja isn't installed.
        """
        from talklike.evaluation.page import page

        return page(self.to_dict(texts=texts))


def evaluate(
    voice: Voice,
    chat: Chat,
    *,
    author: str | None = None,
    messages: int = MESSAGES,
    temperatures: Sequence[float] = TEMPERATURES,
    seed: int = 0,
    loss: Sequence[dict[str, float]] = (),
    file: str = "",
    told: Told = lambda _stage, _share: None,
) -> Evaluation:
    """Return how good a voice is, judged on what its author wrote after the time that it learnt from.

    Args:
        voice: The voice.
        chat: The chat that it learnt from, read in the same way.
        author: Which of its authors is judged, by id or name; the one it learnt, or its first, without it.
        messages: How many messages it writes to be judged by; at each temperature at most ``TEXTS``.
        temperatures: Which are tried.
        seed: Decides all draws.
        loss: Its run's evaluations (``step``, ``train``, ``validation``), to be shown with the rest.
        file: What the voice is called.
        told: Is told the stage that is going on, and what share of it is done.

    Raises:
        OptionError: A value makes no sense.
        AuthorNotFoundError: The voice or the chat doesn't know the author.
        CorpusError: The chat holds too little of the author.
        MissingExtraError: The extra ``evaluate`` isn't installed.
    """
    check(messages, seed, temperatures)
    seconds: dict[str, float] = {}

    @contextmanager
    def stage(name: str) -> Iterator[None]:
        told(name, 0.0)
        began = time.perf_counter()
        yield
        seconds[name] = time.perf_counter() - began
        told(name, 1.0)

    with stage("gathering texts"):
        material = gather(chat, voice.card, author, seed=seed)
        training = TrainingText(material.learnt, author=material.author)
    with stage("reading held-out messages"):
        likely = likelihood(voice, material, seed=seed, progress=partial(told, "reading held-out messages"))
    with stage("writing"):
        written = write(voice, material, messages, seed=seed)
    with stage("looking for copies"):
        real = clipped(material.test)
        copied, copied_real = training.copied(written), training.copied(real)
        most = LONGEST if voice.card.kind == "messages" else None
        varied, varied_real = diversity(written, real, most=most, seed=seed)
    with stage("comparing with the author"):
        judge = None
        if min(len(material.train), len(material.others_train)) >= FEWEST:
            judge = Judge(clipped(material.train), clipped(material.others_train), seed=seed)
        train, before, after = (clipped(texts) for texts in (material.train, material.others_train, material.others_test))
        like = likeness(train, real, before, after, written, judge=judge, seed=seed)
    with stage("asking who wrote what"):
        asked = whose(voice, chat, seed=seed, progress=partial(told, "asking who wrote what"))
    with stage("trying temperatures"):
        trying = partial(told, "trying temperatures")
        swept = sweep(voice, material, training, judge, temperatures, texts=min(TEXTS, messages), seed=seed, told=trying)
    with stage("looking for leaks"):
        leaked = leaks(voice, material.learnt, seed=seed)
        learnt = {(one.kind, one.text) for one in personal_data(text for _, text in material.learnt)}
        held_out = leaks(voice, [(material.author, text) for text in material.test], without=learnt, seed=seed)
        exposed = exposures(voice, planted_by(voice.card.recipe), seed=seed)
    return Evaluation(
        voice=voice,
        material=material,
        written=tuple(written),
        likelihood=likely,
        copied=copied,
        copied_real=copied_real,
        likeness=like,
        whose=asked,
        diversity=varied,
        diversity_real=varied_real,
        exposure=tuple(exposed),
        leaks=leaked,
        leaks_held_out=held_out,
        sweep=swept,
        samples=sampled(voice, material, written, copied, seed=seed),
        samples_real=sampled(voice, material, real, copied_real, seed=seed),
        loss=tuple(loss),
        source=chat.report.source,
        file=file,
        seed=seed,
        seconds=seconds,
    )


def check(messages: int, seed: int, temperatures: Sequence[float] = ()) -> None:
    """Check what a judgement is asked for, before it takes minutes.

    Raises:
        OptionError: A value makes no sense.
    """
    if not LEAST_MESSAGES <= messages <= MOST_TEXTS:
        raise OptionError(f"messages are {messages}, must be from {LEAST_MESSAGES} to {MOST_TEXTS:,} to judge a voice by")
    if not 0 <= seed < 1 << 32:
        raise OptionError(f"seed is {seed}, must be from 0 to {(1 << 32) - 1}")
    for temperature in temperatures:
        Sampling(temperature=temperature)


def _without_names(sources: dict[str, float], author: str) -> dict[str, float]:
    """Return whose training messages were copied, as the author's and as everyone else's."""
    own = sources.get(author, 0.0)
    return {"the author": own, "others": max(0.0, 1 - own)} if sources else {}
