"""One training run, from encoded text to a voice in its folder."""

from __future__ import annotations

import dataclasses
import math
from functools import cached_property
from typing import TYPE_CHECKING, Any

import torch

from talklike.errors import RunError
from talklike.evaluation.bits import score
from talklike.generation.voice import Voice
from talklike.training.checkpoint import load_checkpoint, save_checkpoint
from talklike.training.folder import VOICE, VOICE_FLOAT32, RunFolder
from talklike.training.loop import Loop
from talklike.training.progress import Evaluation, Listener, Result
from talklike.training.schedule import Pace, deadline_of
from talklike.training.signatures import labelled, learn_signatures
from talklike.training.verdict import verdict
from talklike.version import __version__
from talklike.voice.card import Card, Sizes
from talklike.voice.ngrams import ORDERS
from talklike.voice.novelty_index import index_of
from talklike.voice.weights import packed
from talklike.voice.write import voice_bytes, with_index, with_signatures

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from lightning_fabric import Fabric

    from talklike.corpus.corpus import Corpus
    from talklike.training.recipe import Recipe
    from talklike.training.tutorial_recipe import TutorialRecipe
    from talklike.voice.signatures import Signatures

TEMPERATURES = (0.3, 0.5, 0.7, 1.0)
"""Temperatures of the samples shown while training."""

INT8_MAY_COST = 0.01
"""Bits per character that weights of one byte may cost and still be the default."""

_LOSS_EVERY = 10  # steps between losses given to the listener: reading one waits for the device
_NOTED_AGAIN = 0.9  # a note tells the number of steps anew when it is below this share of the one told last


