"""Tests of where a sweep's trials are kept, and of what those who take part must agree on."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import optuna
import pytest

from talklike.errors import OptionError, RunError
from talklike.training.plan import Wish
from talklike.training.search_space import Dial
from talklike.training.study import EVALUATIONS, PRUNINGS, Kept, Terms, check_terms, shown

TERMS = Terms(
    sha256="ab" * 32,
    room=False,
    budget=60.0,
    epochs=None,
    settings={"seed": 3},
    dials=(Dial("hidden", 16, 64, step=16), Dial("dropout", 0.0, 0.5)),
    pruning="median",
    default={"hidden": 32, "dropout": 0.1},
)
WISH = Wish(60.0, None, {})


@pytest.fixture(autouse=True)
def quiet() -> None:
    """Keep Optuna from logging."""
    optuna.logging.set_verbosity(optuna.logging.ERROR)


@pytest.mark.parametrize("name", ["study.db", "study.journal"])
def test_a_study_is_found_again(tmp_path: Path, name: str) -> None:
    """What one process begins, another finds, with the default recipe as the trial to do first; only one can begin it."""
    assert Kept(tmp_path / name, "sweep").terms() is None
    assert Kept(tmp_path / name, "sweep").begin(TERMS)
    assert not Kept(tmp_path / name, "sweep").begin(replace(TERMS, budget=1.0))
    kept = Kept(tmp_path / name, "sweep")
    assert kept.terms() == TERMS
    assert Kept(tmp_path / name, "another").terms() is None
    trial = kept.study(TERMS, 1).ask()
    assert {dial.name: dial.suggested(trial) for dial in TERMS.dials} == TERMS.default
    assert trial.user_attrs == {"default": True}


def test_a_default_outside_of_the_dials(tmp_path: Path) -> None:
    """Where the dials don't hold the default recipe it is the first trial all the same, and the sampler works without it."""
    terms = replace(TERMS, default={"hidden": 512, "dropout": 0.1})
    assert terms.first() == {}
    kept = Kept(tmp_path / "study.journal", "sweep")
    kept.begin(terms)
    first = kept.study(terms, 1).ask()
    assert first.user_attrs == {"default": True}
    kept.study(terms, 1).tell(first, 2.0)
    for number in range(12):
        study = kept.study(terms, number)
        trial = study.ask()
        values = {dial.name: dial.suggested(trial) for dial in terms.dials}
        assert all(dial.holds(values[dial.name]) for dial in terms.dials)
        study.tell(trial, values["dropout"])
    assert study.sampler.infer_relative_search_space(study, study.trials[0]).keys() == {"hidden", "dropout"}


def test_nothing_of_the_text_is_kept(tmp_path: Path) -> None:
    """A study holds the fingerprint, the budget and the dials: no author, no name, no word."""
    assert TERMS.to_json() == (
        '{"budget": 60.0, "default": {"dropout": 0.1, "hidden": 32}, "dials": '
        '[{"choices": [], "high": 64, "low": 16, "name": "hidden", "step": 16}, '
        '{"choices": [], "high": 0.5, "low": 0.0, "name": "dropout", "step": 0}], '
        f'"epochs": null, "pruning": "median", "room": false, "settings": {{"seed": 3}}, "sha256": "{"ab" * 32}"}}'
    )


def test_whoever_wants_the_same_may_take_part() -> None:
    """What isn't given is taken from the study; the same values may be given."""
    check_terms(TERMS, Wish(5.0, None, {}), (), None, "here", given=False)
    check_terms(TERMS, Wish(60.0, None, {"seed": 3}), TERMS.dials, "median", "here", given=True)


@pytest.mark.parametrize(
    ("wish", "dials", "pruning", "told"),
    [
        (Wish(30.0, None, {}), (), None, "each of its trials has 60 s"),
        (Wish(None, 2.0, {}), (), None, "each of its trials has 60 s"),
        (Wish(60.0, None, {"seed": 4}), (), None, "its seed is 3"),
        (Wish(60.0, None, {"lowercase": True}), (), None, "its lowercase is not fixed"),
        (WISH, (Dial("hidden", 16, 128, step=16),), None, "it varies hidden=16..64 dropout=0..0.5"),
        (WISH, (), "none", "its pruning is median"),
    ],
)
def test_whoever_wants_something_else_may_not(wish: Wish, dials: tuple[Dial, ...], pruning: str | None, told: str) -> None:
    """Trials of other budgets, settings or ranges can't be held against each other."""
    with pytest.raises(OptionError, match=told) as caught:
        check_terms(TERMS, wish, dials, pruning, "here", given=True)
    assert "another study with --study" in str(caught.value)


