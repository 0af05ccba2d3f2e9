"""Tests of what is said of a sweep's trials."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import optuna
import pytest
from optuna.distributions import FloatDistribution, IntDistribution
from optuna.trial import TrialState, create_trial

from talklike.training.search_space import Dial
from talklike.training.study import Terms
from talklike.training.trials import Sweep, Trial, best_of, importances, trials_of

DIALS = (
    Dial("hidden", 16, 64, step=16),
    Dial("dropout", 0.0, 0.5),
    Dial("layers", 1, 2, step=1),
    Dial("dropout_between", 0.0, 0.3),
)
TERMS = Terms(
    "ab", room=False, budget=60.0, epochs=None, settings={"seed": 3}, dials=DIALS, pruning="median", default={"hidden": 512}
)


def frozen(**values: Any) -> optuna.trial.FrozenTrial:
    """Return a trial of Optuna's with a value for ``hidden`` and ``dropout``."""
    dials = {"hidden": IntDistribution(16, 64), "dropout": FloatDistribution(0, 0.5)}
    return create_trial(params={"hidden": 32, "dropout": 0.123456}, distributions=dials, **values)


@pytest.fixture(autouse=True)
def quiet() -> None:
    """Keep Optuna from logging."""
    optuna.logging.set_verbosity(optuna.logging.ERROR)


def test_trials_as_they_stand_in_a_study() -> None:
    """State, bits, curve and values of each; what failed without a reason was interrupted; the default has its own values."""
    study = optuna.create_study()
    told = {"where": "host:folder", "steps": 9, "seconds": 1.5}
    study.add_trials(
        [
            frozen(value=2.0, intermediate_values={2: 2.0, 1: 3.0}, user_attrs=told),
            frozen(state=TrialState.PRUNED, value=3.0, intermediate_values={1: 4.0, 4: 3.5}),
            frozen(state=TrialState.FAIL, user_attrs={"reason": "training diverged"}),
            frozen(state=TrialState.FAIL),
            create_trial(value=2.5, user_attrs={"default": True}),
        ]
    )
    study.enqueue_trial({})
    trials = trials_of(study, TERMS)
    assert trials[0] == Trial(
        0, "finished", 2.0, {"hidden": 32, "dropout": 0.1235}, (3.0, 2.0), where="host:folder", steps=9, seconds=1.5
    )
    assert [trial.state for trial in trials] == ["finished", "given up", "failed", "interrupted", "finished", "waiting"]
    assert [trial.bits for trial in trials] == [2.0, 3.5, None, None, 2.5, None]
    assert trials[2].reason == "training diverged"
    assert (trials[4].default, trials[4].values) == (True, {"hidden": 512})
    assert best_of(trials) == trials[0]
    assert best_of(trials[1:4]) is None


def test_the_earlier_of_equals_is_the_best() -> None:
    """Of two trials as good as each other the first one counts, so that the voice isn't written twice."""
    assert best_of([Trial(number, "finished", 2.0, {}) for number in (3, 1, 2)]) == Trial(1, "finished", 2.0, {})


def test_what_mattered_is_found() -> None:
    """The dial that decides has nearly all of the importance; of few trials, or of equal ones, nothing is said."""
    study = optuna.create_study()
    numbers = [(16 + 7 * n % 48, n / 60) for n in range(30)]
    both = {"hidden": IntDistribution(16, 64), "dropout": FloatDistribution(0, 0.5)}
    for hidden, dropout in numbers:
        study.add_trial(
            create_trial(value=(dropout - 0.2) ** 2, params={"hidden": hidden, "dropout": dropout}, distributions=both)
        )
    study.add_trial(create_trial(value=0.0, user_attrs={"default": True}))
    found = importances(study, ["hidden", "dropout"])
    assert list(found) == ["dropout", "hidden"]
    assert found["dropout"] > 0.8
    assert sum(found.values()) == pytest.approx(1)
    few = optuna.create_study()
    few.add_trials(study.trials[:7])
    assert importances(few, ["hidden", "dropout"]) == {}
    equal = optuna.create_study()
    equal.add_trials([frozen(value=1.0) for _ in range(20)])
    assert importances(equal, ["hidden", "dropout"]) == {}


@pytest.fixture
def swept() -> Sweep:
    """Return a sweep of five trials of which the second is the best."""
    values = {"hidden": 32, "dropout": 0.1, "layers": 1, "dropout_between": 0.2}
    trials = [
        Trial(0, "finished", 2.3, {"hidden": 512}, (2.5, 2.3), default=True),
        Trial(1, "finished", 2.1, values, (2.4, 2.1), seconds=3.0, steps=20),
        Trial(2, "given up", 2.0, values | {"layers": 2}, (2.0,)),
        Trial(3, "failed", None, values, reason="training diverged"),
        Trial(4, "interrupted", None, {}),
    ]
    return Sweep(TERMS, trials, {"dropout": 1.0}, Path("here"), "here/study.db", "sweep", "finished", None)


def test_the_best_and_the_default(swept: Sweep) -> None:
    """Only what is finished counts; the default is found wherever it is; without a voice there is no test figure."""
    assert swept.best == swept.trials[1]
    assert swept.default == swept.trials[0]
    assert swept.test is None
    assert replace(swept, trials=swept.trials[2:]).best is None


def test_a_sweep_shows_itself_in_a_line(swept: Sweep) -> None:
    """In a notebook it is one line, not all of its trials."""
    assert repr(swept) == "<Sweep of 5 trials: best 2.100 bits per character (trial 1), default recipe 2.300>"
    assert repr(replace(swept, trials=[])) == "<Sweep of 0 trials: none finished>"


def test_settings_train_as_a_trial_did(swept: Sweep) -> None:
    """The fixed settings and the trial's values, without those that mean nothing beside the others."""
    assert swept.settings(swept.trials[1]) == {"seed": 3, "hidden": 32, "dropout": 0.1, "layers": 1}
    assert swept.settings(swept.trials[2])["dropout_between"] == 0.2


def test_the_table_has_the_best_first(swept: Sweep) -> None:
    """Finished trials by bits, then those given up, then the others; a column for each dial."""
    table = swept.table()
    assert table["number"].to_list() == [1, 0, 2, 3, 4]
    assert table.columns[-4:] == ["hidden", "dropout", "layers", "dropout_between"]
    assert table["hidden"].to_list() == [32, 512, 32, 32, None]


def test_all_of_it_is_json(swept: Sweep) -> None:
    """The dictionary is JSON, with the best trial, its settings and every trial."""
    told = json.loads(json.dumps(swept.to_dict()))
    assert told["best"]["settings"] == {"seed": 3, "hidden": 32, "dropout": 0.1, "layers": 1}
    assert told["default"]["bits_per_character"] == 2.3
    assert [trial["state"] for trial in told["trials"]] == ["finished", "finished", "given up", "failed", "interrupted"]
    assert told["trials"][3]["reason"] == "training diverged"
    assert told["terms"]["budget"] == 60