class Trainer:
    """One training run, from text to voice.

    Args:
        corpus: What to learn from.
        recipe: How.
        folder: Where the run is written.
        fabric: Device, precision and processes; the first process writes the folder and tells the listener.
        listener: Hears how it goes.
        budget: Time that it may take, over all its sessions [s]: where the recipe's steps would take longer, it makes fewer. None
            makes them all.
    """

    def __init__(
        self, corpus: Corpus, recipe: Recipe, folder: RunFolder, fabric: Fabric, listener: Listener, budget: float | None = None
    ) -> None:
        self._corpus = corpus
        self._recipe = recipe
        self._folder = folder
        self._listener = listener
        self._sizes = sizes_of(corpus, recipe)
        self._loop = Loop(corpus, recipe, self._sizes, fabric)
        self._fabric = fabric
        self._evaluations: list[Evaluation] = []
        self._samples: list[str] = []
        self._best: dict[str, torch.Tensor] | None = None
        self._deadline = None if budget is None else deadline_of(budget, corpus, recipe)
        self._pace = Pace(recipe.evaluate_every, math.inf if self._deadline is None else self._deadline.recent)
        self._noted = math.inf  # the number of steps that a note has told

    def resume(self) -> None:
        """Go on from the folder's checkpoint, if there is one: a run may be killed before its first evaluation."""
        there = self._first and self._folder.checkpoint.exists()
        state = self._fabric.broadcast(load_checkpoint(self._folder.checkpoint) if there else None)
        if state is None:
            return
        try:
            self._loop.load_state_dict(state["loop"])
            self._evaluations = [Evaluation(**values) for values in state["evaluations"]]
            self._samples = state["samples"]
            self._best = state["best"]
            self._pace.spent = state["seconds"]
        except (KeyError, TypeError, ValueError, RuntimeError, AttributeError) as error:  # as torch words what doesn't fit
            raise RunError(f"{self._folder.checkpoint}: doesn't fit this run; train again without --resume") from error

    def run(self, stop: Callable[[], bool]) -> Result:
        """Train until the steps are done, validation stops improving, or ``stop()`` is true."""
        self._pace.begin()
        schedule = self._loop.schedule
        if schedule.shortened:  # by an earlier session, which said why
            self._noted = schedule.steps
            self._listener.shortened(schedule)
        stopped = self._ended_early()
        while stopped is None and self._loop.step < schedule.steps:
            if self._all_agree(stop()):
                stopped = "interrupted"
                break
            loss = self._loop.train_step()
            step = self._loop.step
            self._pace.stepped()
            self._listener.stepped(step, float(loss) / math.log(2) if step % _LOSS_EVERY == 0 else None)
            if schedule.due(step, self._last, self._recipe.evaluate_every):
                self._evaluate()
                self._pace.evaluated()
                stopped = self._ended_early()
            if stopped is None:
                self._keep_budget()
        if stopped == "interrupted":
            return self._interrupted()
        return self._finish(stopped or "finished")

    @property
    def _first(self) -> bool:
        """Whether this is the process that writes and speaks; the others only compute."""
        return self._fabric.global_rank == 0

    def _all_agree(self, stop: bool) -> bool:
        """Return whether any process wants to stop, so that all do at the same step."""
        if self._fabric.world_size == 1:
            return stop
        asked = torch.tensor(float(stop), device=self._fabric.device)
        return bool(self._fabric.all_reduce(asked, reduce_op="sum"))

    @property
    def _last(self) -> int:
        """Steps done at the last evaluation."""
        return self._evaluations[-1].step if self._evaluations else 0

    def _keep_budget(self) -> None:
        """Make fewer steps if the budget can't be kept otherwise; the first process decides, so that all do the same."""
        schedule, step = self._loop.schedule, self._loop.step
        if self._deadline is None or not schedule.checked(step):
            return
        left = self._deadline.left(schedule, self._pace, step, self._last, self._recipe.evaluate_every)
        left = self._fabric.broadcast(left)
        if left == schedule.steps - step:
            return
        schedule.shorten(step, left)
        if not self._first:
            return
        self._listener.shortened(schedule)
        if schedule.steps < _NOTED_AGAIN * self._noted:
            self._noted = schedule.steps
            self._listener.noted(
                f"the machine is busier than when this began, so {schedule.steps:,} instead of {self._recipe.steps:,} steps are "
                "made to keep the budget"
            )

    def _ended_early(self) -> str | None:
        """Return ``early`` if the last evaluations of the author's own text brought nothing better."""
        since_best = 0
        for evaluation in reversed(self._evaluations):
            if evaluation.best or evaluation.step <= self._loop.schedule.room_steps:
                break
            since_best += 1
        return "early" if since_best >= self._recipe.patience else None

    def _evaluate(self) -> None:
        """Score held-out text, let the voice write, and save everything."""
        bits = self._fabric.broadcast(self._loop.validation_bits())
        if not math.isfinite(bits):
            raise RunError(
                f"{self._folder.path}: training diverged before step {self._loop.step}; what came before is kept. Train anew in "
                "another folder with a smaller --learning-rate or --weight-decay"
            )
        best = all(bits < before.validation_bits_per_character for before in self._evaluations)
        evaluation = Evaluation(
            step=self._loop.step,
            seconds=round(self._pace.seconds, 3),
            characters=self._loop.step * self._recipe.streams * self._recipe.length,
            train_bits_per_character=round(self._loop.training_bits(), 5),
            validation_bits_per_character=round(bits, 5),
            best=best,
        )
        self._evaluations.append(evaluation)
        if best:
            self._best = self._loop.best()
        state = self._state()
        if not self._first:
            return
        scores = {"validation": {"bits_per_character": round(bits, 4)}}
        data = voice_bytes(self._card("float32", scores), packed(self._loop.averaged_weights(), "float32"))
        if best:
            self._folder.write_voice(data)
        samples = self._sample(data)
        self._samples.append(sample_text(evaluation, samples))
        self._folder.write_progress(self._evaluations, self._samples, self._title)
        save_checkpoint(self._folder.checkpoint, state)
        self._listener.evaluated(evaluation, samples)

    def _sample(self, data: bytes) -> dict[float, str]:
        """Return a text for each temperature, written by the voice that would ship now."""
        voice = Voice.from_bytes(data)
        return {
            temperature: voice.generate(temperature=temperature, seed=self._loop.step, max_chars=200)
            for temperature in TEMPERATURES
        }

    def _state(self) -> dict[str, Any]:
        """Return what a checkpoint holds; all processes must ask for it."""
        return {
            "loop": self._loop.state_dict(),
            "evaluations": [dataclasses.asdict(evaluation) for evaluation in self._evaluations],
            "samples": self._samples,
            "best": self._best,
            "seconds": self._pace.seconds,
        }

    def _interrupted(self) -> Result:
        """Save where the run stands; its voice is the best so far, or what there is when nothing was evaluated yet."""
        state = self._state()
        if self._first:
            save_checkpoint(self._folder.checkpoint, state)
            if not self._evaluations:
                weights = packed(self._loop.averaged_weights(), "float32")
                self._folder.write_voice(voice_bytes(self._card("float32", {}), weights))
            if self._recipe.novelty_index:
                self._folder.write_voice(self._indexed((self._folder.path / VOICE).read_bytes()))
        said = verdict(self._evaluations, self._corpus, "interrupted") if self._evaluations else []
        return Result(self._written(), self._folder.path, self._evaluations, "interrupted", said)

    def _written(self) -> Voice:
        """Return the voice that the first process wrote, on every process."""
        path = self._folder.path / VOICE
        return Voice.from_bytes(self._fabric.broadcast(path.read_bytes() if self._first else b""), where=str(path))

    def _finish(self, stopped: str) -> Result:
        """Write the best voice in the precision that suits it, with its scores."""
        self._listener.finishing()
        if self._first:
            self._write_best()
        voice = self._written()
        said = verdict(self._evaluations, self._corpus, stopped)
        return Result(voice, self._folder.path, self._evaluations, stopped, said)

    def _write_best(self) -> None:
        """Write the best weights as the voice that ships."""
        assert self._best is not None, "a run that ended was evaluated"
        self._loop.restore(self._best)
        weights = self._loop.averaged_weights(self._loop.best_scale())
        exact = self._scored("float32", weights)
        small = self._scored("int8", weights)
        cost = _bits(small[1], "validation") - _bits(exact[1], "validation")
        whole = self._complete(exact[0])
        if cost < INT8_MAY_COST:
            shipped = self._complete(small[0])
            self._folder.write_voice(whole, VOICE_FLOAT32)
            self._folder.write_voice(shipped)
            self._listener.noted(
                f"int8 weights cost {cost:+.4f} bits per character, so the voice ships with them: {len(shipped):,} bytes instead "
                f"of {len(whole):,}; {VOICE_FLOAT32} keeps the full precision"
            )
        else:
            self._folder.write_voice(whole)
            self._listener.noted(f"int8 weights would cost {cost:.4f} bits per character, so the voice ships as float32")
        self._folder.remove_corpus()

    def _indexed(self, data: bytes) -> bytes:
        """Return a voice file that is done, with the index of the training text if the recipe asks for one."""
        return with_index(data, self._index) if self._recipe.novelty_index else data

    def _complete(self, data: bytes) -> bytes:
        """Return the file of a voice that is done, with all that it carries besides its network."""
        return self._indexed(data if self._signatures is None else with_signatures(data, self._signatures))

    @cached_property
    def _signatures(self) -> Signatures | None:
        """What tells the room's authors apart, if the recipe asks for it and more than one of them has written something."""
        if not self._recipe.signatures:
            return None
        train, people = labelled(self._corpus.train), len(self._corpus.authors)
        found, right = learn_signatures(
            train,
            labelled(self._corpus.validation),
            people=people,
            rows=self._recipe.signatures,
            rounds=self._recipe.signature_rounds,
            seed=self._recipe.seed,
        )
        if right is not None:
            self._listener.noted(
                f"of {right:.0%} of the held-out messages it tells by short runs alone which of its {people} authors wrote them"
            )
        return found

    @cached_property
    def _index(self) -> np.ndarray:
        """The index of everything that is trained on."""
        parts = [part for part in (self._corpus.train, self._corpus.own) if part is not None]
        return index_of([part.ids for part in parts])

    def _scored(self, precision: str, weights: dict[str, np.ndarray]) -> tuple[bytes, dict[str, dict[str, float]]]:
        """Return a voice file in a precision, and the scores in it, measured on the file itself."""
        weights = packed(weights, precision)
        engine = Voice.from_bytes(voice_bytes(self._card(precision, {}), weights)).engine
        parts = {"validation": self._corpus.validation, "test": self._corpus.test}
        scores = {name: score(engine, part).to_dict() for name, part in parts.items() if len(part)}
        return voice_bytes(self._card(precision, scores), weights), scores

    def _card(self, precision: str, scores: dict[str, dict[str, float]]) -> Card:
        schedule = self._loop.schedule
        made = dataclasses.replace(self._recipe, steps=schedule.steps, room_steps=schedule.room_steps)
        return make_card(self._corpus, made, self._sizes, precision, scores)

    @property
    def _title(self) -> str:
        whose = "the room" if self._corpus.whole_room else self._corpus.names[0]
        return f"{whose}: {self._sizes.layers}×{self._sizes.hidden} LSTM"


