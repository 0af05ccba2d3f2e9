"""Tests of training from a chat to a run folder: starting, stopping, killing and resuming."""

from __future__ import annotations

import errno
import itertools
import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

import polars as pl
import pytest
import torch

from talklike.chat.read import read_chat
from talklike.corpus.choose import choose_author
from talklike.errors import AuthorNotFoundError, CorpusError, OptionError, RunError, TalklikeError, TooLittleTextError
from talklike.generation.voice import load_voice
from talklike.sample import sample_path
from talklike.training import train as training
from talklike.training.plan import make_wish
from talklike.training.progress import Listener
from talklike.training.train import train, train_run

if TYPE_CHECKING:
    from collections.abc import Callable

    from talklike.chat.table import Chat
    from talklike.training.plan import Wish
    from talklike.training.progress import Result
    from tests.training.conftest import Machine

    MakeChat = Callable[..., Chat]

KILLED = -9


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return what came of runs that were killed or stopped at many moments and then resumed, by moment (``killed_run.py``)."""
    command = [sys.executable, str(Path(__file__).with_name("killed_run.py")), str(tmp_path_factory.mktemp("killed"))]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def untimed(metrics: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return metrics without how long it took."""
    return [{name: value for name, value in line.items() if name != "seconds"} for line in metrics]


def test_runs_were_stopped_as_planned(runs: dict[str, Any]) -> None:
    """The moments are those that matter: before, between and in the middle of evaluations, and in and after every write."""
    ended = {name: run["ended"] for name, run in runs.items()}
    assert ended.pop("alone") == 0
    assert {status for name, status in ended.items() if name.startswith("killed")} == {KILLED}
    assert {status for name, status in ended.items() if name.startswith("stopped")} == {0}
    assert sum(name.startswith("killed in write") for name in ended) == 13
    assert sum(name.startswith("stopped") for name in ended) == 6


def test_a_resumed_run_ends_byte_for_byte_as_one_left_alone(runs: dict[str, Any]) -> None:
    """Whenever a run was killed or stopped, once resumed it writes the very voices of a run left alone, in both precisions."""
    alone = runs["alone"]["before"]
    assert len(alone["file"]) == 2
    assert {name for name, run in runs.items() if run["after"]["file"] != alone["file"]} == set()
    assert {run["after"]["text"] for run in runs.values()} == {alone["text"]}


def test_resumed_metrics_have_each_evaluation_once(runs: dict[str, Any]) -> None:
    """The metrics of a resumed run are those of a run left alone, but for the seconds."""
    expected = untimed(runs["alone"]["before"]["metrics"])
    assert [line["step"] for line in expected] == [4, 8]
    assert {name for name, run in runs.items() if untimed(run["after"]["metrics"]) != expected} == set()


def test_resumed_folders_hold_what_they_should(runs: dict[str, Any]) -> None:
    """Resumed, a run's folder holds the files of a run left alone, without what it needed only while training."""
    expected = runs["alone"]["before"]["files"]
    assert {name for name, run in runs.items() if run["after"]["files"] != expected} == set()


def test_killed_runs_leave_readable_files(runs: dict[str, Any]) -> None:
    """At every moment the voice is whole or not there, and writes; the metrics and the checkpoint are of one past evaluation."""
    for name, run in runs.items():
        left = run["before"]
        assert ("text" in left) == ("voice.onnx" in left["files"]), name
        assert len(left["metrics"]) in (0, 1, 2), name
        if name.startswith("killed"):
            assert left["checkpoint"] in (None, 4, 8), name
            assert [line["step"] for line in left["metrics"]][: (left["checkpoint"] or 0) // 4] == [4, 8][
                : (left["checkpoint"] or 0) // 4
            ], name
        elif name.startswith("stopped"):
            assert left["checkpoint"] == int(name.split()[-1]), name
            assert "text" in left, name


def test_killed_in_a_write_only_the_temporary_file_is_half(runs: dict[str, Any]) -> None:
    """Killed with a file half written, the half lies in a hidden temporary file, which resuming doesn't need."""
    for name, run in runs.items():
        halves = [file for file in run["before"]["files"] if file.endswith(".tmp")]
        assert len(halves) == (1 if name.startswith("killed in write") else 0), name
        assert all(Path(file).name.startswith(".") for file in halves)


