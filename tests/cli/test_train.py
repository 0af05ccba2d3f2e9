"""Tests of ``talklike train``."""

from __future__ import annotations

import builtins
import csv
import json
import os
import shlex
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import torch

from talklike.cli import train as command
from talklike.cli.train import _run_folder, enough_memory, stop_on_interrupt
from talklike.errors import RunError
from talklike.generation.voice import load_voice

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[..., Any]


@pytest.fixture(scope="module")
def trained(chat_file: Path, tmp_path_factory: pytest.TempPathFactory, tiny: list[str]) -> Path:
    """Return the folder of a finished run."""
    folder = tmp_path_factory.mktemp("trained") / "run"
    line = [sys.executable, "-m", "talklike", "train", str(chat_file), "-o", str(folder), *tiny]
    subprocess.run(line, check=True, capture_output=True)
    return folder


def test_train_then_generate(talklike: Run, chat_file: Path, tmp_path: Path, tiny: list[str]) -> None:
    """A chat in, a voice out: its path on standard output, everything else on standard error, and it writes."""
    folder = tmp_path / "run"
    ran = talklike("train", chat_file, "-o", folder, *tiny)
    assert (ran.status, ran.out) == (0, f"{folder / 'voice.onnx'}\n")
    card = load_voice(folder).card
    assert card.names[0] == "harbour master"  # the most active
    assert (card.sizes.hidden, card.sizes.embedding, card.recipe["seed"]) == (16, 8, 3)
    test = card.scores["test"]
    lines = ran.err.splitlines()
    assert any(line.startswith("harbour master: ") and "characters to learn from" in line for line in lines)
    assert (
        f"Test: {test['bits_per_character']:.3f} bits per character, {test['bits_per_byte']:.3f} bits per byte on messages it "
        "has never seen." in lines
    )
    assert lines[-1] == f"Let it write: talklike generate {folder}"
    assert "Saved. Go on with" not in ran.err
    assert talklike(*shlex.split(lines[-1].split("talklike ", 1)[1]), "--seed", "1").status == 0


def test_a_voice_of_the_room_writes_as_anyone(talklike: Run, chat_file: Path, tmp_path: Path, tiny: list[str]) -> None:
    """Without an author, --room learns everyone; the voice writes as each, and as someone, and says whom it doesn't know."""
    ran = talklike("train", chat_file, "--room", "-o", tmp_path / "run", *tiny)
    assert ran.status == 0
    assert "the room: " in ran.err
    assert "authors known by name" in ran.err
    names = load_voice(tmp_path / "run").card.names
    assert set(names) == {"harbour master", "ferry"}
    for author in (*names, "someone"):
        assert talklike("generate", tmp_path / "run", "--author", author, "--seed", "1").status == 0
    unknown = talklike("generate", tmp_path / "run", "--author", "nobody")
    assert (unknown.status, unknown.err.count("\n")) == (1, 1)


def test_the_room_behind_one_author(talklike: Run, chat_file: Path, tmp_path: Path, tiny: list[str]) -> None:
    """--author with --room reads everyone first; --alone reads nobody else; both are tested on the same messages."""
    cards = {}
    for how in ("--room", "--alone"):
        ran = talklike("train", chat_file, "--author", "ferry", how, "-o", tmp_path / how, *tiny)
        assert ran.status == 0, ran.err
        cards[how] = load_voice(tmp_path / how).card
    assert cards["--room"].names == ("ferry", "harbour master")
    assert cards["--alone"].names == ("ferry",)
    assert cards["--room"].recipe["room_steps"] > 0
    assert cards["--alone"].recipe["room_steps"] == 0
    assert cards["--room"].provenance["characters"] == cards["--alone"].provenance["characters"]
    assert cards["--room"].provenance["room_characters"] > cards["--room"].provenance["training_characters"]


def test_json(talklike: Run, chat_file: Path, tmp_path: Path, tiny: list[str]) -> None:
    """For a program there is one object with the folder, how it ended, the steps, the scores and the verdict."""
    ran = talklike("train", chat_file, "-o", tmp_path / "run", *tiny, "--json")
    facts = json.loads(ran.out)
    assert ran.status == 0
    assert facts["folder"] == str(tmp_path / "run")
    assert facts["stopped"] == "finished"
    assert facts["scores"] == load_voice(tmp_path / "run").card.scores
    assert facts["steps"] == load_voice(tmp_path / "run").card.recipe["steps"]
    assert all(sentence in ran.err for sentence in facts["verdict"])


