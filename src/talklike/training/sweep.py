"""Searches the recipe's fields for better values: many short runs, judged by the validation part alone."""

from __future__ import annotations

import contextlib
import os
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import optuna

from talklike.corpus.choose import choose_author
from talklike.errors import OptionError, RunError
from talklike.training.device import choose_device, choose_precision, make_fabric
from talklike.training.plan import Wish, make_wish
from talklike.training.search_space import around, parse_dials, split_fixed
from talklike.training.study import PRUNINGS, Kept, Terms, check_terms
from talklike.training.sweep_work import SUMMARY, TRIALS, SweepListener, Work
from talklike.training.train import Source, begin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from talklike.chat.table import Chat
    from talklike.corpus.corpus import Corpus
    from talklike.training.recipe import Recipe
    from talklike.training.search_space import Dial
    from talklike.training.trials import Sweep

DEFAULT_BUDGET, DEFAULT_TRIALS, DEFAULT_STUDY = "1m", 30, "sweep"

STUDY_FILE = "study.db"

LOCAL = ("threads", "precision")
"""Fields of the recipe that each machine decides by itself."""

_LOCK = ".lock"


def sweep(
    chat: Chat,
    *,
    author: str | None = None,
    room: bool | None = None,
    trials: int = DEFAULT_TRIALS,
    budget: str | float | None = None,
    epochs: float | None = None,
    vary: Sequence[str] = (),
    pruning: str | None = None,
    output: str | Path,
    storage: str | Path | None = None,
    study: str = DEFAULT_STUDY,
    resume: bool = False,
    device: str = "auto",
    listener: SweepListener | None = None,
    stop: Callable[[], bool] = lambda: False,
    **settings: Any,
) -> Sweep:
    """Search for better settings than the default recipe's, with equal budgets.

    The first trial is the default recipe. Validation bits per character decide; the test part has no say.

    Args:
        chat: What ``read_chat`` returned.
        author: Whose voice, by id or display name; the most active author who doesn't look automated without it.
        room: As for ``talklike.train``; decided once, for all trials.
        trials: How many trials the study is to have in the end, those of earlier calls and other machines included.
        budget: Time of each trial, in seconds or as ``90s``; one minute without it.
        epochs: Rounds over the text of each trial, instead of a budget.
        vary: What to vary, as ``talklike.training.search_space.parse_dials`` reads it; ``DIALS`` there without it.
        pruning: How trials that look bad are given up: ``median`` (the default), ``hyperband`` or ``none``.
        output: The sweep's folder: the best voice, a figure, a summary, and the study unless ``storage`` says otherwise.
        storage: Where the study is kept (``talklike.training.study.Kept``): several machines with one storage share the work.
        study: Name of the study.
        resume: Go on with the study, or take part in it, if there is one.
        device: ``auto``, ``cpu``, ``cuda`` or ``mps``.
        listener: Hears how it goes.
        stop: Asked before every step; the sweep ends when it returns true, and can be resumed.
        **settings: Fields of the recipe that are the same in all trials; ``seed`` also decides what is tried.

    Raises:
        AuthorNotFoundError: The chat holds no such author.
        TooLittleTextError: The author wrote too little.
        OptionError: A value makes no sense, or is otherwise in the study that is resumed.
        RunError: The folder or the storage can't be used, the study is of other text, or every trial failed.
    """
    listener = listener or SweepListener()
    wish, dials = check_wish(trials=trials, budget=budget, epochs=epochs, vary=vary, pruning=pruning, **settings)
    local = {name: wish.settings.pop(name) for name in LOCAL if name in wish.settings}
    given = budget is not None or epochs is not None
    device = choose_device(device)
    found = None if room and author is None else choose_author(chat, author)
    folder = Path(output)
    with _quiet_optuna(), _own_folder(folder, resume=resume, kept_elsewhere=storage is not None):
        kept = Kept(storage or folder / STUDY_FILE, study)
        terms = kept.terms()
        if terms is not None:
            if not resume:
                raise RunError(
                    f"{kept.shown}: holds the study {study!r} already; go on with --resume, or name another with --study"
                )
            check_terms(terms, wish, dials if vary else (), pruning, kept.shown, given=given)
            wish, room = Wish(terms.budget, terms.epochs, terms.settings), terms.room
        with kept.told(), tempfile.TemporaryDirectory(prefix="talklike-") as place:
            source = Source(chat, found.author if found else None, found.name if found else None, Path(place))
            fabric = make_fabric(device, local.get("precision", choose_precision(device)), alone=True)
            wish = replace(wish, room=room)
            corpus, recipe = begin(source, replace(wish, settings=wish.settings | local), device, fabric, listener)
            if terms is None:
                terms = _begun_with(kept, wish, dials, pruning or PRUNINGS[0], corpus, recipe, resume=resume)
            if terms.sha256 != corpus.sha256:
                raise RunError(
                    f"{kept.shown}: its study {study!r} is of other text than this chat and author give now; sweep the same "
                    "chat, or name another study with --study"
                )
            (folder / TRIALS).mkdir(exist_ok=True)
            local = {name: getattr(recipe, name) for name in LOCAL}
            work = Work(kept, terms, corpus, local, folder, device, listener, stop)
            result = work.result(work.until(trials))
    if result.best is None and result.stopped == "finished":
        failed = next((trial.reason for trial in result.trials if trial.reason), "none has finished")
        raise RunError(f"{folder}: no trial came to an end ({failed}); try smaller networks or a larger budget")
    return result


