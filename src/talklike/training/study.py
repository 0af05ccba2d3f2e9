"""The study of a sweep: where its trials are kept, and what must be the same for all who take part."""

from __future__ import annotations

import contextlib
import json
import logging
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import optuna
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend

from talklike.errors import OptionError, RunError
from talklike.training.search_space import Dial, around

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from optuna.distributions import BaseDistribution

    from talklike.training.plan import Wish

JOURNALS, DATABASES = (".journal", ".log"), (".db", ".sqlite", ".sqlite3")

PRUNINGS = ("median", "hyperband", "none")

EVALUATIONS = 8
"""Evaluations of each trial: at the same shares of its budget in all, so that one can be held against the others."""

UNJUDGED = 3
"""Evaluations of a trial before it may be given up by the median: early on, a large learning rate looks bad."""

HALVED_FROM = 2
"""The same by hyperband, whose next look is at three times as many."""

UNPRUNED = 5
"""Trials that are finished whatever they look like."""

STARTUP = 10
"""Trials at random before Optuna's sampler takes over."""

DEFAULT = "default"
"""What is true of the default recipe's trial: Optuna's user attribute."""

_ATTRIBUTE = "talklike"
_PATIENCE = 10.0  # seconds in which whoever made a study says what it is about


@dataclass(frozen=True)
class Terms:
    """What all trials of a study share; it stands in the study, and nothing else of the chat does.

    Attributes:
        sha256: Fingerprint of the text.
        room: Whether everyone's messages stand behind the voice.
        budget: Seconds of each trial.
        epochs: Rounds over the text, instead of a budget.
        settings: Fields of the recipe that are fixed.
        dials: What is varied.
        pruning: ``median``, ``hyperband`` or ``none``.
        default: The default recipe's value of each dial.
    """

    sha256: str
    room: bool
    budget: float | None
    epochs: float | None
    settings: dict[str, Any]
    dials: tuple[Dial, ...]
    pruning: str
    default: dict[str, float]

    @property
    def each(self) -> str:
        """What each trial has, in words."""
        if self.budget is not None:
            return f"{self.budget:g} s"
        return f"{self.epochs:g} epoch{'' if self.epochs == 1 else 's'}"

    def first(self) -> dict[str, float]:
        """Return the values that the default recipe's trial has in the study: none if the dials don't hold them all."""
        return self.default if all(dial.holds(self.default[dial.name]) for dial in self.dials) else {}

    def to_json(self) -> str:
        """Return the terms as JSON."""
        return json.dumps(asdict(self) | {"dials": [dial.to_dict() for dial in self.dials]}, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Terms:
        """Return the terms that ``to_json`` wrote."""
        values = json.loads(text)
        return cls(**values | {"dials": tuple(Dial.from_dict(dial) for dial in values["dials"])})


class Kept:
    """Where the studies of a storage are kept.

    Args:
        where: A file that ends in ``.db`` (SQLite) or ``.journal`` (a log, also for network folders), or the URL of a database.
        name: Name of the study.

    Raises:
        OptionError: It is neither.
        RunError: It can't be used.
    """

    def __init__(self, where: str | Path, name: str) -> None:
        self.name = name
        self.shown = shown(where)
        with self.told():
            self._storage = _storage(str(where))

    @contextlib.contextmanager
    def told(self) -> Iterator[None]:
        """Turn what goes wrong with the storage into one line."""
        try:
            yield
        except Exception as error:
            if type(error).__module__.split(".")[0] not in ("sqlalchemy", "optuna"):
                raise
            raise RunError(f"{self.shown}: can't be used ({type(error).__name__}); name another place with --storage") from error

    def terms(self) -> Terms | None:
        """Return what the study is about; None if there is no study of the name.

        Raises:
            RunError: There is, but it isn't a sweep's.
        """
        with self.told():
            if self.name not in optuna.get_all_study_names(self._storage):
                return None
            study = optuna.load_study(study_name=self.name, storage=self._storage)
        until = time.monotonic() + _PATIENCE
        while _ATTRIBUTE not in study.user_attrs:  # somebody has just made it
            if time.monotonic() > until:
                raise RunError(f"{self.shown}: its study {self.name!r} is not of talklike; name another with --study")
            time.sleep(0.1)
        try:
            return Terms.from_json(study.user_attrs[_ATTRIBUTE])
        except (TypeError, ValueError, KeyError) as error:
            raise RunError(f"{self.shown}: its study {self.name!r} is of another version; name another with --study") from error

    def begin(self, terms: Terms) -> bool:
        """Make the study, with the default recipe as its first trial; return whether nobody else was faster."""
        with self.told():
            try:
                study = optuna.create_study(study_name=self.name, storage=self._storage, direction="minimize")
            except optuna.exceptions.DuplicatedStudyError:
                return False
            study.enqueue_trial(terms.first(), user_attrs={DEFAULT: True})
            study.set_user_attr(_ATTRIBUTE, terms.to_json())
            return True

    def study(self, terms: Terms, seed: int) -> optuna.Study:
        """Return the study with its sampler and pruner.

        Args:
            terms: What it is about.
            seed: Decides what is drawn next; must differ from trial to trial.
        """
        with self.told():
            sampler = _Sampler(terms.dials, seed)
            return optuna.load_study(study_name=self.name, storage=self._storage, sampler=sampler, pruner=_pruner(terms.pruning))


class _Sampler(optuna.samplers.TPESampler):
    """Optuna's sampler, told what all trials have in common: by itself it takes what the trials before had, all of them.

    The default recipe's may have nothing.
    """

    def __init__(self, dials: Sequence[Dial], seed: int) -> None:
        super().__init__(seed=seed, n_startup_trials=STARTUP)
        self._space = {dial.name: dial.distribution for dial in dials}

    def infer_relative_search_space(
        self,
        study: optuna.Study,  # noqa: ARG002  (Optuna's signature)
        trial: optuna.trial.FrozenTrial,  # noqa: ARG002  (Optuna's signature)
    ) -> dict[str, BaseDistribution]:
        return self._space


def check_terms(terms: Terms, wish: Wish, dials: Sequence[Dial], pruning: str | None, where: str, *, given: bool) -> None:
    """Check that whoever goes on with a study wants what it is about; what isn't given is taken from it.

    Args:
        terms: What the study is about.
        wish: What is wanted now.
        dials: What is to be varied; nothing for what the study varies.
        pruning: How bad trials are given up.
        where: The study's place.
        given: Whether the wish's budget or epochs were given.

    Raises:
        OptionError: Something was given that is otherwise in the study.
    """
    wrong = []
    if given and (wish.budget, wish.epochs) != (terms.budget, terms.epochs):
        wrong.append(f"each of its trials has {terms.each}")
    wrong += [
        f"its {name.replace('_', '-')} is {terms.settings.get(name, 'not fixed')}"
        for name, value in wish.settings.items()
        if terms.settings.get(name) != value
    ]
    if dials and {dial if dial.name not in terms.default else around(terms.default, dial) for dial in dials} != set(terms.dials):
        wrong.append(f"it varies {' '.join(str(dial) for dial in terms.dials)}")
    if pruning is not None and pruning != terms.pruning:
        wrong.append(f"its pruning is {terms.pruning}")
    if wrong:
        raise OptionError(f"{where}: {', '.join(wrong)}; leave away what differs, or begin another study with --study")


def shown(where: str | Path) -> str:
    """Return a storage's place without the password in it.

    >>> shown("postgresql://ann:secret@host/db")
    'postgresql://ann:***@host/db'
    """
    before, at, after = str(where).rpartition("@")
    scheme, separated, who = before.partition("://")
    if not at or not separated:
        return str(where)
    user, colon, _ = who.partition(":")
    return f"{scheme}://{user}{':***' if colon else ''}@{after}"


def _storage(where: str) -> optuna.storages.BaseStorage:
    if "://" not in where:
        path = Path(where)
        if path.suffix not in JOURNALS + DATABASES:
            ends = ", ".join(JOURNALS + DATABASES)
            raise OptionError(
                f"storage is {where!r}, must be a file that ends in {ends}, or a database's URL, such as postgresql://…"
            )
        if not path.parent.is_dir():
            raise RunError(f"{where}: there is no folder {path.parent}; make it, or name another place with --storage")
        if path.is_dir():
            raise RunError(f"{where}: is a folder; name a file with --storage")
        if path.suffix in JOURNALS:
            return _journal(path)
        where = f"sqlite:///{path}"
    logging.getLogger("alembic").setLevel(logging.ERROR)
    patient = {"connect_args": {"timeout": 60}} if where.startswith("sqlite") else {"pool_pre_ping": True}
    try:
        return optuna.storages.RDBStorage(where, engine_kwargs=patient)
    except ImportError as error:
        driver = getattr(error.__cause__, "name", None) or error.name or "of its driver"
        raise RunError(f"{shown(where)}: needs the package {driver}; install it with pip") from error


def _journal(path: Path) -> optuna.storages.BaseStorage:
    try:
        return JournalStorage(JournalFileBackend(str(path)))
    except OSError as error:
        raise RunError(f"{path}: {error.strerror}; name another place with --storage") from error
    except (KeyError, ValueError, TypeError) as error:
        raise RunError(f"{path}: is no journal of Optuna's; name another file with --storage") from error


def _pruner(pruning: str) -> optuna.pruners.BasePruner:
    if pruning == "median":
        return optuna.pruners.MedianPruner(n_startup_trials=UNPRUNED, n_warmup_steps=UNJUDGED)
    if pruning == "hyperband":
        return optuna.pruners.HyperbandPruner(min_resource=HALVED_FROM, max_resource=EVALUATIONS)
    return optuna.pruners.NopPruner()