def test_options_reach_the_recipe(talklike: Run, chat_file: Path, tmp_path: Path) -> None:
    """Every option of the recipe is what the recipe in the folder says."""
    given: dict[str, Any] = {
        "fraction": 0.9, "seed": 5, "hidden": 12, "layers": 2, "embedding": 6, "dropout": 0.2, "dropout_between": 0.3,
        "streams": 16, "length": 40, "learning_rate": 0.001, "weight_decay": 0.2, "clip": 0.5, "patience": 4, "threads": 1,
        "canaries": 2, "canary_times": 3,
    }  # fmt: skip
    options = [str(part) for name, value in given.items() for part in (f"--{name.replace('_', '-')}", value)]
    ran = talklike(
        "train", chat_file, "-o", tmp_path / "run", "--epochs", "0.5", "--lowercase", "--novelty-index",
        "--author", "HARBOUR master", *options,
    )  # fmt: skip
    assert ran.status == 0, ran.err
    recipe = json.loads((tmp_path / "run" / "recipe.json").read_text())["recipe"]
    assert {name: recipe[name] for name in given} == given
    assert recipe["lowercase"] is True
    assert recipe["novelty_index"] is True
    assert talklike("generate", tmp_path / "run", "--novelty", 16, "--seed", 1).status == 0


TUTORIAL = [
    "--recipe",
    "tutorial",
    "--epochs",
    "2",
    "--window",
    "10",
    "--hidden",
    "8",
    "--batch-size",
    "32",
    "--characters",
    "20",
]


def test_the_tutorial_s_recipe(talklike: Run, chat_file: Path, tmp_path: Path) -> None:
    """It says what it does, how the loss improves as Keras would, and what it writes; options reach it."""
    options = ["--step", "2", "--optimizer", "adam", "--temperatures", "0.5,1", "--keep-case", "--fraction", "0.5"]
    ran = talklike("train", chat_file, "-o", tmp_path / "run", *TUTORIAL, *options)
    assert (ran.status, ran.out) == (0, f"{tmp_path / 'run' / 'voice.onnx'}\n")
    assert "the tutorial's recipe: 1×8 LSTM on cpu (32-true" in ran.err
    assert "windows of 10 every 2, adam with learning rate 0.01, 2 epochs of" in ran.err
    assert "Epoch 1: loss improved from inf to " in ran.err
    assert ran.err.count("  0.5  ") == 2
    assert ran.err.count("  1.0  ") == 2
    recipe = load_voice(tmp_path / "run").card.recipe
    assert (recipe["name"], recipe["lowercase"], recipe["fraction"], recipe["step"]) == ("tutorial", False, 0.5, 2)
    again = talklike("train", chat_file, "-o", tmp_path / "run", "--resume")
    assert again.status == 0, "a run that is done ends at once, in the same voice"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--recipe", "keras"], "recipe is 'keras', must be one of default, tutorial"),
        ([*TUTORIAL, "--budget", "1m"], "not a time"),
        ([*TUTORIAL, "--streams", "3"], "the tutorial's recipe has no streams"),
        (["--window", "40"], "the default recipe has no window; it is the tutorial's (--recipe tutorial)"),
        (["--step", "2", "--window", "9"], "the default recipe has no window, step; they are the tutorial's (--recipe tutorial)"),
        ([*TUTORIAL, "--temperatures", "hot"], "temperatures are 'hot'"),
        ([*TUTORIAL, "--room"], "one author alone"),
        ([*TUTORIAL, "--fraction", "0.9", "--window", "4000"], "less than a window of 4000"),
    ],
)
def test_what_isn_t_of_a_recipe_is_refused(
    talklike: Run, chat_file: Path, tmp_path: Path, options: list[str], message: str
) -> None:
    """In one line that names the option; and no folder is left behind."""
    ran = talklike("train", chat_file, "-o", tmp_path / "run", *options)
    assert ran.status != 0
    assert message in ran.err
    assert not (tmp_path / "run").exists()


def test_a_voice_without_an_index_can_not_be_guarded(talklike: Run, trained: Path) -> None:
    """One line says how to get one that can."""
    ran = talklike("generate", trained, "--novelty", 16)
    assert (ran.status, ran.out) == (2, "")
    assert "train with --novelty-index" in ran.err