def sizes_of(corpus: Corpus, recipe: Recipe) -> Sizes:
    """Return the sizes of the network that a recipe asks for on a corpus."""
    memory = (ORDERS, recipe.buckets, recipe.memory) if recipe.memory else ()
    return Sizes(len(corpus.alphabet), len(corpus.authors), recipe.embedding, recipe.hidden, recipe.layers, *memory)


def provenance(corpus: Corpus) -> dict[str, Any]:
    """Return what a voice was made from, as plain JSON-ready values."""
    parts = (corpus.target, corpus.validation, corpus.test)
    return {
        "sha256": corpus.sha256,
        "messages": sum(part.messages for part in parts),
        "characters": sum(part.characters for part in parts),
        "training_characters": corpus.target.characters,
        "room_characters": corpus.train.characters if corpus.room else 0,
        "first": corpus.first.isoformat() if corpus.first else None,
        "last": corpus.last.isoformat() if corpus.last else None,
        "author": None if corpus.whole_room else corpus.authors[0],
        "left_out": list(corpus.left_out),
    }


def make_card(
    corpus: Corpus, recipe: Recipe | TutorialRecipe, sizes: Sizes, precision: str, scores: dict[str, dict[str, float]]
) -> Card:
    """Return the card of a voice that a run made."""
    return Card(
        alphabet=corpus.alphabet.characters,
        authors=corpus.authors,
        names=corpus.names,
        kind=corpus.kind,
        sizes=sizes,
        precision=precision,
        recipe=recipe.to_dict(),
        provenance=provenance(corpus) | {"version": __version__, "seed": recipe.seed},
        scores=scores,
    )


def _bits(scores: dict[str, dict[str, float]], part: str) -> float:
    return scores[part]["bits_per_character"]


def sample_text(evaluation: Evaluation, samples: dict[float, str]) -> str:
    """Return what ``samples.txt`` says of an evaluation."""
    lines = [f"--- step {evaluation.step}, {evaluation.validation_bits_per_character:.3f} bits per character"]
    lines += [f"[{temperature}] {text}" for temperature, text in samples.items()]
    return "\n".join(lines) + "\n"
