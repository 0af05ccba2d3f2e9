"""What a process does for a sweep: trains one trial after the other, and keeps the best."""

from __future__ import annotations

import json
import math
import shutil
import socket
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from optuna.trial import TrialState

from talklike.errors import TalklikeError
from talklike.generation.voice import load_voice
from talklike.training.device import make_fabric
from talklike.training.folder import VOICE, RunFolder
from talklike.training.plan import Wish
from talklike.training.progress import Evaluation, Listener
from talklike.training.search_space import meaningful
from talklike.training.study import DEFAULT, EVALUATIONS, Kept, Terms
from talklike.training.sweep_plot import sweep_plot
from talklike.training.train import planned
from talklike.training.trainer import Trainer, provenance
from talklike.training.trials import REASON, SECONDS, STEPS, WHERE, Sweep, Trial, best_of, importances, trials_of
from talklike.version import __version__
from talklike.voice.write import atomic_write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import optuna

    from talklike.corpus.corpus import Corpus
    from talklike.training.recipe import Recipe

EVALUATED = 20_000
"""Validation symbols scored at each evaluation, the same ones in every trial."""

LEAST_STEPS = 50
"""Steps that a trial's time must hold: with fewer it would end as it began, and evaluating it would take longer than training."""

BEST, FIGURE, SUMMARY, TRIALS = "best", "sweep.png", "sweep.json", ".trials"
"""What a sweep's folder holds; the last is only there while trials are trained."""

_OLD = ".old"


class SweepListener(Listener):
    """Hears how a sweep goes, and how each of its trials does; does nothing by itself."""

    def begun(self, terms: Terms, corpus: Corpus, trials: list[Trial], wanted: int) -> None:
        """The text is encoded; ``trials`` are in the study already, ``wanted`` are to be there in the end."""

    def trial_begun(self, number: int, values: dict[str, float], recipe: Recipe) -> None:
        """A trial starts."""

    def trial_ended(self, trial: Trial, best: Trial | None) -> None:
        """A trial is over; ``best`` is the best one of the study now."""


class _PrunedError(Exception):
    """A trial is given up."""


class _NotBestError(Exception):
    """A trial has come to its end, and isn't worth a voice."""


class _Watch(Listener):
    """Follows a trial: reports its evaluations to the study, and ends it where it looks bad, or isn't the best in the end.

    Args:
        trial: The trial.
        steps: Steps of its recipe.
        listener: Is told what the trial does.
        best: Returns the fewest bits per character in the study.

    Attributes:
        bits: The fewest bits per character of the trial so far.
    """

    def __init__(self, trial: optuna.Trial, steps: int, listener: SweepListener, best: Callable[[], float]) -> None:
        self._trial = trial
        self._steps = steps
        self._listener = listener
        self._best = best
        self.bits = math.inf

    def stepped(self, step: int, loss_bits: float | None) -> None:
        self._listener.stepped(step, loss_bits)

    def evaluated(self, evaluation: Evaluation, samples: dict[float, str]) -> None:
        self.bits = min(self.bits, evaluation.validation_bits_per_character)
        share = EVALUATIONS * evaluation.step // self._steps
        self._trial.report(evaluation.validation_bits_per_character, share)
        self._listener.evaluated(evaluation, samples)
        # The default recipe is what all others are held against.
        if share < EVALUATIONS and not self._trial.user_attrs.get(DEFAULT) and self._trial.should_prune():
            raise _PrunedError

    def finishing(self) -> None:
        # Scoring a voice, in both precisions and on the test part, may take longer than a short trial.
        if self.bits >= self._best():
            raise _NotBestError


class _TrialFolder(RunFolder):
    """A run folder that only draws its loss curve when the run has turned out to be the best: a dozen cost seconds."""

    def write_progress(self, evaluations: list[Evaluation], samples: list[str], title: str) -> None:
        """Keep it in mind."""
        self._progress = (evaluations, samples, title)

    def finish(self) -> None:
        """Write metrics, samples and loss curve."""
        super().write_progress(*self._progress)