def test_a_study_that_is_just_being_made_is_waited_for(tmp_path: Path) -> None:
    """Between making a study and saying what it is about, others wait."""
    place = f"sqlite:///{tmp_path / 'study.db'}"
    study = optuna.create_study(study_name="sweep", storage=place, direction="minimize")

    def say() -> None:
        time.sleep(0.3)
        study.set_user_attr("talklike", TERMS.to_json())

    thread = threading.Thread(target=say)
    thread.start()
    assert Kept(place, "sweep").terms() == TERMS
    thread.join()


def test_a_study_of_something_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A study that isn't a sweep's, or a later version's, is left alone."""
    monkeypatch.setattr(import_module("talklike.training.study"), "_PATIENCE", 0.0)
    place = f"sqlite:///{tmp_path / 'study.db'}"
    study = optuna.create_study(study_name="sweep", storage=place)
    with pytest.raises(RunError, match=r"is not of talklike; name another with --study"):
        Kept(place, "sweep").terms()
    study.set_user_attr("talklike", '{"dials": [], "moon": 1}')
    with pytest.raises(RunError, match="of another version"):
        Kept(place, "sweep").terms()


@pytest.mark.parametrize(
    ("where", "error", "told"),
    [
        ("study.txt", OptionError, "must be a file that ends in .journal, .log, .db"),
        ("nowhere/study.db", RunError, "there is no folder"),
        ("folder.db", RunError, "is a folder"),
        ("rubbish.db", RunError, "can't be used"),
        ("rubbish.journal", RunError, "no journal of Optuna's"),
        ("nonsense://user:secret@host/x", RunError, "can't be used"),
        ("postgresql+nodriver://user:secret@host/x", RunError, "can't be used"),
    ],
)
def test_places_that_can_not_be_used(tmp_path: Path, where: str, error: type[Exception], told: str) -> None:
    """One line says what is wrong with a storage, and no password stands in it."""
    (tmp_path / "folder.db").mkdir()
    for name in ("rubbish.db", "rubbish.journal"):
        (tmp_path / name).write_text("tide and rope\n" * 100)
    with pytest.raises(error, match=told) as caught:
        Kept(where if "://" in where else tmp_path / where, "sweep").terms()
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.skipif(find_spec("psycopg2") is not None, reason="psycopg2 is installed")
def test_a_database_without_its_driver() -> None:
    """A database whose Python package isn't installed names the package."""
    with pytest.raises(RunError, match="needs the package psycopg2"):
        Kept("postgresql+psycopg2://user:secret@host/x", "sweep")


def test_errors_of_ours_pass_through(tmp_path: Path) -> None:
    """Only the storage's errors are put into other words."""
    kept = Kept(tmp_path / "study.db", "sweep")
    with pytest.raises(ZeroDivisionError), kept.told():
        raise ZeroDivisionError
    with pytest.raises(RunError, match=r"study\.db: can't be used \(StorageInternalError\)"), kept.told():
        raise optuna.exceptions.StorageInternalError


@pytest.mark.parametrize("pruning", PRUNINGS)
def test_prunings_give_up_what_is_far_behind(tmp_path: Path, pruning: str) -> None:
    """A trial far behind many good ones is given up before its end, but not at once, unless nothing is to be."""
    kept = Kept(tmp_path / "study.journal", "sweep")
    terms = replace(TERMS, pruning=pruning)
    kept.begin(terms)
    study = kept.study(terms, 1)
    for number in range(12):
        trial = study.ask()
        for step in range(1, EVALUATIONS + 1):
            trial.report(2.0 + number / 100 - step / 100, step)
            trial.should_prune()  # successive halving only knows of those that asked
        study.tell(trial, 2.0 + number / 100)
    given_up = []
    for _ in range(6):  # hyperband lets some through
        bad = study.ask()
        told = []
        for step in range(1, EVALUATIONS):
            bad.report(9.0, step)
            told.append(bad.should_prune())
        study.tell(bad, state=optuna.trial.TrialState.FAIL)
        given_up.append(told)
    assert not any(told[0] for told in given_up)
    assert any(any(told) for told in given_up) == (pruning != "none")


def test_what_each_trial_has() -> None:
    """A time, or a number of epochs."""
    assert TERMS.each == "60 s"
    assert [replace(TERMS, budget=None, epochs=epochs).each for epochs in (0.5, 1.0)] == ["0.5 epochs", "1 epoch"]


def test_passwords_are_not_shown() -> None:
    """Of a URL everything but the password is shown; a path is shown as it is."""
    assert shown("mysql://ann:p%40ss@host/db") == "mysql://ann:***@host/db"
    assert shown("mysql://ann@host/db") == "mysql://ann@host/db"
    assert shown(Path("a@b.db")) == "a@b.db"
