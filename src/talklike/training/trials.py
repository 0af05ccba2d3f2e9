"""The trials of a sweep as they stand in its study, and what can be said of them all."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import optuna
import polars as pl
from optuna.trial import TrialState

from talklike.training.search_space import meaningful, rounded
from talklike.training.study import DEFAULT, Terms

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from talklike.generation.voice import Voice

LEAST_FOR_IMPORTANCE = 8
"""Finished trials below which nothing is said of what mattered."""

GOOD_SHARE = 0.25
"""What mattered is asked of this share of the finished trials, the best: of a tenth, as Optuna has it, there are too few."""

STATES = {
    TrialState.COMPLETE: "finished",
    TrialState.PRUNED: "given up",
    TrialState.FAIL: "failed",
    TrialState.RUNNING: "running",
    TrialState.WAITING: "waiting",
}

WHERE, STEPS, SECONDS, REASON = "where", "steps", "seconds", "reason"
"""What a study says of a trial besides its values: Optuna's user attributes. What failed without a reason was interrupted."""


@dataclass(frozen=True)
class Trial:
    """A trial.

    Attributes:
        number: Its number in the study, from 0.
        state: ``finished``, ``given up`` (pruned), ``failed``, ``interrupted``, ``running`` or ``waiting``.
        bits: Of the best evaluation if finished, else of the last [bit/character]; None without one.
        values: The value of each dial.
        curve: Validation bits per character at each of its evaluations.
        default: Whether it is the default recipe.
        where: Who trained it: host and folder.
        steps: Steps of the optimiser that its budget holds.
        seconds: How long it took [s].
        reason: Why it failed, or wasn't begun.
    """

    number: int
    state: str
    bits: float | None
    values: dict[str, float]
    curve: tuple[float, ...] = ()
    default: bool = False
    where: str = ""
    steps: int = 0
    seconds: float = 0.0
    reason: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return the trial as plain JSON-ready values."""
        told = {"number": self.number, "state": self.state, "default": self.default, "bits_per_character": self.bits}
        told |= {"values": self.values, "steps": self.steps, "seconds": self.seconds, "curve": list(self.curve)}
        return told | ({"reason": self.reason} if self.reason else {})


def trials_of(study: optuna.Study, terms: Terms) -> list[Trial]:
    """Return the trials of a study, in order."""
    return [_trial(frozen, terms) for frozen in study.get_trials(deepcopy=False)]


def _trial(frozen: optuna.trial.FrozenTrial, terms: Terms) -> Trial:
    told = frozen.user_attrs
    state = "interrupted" if frozen.state == TrialState.FAIL and REASON not in told else STATES[frozen.state]
    curve = tuple(bits for _, bits in sorted(frozen.intermediate_values.items()))
    return Trial(
        number=frozen.number,
        state=state,
        bits=frozen.value if state == "finished" else curve[-1] if curve else None,
        values=terms.default if told.get(DEFAULT) else {name: rounded(value) for name, value in frozen.params.items()},
        curve=curve,
        default=bool(told.get(DEFAULT)),
        where=told.get(WHERE, ""),
        steps=told.get(STEPS, 0),
        seconds=told.get(SECONDS, 0.0),
        reason=told.get(REASON, ""),
    )


def best_of(trials: Sequence[Trial]) -> Trial | None:
    """Return the finished trial of the fewest bits per character; the earliest of equals."""
    finished = [trial for trial in trials if trial.state == "finished" and trial.bits is not None]
    return min(finished, key=lambda trial: (trial.bits, trial.number), default=None)


def importances(study: optuna.Study, names: Sequence[str]) -> dict[str, float]:
    """Return how much each dial had to do with being among the best, most first; shares of 1, empty for few trials.

    Source: Watanabe, Bansal and Hutter (2023), PED-ANOVA.
    """
    finished = study.get_trials(deepcopy=False, states=(TrialState.COMPLETE,))
    finished = [trial for trial in finished if set(trial.params) == set(names)]  # the default recipe may lie outside the dials
    if len(finished) < LEAST_FOR_IMPORTANCE or len({trial.value for trial in finished}) == 1:
        return {}
    judged = optuna.create_study()
    judged.add_trials(finished)
    evaluator = optuna.importance.PedAnovaImportanceEvaluator(target_quantile=GOOD_SHARE)
    return optuna.importance.get_param_importances(judged, evaluator=evaluator, params=list(names))


@dataclass(frozen=True, repr=False)
class Sweep:
    """What came of a sweep so far.

    Attributes:
        terms: What all trials share.
        trials: All trials of the study, in order.
        importances: See ``importances``.
        folder: The sweep's folder.
        storage: Where the study is kept, as it may be shown.
        study: Its name.
        stopped: ``finished`` or ``interrupted``.
        voice: The best trial's voice, if it was trained into this folder.
    """

    terms: Terms
    trials: list[Trial]
    importances: dict[str, float]
    folder: Path
    storage: str
    study: str
    stopped: str
    voice: Voice | None

    def __repr__(self) -> str:
        best, default = self.best, self.default
        found = "none finished" if best is None else f"best {best.bits:.3f} bits per character (trial {best.number})"
        beside = "" if default is None else f", default recipe {default.bits:.3f}"
        return f"<Sweep of {len(self.trials)} trials: {found}{beside}>"

    @property
    def best(self) -> Trial | None:
        """The best trial; None if none is finished."""
        return best_of(self.trials)

    @property
    def default(self) -> Trial | None:
        """The default recipe's trial; None if it isn't finished."""
        return best_of([trial for trial in self.trials if trial.default])

    @property
    def test(self) -> dict[str, float] | None:
        """The best voice's scores on the test part, which had no say in any choice."""
        return self.voice.card.scores.get("test") if self.voice is not None else None

    def settings(self, trial: Trial) -> dict[str, Any]:
        """Return the fields of the recipe that train as a trial did, without those that mean nothing beside the others."""
        return meaningful(self.terms.settings | trial.values)

    def table(self) -> pl.DataFrame:
        """Return the trials as a table, best first: number, state, bits_per_character, default, seconds, steps, and the dials."""
        rows = [
            {"number": t.number, "state": t.state, "bits_per_character": t.bits, "default": t.default, "seconds": t.seconds}
            | {"steps": t.steps}
            | {dial.name: t.values.get(dial.name) for dial in self.terms.dials}
            for t in self.trials
        ]
        kinds: dict[str, Any] = {"number": pl.Int64, "state": pl.String, "bits_per_character": pl.Float64, "default": pl.Boolean}
        kinds |= {"seconds": pl.Float64, "steps": pl.Int64} | {dial.name: pl.Float64 for dial in self.terms.dials}
        frame = pl.DataFrame(rows, schema=kinds, strict=False)
        order = pl.when(pl.col("state") == "finished").then(0).when(pl.col("state") == "given up").then(1).otherwise(2)
        return frame.sort(order, "bits_per_character", "number", nulls_last=True)

    def to_dict(self) -> dict[str, Any]:
        """Return all of it as plain JSON-ready values; nothing of the chat's text is among them."""
        best, default = self.best, self.default
        return {
            "study": self.study,
            "storage": self.storage,
            "stopped": self.stopped,
            "terms": json.loads(self.terms.to_json()),
            "best": None if best is None else best.to_dict() | {"settings": self.settings(best), "test": self.test},
            "default": None if default is None else default.to_dict(),
            "importances": self.importances,
            "trials": [trial.to_dict() for trial in self.trials],
        }
