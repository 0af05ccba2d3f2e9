"""Tests of a training run from encoded text to a voice."""

from __future__ import annotations

import itertools
import json
import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from matplotlib.image import imread

from talklike.errors import RunError
from talklike.evaluation.bits import score
from talklike.generation.voice import load_voice
from talklike.training import trainer as trainers
from talklike.training.checkpoint import load_checkpoint, save_checkpoint
from talklike.training.device import make_fabric
from talklike.training.loop import Loop, learning_rate
from talklike.training.plan import FIXED_SECONDS, OVERHEAD, amounts_of, steps_after
from talklike.training.progress import Listener
from talklike.training.schedule import CHECKS, LATE
from talklike.training.trainer import TEMPERATURES, Trainer, provenance, sizes_of
from talklike.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np

    from talklike.corpus.corpus import Corpus
    from talklike.training.folder import RunFolder
    from talklike.training.progress import Evaluation, Result
    from talklike.training.recipe import Recipe
    from talklike.training.schedule import Schedule
    from tests.training.conftest import Machine

    MakeRecipe = Callable[..., Recipe]

FILES = {"voice.onnx", "voice.float32.onnx", "recipe.json", "metrics.jsonl", "samples.txt", "loss.png", "checkpoint"}
"""What a run folder holds, as the design lists it."""


@pytest.fixture
def scores(monkeypatch: pytest.MonkeyPatch) -> Callable[[list[float]], None]:
    """Return a function that decides what the evaluations of a run will find."""

    def decide(bits: list[float]) -> None:
        following = iter(bits)
        monkeypatch.setattr(Loop, "validation_bits", lambda _: next(following))

    return decide


@pytest.fixture
def make_trainer(corpus: Corpus, folder: RunFolder, make_recipe: MakeRecipe) -> Callable[..., Trainer]:
    """Return a function that makes a trainer with a tiny recipe."""

    def make(listener: Listener | None = None, budget: float | None = None, **settings: Any) -> Trainer:
        return Trainer(corpus, make_recipe(**settings), folder, make_fabric("cpu", "32-true"), listener or Listener(), budget)

    return make


def never() -> bool:
    """Don't stop."""
    return False


class Notes(Listener):
    """Keeps the notes of a run, and the averaged weights at each evaluation."""

    def __init__(self) -> None:
        self.notes: list[str] = []
        self.trainer: Trainer | None = None
        self.weights: list[dict[str, np.ndarray]] = []
        self.lengths: list[tuple[int, int]] = []

    def shortened(self, schedule: Schedule) -> None:
        """Keep how many steps there are."""
        self.lengths.append((schedule.steps, schedule.room_steps))

    def noted(self, note: str) -> None:
        """Keep a note."""
        self.notes.append(note)

    def evaluated(self, evaluation: Evaluation, samples: dict[float, str]) -> None:
        """Keep the weights."""
        if self.trainer is not None:
            weights = self.trainer._loop.averaged_weights(self.trainer._loop.best_scale())
            self.weights.append({name: array.copy() for name, array in weights.items()})


def test_a_run_leaves_exactly_its_files(finished: Result) -> None:
    """A finished run folder holds what the design lists; the encoded text and half-written files are gone."""
    assert {path.name for path in finished.folder.iterdir()} == FILES
    assert [path.name for path in (finished.folder / "checkpoint").iterdir()] == ["checkpoint.pt"]


def test_metrics_are_the_evaluations(finished: Result) -> None:
    """Every evaluation stands in the metrics once, in order, with characters counted and the best ones marked."""
    lines = [json.loads(line) for line in (finished.folder / "metrics.jsonl").read_text().splitlines()]
    assert [line["step"] for line in lines] == [10, 20, 30, 40]
    assert [line["characters"] for line in lines] == [step * 4 * 8 for step in (10, 20, 30, 40)]
    assert lines == [vars(evaluation) for evaluation in finished.evaluations]
    bits = [line["validation_bits_per_character"] for line in lines]
    assert [line["best"] for line in lines] == [value == min(bits[: i + 1]) for i, value in enumerate(bits)]
    seconds = [line["seconds"] for line in lines]
    assert seconds == sorted(seconds)
    assert bits[-1] < bits[0]