@dataclass
class Work:
    """This process's part in a study.

    Attributes:
        kept: Where the study is kept.
        terms: What it is about.
        corpus: The text.
        local: Fields of the recipe that this machine decides: threads and precision.
        folder: The sweep's folder.
        device: ``cpu``, ``cuda`` or ``mps``.
        listener: Hears how it goes.
        stop: Asked before every step.
    """

    kept: Kept
    terms: Terms
    corpus: Corpus
    local: dict[str, Any]
    folder: Path
    device: str
    listener: SweepListener
    stop: Callable[[], bool]

    def __post_init__(self) -> None:
        self._where = f"{socket.gethostname()}:{self.folder.resolve()}"
        self._seed = self.terms.settings.get("seed", 0)

    def until(self, wanted: int) -> str:
        """Train trials until the study has as many; return ``finished`` or ``interrupted``."""
        study = self.kept.study(self.terms, self._seed)
        self._repeat_lost(study)
        there = trials_of(study, self.terms)
        self.listener.begun(self.terms, self.corpus, there, wanted)
        while (count := sum(trial.state not in ("waiting", "interrupted") for trial in there)) < wanted:
            if self.stop():
                return "interrupted"
            # What is drawn follows from how many trials there are, so that it is the same however often it was interrupted.
            study = self.kept.study(self.terms, int(np.random.SeedSequence([self._seed, count]).generate_state(1)[0]))
            trial = study.ask()
            values = self._values(trial)
            trial.set_user_attr(WHERE, self._where)
            try:
                ended = self._try(study, trial, values)
            except KeyboardInterrupt:
                self._interrupt(study, trial.number)
                raise
            if not ended:
                self._interrupt(study, trial.number)
                return "interrupted"
            there = trials_of(study, self.terms)
            self.listener.trial_ended(there[trial.number], best_of(there))
        return "finished"

    def _values(self, trial: optuna.Trial) -> dict[str, float]:
        """Return what a trial is to try."""
        default = trial.user_attrs.get(DEFAULT, False)
        if default and not self.terms.first():
            return self.terms.default
        return {dial.name: dial.suggested(trial) for dial in self.terms.dials}

    def _try(self, study: optuna.Study, trial: optuna.Trial, values: dict[str, float]) -> bool:
        """Train a trial and tell the study how it went; return whether it came to an end."""
        started = time.perf_counter()
        place = self.folder / TRIALS / str(trial.number)
        state, bits = TrialState.FAIL, None
        try:
            bits = self._trained(study, trial, values, place)
            if bits is None:
                return False
            state = TrialState.COMPLETE
        except _PrunedError:
            state = TrialState.PRUNED
        except (TalklikeError, RuntimeError, MemoryError) as error:  # torch says with RuntimeError that memory is short
            words = str(error) if isinstance(error, TalklikeError) else f"{type(error).__name__}: {error}"
            trial.set_user_attr(REASON, words.replace(f"{place}: ", "").split("\n")[0].split("; ")[0][:200])
        finally:
            if state != TrialState.COMPLETE:
                shutil.rmtree(place, ignore_errors=True)
        trial.set_user_attr(SECONDS, round(time.perf_counter() - started, 1))
        study.tell(trial, bits, state=state)
        if state == TrialState.COMPLETE:
            best = best_of(trials_of(study, self.terms))
            self._keep(place, best=best is not None and best.number == trial.number)
        return True

    def _trained(self, study: optuna.Study, trial: optuna.Trial, values: dict[str, float], place: Path) -> float | None:
        """Train a trial and return what held-out text costs at its best [bit/character]; None if it was interrupted.

        The voice is only finished if it is the best of the study.
        """
        terms = self.terms
        wish = Wish(terms.budget, terms.epochs, self.local | terms.settings | meaningful(values), room=terms.room)
        recipe = planned(wish, self.corpus, self.device, 1)
        recipe = replace(recipe, evaluate_every=math.ceil(recipe.steps / EVALUATIONS), evaluate_symbols=EVALUATED)
        trial.set_user_attr(STEPS, recipe.steps)
        self.listener.trial_begun(trial.number, values, recipe)
        torch.set_num_threads(recipe.threads)
        if terms.budget is not None and recipe.steps < LEAST_STEPS and not trial.user_attrs.get(DEFAULT):
            trial.set_user_attr(REASON, f"its time holds {recipe.steps} steps")
            raise _PrunedError

        def best_bits() -> float:
            best = best_of(trials_of(study, terms))
            return math.inf if best is None or best.bits is None else best.bits

        watch = _Watch(trial, recipe.steps, self.listener, best_bits)
        run = _TrialFolder(place)
        run.create(resume=False)
        try:
            run.write_recipe(
                {"recipe": recipe.to_dict(), "corpus": provenance(self.corpus), "version": __version__, "device": self.device}
            )
            fabric = make_fabric(self.device, recipe.precision, alone=True)
            result = Trainer(self.corpus, recipe, run, fabric, watch).run(self.stop)
            if result.stopped == "interrupted":
                return None
            run.finish()
        except _NotBestError:
            return watch.bits
        finally:
            run.remove_corpus()
            run.release()
        return watch.bits

    def _keep(self, place: Path, *, best: bool) -> None:
        """Make a trial's run the folder's best one, or remove it."""
        if not best:
            shutil.rmtree(place, ignore_errors=True)
            return
        kept, old = self.folder / BEST, self.folder / _OLD
        shutil.rmtree(old, ignore_errors=True)
        if kept.exists():
            kept.rename(old)
        place.rename(kept)
        shutil.rmtree(old, ignore_errors=True)

    def _repeat_lost(self, study: optuna.Study) -> None:
        """Let trials be tried again that were running here when this process, or an earlier one in the folder, was killed."""
        for trial in trials_of(study, self.terms):
            if trial.state == "running" and trial.where == self._where:
                self._interrupt(study, trial.number)
        for place in (self.folder / TRIALS).iterdir():
            shutil.rmtree(place, ignore_errors=True)

    def _interrupt(self, study: optuna.Study, number: int) -> None:
        """Note that a trial was interrupted, and let it be tried again."""
        frozen = study.get_trials(deepcopy=False)[number]
        study.tell(number, state=TrialState.FAIL)
        if frozen.user_attrs.get(DEFAULT):
            study.enqueue_trial(self.terms.first(), user_attrs={DEFAULT: True})
        elif len(frozen.params) == len(self.terms.dials):
            study.enqueue_trial(frozen.params)

    def result(self, stopped: str) -> Sweep:
        """Return what came of the study so far; figure and summary are written into the folder."""
        study = self.kept.study(self.terms, self._seed)
        there = trials_of(study, self.terms)
        mattered = importances(study, [dial.name for dial in self.terms.dials])
        best = best_of(there)
        mine = best is not None and best.where == self._where and (self.folder / BEST / VOICE).exists()
        voice = load_voice(self.folder / BEST) if mine else None
        found = Sweep(self.terms, there, mattered, self.folder, self.kept.shown, self.kept.name, stopped, voice)
        atomic_write(self.folder / SUMMARY, (json.dumps(found.to_dict(), indent=2) + "\n").encode())
        if picture := sweep_plot(found):
            atomic_write(self.folder / FIGURE, picture)
        shutil.rmtree(self.folder / TRIALS, ignore_errors=True)
        return found
