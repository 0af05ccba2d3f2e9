"""Tests of a sweep: what is tried, what is kept, what is resumed and what is refused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import optuna
import pytest

from talklike.errors import CorpusError, OptionError, RunError, TalklikeError
from talklike.generation.voice import load_voice
from talklike.training import sweep_work, train
from talklike.training.study import Kept
from talklike.training.sweep import LOCAL, check_wish, sweep
from talklike.training.sweep_work import SweepListener

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from talklike.chat.table import Chat
    from talklike.training.trials import Sweep, Trial

VARY = ("embedding=4..8", "dropout=0..0.5")


@pytest.fixture(scope="module")
def wish(tiny: dict[str, Any]) -> dict[str, Any]:
    """What is asked of a sweep whose trials take a fraction of a second."""
    fixed = {name: value for name, value in tiny.items() if name != "embedding"}
    return {"author": "a1", "room": False, "epochs": 0.5, "vary": VARY} | fixed


@pytest.fixture(scope="module", autouse=True)
def fast() -> Iterator[None]:
    """Evaluate three times in a trial, since each lets the voice write, and draw nothing."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sweep_work, "EVALUATIONS", 3)
        patched.setattr(sweep_work, "sweep_plot", lambda _sweep: b"a picture")
        yield


@pytest.fixture(scope="module")
def swept(chat: Chat, wish: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Sweep:
    """Return a sweep of three trials; tests read it and change nothing."""
    return sweep(chat, trials=3, output=tmp_path_factory.mktemp("swept") / "sweep", **wish)


def told(result: Sweep) -> list[tuple[int, str, float | None, dict[str, float]]]:
    """Return what decides a sweep's trials, without those that were interrupted."""
    return [(t.number, t.state, t.bits, t.values) for t in result.trials if t.state != "interrupted"]


def test_the_default_recipe_comes_first(swept: Sweep, tiny: dict[str, Any]) -> None:
    """The first trial is the default recipe, outside of the wished ranges or not; the others lie in them."""
    first, *others = swept.trials
    assert first.default
    assert first.values["embedding"] == 128
    assert [trial.state for trial in swept.trials] == ["finished"] * 3
    assert all(4 <= trial.values["embedding"] <= 8 and 0 <= trial.values["dropout"] <= 0.5 for trial in others)
    assert swept.terms.settings["seed"] == tiny["seed"]
    assert "threads" not in swept.terms.settings
    assert all(len(trial.curve) == 3 and trial.bits == min(trial.curve) for trial in swept.trials)


def test_the_best_voice_is_kept(swept: Sweep) -> None:
    """The folder holds the best trial's run, whose voice has a test figure, a picture, and all of it as JSON."""
    best = swept.best
    assert best is not None
    assert best.bits == min(trial.bits for trial in swept.trials if trial.bits is not None)
    voice = load_voice(swept.folder / "best")
    assert {name: voice.card.recipe[name] for name in best.values} == best.values
    assert swept.test == voice.card.scores["test"]
    assert sorted(path.name for path in swept.folder.iterdir()) == [".lock", "best", "study.db", "sweep.json", "sweep.png"]
    summary = json.loads((swept.folder / "sweep.json").read_text())
    assert summary["best"]["number"] == best.number
    assert "voice" not in summary


def test_nothing_of_the_text_is_in_the_study(swept: Sweep) -> None:
    """No word of the chat, no author and no name stands in what is kept of the trials."""
    for file in ("study.db", "sweep.json"):
        content = (swept.folder / file).read_bytes()
        assert not any(word in content for word in (b"tide", b"gull", b"tidewatch", b'"a1"'))


def test_more_trials(chat: Chat, wish: dict[str, Any], swept: Sweep, tmp_path: Path) -> None:
    """Resumed with more trials, those that are there stay; what isn't given is taken from the study."""
    copy = tmp_path / "sweep"
    copy.mkdir()
    for name in ("study.db", "sweep.json"):
        (copy / name).write_bytes((swept.folder / name).read_bytes())
    again = sweep(chat, author="a1", trials=4, output=copy, resume=True)
    assert told(again)[:3] == told(swept)
    assert len(again.trials) == 4
    assert again.terms == swept.terms
    same = sweep(chat, author="a1", trials=4, output=copy, resume=True)
    assert told(same) == told(again)


def test_interrupted_and_resumed(chat: Chat, wish: dict[str, Any], swept: Sweep, tmp_path: Path) -> None:
    """Interrupted in the middle of a trial and resumed, a sweep tries just what it would have tried, and finds the same."""
    steps = 0

    def stop() -> bool:
        nonlocal steps
        steps += 1
        return steps == 60

    first = sweep(chat, trials=3, output=tmp_path / "sweep", stop=stop, **wish)
    assert first.stopped == "interrupted"
    assert [trial.state for trial in first.trials][-2:] == ["interrupted", "waiting"]
    local = {name: wish[name] for name in LOCAL}
    second = sweep(chat, author="a1", trials=3, output=tmp_path / "sweep", resume=True, **local)
    assert second.stopped == "finished"
    assert [entry[1:] for entry in told(second)] == [entry[1:] for entry in told(swept)]
    assert (second.voice is None) == (swept.voice is None)


def test_a_second_ctrl_c(chat: Chat, wish: dict[str, Any], tmp_path: Path) -> None:
    """An interruption that can't wait leaves the trial to be tried again, too."""

    class Impatient(SweepListener):
        def stepped(self, step: int, loss_bits: float | None) -> None:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sweep(chat, trials=1, output=tmp_path / "sweep", listener=Impatient(), **wish)
    result = sweep(chat, author="a1", trials=1, output=tmp_path / "sweep", resume=True)
    assert [(trial.state, trial.default) for trial in result.trials] == [("interrupted", True), ("finished", True)]


def test_killed_in_a_trial(chat: Chat, wish: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was running here when the process was killed is tried again."""
    with monkeypatch.context() as patched:
        patched.setattr(sweep_work.Work, "_interrupt", lambda *_: None)  # a killed process does nothing more
        sweep(chat, trials=2, output=tmp_path / "sweep", stop=iter([False] * 30 + [True] * 9).__next__, **wish)
    study = optuna.load_study(study_name="sweep", storage=f"sqlite:///{tmp_path / 'sweep' / 'study.db'}")
    assert [trial.state.name for trial in study.trials] == ["RUNNING"]
    result = sweep(chat, author="a1", trials=2, output=tmp_path / "sweep", resume=True)
    assert [trial.state for trial in result.trials] == ["interrupted", "finished", "finished"]
    assert result.default is not None


def test_several_machines(chat: Chat, wish: dict[str, Any], tmp_path: Path) -> None:
    """Two that name one storage share the trials; the best voice lies where it was trained."""
    common: dict[str, Any] = {"storage": tmp_path / "study.journal", "study": "harbour"}
    one = sweep(chat, trials=2, output=tmp_path / "one", **common, **wish)
    two = sweep(chat, author="a1", room=False, trials=4, output=tmp_path / "two", resume=True, **common)
    assert told(two)[:2] == told(one)
    assert {trial.where.rsplit("/", 1)[1] for trial in two.trials} == {"one", "two"}
    assert two.best is not None
    assert (two.voice is not None) == two.best.where.endswith("two")
    with pytest.raises(RunError, match="holds the study 'harbour' already; go on with --resume"):
        sweep(chat, trials=2, output=tmp_path / "three", **common, **wish)
    assert not (tmp_path / "three").exists()


def test_two_begin_at_once(chat: Chat, wish: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever finds that another has begun the study while the text was encoded takes part, if that is wanted."""
    place: dict[str, Any] = {"storage": tmp_path / "study.db"}
    sweep(chat, trials=1, output=tmp_path / "one", **place, **wish)
    real = Kept.terms
    calls = iter(range(9))
    monkeypatch.setattr(Kept, "terms", lambda kept: None if next(calls) % 2 == 0 else real(kept))
    with pytest.raises(RunError, match="has just been begun elsewhere; take part with --resume"):
        sweep(chat, trials=1, output=tmp_path / "two", **place, **wish)
    result = sweep(chat, trials=2, output=tmp_path / "two", resume=True, **place, **wish)
    assert [trial.default for trial in result.trials] == [True, False]


def test_a_trial_that_fails_is_recorded(
    chat: Chat, wish: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sweep goes on after a trial that failed, and says why it did; without one that is finished it fails itself."""
    heard: list[Trial] = []
    planned = train.planned

    class Ear(SweepListener):
        def trial_ended(self, trial: Trial, best: Trial | None) -> None:
            heard.append(trial)

    def failing(of: Callable[[int], bool]) -> Callable[..., Any]:
        calls = iter(range(9))

        def plan(*arguments: Any) -> Any:
            if of(next(calls)):
                raise RuntimeError("can't allocate memory: you tried to allocate 9 bytes\nand more")
            return planned(*arguments)

        return plan

    monkeypatch.setattr(sweep_work, "planned", failing(lambda call: call == 1))
    result = sweep(chat, trials=3, output=tmp_path / "sweep", listener=Ear(), **wish)
    assert [trial.state for trial in result.trials] == ["finished", "failed", "finished"]
    assert heard == result.trials
    assert heard[1].reason == "RuntimeError: can't allocate memory: you tried to allocate 9 bytes"
    monkeypatch.setattr(sweep_work, "planned", failing(lambda _call: True))
    with pytest.raises(RunError, match=r"no trial came to an end \(RuntimeError"):
        sweep(chat, trials=2, output=tmp_path / "all-fail", **wish)


def test_what_looks_bad_is_given_up(chat: Chat, wish: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A trial that is to be pruned ends there, without a voice; the default recipe never is."""
    monkeypatch.setattr(optuna.Trial, "should_prune", lambda _self: True)
    result = sweep(chat, trials=3, output=tmp_path / "sweep", **wish)
    assert [(trial.state, len(trial.curve)) for trial in result.trials] == [("finished", 3), ("given up", 1), ("given up", 1)]
    assert result.best == result.default


def test_other_text(chat: Chat, make_chat: Callable[..., Chat], texts: list[str], swept: Sweep) -> None:
    """A study of one text isn't gone on with on another."""
    with pytest.raises(RunError, match="is of other text than this chat and author give now"):
        sweep(make_chat(texts[:-1]), author="a1", trials=5, output=swept.folder, resume=True)


def test_other_terms(chat: Chat, swept: Sweep) -> None:
    """Nor with another budget or other ranges."""
    with pytest.raises(OptionError, match=r"each of its trials has 0\.5 epochs, it varies embedding=4\.\.8"):
        sweep(chat, author="a1", trials=5, output=swept.folder, resume=True, budget="1m", vary=["dropout"])


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"trials": 0}, "trials is 0"),
        ({"pruning": "garden"}, "must be one of median, hyperband, none"),
        ({"vary": ["layers=2"]}, "nothing to vary"),
        ({"vary": ["hidden"], "hidden": 8}, "hidden is both fixed and varied"),
        ({"budget": "soon"}, "must be a duration"),
        ({"seed": -1}, "seed is -1"),
    ],
)
def test_wishes_that_make_no_sense(more: dict[str, Any], told: str) -> None:
    """They are refused before anything is read."""
    with pytest.raises(OptionError, match=told):
        check_wish(**more)