def test_samples_show_each_temperature(finished: Result) -> None:
    """At each evaluation the voice writes at every temperature, and that is kept with the score."""
    text = (finished.folder / "samples.txt").read_text(encoding="utf-8")
    for evaluation in finished.evaluations:
        assert f"--- step {evaluation.step}, {evaluation.validation_bits_per_character:.3f} bits per character\n" in text
    for temperature in TEMPERATURES:
        assert text.count(f"\n[{temperature}] ") == len(finished.evaluations)


def test_the_loss_curve_is_a_picture(finished: Result) -> None:
    """The loss curve reads back as a picture."""
    assert imread(finished.folder / "loss.png").shape[:2] == (540, 960)


def test_the_card_says_everything(finished: Result, corpus: Corpus) -> None:
    """The voice names its author, what it was made from, its recipe in full, and its scores on validation and test."""
    card = finished.voice.card
    assert (card.kind, card.authors, card.names, card.precision) == ("messages", ("a1",), ("tidewatch",), "int8")
    assert card.alphabet == corpus.alphabet.characters
    assert card.provenance == {
        "sha256": corpus.sha256,
        "messages": 80,
        "characters": sum(part.characters for part in (corpus.train, corpus.validation, corpus.test)),
        "room_characters": 0,
        "training_characters": corpus.train.characters,
        "first": "2024-01-01T00:00:00+00:00",
        "last": "2024-01-04T07:00:00+00:00",
        "author": "a1",
        "left_out": [],
        "version": __version__,
        "seed": 3,
    }
    recipe = json.loads((finished.folder / "recipe.json").read_text())
    assert card.recipe == recipe["recipe"]
    assert recipe["corpus"] == provenance(corpus)
    assert (recipe["version"], recipe["device"]) == (__version__, "cpu")
    assert set(card.scores) == {"validation", "test"}
    for name, part in (("validation", corpus.validation), ("test", corpus.test)):
        assert card.scores[name] == score(finished.voice.engine, part).to_dict()


def test_both_precisions_ship_where_int8_is_cheap(finished: Result) -> None:
    """The voice has int8 weights, and beside it lies the same one in full precision, with its own scores."""
    small, exact = load_voice(finished.folder), load_voice(finished.folder / "voice.float32.onnx")
    assert (small.card.precision, exact.card.precision) == ("int8", "float32")
    cost = [voice.card.scores["validation"]["bits_per_character"] for voice in (small, exact)]
    assert abs(cost[0] - cost[1]) < trainers.INT8_MAY_COST
    assert exact.card.recipe == small.card.recipe
    assert len(list(finished.folder.glob("*.onnx"))) == 2


def test_int8_is_noted(make_trainer: Callable[..., Trainer]) -> None:
    """What int8 weights cost and save is said, in bytes: of a voice as small as this one they may save next to nothing."""
    notes = Notes()
    folder = make_trainer(notes, steps=2, evaluate_every=2).run(never).folder
    assert len(notes.notes) == 1
    assert notes.notes[0].startswith("int8 weights cost ")
    small, whole = ((folder / name).stat().st_size for name in ("voice.onnx", "voice.float32.onnx"))
    assert f"the voice ships with them: {small:,} bytes instead of {whole:,};" in notes.notes[0]
    assert "voice.float32.onnx keeps the full precision" in notes.notes[0]