def _begun_with(
    kept: Kept, wish: Wish, dials: Sequence[Dial], pruning: str, corpus: Corpus, recipe: Recipe, *, resume: bool
) -> Terms:
    """Begin a study around the default recipe, and return its terms; those of somebody who was faster, if one may take part."""
    default = {dial.name: getattr(recipe, dial.name) for dial in dials}
    terms = Terms(
        sha256=corpus.sha256,
        room=corpus.room,
        budget=wish.budget,
        epochs=wish.epochs,
        settings=wish.settings,
        dials=tuple(around(default, dial) for dial in dials),
        pruning=pruning,
        default=default,
    )
    if kept.begin(terms):
        return terms
    others = kept.terms()
    if not resume or others is None or others.room != terms.room:
        raise RunError(f"{kept.shown}: the study {kept.name!r} has just been begun elsewhere; take part with --resume")
    check_terms(others, wish, dials, pruning, kept.shown, given=True)
    return others


def check_wish(
    *,
    trials: int = DEFAULT_TRIALS,
    budget: str | float | None = None,
    epochs: float | None = None,
    vary: Sequence[str] = (),
    pruning: str | None = None,
    **settings: Any,
) -> tuple[Wish, tuple[Dial, ...]]:
    """Return what is wished of each trial and what is varied; the arguments are ``sweep``'s.

    Raises:
        OptionError: A value makes no sense.
    """
    if trials < 1:
        raise OptionError(f"trials is {trials}, must be 1 or more")
    if pruning is not None and pruning not in PRUNINGS:
        raise OptionError(f"pruning is {pruning!r}, must be one of {', '.join(PRUNINGS)}")
    fixed, dials = split_fixed(dial for dial in parse_dials(vary) if vary or dial.name not in settings)
    if both := sorted(set(settings) & {*fixed, *(dial.name for dial in dials)}):
        raise OptionError(f"{both[0].replace('_', '-')} is both fixed and varied; leave away one of the two")
    if budget is None and epochs is None:
        budget = DEFAULT_BUDGET
    return make_wish(budget, epochs, settings | fixed), dials


@contextlib.contextmanager
def _own_folder(folder: Path, *, resume: bool, kept_elsewhere: bool) -> Iterator[None]:
    """Make the sweep's folder and keep other sweeps out of it.

    Raises:
        RunError: It can't be made, is another's, or a sweep is running in it.
    """
    try:
        made = not folder.exists()
        there = folder.is_dir() and any(file.name != _LOCK for file in folder.iterdir())
        if there and not _begun(folder):
            raise RunError(f"{folder}: is not empty; name a new folder for the sweep with -o")
        if there and not resume:
            raise RunError(f"{folder}: holds a sweep already; go on with --resume, or name another folder with -o")
        if not there and resume and not kept_elsewhere:
            raise RunError(f"{folder}: holds no sweep to resume; sweep without --resume")
        folder.mkdir(parents=True, exist_ok=True)
        lock = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT)
    except OSError as error:
        raise RunError(f"{folder}: can't be made: {error.strerror}; name another folder with -o") from error
    try:
        _locked(lock, folder)
        try:
            yield
        finally:
            if not _begun(folder):
                for ours in (STUDY_FILE, _LOCK):
                    (folder / ours).unlink(missing_ok=True)
                if made:
                    folder.rmdir()
    finally:
        os.close(lock)


def _begun(folder: Path) -> bool:
    """Return whether a sweep has got so far as to train in a folder."""
    return (folder / SUMMARY).exists() or (folder / TRIALS).exists()


def _locked(lock: int, folder: Path) -> None:
    try:
        import fcntl
    except ImportError:  # Windows doesn't let a folder be renamed in which a file is open
        return
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise RunError(f"{folder}: a sweep is running in it; wait for its end, or name another folder with -o") from error


@contextlib.contextmanager
def _quiet_optuna() -> Iterator[None]:
    """Keep Optuna from speaking on standard error for as long as it takes."""
    before = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    try:
        yield
    finally:
        optuna.logging.set_verbosity(before)