def test_the_folder_is_named_after_the_author(
    talklike: Run, chat_file: Path, tmp_path: Path, tiny: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without -o a run goes below ``runs/``, under the author's name, and a second one beside it."""
    monkeypatch.chdir(tmp_path)
    assert talklike("train", chat_file, *tiny).out == "runs/harbour-master/voice.onnx\n"
    assert _run_folder("harbour master") == Path("runs/harbour-master-2")
    assert _run_folder("../../etc") == Path("runs/etc")
    assert _run_folder("鷺" * 90) == Path("runs") / ("鷺" * 26)
    assert _run_folder("..") == Path("runs/voice")
    assert _run_folder("日本 🦀") == Path("runs/日本")


def test_unknown_authors_get_a_suggestion(talklike: Run, chat_file: Path, tmp_path: Path, tiny: list[str]) -> None:
    """A misspelt name is answered with the one that was meant; nothing is made."""
    ran = talklike("train", chat_file, "--author", "harbor master", "-o", tmp_path / "run", *tiny)
    assert (ran.status, ran.out) == (1, "")
    mistake = [line for line in ran.err.splitlines() if line.startswith("talklike: ")]
    assert mistake == [ran.err.splitlines()[-1]]
    assert "'harbor master'" in mistake[0]
    assert "did you mean harbour master?" in mistake[0]
    assert not (tmp_path / "run").exists()


NONSENSE = [
    ("--budget", ""), ("--budget", "soon"), ("--budget", "-5m"), ("--budget", "0"), ("--budget", "nan"), ("--budget", "1e9h"),
    ("--budget", "5 parsecs"), ("--epochs", "0"), ("--epochs", "-1"), ("--epochs", "nan"), ("--epochs", "inf"), ("--epochs", "x"),
    ("--fraction", "0"), ("--fraction", "1.5"), ("--fraction", "nan"), ("--seed", "-1"), ("--seed", "1.5"),
    ("--seed", str(2**63)), ("--hidden", "0"), ("--hidden", "9999"), ("--layers", "0"), ("--layers", "9"), ("--embedding", "0"),
    ("--dropout", "1"), ("--dropout", "-0.1"), ("--dropout", "nan"), ("--dropout-between", "1"), ("--streams", "0"),
    ("--length", "0"), ("--learning-rate", "0"), ("--learning-rate", "2"), ("--weight-decay", "-1"), ("--clip", "0"),
    ("--patience", "0"), ("--threads", "0"), ("--threads", "2000"), ("--device", "tpu"), ("--format", "nonsense"),
    ("--hidden", "many"),
]  # fmt: skip


@pytest.mark.parametrize(("option", "value"), NONSENSE)
def test_nonsense_is_a_usage_error(talklike: Run, chat_file: Path, tmp_path: Path, option: str, value: str) -> None:
    """A value that makes no sense ends with status 2, one line or Typer's box, and nothing made."""
    ran = talklike("train", chat_file, "-o", tmp_path / "run", option, value)
    assert (ran.status, ran.out) == (2, "")
    assert "Traceback" not in ran.err
    assert "Invalid value" in ran.err or ran.err.splitlines()[-1].startswith("talklike: ")
    assert not (tmp_path / "run").exists()


def test_all_mistakes_at_once(talklike: Run, chat_file: Path) -> None:
    """Several values that make no sense are told together, by the names of their options."""
    ran = talklike("train", chat_file, "--hidden", "0", "--learning-rate", "7", "--clip", "0")
    assert ran.status == 2
    assert ran.err == (
        "talklike: hidden is 0, must be from 1 to 8192; learning-rate is 7.0, must be from 1e-08 to 1; "
        "clip is 0.0, must be from 1e-06 to 1e+09\n"
    )


def test_budget_and_epochs_exclude_each_other(talklike: Run, chat_file: Path) -> None:
    """A run has a budget or a number of rounds."""
    ran = talklike("train", chat_file, "--budget", "5m", "--epochs", "3")
    assert (ran.status, ran.err) == (2, "talklike: give a budget or a number of epochs, not both\n")


def test_resume_needs_a_folder(talklike: Run, chat_file: Path) -> None:
    """Which run to go on with must be said."""
    ran = talklike("train", chat_file, "--resume")
    assert (ran.status, ran.err) == (2, "talklike: name the folder of the run to resume with -o\n")


def test_resume_keeps_its_recipe(talklike: Run, chat_file: Path, trained: Path) -> None:
    """Settings given with --resume would not count, so they are refused, all of them by name."""
    ran = talklike("train", chat_file, "-o", trained, "--resume", "--hidden", "16", "--budget", "1m", "--clip", "1")
    assert (ran.status, ran.err) == (2, "talklike: a resumed run keeps its recipe; leave away --hidden, --clip, --budget\n")


def test_what_a_resumed_run_keeps_is_named_as_it_is_typed(talklike: Run, chat_file: Path, trained: Path) -> None:
    """Also where an option sets a field of another name."""
    typed = ["--named", "3", "--with-bots", "--learning-rate", "0.1", "--keep-case", "--recipe", "tutorial"]
    ran = talklike("train", chat_file, "-o", trained, "--resume", *typed)
    said = "leave away --keep-case, --learning-rate, --named, --with-bots, --recipe"
    assert (ran.status, ran.err) == (2, f"talklike: a resumed run keeps its recipe; {said}\n")


def test_resume_where_there_is_no_run(talklike: Run, chat_file: Path, tmp_path: Path) -> None:
    """A folder of somebody's is left as it is, with and without an author named."""
    (tmp_path / "letter.txt").write_text("mine")
    for author in ([], ["--author", "ferry"]):
        ran = talklike("train", chat_file, "-o", tmp_path, "--resume", *author)
        assert ran.status == 1
        assert ran.err.splitlines()[-1] == f"talklike: {tmp_path}: holds no training run to resume; train without --resume"
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_resume_of_a_damaged_run(talklike: Run, chat_file: Path, tmp_path: Path) -> None:
    """A recipe file that isn't one is a mistake told in one line."""
    for content in ("{}", "[", '{"corpus": 3}'):
        (tmp_path / "recipe.json").write_text(content)
        ran = talklike("train", chat_file, "-o", tmp_path, "--resume")
        assert ran.status == 1
        assert ran.err.splitlines()[-1].startswith(f"talklike: {tmp_path}")


def test_a_run_is_not_overwritten(talklike: Run, chat_file: Path, trained: Path, tiny: list[str]) -> None:
    """A folder with a run is refused without --resume, and with it a finished run stays what it is."""
    before = (trained / "voice.onnx").read_bytes()
    ran = talklike("train", chat_file, "-o", trained, *tiny)
    assert ran.status == 1
    assert "holds a training run already; go on with --resume" in ran.err
    ran = talklike("train", chat_file, "-o", trained, "--resume")
    assert ran.status == 0, ran.err
    assert (trained / "voice.onnx").read_bytes() == before


def test_resume_with_another_chat(talklike: Run, tmp_path: Path, trained: Path, chat_file: Path) -> None:
    """A run goes on only with the chat it began with."""
    other = tmp_path / "other.csv"
    other.write_text(chat_file.read_text().replace("tide", "ebb"))
    ran = talklike("train", other, "-o", trained, "--resume")
    assert ran.status == 1
    assert "was trained on other text than this chat and author give now" in ran.err.splitlines()[-1]


def test_too_little_text(talklike: Run, tmp_path: Path, tiny: list[str]) -> None:
    """A chat too small to learn from is one line that says how much is needed, and leaves no folder."""
    chat = tmp_path / "chat.csv"
    chat.write_text("author,text\n" + "".join(f"ferry,ahoy {number}\n" for number in range(12)))
    ran = talklike("train", chat, "--author", "ferry", "-o", tmp_path / "run", *tiny)
    assert ran.status == 1
    assert "at least 500 are needed" in ran.err.splitlines()[-1]
    assert not (tmp_path / "run").exists()


def test_without_torch_it_says_what_to_install(talklike: Run, chat_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation that only generates says which extra trains."""
    importing = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name == "talklike.training.train":
            raise ImportError(name, name="torch")
        return importing(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    ran = talklike("train", chat_file)
    assert (ran.status, ran.err) == (
        1, "talklike: this needs the package torch; install it with: pip install 'talklike[train]'\n",
    )  # fmt: skip


def interrupted(line: list[str], number: signal.Signals) -> tuple[int, str, str]:
    """Run a command, send it a signal after its first evaluation, and return how it ended and what it wrote."""
    environment = os.environ | {"COLUMNS": "250", "TERM": "dumb"}
    with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        err = ""
        for text in process.stderr:
            err += text
            if text.startswith("step "):
                break
        process.send_signal(number)
        err += process.stderr.read()
        return process.wait(), process.stdout.read(), err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_saves_and_the_command_it_prints_goes_on(tmp_path: Path, chat_file: Path, number: signal.Signals) -> None:
    """Interrupted, a run saves and prints the command to go on, which finishes with the voice of a run left alone."""
    folder = tmp_path / "the run"
    settings = ["--hidden", "16", "--embedding", "8", "--streams", "2", "--length", "8", "--threads", "1", "--epochs", "1.5"]
    start = [sys.executable, "-m", "talklike", "train", str(chat_file)]
    status, out, err = interrupted([*start, "-o", str(folder), *settings], number)
    assert out == f"{folder / 'voice.onnx'}\n"
    assert "Interrupted: " in err
    assert load_voice(folder).generate(seed=1)
    assert status == 130
    printed = next(line for line in err.splitlines() if line.startswith("Saved. Go on with: "))
    again = shlex.split(printed.removeprefix("Saved. Go on with: "))
    assert again[:2] == ["talklike", "train"]
    done = subprocess.run([sys.executable, "-m", *again], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "Saved. Go on with" not in done.stderr
    if number == signal.SIGINT:
        subprocess.run([*start, "-o", str(tmp_path / "alone"), *settings], check=True, capture_output=True)
        for name in ("voice.onnx", "voice.float32.onnx"):
            assert (folder / name).read_bytes() == (tmp_path / "alone" / name).read_bytes()


@pytest.mark.parametrize(
    "narrowed",
    [["--author", "ferry"], ["--room", "--exclude", "ferry"], ["--room", "--include", "harbour master"]],
    ids=["author", "exclude", "include"],
)
def test_the_printed_command_reads_the_same_text(
    talklike: Run, tmp_path: Path, chat_file: Path, monkeypatch: pytest.MonkeyPatch, tiny: list[str], narrowed: list[str]
) -> None:
    """Where the chat is read with options, the columns' or whose messages count, the command to go on has them too, and works."""
    chat = tmp_path / "strange.csv"
    with chat_file.open(encoding="utf-8", newline="") as source, chat.open("w", encoding="utf-8", newline="") as file:
        rows = list(csv.reader(source))[1:]
        csv.writer(file).writerows([["x1", "x2", "x3"], *([text, "z", author] for _, author, text in rows)])

    def at_once(self: stop_on_interrupt) -> Callable[[], bool]:
        self._before = {}
        return lambda: True

    monkeypatch.setattr(stop_on_interrupt, "__enter__", at_once)
    options = ["--format", "delimited", "--author-column", "x3", "--text-column", "x1", *narrowed]
    ran = talklike("train", chat, "-o", tmp_path / "run", *options, *tiny)
    printed = [line for line in ran.err.splitlines() if line.startswith("Saved. Go on with: ")]
    assert printed, ran.err
    monkeypatch.undo()
    again = talklike(*shlex.split(printed[0].removeprefix("Saved. Go on with: "))[1:])
    assert again.status == 0, again.err


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried"),
        torch.OutOfMemoryError("CUDA out of memory"),
    ],
    ids=["python", "cpu", "cuda"],
)
def test_short_memory_is_told_with_what_to_do(error: Exception) -> None:
    """Torch's other errors stay what they are."""
    with pytest.raises(RunError, match="smaller --streams, --length or --hidden"), enough_memory():
        raise error
    with pytest.raises(RuntimeError, match="odd"), enough_memory():
        raise RuntimeError("odd")


def test_the_second_ctrl_c_ends_at_once() -> None:
    """The first interruption asks, the second ends; afterwards the handlers are those from before."""
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    with stop_on_interrupt() as stop:
        assert not stop()
        signal.raise_signal(signal.SIGINT)
        assert stop()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before


def test_help_is_the_recipe_s() -> None:
    """The help of an option is that of the field it sets, so the two can't drift apart."""
    from talklike.training.recipe import Recipe

    for name in ("hidden", "dropout_between", "learning_rate", "patience"):
        assert command._dial(name).help == Recipe.__dataclass_fields__[name].metadata["help"]