def test_float32_ships_where_int8_is_dear(
    make_trainer: Callable[..., Trainer], folder: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where one byte a weight costs too much, there is one voice, in full precision, and that is said."""
    monkeypatch.setattr(trainers, "INT8_MAY_COST", -1e9)
    notes = Notes()
    result = make_trainer(notes, steps=2, evaluate_every=2).run(never)
    assert result.voice.card.precision == "float32"
    assert [path.name for path in folder.path.glob("*.onnx")] == ["voice.onnx"]
    assert set(result.voice.card.scores) == {"validation", "test"}
    assert "so the voice ships as float32" in notes.notes[0]


def test_patience_ends_a_run(make_trainer: Callable[..., Trainer], scores: Callable[[list[float]], None]) -> None:
    """Two evaluations that bring nothing better end a run of that patience, though steps are left."""
    scores([3.0, 2.5, 2.6, 2.4, 2.5, 2.45, 1.0])
    result = make_trainer(steps=100, evaluate_every=2, patience=2).run(never)
    assert result.stopped == "early"
    assert [evaluation.step for evaluation in result.evaluations] == [2, 4, 6, 8, 10, 12]
    assert [evaluation.best for evaluation in result.evaluations] == [True, True, False, True, False, False]
    assert result.verdict[0].startswith("Memorising: ")


def test_equal_is_not_better(make_trainer: Callable[..., Trainer], scores: Callable[[list[float]], None]) -> None:
    """A score that stays the same to the fifth decimal is no progress."""
    scores([2.0] * 10)
    result = make_trainer(steps=100, evaluate_every=1, patience=3).run(never)
    assert len(result.evaluations) == 4


def test_the_best_voice_is_written(
    make_trainer: Callable[..., Trainer], folder: RunFolder, scores: Callable[[list[float]], None]
) -> None:
    """The voice at the end is the best one of the run, not the last."""
    scores([3.0, 2.5, 2.6, 2.7])
    notes = Notes()
    trainer = make_trainer(notes, steps=40, evaluate_every=10, learning_rate=0.02)
    notes.trainer = trainer
    result = trainer.run(never)
    assert result.stopped == "finished"
    exact = trainer._scored("float32", notes.weights[1])[0]
    assert (folder.path / "voice.float32.onnx").read_bytes() == exact
    assert exact != trainer._scored("float32", notes.weights[3])[0]


def test_a_worse_evaluation_leaves_the_voice(
    make_trainer: Callable[..., Trainer], folder: RunFolder, scores: Callable[[list[float]], None]
) -> None:
    """While training, the voice in the folder is the best so far, with the score that made it so."""
    scores([3.0, 2.5, 2.6])
    calls = itertools.count()
    make_trainer(steps=40, evaluate_every=2).run(lambda: next(calls) == 7)
    card = load_voice(folder.path).card
    assert card.scores == {"validation": {"bits_per_character": 2.5}}
    assert card.precision == "float32"


def test_interrupted_before_any_evaluation(make_trainer: Callable[..., Trainer], folder: RunFolder) -> None:
    """Stopped at once, there is still a voice to use and a checkpoint to go on from; nothing is judged."""
    result = make_trainer().run(lambda: True)
    assert (result.stopped, result.evaluations, result.verdict) == ("interrupted", [], [])
    assert load_voice(folder.path).generate(seed=1, max_chars=5)
    assert load_checkpoint(folder.checkpoint)["loop"]["step"] == 0
    assert folder.corpus.exists()


def test_interrupted_after_an_evaluation(make_trainer: Callable[..., Trainer], folder: RunFolder) -> None:
    """Stopped between evaluations, what was found so far is told and the checkpoint holds the very step."""
    calls = itertools.count()
    result = make_trainer(evaluate_every=3).run(lambda: next(calls) == 5)
    assert result.stopped == "interrupted"
    assert result.verdict[0].startswith("Interrupted: ")
    assert [evaluation.step for evaluation in result.evaluations] == [3]
    assert load_checkpoint(folder.checkpoint)["loop"]["step"] == 5


def test_a_finished_run_is_resumed_to_the_same_end(make_trainer: Callable[..., Trainer], folder: RunFolder) -> None:
    """Going on with a run that is over changes nothing."""
    make_trainer(steps=4, evaluate_every=2).run(never)
    before = {path.name: path.read_bytes() for path in folder.path.iterdir() if path.is_file()}
    again = make_trainer(steps=4, evaluate_every=2)
    again.resume()
    assert again.run(never).stopped == "finished"
    assert {path.name: path.read_bytes() for path in folder.path.iterdir() if path.is_file()} == before


def test_a_run_that_ended_early_is_not_gone_on_with(
    make_trainer: Callable[..., Trainer], scores: Callable[[list[float]], None]
) -> None:
    """Resumed after its patience had run out, a run takes no further step."""
    scores([2.0, 2.1, 2.2])
    settings = {"steps": 50, "evaluate_every": 2, "patience": 2}
    make_trainer(**settings).run(never)
    again = make_trainer(**settings)
    again.resume()
    result = again.run(never)
    assert (result.stopped, len(result.evaluations)) == ("early", 3)


def test_time_is_counted_over_all_sessions(make_trainer: Callable[..., Trainer], folder: RunFolder) -> None:
    """The seconds of a resumed run go on from those before."""
    calls = itertools.count()
    make_trainer(evaluate_every=3).run(lambda: next(calls) == 5)
    state = load_checkpoint(folder.checkpoint)
    del state["format_version"]
    save_checkpoint(folder.checkpoint, state | {"seconds": 1000.0})
    again = make_trainer(evaluate_every=3)
    again.resume()
    result = again.run(never)
    assert result.evaluations[0].seconds < 1000 <= result.evaluations[1].seconds


def test_a_checkpoint_of_something_else_is_refused(make_trainer: Callable[..., Trainer], folder: RunFolder) -> None:
    """A checkpoint that reads but lacks what a run needs, or is of another network, is a run error."""
    save_checkpoint(folder.checkpoint, {"seconds": 1.0})
    with pytest.raises(RunError, match="checkpoint"):
        make_trainer().resume()
    make_trainer(hidden=24, steps=2, evaluate_every=2).run(never)
    with pytest.raises(RunError, match="checkpoint"):
        make_trainer().resume()


def test_sizes_follow_from_corpus_and_recipe(corpus: Corpus, make_recipe: MakeRecipe) -> None:
    """V and A are the corpus's, E, H and L the recipe's."""
    sizes = sizes_of(corpus, make_recipe(hidden=24, embedding=5, layers=3))
    assert (sizes.symbols, sizes.authors, sizes.embedding, sizes.hidden, sizes.layers) == (len(corpus.alphabet), 1, 5, 24, 3)


def test_times_are_left_out_where_there_are_none(corpus: Corpus) -> None:
    """A chat without times has no first and last message in its provenance."""
    found = provenance(replace(corpus, first=None, last=None))
    assert (found["first"], found["last"]) == (None, None)


PLAN: dict[str, Any] = {"steps": 200, "evaluate_every": 50, "warm_up": 20, "patience": 100}
"""A run of 200 steps and four evaluations."""


def budget_for(corpus: Corpus, recipe: Recipe, machine: Machine) -> float:
    """Return the budget from which a plan would make these steps, whose evaluations take their whole share of it [s]."""
    in_steps = (recipe.steps + steps_after(recipe, amounts_of(corpus))) / (1 - OVERHEAD)
    machine.evaluation = in_steps * OVERHEAD / math.ceil(recipe.steps / recipe.evaluate_every)
    return FIXED_SECONDS + in_steps * machine.step


def test_a_budget_is_kept_when_the_machine_gets_slower(
    make_trainer: Callable[..., Trainer], make_recipe: MakeRecipe, corpus: Corpus, machine: Machine
) -> None:
    """Twice as slow from the middle on: it ends in time, its learning rate without a jump and where it was to end."""
    recipe = make_recipe(**PLAN)
    budget = budget_for(corpus, recipe, machine)
    machine.busy_from, machine.slower = 100, 2.0
    began, notes = machine.now, Notes()
    trainer = make_trainer(notes, budget, **PLAN)
    result = trainer.run(never)
    assert result.stopped == "finished"
    schedule, made = trainer._loop.schedule, result.evaluations[-1].step
    assert made == schedule.steps == notes.lengths[-1][0] == len(machine.rates)
    assert 115 < made < 150
    machine.work(steps_after(recipe, amounts_of(corpus)), made)
    took = machine.now - began + FIXED_SECONDS
    assert 0.93 * budget < took <= budget * (1 + LATE) + 2 * machine.step * machine.slower
    # The rate goes where the plan goes, in strides that never jump; after the last step it would be the final one.
    assert machine.rates == pytest.approx([learning_rate(recipe, schedule.planned(step)) for step in range(made)])
    assert machine.rates[:100] == [learning_rate(recipe, step) for step in range(100)]
    assert learning_rate(recipe, schedule.planned(made)) == recipe.learning_rate * recipe.final_rate
    longest = max(schedule.stride(step) for step in range(made))
    steepest = math.pi / 2 * recipe.learning_rate / recipe.steps
    falls = [one - other for one, other in itertools.pairwise(machine.rates[20:])]
    assert all(0 <= fall <= longest * steepest * 1.001 for fall in falls)
    assert machine.rates[-1] <= learning_rate(recipe, recipe.steps - longest - 1e-9)
    assert len(result.evaluations) >= 3


def test_what_was_shortened_is_told(
    make_trainer: Callable[..., Trainer], make_recipe: MakeRecipe, corpus: Corpus, machine: Machine, folder: RunFolder
) -> None:
    """Each new number of steps is told, a note says why now and then, and the voice says how many were made."""
    recipe = make_recipe(**PLAN)
    machine.busy_from, machine.slower = 100, 2.0
    notes = Notes()
    voice = make_trainer(notes, budget_for(corpus, recipe, machine), **PLAN).run(never).voice
    steps = [length for length, _ in notes.lengths]
    assert steps == sorted(steps, reverse=True)
    assert len(set(steps)) == len(steps)
    said = [note for note in notes.notes if "busier" in note]
    assert 1 <= len(said) <= 3
    assert said[0] == (
        f"the machine is busier than when this began, so {steps[0]} instead of 200 steps are made to keep the budget"
    )
    assert voice.card.recipe == recipe.to_dict() | {"steps": steps[-1]}
    assert load_voice(folder.path / "voice.float32.onnx").card.recipe["steps"] == steps[-1]


def test_room_and_own_part_are_shortened_in_proportion(
    corpus: Corpus, make_trainer: Callable[..., Trainer], make_recipe: MakeRecipe, machine: Machine
) -> None:
    """Slow from early on, a run with a room reads less of both; own steps begin where they would have begun in the plan."""
    plan = PLAN | {"room_steps": 120}
    recipe = make_recipe(**plan)
    machine.busy_from, machine.slower = 20, 3.0
    trainer = make_trainer(None, budget_for(corpus, recipe, machine), **plan)
    result = trainer.run(never)
    schedule = trainer._loop.schedule
    assert schedule.steps < 120
    assert schedule.planned(schedule.room_steps) == pytest.approx(120, abs=2 * schedule.stride(schedule.room_steps))
    assert result.voice.card.recipe["room_steps"] == schedule.room_steps < schedule.steps
    assert sum(evaluation.step > schedule.room_steps for evaluation in result.evaluations) >= 1


@pytest.mark.parametrize("slower", [0.6, 1.0, 1.02])
def test_a_machine_as_fast_as_measured_makes_every_step(
    make_trainer: Callable[..., Trainer], make_recipe: MakeRecipe, corpus: Corpus, machine: Machine, slower: float
) -> None:
    """Faster, as fast, or hardly slower: the run is that of the recipe, and nothing is said."""
    recipe = make_recipe(**PLAN)
    budget = budget_for(corpus, recipe, machine)
    machine.busy_from, machine.slower = 0, slower
    notes = Notes()
    result = make_trainer(notes, budget, **PLAN).run(never)
    assert [evaluation.step for evaluation in result.evaluations] == [50, 100, 150, 200]
    assert machine.rates == [learning_rate(recipe, step) for step in range(200)]
    assert notes.lengths == []
    assert not any("busier" in note for note in notes.notes)
    assert result.voice.card.recipe == recipe.to_dict()


def test_without_a_budget_nothing_is_shortened(make_trainer: Callable[..., Trainer], machine: Machine) -> None:
    """Epochs, and the trials of a sweep, make all their steps, however long it takes."""
    machine.busy_from, machine.slower = 20, 50.0
    result = make_trainer(None, None, **PLAN).run(never)
    assert result.evaluations[-1].step == 200


def test_a_pause_shortens_nothing(
    make_trainer: Callable[..., Trainer], make_recipe: MakeRecipe, corpus: Corpus, machine: Machine
) -> None:
    """Held for an hour, twice, a run goes on as if it hadn't been, and its seconds are those that it trained."""
    recipe = make_recipe(**PLAN)
    budget = budget_for(corpus, recipe, machine)
    machine.pauses = {40: 3600.0, 130: 3600.0}
    result = make_trainer(None, budget, **PLAN).run(never)
    assert [evaluation.step for evaluation in result.evaluations] == [50, 100, 150, 200]
    assert result.evaluations[-1].seconds == pytest.approx((200 + 4 * machine.evaluation) * 0.1, abs=1e-3)
    assert machine.pauses == {}


def test_a_shortened_run_is_resumed_shortened(
    make_trainer: Callable[..., Trainer], make_recipe: MakeRecipe, corpus: Corpus, machine: Machine
) -> None:
    """Stopped after it was shortened, it goes on with the steps it had and keeps the budget over both sessions, unnoted."""
    recipe = make_recipe(**PLAN)
    budget = budget_for(corpus, recipe, machine)
    machine.busy_from, machine.slower = 60, 2.0
    before, after, calls = Notes(), Notes(), itertools.count()
    began = machine.now
    first = make_trainer(before, budget, **PLAN)
    assert first.run(lambda: next(calls) == 110).stopped == "interrupted"
    machine.now += 86_400  # until the next day
    again = make_trainer(after, budget, **PLAN)
    again.resume()
    assert again._loop.schedule.state_dict() == first._loop.schedule.state_dict()
    result = again.run(never)
    assert after.lengths[0] == before.lengths[-1]
    assert not any("busier" in note for note in after.notes)
    schedule = again._loop.schedule
    assert result.evaluations[-1].step == schedule.steps < 150
    # A step before a cut is found where it stands by another line since, which rounds otherwise.
    assert machine.rates == pytest.approx([learning_rate(recipe, schedule.planned(step)) for step in range(schedule.steps)])
    machine.work(steps_after(recipe, amounts_of(corpus)), schedule.steps)
    apart = 2 * max(4, schedule.steps // CHECKS)
    assert machine.now - began - 86_400 + FIXED_SECONDS <= budget * (1 + LATE) + apart * machine.step * machine.slower


def test_an_older_checkpoint_is_gone_on_with(make_trainer: Callable[..., Trainer], folder: RunFolder) -> None:
    """A checkpoint that holds no schedule is of a run with all its steps."""
    calls = itertools.count()
    make_trainer(evaluate_every=3).run(lambda: next(calls) == 5)
    state = load_checkpoint(folder.checkpoint)
    del state["format_version"], state["loop"]["schedule"]
    save_checkpoint(folder.checkpoint, state)
    again = make_trainer(evaluate_every=3)
    again.resume()
    assert again.run(never).evaluations[-1].step == 20