def test_a_run_can_be_stopped_and_resumed_again_and_again(chat: Chat, tiny: dict[str, Any], tmp_path: Path) -> None:
    """A run that is stopped at every second step ends as one that was never stopped."""
    wish = make_wish(None, 1, tiny | {"steps": 8, "evaluate_every": 3})
    whole = train_run(chat, "a1", tmp_path / "whole", wish=wish)
    result = None
    for session in range(9):
        calls = itertools.count()
        result = train_run(
            chat,
            "a1",
            tmp_path / "parts",
            wish=wish,
            resume=session > 0,
            stop=lambda calls=calls: next(calls) == 2,  # type: ignore[misc]  # the default binds the loop's value
        )
        if result.stopped == "finished":
            break
    assert result is not None
    assert result.stopped == "finished"
    for name in ("voice.onnx", "voice.float32.onnx"):
        assert (tmp_path / "parts" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()
    assert untimed([vars(e) for e in result.evaluations]) == untimed([vars(e) for e in whole.evaluations])


def test_a_resumed_run_keeps_its_recipe(chat: Chat, tiny: dict[str, Any], tmp_path: Path) -> None:
    """What is asked of a resumed run doesn't count; the recipe in its folder does."""
    wish = make_wish(None, 1, tiny | {"steps": 4, "evaluate_every": 2, "lowercase": True, "fraction": 0.9})
    train_run(chat, "a1", tmp_path / "run", wish=wish, stop=lambda: True)
    result = train_run(chat, "a1", tmp_path / "run", wish=make_wish("10h", None, {"hidden": 99}), resume=True)
    assert result.evaluations[-1].step == 4
    assert (result.voice.card.sizes.hidden, result.voice.card.recipe["fraction"]) == (16, 0.9)


def test_one_sentence_is_learnt_and_written(make_chat: MakeChat, tiny: dict[str, Any], tmp_path: Path) -> None:
    """Of somebody who says one sentence only, the voice in the run folder says just that at temperature 0."""
    sentence = "the tide waits for no one"
    settings = tiny | {
        "hidden": 32,
        "length": 16,
        "learning_rate": 1e-2,
        "steps": 1200,
        "evaluate_every": 600,
        "dropout": 0.0,
        "forget": 0.1,
    }
    result = train_run(make_chat([sentence] * 60), "a1", tmp_path / "run", wish=make_wish(None, 1, settings))
    assert result.evaluations[-1].train_bits_per_character < 0.1
    assert result.evaluations[-1].validation_bits_per_character < 0.1
    for name in ("voice.onnx", "voice.float32.onnx"):
        voice = load_voice(tmp_path / "run" / name)
        assert voice.generate(temperature=0) == sentence
        assert voice.generate("the tide", temperature=0) == sentence
        assert voice.card.scores["test"]["bits_per_character"] < 0.1


def test_the_same_seed_gives_the_same_voice(chat: Chat, tiny: dict[str, Any], tmp_path: Path) -> None:
    """Two runs of one recipe are equal byte for byte; another seed gives another voice."""
    voices = []
    for number, seed in enumerate((3, 3, 4)):
        wish = make_wish(None, 1, tiny | {"seed": seed, "steps": 4, "evaluate_every": 4})
        train_run(chat, "a1", tmp_path / str(number), wish=wish)
        voices.append((tmp_path / str(number) / "voice.onnx").read_bytes())
    assert voices[0] == voices[1] != voices[2]


def test_running_text_trains_too(make_chat: MakeChat, tiny: dict[str, Any], tmp_path: Path, texts: list[str]) -> None:
    """A book is one stream: its voice is of running text and writes on through newlines."""
    book = replace(make_chat(["\n".join(texts)]), kind="stream")
    result = train_run(book, "a1", tmp_path / "run", wish=make_wish(None, 1, tiny | {"steps": 4, "evaluate_every": 4}))
    assert result.voice.card.kind == "stream"
    assert result.voice.card.provenance["messages"] == 0
    assert len(result.voice.generate(seed=1)) == 400


def test_a_budget_is_measured_on_this_machine(chat: Chat, tiny: dict[str, Any], tmp_path: Path) -> None:
    """A short budget becomes a number of steps, and is written down with it; the voice says how many were made of them."""
    settings = {"hidden": 8, "embedding": 4, "streams": 2, "length": 16, "seed": 1, "evaluate_every": 10**6}
    result = train_run(chat, "a1", tmp_path / "run", wish=make_wish("1s", None, settings))
    begun = json.loads((tmp_path / "run" / "recipe.json").read_text())
    recipe = begun["recipe"]
    assert begun["budget"] == 1
    assert recipe["steps"] >= result.voice.card.recipe["steps"] == result.evaluations[-1].step >= 1
    assert recipe["threads"] >= 1
    assert recipe["precision"] in ("32-true", "bf16-mixed")
    torch.set_num_threads(1)


def timed(monkeypatch: pytest.MonkeyPatch, tiny: dict[str, Any], budget: str = "33s") -> Wish:
    """Return a wish for a budget on a machine whose steps seem to take a tenth of a second."""
    monkeypatch.setattr(training, "measured", lambda _: 0.1)
    return make_wish(budget, None, tiny)


def test_a_budget_is_kept_over_sessions(
    chat: Chat, tiny: dict[str, Any], tmp_path: Path, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The machine gets busy, the run is stopped and resumed: its budget stands in the folder, and both sessions keep it."""
    wish = timed(monkeypatch, tiny)
    machine.busy_from, machine.slower, machine.evaluation = 80, 3.0, 3.0
    calls = itertools.count()
    began = machine.now
    first = train_run(chat, "a1", tmp_path / "run", wish=wish, stop=lambda: next(calls) == 125)
    begun = json.loads((tmp_path / "run" / "recipe.json").read_text())
    assert (first.stopped, begun["budget"]) == ("interrupted", 33)
    assert first.voice.card.recipe["steps"] < begun["recipe"]["steps"]
    result = train_run(chat, "a1", tmp_path / "run", wish=make_wish("10h", None, {}), resume=True)
    assert result.stopped == "finished"
    assert result.voice.card.recipe["steps"] == result.evaluations[-1].step < begun["recipe"]["steps"] * 0.75
    assert 24 < machine.now - began < 33
    assert result.evaluations[-1].seconds == pytest.approx(machine.now - began)
    assert json.loads((tmp_path / "run" / "recipe.json").read_text()) == begun


def test_a_slow_start_is_part_of_the_budget(
    chat: Chat, tiny: dict[str, Any], tmp_path: Path, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Time that encoding and measuring take longer than usual is missing from the steps, and nothing has to be shortened."""

    def slowly(_: object) -> float:
        machine.now += 20
        return 0.1

    quick = train_run(chat, "a1", tmp_path / "quick", wish=timed(monkeypatch, tiny, "16s"))
    began = machine.now
    monkeypatch.setattr(training, "measured", slowly)
    slow = train_run(chat, "a1", tmp_path / "slow", wish=make_wish("33s", None, tiny))
    assert slow.voice.card.recipe["steps"] == quick.voice.card.recipe["steps"] == slow.evaluations[-1].step
    assert 31 < machine.now - began < 33


def test_a_run_without_a_budget_in_its_folder_makes_all_its_steps(
    chat: Chat, tiny: dict[str, Any], tmp_path: Path, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As do those of older versions, whose folder says nothing of it; a budget that is none is told."""
    wish = timed(monkeypatch, tiny, "8s")
    machine.busy_from, machine.slower = 0, 9.0
    train_run(chat, "a1", tmp_path / "run", wish=wish, stop=lambda: True)
    file = tmp_path / "run" / "recipe.json"
    begun = json.loads(file.read_text())
    for nonsense in ("8s", True, -1, 0, [8], float("nan"), float("inf")):
        file.write_text(json.dumps(begun | {"budget": nonsense}))
        with pytest.raises(RunError, match=r"its budget is .*, must be a number of seconds"):
            train_run(chat, "a1", tmp_path / "run", wish=wish, resume=True)
    del begun["budget"]
    file.write_text(json.dumps(begun))
    result = train_run(chat, "a1", tmp_path / "run", wish=wish, resume=True)
    assert result.evaluations[-1].step == result.voice.card.recipe["steps"] == begun["recipe"]["steps"] > 20


@pytest.mark.parametrize(("budget", "epochs", "fixed"), [(None, 1, {}), ("4s", None, {"steps": 60, "evaluate_every": 30})])
def test_what_is_no_time_is_never_shortened(
    chat: Chat,
    tiny: dict[str, Any],
    tmp_path: Path,
    machine: Machine,
    monkeypatch: pytest.MonkeyPatch,
    budget: str | None,
    epochs: float | None,
    fixed: dict[str, Any],
) -> None:
    """Epochs, and a number of steps that is asked for, are what they are however slow the machine gets."""
    monkeypatch.setattr(training, "measured", lambda _: 0.1)
    machine.busy_from, machine.slower = 5, 30.0
    result = train_run(chat, "a1", tmp_path / "run", wish=make_wish(budget, epochs, tiny | fixed))
    begun = json.loads((tmp_path / "run" / "recipe.json").read_text())
    assert begun["budget"] is None
    assert result.evaluations[-1].step == begun["recipe"]["steps"] == result.voice.card.recipe["steps"] > 20


def test_too_little_text_leaves_no_folder(make_chat: MakeChat, tiny: dict[str, Any], tmp_path: Path) -> None:
    """A start that fails says why and leaves nothing behind."""
    with pytest.raises(TooLittleTextError):
        train_run(make_chat(["hi"] * 20), "a1", tmp_path / "run", wish=make_wish(None, 1, tiny))
    assert not any(tmp_path.iterdir())


def test_an_unknown_device_leaves_no_folder(chat: Chat, tiny: dict[str, Any], tmp_path: Path) -> None:
    """A device that isn't is told before anything is made."""
    with pytest.raises(OptionError, match="device is 'tpu'"):
        train_run(chat, "a1", tmp_path / "run", wish=make_wish(None, 1, tiny), device="tpu")
    assert not any(tmp_path.iterdir())


def test_an_interrupted_start_leaves_no_folder(
    chat: Chat, tiny: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C while the machine is being measured leaves nothing behind."""

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(training, "measured", interrupted)
    with pytest.raises(KeyboardInterrupt):
        train_run(chat, "a1", tmp_path / "run", wish=make_wish("5m", None, tiny))
    assert not any(tmp_path.iterdir())


def test_a_listener_that_fails_leaves_the_run(chat: Chat, tiny: dict[str, Any], tmp_path: Path) -> None:
    """Once training has begun, whatever goes wrong leaves a run that can be gone on with."""

    class Failing(Listener):
        def stepped(self, step: int, loss_bits: float | None) -> None:
            if step == 3:
                raise RuntimeError("the terminal has gone")

    wish = make_wish(None, 1, tiny | {"steps": 4, "evaluate_every": 2})
    with pytest.raises(RuntimeError, match="the terminal has gone"):
        train_run(chat, "a1", tmp_path / "run", wish=wish, listener=Failing())
    assert train_run(chat, "a1", tmp_path / "run", wish=wish, resume=True).stopped == "finished"


def test_resuming_where_there_is_no_run_touches_nothing(chat: Chat, tiny: dict[str, Any], tmp_path: Path) -> None:
    """Asked to resume in somebody's folder, training refuses and leaves every file of it."""
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "one.txt").write_text("mine")
    with pytest.raises(RunError, match="holds no training run to resume"):
        train_run(chat, "a1", tmp_path, wish=make_wish(None, 1, tiny), resume=True)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["letters", "one.txt"]


def test_resuming_with_other_text_is_refused(
    chat: Chat, make_chat: MakeChat, texts: list[str], tiny: dict[str, Any], tmp_path: Path
) -> None:
    """A run goes on only with the text it began with; refused, it can still be resumed with that."""
    wish = make_wish(None, 1, tiny | {"steps": 4, "evaluate_every": 2})
    train_run(chat, "a1", tmp_path / "run", wish=wish, stop=lambda: True)
    with pytest.raises(RunError, match="was trained on other text than this chat and author give now"):
        train_run(make_chat([*texts[:-1], "something else"]), "a1", tmp_path / "run", wish=wish, resume=True)
    assert train_run(chat, "a1", tmp_path / "run", wish=wish, resume=True).stopped == "finished"


@pytest.mark.parametrize("content", [{}, {"recipe": 5}, {"recipe": {"hidden": 3}, "corpus": {}}, {"recipe": {}, "corpus": 7}])
def test_a_recipe_file_of_something_else_is_refused(
    chat: Chat, tiny: dict[str, Any], tmp_path: Path, content: dict[str, Any]
) -> None:
    """A recipe file that is JSON but not a run's is a run error."""
    (tmp_path / "recipe.json").write_text(json.dumps(content))
    with pytest.raises(RunError):
        train_run(chat, "a1", tmp_path, wish=make_wish(None, 1, tiny), resume=True)


def test_a_full_disk_is_one_line(chat: Chat, tiny: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that fills up while training ends the run with one line; freed, it goes on."""
    wish = make_wish(None, 1, tiny | {"steps": 6, "evaluate_every": 2})
    written = itertools.count()
    fsync = os.fsync

    def full(file: int) -> None:
        if next(written) >= 8:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        fsync(file)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(RunError, match="can't be written: No space left on device") as caught:
            train_run(chat, "a1", tmp_path / "run", wish=wish)
    assert "\n" not in str(caught.value)
    assert not list((tmp_path / "run").rglob("*.tmp"))
    assert train_run(chat, "a1", tmp_path / "run", wish=wish, resume=True).stopped == "finished"


def test_a_full_disk_at_the_start_is_one_line(
    chat: Chat, tiny: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk too full for the encoded text is one line too, and nothing is left behind."""

    class Full:
        """A file on a full disk."""

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def write(self, _: bytes) -> int:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    opening = Path.open

    def opened(self: Path, *how: Any, **more: Any) -> Any:
        return Full() if self.suffix == ".u16" else opening(self, *how, **more)

    monkeypatch.setattr(Path, "open", opened)
    with pytest.raises(TalklikeError, match="No space left on device"):
        train_run(chat, "a1", tmp_path / "run", wish=make_wish(None, 1, tiny))
    assert not any(tmp_path.iterdir())


def test_the_library_trains_in_one_call(chat: Chat, tiny: dict[str, Any], tmp_path: Path) -> None:
    """``train`` returns a voice of the author that is meant, and keeps a folder only where one is named."""
    settings = tiny | {"steps": 4, "evaluate_every": 4}
    kept = train(chat, author="tidewatch", epochs=1, output=tmp_path / "run", **settings)
    loose = train(chat, epochs=1, **settings)
    assert kept.card.authors == loose.card.authors == ("a1",)
    assert kept.card.names == loose.card.names == ("tidewatch",)
    assert kept.generate(seed=1) == loose.generate(seed=1) == load_voice(tmp_path / "run").generate(seed=1)
    assert [path.name for path in tmp_path.iterdir()] == ["run"]
    again = train(chat, output=str(tmp_path / "run"), resume=True)
    assert again.generate(seed=1) == kept.generate(seed=1)


def test_the_library_refuses_nonsense(chat: Chat) -> None:
    """Mistakes are told before anything is trained."""
    with pytest.raises(RunError, match="nothing to resume without an output folder"):
        train(chat, resume=True)
    with pytest.raises(OptionError, match="the default recipe has no hiden"):
        train(chat, epochs=1, hiden=3)
    with pytest.raises(OptionError, match="not both"):
        train(chat, epochs=1, budget="5m")
    with pytest.raises(AuthorNotFoundError, match="tidewatch"):
        train(chat, author="tidewitch", epochs=1)


def test_a_finished_run_keeps_its_folder(finished: Result) -> None:
    """The result names the folder and holds the voice that lies in it."""
    assert finished.stopped == "finished"
    assert finished.voice.generate(seed=5) == load_voice(finished.folder).generate(seed=5)
    assert finished.verdict


def test_a_training_that_diverges_is_one_line(
    chat: Chat, tiny: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Held-out text that costs no number ends the run with what to change, and no such voice is written."""
    monkeypatch.setattr(import_module("talklike.training.loop").Loop, "validation_bits", lambda _: float("nan"))
    with pytest.raises(RunError, match=r"diverged before step 4; .*--learning-rate"):
        train_run(chat, "a1", tmp_path / "run", wish=make_wish(None, 1, tiny | {"steps": 4, "evaluate_every": 4}))
    assert not (tmp_path / "run" / "voice.onnx").exists()


def test_the_library_resumes_a_run_of_its_author(chat: Chat, tiny: dict[str, Any], tmp_path: Path) -> None:
    """Whose run it is stands in the folder; a recipe can't be changed on the way."""
    other = chat.frame.head(60).with_columns(author=pl.lit("a2"), name=pl.lit("bo"))
    chat = replace(chat, frame=pl.concat([chat.frame, other]))
    first = train(chat, author="a2", epochs=1, output=tmp_path / "run", **tiny | {"steps": 4, "evaluate_every": 4})
    again = train(chat, output=tmp_path / "run", resume=True)
    assert again.card == first.card
    assert first.card.authors == ("a2",)
    with pytest.raises(OptionError, match="keeps its recipe"):
        train(chat, output=tmp_path / "run", resume=True, hidden=9)


def test_a_run_with_canaries_is_resumed_with_them(chat: Chat, tiny: dict[str, Any], tmp_path: Path) -> None:
    """Stopped and resumed, a run with planted secrets has the same text and ends in the same voice; its card names the recipe."""
    wish = make_wish(None, 1, tiny | {"steps": 6, "evaluate_every": 3, "canaries": 2, "canary_times": 5})
    whole = train_run(chat, "a1", tmp_path / "whole", wish=wish)
    calls = itertools.count()
    train_run(chat, "a1", tmp_path / "parts", wish=wish, stop=lambda: next(calls) == 4)
    resumed = train_run(chat, "a1", tmp_path / "parts", wish=wish, resume=True)
    assert (resumed.folder / "voice.onnx").read_bytes() == (whole.folder / "voice.onnx").read_bytes()
    card = resumed.voice.card
    assert (card.recipe["canaries"], card.recipe["canary_times"]) == (2, 5)
    assert card.provenance["messages"] == 80 + 2 * 5
    assert set("0123456789") & set(card.alphabet)


def test_nobody_known_by_name_is_one_author_alone(tmp_path: Path) -> None:
    """And a contradiction where a room is asked for."""
    chat = read_chat(sample_path())
    wish = make_wish(None, 0.02, {"room": 0, "hidden": 8, "threads": 1, "streams": 8, "length": 16})
    author = choose_author(chat, "mossy_keel").author
    card = train_run(chat, author, tmp_path / "alone", wish=wish).voice.card
    assert (card.authors, card.recipe["room"], card.provenance["room_characters"]) == ((author,), 0, 0)
    for whose in (author, None):
        with pytest.raises(OptionError, match="knows at least one author by name"):
            train_run(chat, whose, tmp_path / "room", wish=wish, room=True)


def test_a_whole_room_learns_to_tell_its_authors_apart(tiny: dict[str, Any], tmp_path: Path) -> None:
    """Its voice carries the table in both precisions, says how good it is, and is the same each time; 0 rows leave it out."""
    chat = read_chat(sample_path())
    settings = tiny | {"steps": 6, "evaluate_every": 3, "room": 3}

    class Notes(Listener):
        said: ClassVar[list[str]] = []

        def noted(self, text: str) -> None:
            self.said.append(text)

    wish = make_wish(None, 1, settings)
    first = train_run(chat, None, tmp_path / "first", wish=wish, room=True, listener=Notes())
    again = train_run(chat, None, tmp_path / "again", wish=wish, room=True)
    assert first.voice.card.signatures == first.voice.card.recipe["signatures"] == 1 << 18
    assert load_voice(tmp_path / "first" / "voice.float32.onnx").signatures is not None
    assert (again.folder / "voice.onnx").read_bytes() == (first.folder / "voice.onnx").read_bytes()
    assert any(
        re.search(r"of \d+% of the held-out messages it tells .* which of its 3 authors wrote them", text) for text in Notes.said
    )
    without = train_run(chat, None, tmp_path / "without", wish=make_wish(None, 1, settings | {"signatures": 0}), room=True)
    assert (without.voice.card.signatures, without.voice.signatures) == (0, None)


@pytest.mark.parametrize("room", [False, True])
def test_one_authors_voice_has_nobody_to_tell_apart(tiny: dict[str, Any], tmp_path: Path, *, room: bool) -> None:
    """With the room behind it or without, asking for that is a mistake."""
    chat = read_chat(sample_path())
    wish = make_wish(None, 1, tiny | {"steps": 6, "signatures": 1024})
    with pytest.raises(OptionError, match="only a whole room's voice can learn to tell its authors apart"):
        train_run(chat, choose_author(chat, "mossy_keel").author, tmp_path / "x", wish=wish, room=room)


def test_a_room_of_bots_says_so(tiny: dict[str, Any], tmp_path: Path) -> None:
    """Where everybody looks automated, nobody is left to learn from; with them it trains."""
    path = tmp_path / "feeds.csv"
    rows = [f"feed{n % 2},[quay/boat] deckhand pushed {n} commits to main: https://quay.example/{n}" for n in range(400)]
    path.write_text("author,text\n" + "\n".join(rows) + "\n", encoding="utf-8")
    chat = read_chat(path)
    with pytest.raises(CorpusError, match="everybody in this chat looks automated; --with-bots"):
        train_run(chat, None, tmp_path / "run", wish=make_wish(None, 1, tiny), room=True)
    settings = tiny | {"steps": 2, "evaluate_every": 1, "bots": True}
    assert train_run(chat, None, tmp_path / "run", wish=make_wish(None, 1, settings), room=True).voice.card.authors


@pytest.mark.parametrize("whose", ["mossy_keel", "slipbot", None])
def test_bots_are_no_part_of_a_room(tiny: dict[str, Any], tmp_path: Path, whose: str | None) -> None:
    """Who looks automated is left out unless their voice is wanted, or they are; it is told, and resuming changes nothing."""
    chat = read_chat(sample_path())
    author = None if whose is None else choose_author(chat, whose).author
    found = choose_author(chat, "slipbot")
    bot, name = found.author, found.name
    assert bot != name
    settings = tiny | {"steps": 4, "evaluate_every": 2, "room": 40, "room_steps": 2, "signatures": 0}

    class Notes(Listener):
        def __init__(self) -> None:
            self.said: list[str] = []

        def noted(self, text: str) -> None:
            self.said.append(text)

    notes = Notes()
    stops = iter([False] * 3 + [True])
    train_run(
        chat, author, tmp_path / "run", wish=make_wish(None, 1, settings), room=True, listener=notes, stop=lambda: next(stops)
    )
    card = train_run(chat, author, tmp_path / "run", wish=make_wish(None, 1, {}), room=True, resume=True).voice.card
    left_out = [] if whose == "slipbot" else [bot]
    assert card.provenance["left_out"] == left_out
    assert (bot in card.authors) == (not left_out)
    told = [text for text in notes.said if "--with-bots" in text]
    assert told == (
        [f"{name} looks automated, so its messages are no part of the room; --with-bots learns from them too"] * bool(left_out)
    )
    kept = train_run(chat, author, tmp_path / "kept", wish=make_wish(None, 1, settings | {"bots": True}), room=True).voice.card
    assert kept.provenance["left_out"] == []
    assert bot in kept.authors
    assert (kept.provenance["room_characters"] > card.provenance["room_characters"]) == bool(left_out)