def test_what_is_fixed_does_not_vary() -> None:
    """A setting leaves its dial away where none was named."""
    wish, dials = check_wish(hidden=64)
    assert wish.settings == {"hidden": 64}
    assert "hidden" not in {dial.name for dial in dials}
    assert wish.budget == 60


def test_folders_that_are_refused(chat: Chat, wish: dict[str, Any], swept: Sweep, tmp_path: Path) -> None:
    """A sweep's folder isn't begun in anew, another's isn't touched, and there must be something to resume."""
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear harbour")
    cases: list[tuple[Path, bool, str]] = [
        (swept.folder, False, "holds a sweep already"),
        (tmp_path / "mine", False, "is not empty"),
        (tmp_path / "mine", True, "is not empty"),
        (tmp_path / "none", True, "holds no sweep to resume"),
        (tmp_path / "mine" / "letter.txt", False, "can't be made"),
    ]
    for folder, resume, reason in cases:
        with pytest.raises(RunError, match=reason):
            sweep(chat, trials=1, output=folder, resume=resume, **wish)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["letter.txt", "mine"]


def test_a_sweep_that_never_began_leaves_nothing(make_chat: Callable[..., Chat], wish: dict[str, Any], tmp_path: Path) -> None:
    """Where there is too little text, there is no folder afterwards; one that was there, and empty, stays so."""
    (tmp_path / "empty").mkdir()
    for folder in ("new", "empty"):
        with pytest.raises(CorpusError):
            sweep(make_chat(["hi"] * 5), trials=1, output=tmp_path / folder, **wish)
    assert [path.name for path in tmp_path.rglob("*")] == ["empty"]


def test_one_sweep_at_a_time(chat: Chat, wish: dict[str, Any], tmp_path: Path) -> None:
    """While a sweep runs in a folder, no other one may."""
    refused: list[TalklikeError] = []

    class Second(SweepListener):
        def trial_begun(self, number: int, values: dict[str, float], recipe: Any) -> None:
            with pytest.raises(RunError, match="a sweep is running in it") as caught:
                sweep(chat, trials=1, output=tmp_path / "sweep", resume=True, **wish)
            refused.append(caught.value)

    pytest.importorskip("fcntl", reason="the lock is Unix's")
    sweep(chat, trials=1, output=tmp_path / "sweep", listener=Second(), **wish)
    assert len(refused) == 1
